"""Summaries of people and facilities, the tallies over them, and the triggers that keep both."""

from pathlib import Path

from django.db import migrations, models

import ymach.base.ids
import ymach.figures.fields
from ymach.base.history.statements import trigger, triggers

FUNCTIONS = (Path(__file__).parents[1] / "data" / "figures.sql").read_text(encoding="utf-8")

HOLDER = "(SELECT l.practitioner_id FROM practitioners_licence l WHERE l.id = changed.licence_id)"
OWNER = "(SELECT l.facility_id FROM facilities_operating_licence l WHERE l.id = changed.licence_id)"
HEADED = "CASE WHEN changed.is_technical_head THEN changed.facility_id END"
# table → (what is renewed, whose it is)
WATCHED = (
    ("practitioners_practitioner", "practitioners", "changed.id"),
    ("practitioners_licence", "practitioners", "changed.practitioner_id"),
    ("practitioners_licence_suspension", "practitioners", HOLDER),
    ("practitioners_licence_revocation", "practitioners", HOLDER),
    ("practitioners_ban", "practitioners", "changed.practitioner_id"),
    ("practitioners_registration", "practitioners", "changed.practitioner_id"),
    ("practitioners_registration", "facilities", HEADED),
    ("facilities_facility", "facilities", "changed.id"),
    ("facilities_operating_licence", "facilities", "changed.facility_id"),
    ("facilities_operating_licence_suspension", "facilities", OWNER),
    ("facilities_operating_licence_revocation", "facilities", OWNER),
)


TRIGGERS = "".join(
    triggers(f"figures_touch_{subject}", table, f"figures_touched('figures_refresh_{subject}', '{whose}')")
    for table, subject, whose in WATCHED
)
TRIGGERS += trigger("figures_facility_moved", "UPDATE", "facilities_facility", "figures_facility_moved()")
TRIGGERS += triggers(
    "figures_tally",
    "figures_practitioner",
    "figures_tally_up('practitioners', 'title', 'figures_of_practitioner')",
)
TRIGGERS += triggers(
    "figures_tally", "figures_facility", "figures_tally_up('facilities', 'form', 'figures_of_facility')"
)
TRIGGERS += triggers("figures_tally", "changes_request", "figures_tally_up('requests', 'kind', 'figures_of_request')")
BEGIN = """
SELECT figures_refresh_facilities((SELECT array_agg(id) FROM facilities_facility));
SELECT figures_refresh_practitioners((SELECT array_agg(id) FROM practitioners_practitioner));
INSERT INTO figures_tally (subject, figure, province_code, key, day, amount)
SELECT 'requests', step.name, s.province_code, s.kind, step.day, sum(step.amount)
FROM changes_request s CROSS JOIN LATERAL figures_of_request(s) step GROUP BY 2, 3, 4, 5;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("history", "0002_settling"),
        ("facilities", "0002_profile_and_oxygen"),
        ("practitioners", "0002_profile_and_its_rules"),
        ("changes", "0001_requests_steps_evidence"),
    ]

    operations = [
        migrations.CreateModel(
            name="FacilityFigure",
            fields=[
                ("facility_id", models.UUIDField(default=ymach.base.ids.new_id, primary_key=True, serialize=False)),
                ("province_code", models.CharField(max_length=2)),
                ("form", models.CharField(max_length=20)),
                ("sector", models.CharField(max_length=20)),
                ("sort_key", models.TextField()),
                ("operating", ymach.figures.fields.DaysField()),
                ("active", ymach.figures.fields.DaysField()),
                ("suspended", ymach.figures.fields.DaysField()),
                ("headed", ymach.figures.fields.DaysField()),
                ("confirmed", ymach.figures.fields.DaysField()),
                ("licence_until", models.DateField(null=True)),
                ("revoked_on", models.DateField(null=True)),
                ("confirmed_on", models.DateField(null=True)),
                ("changed_on", models.DateField()),
            ],
            options={
                "db_table": "figures_facility",
                "indexes": [
                    models.Index(fields=["sort_key", "facility_id"], name="figures_places_order"),
                    models.Index(fields=["province_code", "sort_key", "facility_id"], name="figures_places_province"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PractitionerFigure",
            fields=[
                ("practitioner_id", models.UUIDField(default=ymach.base.ids.new_id, primary_key=True, serialize=False)),
                ("province_code", models.CharField(max_length=2)),
                ("title", models.CharField(max_length=2)),
                ("sort_key", models.TextField()),
                ("active", ymach.figures.fields.DaysField()),
                ("suspended", ymach.figures.fields.DaysField()),
                ("banned", ymach.figures.fields.DaysField()),
                ("working", ymach.figures.fields.DaysField()),
                ("confirmed", ymach.figures.fields.DaysField()),
                ("licence_until", models.DateField(null=True)),
                ("revoked_on", models.DateField(null=True)),
                ("confirmed_on", models.DateField(null=True)),
                ("changed_on", models.DateField()),
            ],
            options={
                "db_table": "figures_practitioner",
                "indexes": [
                    models.Index(fields=["sort_key", "practitioner_id"], name="figures_people_order"),
                    models.Index(
                        fields=["province_code", "sort_key", "practitioner_id"], name="figures_people_province"
                    ),
                    models.Index(fields=["province_code", "licence_until"], name="figures_people_until"),
                    models.Index(
                        condition=models.Q(("suspended", "{}"), _negated=True),
                        fields=["province_code", "sort_key"],
                        name="figures_people_suspended",
                    ),
                    models.Index(
                        condition=models.Q(("revoked_on__isnull", False)),
                        fields=["province_code", "sort_key"],
                        name="figures_people_revoked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=13)),
                ("figure", models.CharField(max_length=12)),
                ("province_code", models.CharField(max_length=2)),
                ("key", models.TextField()),
                ("day", models.DateField()),
                ("amount", models.BigIntegerField()),
            ],
            options={
                "db_table": "figures_tally",
                "indexes": [
                    models.Index(
                        fields=["subject", "province_code", "figure", "day"],
                        include=("key", "amount"),
                        name="figures_tally_sum",
                    )
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS),
        migrations.RunSQL(TRIGGERS),
        migrations.RunSQL(BEGIN),
    ]
