from django.db import migrations


class Migration(migrations.Migration):
    """A look-up by the whole name and the whole date of birth finds a person as soon as there is one."""

    dependencies = [("reading", "0001_emergencies"), ("citizens", "0002_identifiers_with_history")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX citizens_citizen_named ON citizens_citizen (name_folded, birth_year, birth_month, birth_day)",
            "DROP INDEX citizens_citizen_named",
        )
    ]
