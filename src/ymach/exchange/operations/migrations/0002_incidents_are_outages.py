from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("operations", "0001_workers_incidents_samples")]

    operations = [
        migrations.RenameModel("Incident", "Outage"),
        migrations.AlterModelTable("Outage", "operations_outage"),
        migrations.RenameIndex("Outage", "outage_by_time", old_name="incident_by_time"),
        migrations.RemoveConstraint("Outage", "incident_one_open_a_destination"),
        migrations.RemoveConstraint("Outage", "incident_ends_after_its_start"),
        migrations.AddConstraint(
            "Outage",
            models.UniqueConstraint(
                fields=["destination"], condition=Q(ended_at=None), name="outage_one_open_a_destination"
            ),
        ),
        migrations.AddConstraint(
            "Outage",
            models.CheckConstraint(
                name="outage_ends_after_its_start", condition=Q(ended_at=None) | Q(ended_at__gte=models.F("began_at"))
            ),
        ),
    ]
