"""The whole profile: changes, bans, diplomas, techniques, education; what the database itself refuses."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import ymach.base.ids
import ymach.practitioners.models
from ymach.base.history.guard import keep_history

# Once a statement and not once a row: a load of 25,000 rows is checked by three joins.
CHECKS = """
CREATE FUNCTION practitioners_registration_begins_well() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM new_rows r JOIN practitioners_licence l ON l.id = r.licence_id
    WHERE l.practitioner_id <> r.practitioner_id
  ) THEN
    RAISE EXCEPTION 'a registration under somebody else''s licence'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_under_own_licence';
  END IF;
  IF EXISTS (
    SELECT FROM new_rows r JOIN practitioners_licence l ON l.id = r.licence_id WHERE NOT l.valid @> lower(r.valid)
  ) THEN
    RAISE EXCEPTION 'a registration that begins outside its licence'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_begins_within_licence';
  END IF;
  IF EXISTS (
    SELECT FROM new_rows r JOIN practitioners_licence_suspension s ON s.licence_id = r.licence_id
    WHERE s.part = 'whole' AND s.period @> lower(r.valid)
  ) OR EXISTS (
    SELECT FROM new_rows r JOIN practitioners_ban b ON b.practitioner_id = r.practitioner_id
    WHERE b.period @> lower(r.valid)
  ) THEN
    RAISE EXCEPTION 'a registration that begins while the person may not practise'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_begins_unstopped';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER registration_begins_well AFTER INSERT ON practitioners_registration REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION practitioners_registration_begins_well();

CREATE FUNCTION practitioners_licence_of_adult() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM new_rows l JOIN practitioners_practitioner p ON p.id = l.practitioner_id
    WHERE l.issued_on < p.birth_date + interval '18 years'
  ) THEN
    RAISE EXCEPTION 'a licence issued before the age of 18'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'licence_holder_of_age';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER licence_of_adult AFTER INSERT ON practitioners_licence REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION practitioners_licence_of_adult();
