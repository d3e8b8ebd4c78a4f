"""What follows from the registry is settled in the transaction of the change, or, for a large load, after it."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).parents[1] / "data" / "settling.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("history", "0001_entries_and_guard")]
    operations = [migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop)]
