"""Warnings kept with a request; what the law makes due, kept by triggers; reminders; answers to programs; staff lists."""

import django.db.models.deletion
from django.db import migrations, models

import ymach.base.ids
from ymach.base.history.settled import Followed, keep_settled

# Of each person: the last licence (renewal, unless it has no end or was revoked) and the last registration (24 months
# without practice count from its end, or from the first licence where there never was one).
DUE_OF = """
CREATE FUNCTION ymach_due_of(people uuid[]) RETURNS SETOF changes_deadline
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public SET work_mem = '256MB'
SET enable_nestloop = on SET enable_seqscan = on AS $function$
BEGIN
  PERFORM ymach_plan_for(people);
  RETURN QUERY EXECUTE $query$
    WITH held AS (
      SELECT l.*, min(lower(l.valid)) OVER (PARTITION BY l.practitioner_id) AS first_day,
        row_number() OVER (PARTITION BY l.practitioner_id ORDER BY lower(l.valid) DESC) AS place
      FROM practitioners_licence l WHERE l.practitioner_id = ANY ($1)
    ), licence AS MATERIALIZED (
      SELECT h.* FROM held h LEFT JOIN practitioners_licence_revocation v ON v.licence_id = h.id
      WHERE h.place = 1 AND v.licence_id IS NULL
    ), place AS MATERIALIZED (
      SELECT r.practitioner_id, f.province_code, max(coalesce(upper(r.valid), 'infinity'::date)) AS until
      FROM practitioners_registration r JOIN facilities_facility f ON f.id = r.facility_id
      WHERE r.practitioner_id = ANY ($1) GROUP BY 1, 2
    ), last AS MATERIALIZED (SELECT practitioner_id, max(until) AS until FROM place GROUP BY 1),
    matter (practitioner_id, what, due_on) AS (
      SELECT practitioner_id, 'renewal', upper(valid) - 1 FROM licence WHERE NOT upper_inf(valid)
      UNION ALL
      SELECT l.practitioner_id, 'idle', (coalesce(last.until, l.first_day) + interval '24 months')::date
      FROM licence l LEFT JOIN last ON last.practitioner_id = l.practitioner_id
      WHERE coalesce(last.until, l.first_day) < 'infinity'
    ), department (practitioner_id, province_code, until) AS (
      SELECT practitioner_id, province_code, max(until) FROM (
        SELECT practitioner_id, issuer_province_code, 'infinity'::date FROM licence WHERE issuer_province_code IS NOT NULL
        UNION ALL
        SELECT p.practitioner_id, p.province_code, CASE WHEN p.until = last.until THEN 'infinity' ELSE p.until END
        FROM place p JOIN last ON last.practitioner_id = p.practitioner_id
      ) AS answering (practitioner_id, province_code, until) GROUP BY 1, 2
    )
    SELECT l.practitioner_id, m.what, coalesce(d.province_code, '')::varchar(2), m.due_on, l.number, upper(l.valid),
      nullif(d.until, 'infinity'), row_number() OVER (PARTITION BY l.practitioner_id, m.what ORDER BY d.province_code) = 1
    FROM matter m JOIN licence l ON l.practitioner_id = m.practitioner_id
    LEFT JOIN department d ON d.practitioner_id = m.practitioner_id
  $query$ USING people;
END $function$;
"""

KEEP = """
CREATE FUNCTION ymach_keep_due(people uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  -- Two transactions about one person go one after the other; the second then reads what the first has written.
  IF cardinality(people) > 500 THEN
    LOCK TABLE changes_deadline IN SHARE ROW EXCLUSIVE MODE;
  ELSE
    PERFORM 1 FROM practitioners_practitioner WHERE id = ANY (people) ORDER BY id FOR NO KEY UPDATE;
  END IF;
  DELETE FROM changes_deadline WHERE practitioner_id = ANY (people);
  INSERT INTO changes_deadline SELECT * FROM ymach_due_of(people);
END $$;
REVOKE ALL ON FUNCTION ymach_keep_due(uuid[]) FROM PUBLIC;
"""

