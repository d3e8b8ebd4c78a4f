from django.db import migrations, models

from ymach.base.history.guard import keep_history


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("history", "0001_entries_and_guard"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrustAnchor",
            fields=[
                ("fingerprint", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("der", models.BinaryField()),
                ("name", models.CharField(max_length=300)),
                ("trusted", models.BooleanField(default=True)),
                ("is_demo", models.BooleanField(default=False)),
                ("trusted_from", models.DateTimeField(null=True)),
                ("trusted_until", models.DateTimeField(null=True)),
            ],
            options={"db_table": "trust_anchor"},
        ),
        migrations.CreateModel(
            name="RevocationList",
            fields=[
                ("issuer_fingerprint", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("der", models.BinaryField()),
                ("this_update", models.DateTimeField()),
                ("next_update", models.DateTimeField(null=True)),
                ("fetched_at", models.DateTimeField()),
            ],
            options={"db_table": "trust_revocation_list"},
        ),
        migrations.CreateModel(
            name="TrustVersion",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("version", models.BigIntegerField(default=1)),
            ],
            options={
                "db_table": "trust_version",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="trust_version_one_row")],
            },
        ),
        migrations.CreateModel(
            name="UsedAssertion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "client_id", "jti_hash", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("client_id", models.CharField(max_length=20)),
                ("jti_hash", models.BinaryField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "db_table": "trust_used_assertion",
                "indexes": [models.Index(fields=["expires_at"], name="trust_used_assertion_expiry")],
            },
        ),
        migrations.RunSQL("INSERT INTO trust_version (id, version) VALUES (1, 1)", migrations.RunSQL.noop),
        keep_history("trust_anchor", key="fingerprint", leave_out=("der",)),
    ]
