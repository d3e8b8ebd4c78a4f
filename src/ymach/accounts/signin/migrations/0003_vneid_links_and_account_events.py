import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SAY_NO_MORE = "SELECT set_config(name, '', false) FROM unnest(ARRAY['ymach.actor', 'ymach.reason', 'ymach.at']) AS name"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_users_and_memberships"),
        ("audit", "0001_events_chained_by_facility_and_day"),
        ("signin", "0002_say_who_tidies_addresses"),
        ("account", "0006_emailaddress_lower"),
    ]

    operations = [
        migrations.RunSQL(SAY_NO_MORE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="VneidLink",
            fields=[
                ("subject", models.BinaryField(primary_key=True, serialize=False)),
                ("linked_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vneid_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "signin_vneid_link"},
        ),
        # The last sign-ins of one account, out of the registry's own journal (facility id 0).
        migrations.RunSQL(
            "CREATE INDEX audit_event_of_account ON audit_event (subject, at)"
            " WHERE facility_id = '00000000-0000-0000-0000-000000000000'",
            "DROP INDEX audit_event_of_account",
        ),
    ]
