"""Systems that are no facility's and sign in by a certificate of their own."""

from django.db import migrations, models

import ymach.base.ids
from ymach.base.history.guard import keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_invitations_delegations_suspensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="SystemClient",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("client_id", models.CharField(max_length=20)),
                ("name", models.TextField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("ministry", "ministry"),
                            ("department", "department"),
                            ("department-admin", "department-admin"),
                            ("facility", "facility"),
                            ("practitioner", "practitioner"),
                            ("citizen", "citizen"),
                            ("auditor", "auditor"),
                            ("facility-machine", "facility-machine"),
                        ],
                        max_length=30,
                    ),
                ),
                ("province_code", models.CharField(max_length=2, null=True)),
                ("certificate", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("suspended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "accounts_system_client",
                "constraints": [
                    models.UniqueConstraint(fields=("client_id",), name="system_client_once"),
                    models.CheckConstraint(
                        condition=models.Q(("client_id__regex", "^[0-9A-Za-z]{6,20}$")), name="system_client_form"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("province_code", None), ("role", "ministry")),
                            models.Q(("province_code__isnull", False), ("role", "department")),
                            _connector="OR",
                        ),
                        name="system_client_limited_as_its_role_demands",
                    ),
                ],
            },
        ),
        keep_history("accounts_system_client", leave_out=("certificate",)),
    ]
