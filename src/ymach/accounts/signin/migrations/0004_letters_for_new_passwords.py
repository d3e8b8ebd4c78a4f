import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signin", "0003_vneid_links_and_account_events"),
        ("accounts", "0002_invitations_delegations_suspensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="PasswordLetter",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="password_letter",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("letter_id", models.UUIDField()),
            ],
            options={"db_table": "signin_password_letter"},
        ),
    ]