"""
CHECKS_BACK = """
DROP TRIGGER licence_of_adult ON practitioners_licence;
DROP FUNCTION practitioners_licence_of_adult();
DROP TRIGGER registration_begins_well ON practitioners_registration;
DROP FUNCTION practitioners_registration_begins_well();
"""

PERIODS = ("practitioners_ban", "practitioners_technique_assignment", "practitioners_supervision")
HISTORIES = (
    keep_history("practitioners_licence_change", subject="practitioner_id"),
    keep_history("practitioners_ban", subject="practitioner_id"),
    keep_history("practitioners_diploma", subject="practitioner_id"),
    keep_history("practitioners_technique_assignment", subject="practitioner_id", beside="facility_id"),
    keep_history("practitioners_cme_activity", subject="practitioner_id"),
    keep_history("practitioners_supervision", subject="practitioner_id", beside="trainee_id"),
)


def never_empty(table: str) -> migrations.RunSQL:
    """An empty period overlaps nothing, so it would pass every exclusion."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_period_not_empty "
        "CHECK (NOT isempty(period) AND NOT lower_inf(period));",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_period_not_empty;",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0001_facilities_licences_certificates"),
        ("practitioners", "0001_practitioners_licences_registrations"),
    ]

    operations = [
        migrations.CreateModel(
            name="CmeActivity",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("provider", models.TextField()),
                ("topic", models.TextField()),
                ("hours", models.DecimalField(decimal_places=2, max_digits=6)),
                ("on", models.DateField(db_column="ended_on")),
                ("evidence", models.UUIDField()),
                ("verified_at", models.DateTimeField(null=True)),
                ("verified_by", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "practitioners_cme_activity",
            },
        ),
        migrations.CreateModel(
            name="Diploma",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=20)),
                ("speciality", models.TextField()),
                ("school", models.TextField()),
                ("country", models.CharField(default="VN", max_length=2)),
                ("number", models.TextField(blank=True, default="")),
                ("issued_on", models.DateField()),
                ("evidence", models.UUIDField(null=True)),
                ("verified_at", models.DateTimeField(null=True)),
                ("verified_by", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "practitioners_diploma",
            },
        ),
        migrations.CreateModel(
            name="LicenceChange",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("effective_on", models.DateField()),
                ("title_before", models.CharField(max_length=2)),
                (
                    "scopes_before",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("holder_before", models.TextField()),
                ("reason", models.TextField(db_column="grounds")),
                ("decision", models.TextField()),
            ],
            options={
                "db_table": "practitioners_licence_change",
            },
        ),
        migrations.CreateModel(
            name="PractiseBan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("case", models.CharField(max_length=30)),
                ("reason", models.TextField(db_column="grounds")),
                ("decision", models.TextField()),
            ],
            options={
                "db_table": "practitioners_ban",
            },
        ),
        migrations.CreateModel(
            name="Supervision",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                "db_table": "practitioners_supervision",
            },
        ),
        migrations.CreateModel(
            name="TechniqueAssignment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("technique", models.CharField(max_length=40)),
                ("document", models.TextField()),
                ("period", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                "db_table": "practitioners_technique_assignment",
            },
        ),
        migrations.AddField(
            model_name="licence",
            name="converted_from",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practitioners.licence",
            ),
        ),
        migrations.AddField(
            model_name="licence",
            name="term_ends_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="licencesuspension",
            name="lift_decision",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="licencesuspension",
            name="return_evidence",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="licencesuspension",
            name="returned_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="practiceregistration",
            name="is_full_time",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="practiceregistration",
            name="is_main",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="practiceregistration",
            name="language",
            field=models.CharField(db_default="vi", default="vi", max_length=2),
        ),
        migrations.AddField(
            model_name="practiceregistration",
            name="published_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="practitioner",
            name="confirmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="practitioner",
            name="confirmed_by",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="practitioner",
            name="email",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="practitioner",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=2),
                db_default=["vi"],
                default=ymach.practitioners.models.vietnamese,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="practitioner",
            name="phone",
            field=models.CharField(blank=True, db_default="", default="", max_length=30),
        ),
        migrations.AddField(
            model_name="practitioner",
            name="revision",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("converted_from__isnull", False)),
                fields=("converted_from",),
                name="licence_converted_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="practiceregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_technical_head", False), ("is_full_time", True), _connector="OR"),
                name="registration_technical_head_full_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="practiceregistration",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_main", True)),
                expressions=[("practitioner", "="), ("valid", "&&")],
                name="registration_one_main_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.CheckConstraint(
                condition=models.Q(("languages__len__gt", 0)), name="practitioner_speaks"
            ),
        ),
        migrations.AddField(
            model_name="cmeactivity",
            name="practitioner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cme_activities",
                to="practitioners.practitioner",
            ),
        ),
        migrations.AddField(
            model_name="diploma",
            name="practitioner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="diplomas", to="practitioners.practitioner"
            ),
        ),
        migrations.AddField(
            model_name="licencechange",
            name="licence",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="practitioners.licence",
            ),
        ),
        migrations.AddField(
            model_name="licencechange",
            name="practitioner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="licence_changes",
                to="practitioners.practitioner",
            ),
        ),
        migrations.AddField(
            model_name="practiseban",
            name="practitioner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="bans", to="practitioners.practitioner"
            ),
        ),
        migrations.AddField(
            model_name="supervision",
            name="facility",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="supervisions", to="facilities.facility"
            ),
        ),
        migrations.AddField(
            model_name="supervision",
            name="practitioner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supervises",
                to="practitioners.practitioner",
            ),
        ),
        migrations.AddField(
            model_name="supervision",
            name="trainee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="supervised", to="practitioners.practitioner"
            ),
        ),
        migrations.AddField(
            model_name="techniqueassignment",
            name="facility",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="techniques_assigned",
                to="facilities.facility",
            ),
        ),
        migrations.AddField(
            model_name="techniqueassignment",
            name="practitioner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="techniques",
                to="practitioners.practitioner",
            ),
        ),
        migrations.AddIndex(
            model_name="cmeactivity",
            index=models.Index(fields=["practitioner", "-on"], name="cme_of_practitioner"),
        ),
        migrations.AddConstraint(
            model_name="cmeactivity",
            constraint=models.CheckConstraint(condition=models.Q(("hours__gt", 0)), name="cme_hours_positive"),
        ),
        migrations.AddConstraint(
            model_name="cmeactivity",
            constraint=models.UniqueConstraint(fields=("practitioner", "evidence"), name="cme_evidence_once"),
        ),
        migrations.AddConstraint(
            model_name="diploma",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("practitioner", "kind", "school", "number"),
                name="diploma_once_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="licencechange",
            constraint=models.UniqueConstraint(fields=("licence", "effective_on"), name="licence_changed_once_a_day"),
        ),
        migrations.AddConstraint(
            model_name="practiseban",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("practitioner", "="), ("period", "&&")], name="practitioner_banned_once_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.CheckConstraint(
                condition=models.Q(("practitioner", models.F("trainee")), _negated=True),
                name="supervision_of_somebody_else",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("practitioner", "="), ("trainee", "="), ("period", "&&")],
                name="supervised_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="techniqueassignment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("practitioner", "="), ("facility", "="), ("technique", "="), ("period", "&&")],
                name="technique_assigned_once_at_a_time",
            ),
        ),
        migrations.RunSQL(CHECKS, CHECKS_BACK),
        *map(never_empty, PERIODS),
        *HISTORIES,
    ]