# How the people concerned are found from the rows that changed.
OF_PEOPLE = "SELECT DISTINCT practitioner_id FROM {rows}"
OF_LICENCES = "SELECT DISTINCT l.practitioner_id FROM {rows} c JOIN practitioners_licence l ON l.id = c.licence_id"
MOVED = """SELECT DISTINCT r.practitioner_id FROM new_rows n JOIN old_rows o ON o.id = n.id
    JOIN practitioners_registration r ON r.facility_id = n.id WHERE n.province_code IS DISTINCT FROM o.province_code"""
FOLLOWED = (
    Followed("practitioners_licence", OF_PEOPLE),
    Followed("practitioners_registration", OF_PEOPLE),
    Followed("practitioners_licence_revocation", OF_LICENCES),
    Followed("facilities_facility", MOVED, event="UPDATE"),
)

FILL = "SELECT ymach_keep_due(array_agg(id)) FROM practitioners_practitioner HAVING count(*) > 0"
APPEND_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON changes_reminder FROM ymach_app;
REVOKE TRUNCATE ON changes_deadline, changes_answered FROM ymach_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0002_settling"),
        ("changes", "0002_days_on_which_things_end"),
        ("facilities", "0002_profile_and_oxygen"),
        ("practitioners", "0002_profile_and_its_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="RemindedThrough",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "what", "mark", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.TextField()),
                ("mark", models.SmallIntegerField()),
                ("due_on", models.DateField()),
            ],
            options={
                "db_table": "changes_reminded_through",
            },
        ),
        migrations.AddField(
            model_name="changerequest",
            name="publish_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="changerequest",
            name="warnings",
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name="Answered",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("by", models.TextField()),
                ("key", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("status", models.SmallIntegerField()),
                ("body", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "changes_answered",
                "indexes": [models.Index(fields=["at"], name="answered_by_age")],
                "constraints": [models.UniqueConstraint(fields=("by", "key"), name="answered_once")],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "practitioner_id",
                        "what",
                        "province_code",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("practitioner_id", models.UUIDField()),
                ("what", models.TextField()),
                ("province_code", models.CharField(max_length=2)),
                ("due_on", models.DateField()),
                ("licence", models.TextField()),
                ("licence_until", models.DateField(null=True)),
                ("place_until", models.DateField(null=True)),
                ("is_first", models.BooleanField()),
            ],
            options={
                "db_table": "changes_deadline",
                "indexes": [
                    models.Index(
                        fields=["province_code", "what", "due_on", "practitioner_id"], name="deadline_of_province"
                    ),
                    models.Index(
                        condition=models.Q(("is_first", True)),
                        fields=["what", "due_on", "practitioner_id"],
                        name="deadline_by_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("subject", models.TextField()),
                ("what", models.TextField()),
                ("mark", models.SmallIntegerField()),
                ("due_on", models.DateField()),
                ("told_at", models.DateTimeField()),
            ],
            options={
                "db_table": "changes_reminder",
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "what", "mark", "due_on"), name="reminder_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffList",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("facility_id", models.UUIDField()),
                ("name", models.TextField()),
                ("made_by", models.TextField()),
                ("made_by_label", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("is_sending", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "changes_staff_list",
                "indexes": [
                    models.Index(fields=["facility_id", "-made_at"], name="staff_list_of_facility"),
                    models.Index(fields=["made_at"], name="staff_list_by_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffLine",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.IntegerField()),
                ("cells", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "New"), ("wrong", "Wrong"), ("ready", "Ready"), ("sent", "Sent")],
                        default="new",
                        max_length=5,
                    ),
                ),
                ("practitioner_id", models.UUIDField(null=True)),
                ("who", models.TextField(blank=True, default="")),
                ("values", models.JSONField(default=dict)),
                ("errors", models.JSONField(default=list)),
                ("warnings", models.JSONField(default=list)),
                ("request_id", models.UUIDField(null=True)),
                (
                    "staff_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="changes.stafflist"
                    ),
                ),
            ],
            options={
                "db_table": "changes_staff_line",
                "indexes": [models.Index(fields=["staff_list", "state", "number"], name="staff_line_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("staff_list", "number"), name="staff_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["new", "wrong", "ready", "sent"])), name="staff_line_state"
                    ),
                ],
            },
        ),
        migrations.RunSQL(DUE_OF, "DROP FUNCTION ymach_due_of(uuid[]);"),
        migrations.RunSQL(KEEP, "DROP FUNCTION ymach_keep_due(uuid[]);"),
        keep_settled("ymach_keep_due", name="keep_due", followed=FOLLOWED),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
