from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_events_chained_by_facility_and_day")]

    operations = [
        migrations.AddIndex(
            model_name="audithead",
            index=models.Index(fields=["day"], name="audit_head_of_day"),
        )
    ]
