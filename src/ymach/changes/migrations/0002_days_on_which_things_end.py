"""Indexes by the day a licence or a registration ends: what is due is asked by day, never by walking through people."""

from django.db import migrations

FORWARDS = """
CREATE INDEX licence_ends_on ON practitioners_licence (upper(valid));
CREATE INDEX registration_ends_on ON practitioners_registration (upper(valid));
"""
BACKWARDS = """
DROP INDEX registration_ends_on;
DROP INDEX licence_ends_on;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0001_requests_steps_evidence"),
        ("practitioners", "0001_practitioners_licences_registrations"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
