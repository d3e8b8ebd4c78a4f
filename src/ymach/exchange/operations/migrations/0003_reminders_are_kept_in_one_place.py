from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("operations", "0002_incidents_are_outages")]

    operations = [migrations.DeleteModel("CertificateWarning")]
