"""The published entries, and the triggers that keep them in the transaction of every change of the registry.

A statement that touches many people is answered once, when its transaction is committed; the others at once.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

import ymach.base.ids
from ymach.base.history.settled import Followed, keep_settled

# Planned anew each time: for one person or for a whole country.
ROWS = """
CREATE FUNCTION ymach_publication_rows(ids uuid[]) RETURNS SETOF publication_entry
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public SET work_mem = '256MB'
SET enable_nestloop = on SET enable_seqscan = on AS $function$
BEGIN
  PERFORM ymach_plan_for(ids);
  RETURN QUERY EXECUTE $query$
    WITH held AS MATERIALIZED (SELECT * FROM practitioners_licence WHERE practitioner_id = ANY ($1)),
    stops AS (
      SELECT s.licence_id, jsonb_agg(jsonb_build_object('from', lower(s.period), 'until', upper(s.period), 'part', s.part,
          'scopes', s.scopes, 'decision', s.decision) ORDER BY s.period, s.id) AS list
      FROM practitioners_licence_suspension s WHERE s.licence_id = ANY (ARRAY(SELECT id FROM held)) GROUP BY 1
    ), bans AS (
      SELECT l.id AS licence_id, jsonb_agg(jsonb_build_object('from', lower(b.period), 'until', upper(b.period),
          'decision', b.decision) ORDER BY b.period, b.id) AS list
      FROM practitioners_ban b JOIN held l ON l.practitioner_id = b.practitioner_id
      WHERE b.practitioner_id = ANY ($1) AND b.period && l.valid GROUP BY 1
    ), following AS (
      SELECT l.id AS licence_id, min(n.number) AS number
      FROM held l JOIN held n ON n.practitioner_id = l.practitioner_id AND lower(n.valid) = upper(l.valid) GROUP BY 1
    ), places AS (
      SELECT l.id AS licence_id, jsonb_agg(jsonb_build_object('code', f.code, 'name', f.name, 'province', f.province_code,
          'position', r.position, 'department', r.department, 'from', lower(r.valid), 'until', upper(r.valid),
          'schedule', r.schedule::text) ORDER BY r.valid, f.code, r.id) AS list,
        array_agg('f_' || f.code) || array_agg('p_' || f.province_code) AS tags
      FROM practitioners_registration r
      JOIN held l ON l.practitioner_id = r.practitioner_id
      JOIN facilities_facility f ON f.id = r.facility_id
      WHERE r.practitioner_id = ANY ($1) AND r.valid && l.valid GROUP BY 1
    )
    SELECT l.id, l.practitioner_id, p.full_name, p.name_folded, p.sort_key, l.title::text, l.generation::text,
      l.number, l.number_key, l.issuer, l.issued_on, l.valid, l.scopes,
      coalesce(s.list, '[]'), coalesce(b.list, '[]'), v.effective_on, v.decision, n.number, coalesce(r.list, '[]'),
      array_to_tsvector(array_remove(
        string_to_array(left(p.name_folded, 500), ' ') || coalesce(r.tags, '{}') || ('t_' || l.title), ''))
    FROM held l
    JOIN practitioners_practitioner p ON p.id = l.practitioner_id
    LEFT JOIN practitioners_licence_revocation v ON v.licence_id = l.id
    LEFT JOIN stops s ON s.licence_id = l.id
    LEFT JOIN bans b ON b.licence_id = l.id
    LEFT JOIN following n ON n.licence_id = l.id
    LEFT JOIN places r ON r.licence_id = l.id
  $query$ USING ids;
