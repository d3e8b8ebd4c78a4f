from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("held", "0001_held_items_and_tally")]

    operations = [migrations.DeleteModel("OverdueTold")]