END $function$;
"""

REFRESH = """
CREATE FUNCTION ymach_publish(ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  -- Two transactions that change one person, or a facility and its staff, go one after the other: the second then reads
  -- what the first has written, because each statement below sees what is committed when it begins.
  IF cardinality(ids) > 500 THEN
    LOCK TABLE publication_entry IN SHARE ROW EXCLUSIVE MODE;
  ELSE
    PERFORM 1 FROM practitioners_practitioner WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM facilities_facility WHERE id = ANY (ARRAY(
      SELECT facility_id FROM practitioners_registration WHERE practitioner_id = ANY (ids))) ORDER BY id FOR SHARE;
  END IF;
  INSERT INTO publication_entry AS kept SELECT * FROM ymach_publication_rows(ids)
  ON CONFLICT (licence_id) DO UPDATE SET practitioner_id = excluded.practitioner_id, name = excluded.name,
    folded = excluded.folded, sort_key = excluded.sort_key, title = excluded.title, generation = excluded.generation,
    number = excluded.number, number_key = excluded.number_key, issuer = excluded.issuer,
    issued_on = excluded.issued_on, valid = excluded.valid, scopes = excluded.scopes,
    suspensions = excluded.suspensions, bans = excluded.bans, revoked_on = excluded.revoked_on,
    revocation_decision = excluded.revocation_decision, replaced_by = excluded.replaced_by, places = excluded.places,
    terms = excluded.terms
  WHERE kept IS DISTINCT FROM excluded;
  DELETE FROM publication_entry e WHERE e.practitioner_id = ANY (ids) AND NOT EXISTS (
    SELECT FROM practitioners_licence l WHERE l.id = e.licence_id AND l.practitioner_id = e.practitioner_id);
  INSERT INTO publication_word (word)
  SELECT DISTINCT part FROM practitioners_practitioner p, unnest(string_to_array(left(p.name_folded, 500), ' ')) AS parts(part)
  WHERE p.id = ANY (ids) AND part <> '' AND NOT EXISTS (SELECT FROM publication_word k WHERE k.word = part)
  ORDER BY part ON CONFLICT DO NOTHING;
END $$;
"""

# The index finds by the few rare words (driver); the rest is looked at row by row, until there are enough.
MATCHING = """
CREATE FUNCTION ymach_publication_matching(driver tsquery, whole tsquery, most integer)
RETURNS SETOF publication_entry LANGUAGE sql STABLE SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
  SELECT * FROM publication_entry WHERE terms @@ driver AND (terms || ''::tsvector) @@ whole LIMIT most
$$;
"""

# How the people concerned are found from the rows that changed.
OF_PEOPLE = "SELECT DISTINCT practitioner_id FROM {rows}"
OF_LICENCES = "SELECT DISTINCT l.practitioner_id FROM {rows} c JOIN practitioners_licence l ON l.id = c.licence_id"
RENAMED = """SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
    WHERE (n.full_name, n.name_folded, n.sort_key) IS DISTINCT FROM (o.full_name, o.name_folded, o.sort_key)"""
STAFF = """SELECT DISTINCT r.practitioner_id FROM new_rows n JOIN old_rows o ON o.id = n.id
    JOIN practitioners_registration r ON r.facility_id = n.id
    WHERE (n.code, n.name, n.province_code) IS DISTINCT FROM (o.code, o.name, o.province_code)"""
FOLLOWED = (
    Followed("practitioners_licence", OF_PEOPLE),
    Followed("practitioners_registration", OF_PEOPLE),
    Followed("practitioners_ban", OF_PEOPLE),
    Followed("practitioners_licence_suspension", OF_LICENCES),
    Followed("practitioners_licence_revocation", OF_LICENCES),
    Followed("practitioners_practitioner", RENAMED, event="UPDATE"),
    Followed("facilities_facility", STAFF, event="UPDATE"),
)

RIGHTS = """
REVOKE ALL ON publication_entry, publication_word FROM ymach_app;
GRANT SELECT ON publication_entry, publication_word TO ymach_app;
REVOKE ALL ON FUNCTION ymach_publish(uuid[]) FROM PUBLIC;
ALTER TABLE publication_entry ALTER COLUMN terms SET STATISTICS 1000;
"""
# What the registry holds already when this migration comes.
FIRST = """
SELECT ymach_publish(array_agg(id)) FROM practitioners_practitioner HAVING count(*) > 0;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("history", "0002_settling"),
        ("facilities", "0001_facilities_licences_certificates"),
        ("practitioners", "0002_profile_and_its_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicationEntry",
            fields=[
                ("licence_id", models.UUIDField(primary_key=True, serialize=False)),
                ("practitioner_id", models.UUIDField()),
                ("name", models.TextField()),
                ("folded", models.TextField()),
                ("sort_key", models.TextField()),
                ("title", models.TextField()),
                ("generation", models.TextField()),
                ("number", models.TextField()),
                ("number_key", models.TextField()),
                ("issuer", models.TextField()),
                ("issued_on", models.DateField()),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("scopes", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("suspensions", models.JSONField()),
                ("bans", models.JSONField()),
                ("revoked_on", models.DateField(null=True)),
                ("revocation_decision", models.TextField(null=True)),
                ("replaced_by", models.TextField(null=True)),
                ("places", models.JSONField()),
                ("terms", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "db_table": "publication_entry",
                "indexes": [
                    models.Index(fields=["practitioner_id"], name="publication_practitioner"),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass("number_key", name="text_pattern_ops"),
                        name="publication_number",
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass("folded", name="text_pattern_ops"),
                        models.F("sort_key"),
                        name="publication_name",
                    ),
                    django.contrib.postgres.indexes.GinIndex(fields=["terms"], name="publication_terms"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicationWord",
            fields=[("word", models.TextField(primary_key=True, serialize=False))],
            options={"db_table": "publication_word"},
        ),
        migrations.CreateModel(
            name="CheckList",
            fields=[
                (
                    "id",
                    models.UUIDField(default=ymach.base.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("asked_by", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("lines", models.JSONField()),
            ],
            options={
                "db_table": "publication_check_list",
                "indexes": [models.Index(fields=["asked_by", "asked_at"], name="check_list_of_asker")],
            },
        ),
        migrations.RunSQL(ROWS, migrations.RunSQL.noop),
        migrations.RunSQL(REFRESH, migrations.RunSQL.noop),
        migrations.RunSQL(MATCHING, migrations.RunSQL.noop),
        keep_settled("ymach_publish", name="publish", followed=FOLLOWED),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
    ]
