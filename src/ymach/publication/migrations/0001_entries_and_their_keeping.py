"""The published entries, and the triggers that keep them in the transaction of every change of the registry.

A statement that touches many people is answered once, when its transaction is committed; the others at once.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

import ymach.base.ids

ROWS = """
CREATE FUNCTION ymach_publication_rows(ids uuid[]) RETURNS SETOF publication_entry
LANGUAGE sql STABLE SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
  SELECT l.id, l.practitioner_id, p.full_name, p.name_folded, p.sort_key, l.title::text, l.generation::text,
    l.number, l.number_key, l.issuer, l.issued_on, l.valid, l.scopes,
    coalesce(s.list, '[]'), coalesce(b.list, '[]'), v.effective_on, v.decision, n.number, coalesce(r.list, '[]'),
    array_to_tsvector(array_remove(
      string_to_array(left(p.name_folded, 500), ' ') || coalesce(r.tags, '{}') || ('t_' || l.title), ''))
  FROM unnest(ids) AS one(id)
  JOIN practitioners_practitioner p ON p.id = one.id
  JOIN practitioners_licence l ON l.practitioner_id = p.id
  LEFT JOIN practitioners_licence_revocation v ON v.licence_id = l.id
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('from', lower(s.period), 'until', upper(s.period), 'part', s.part,
        'scopes', s.scopes, 'decision', s.decision) ORDER BY s.period, s.id) AS list
    FROM practitioners_licence_suspension s WHERE s.licence_id = l.id
  ) s ON true
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('from', lower(b.period), 'until', upper(b.period), 'decision', b.decision)
        ORDER BY b.period, b.id) AS list
    FROM practitioners_ban b WHERE b.practitioner_id = l.practitioner_id AND b.period && l.valid
  ) b ON true
  LEFT JOIN LATERAL (
    SELECT min(n.number) AS number FROM practitioners_licence n
    WHERE n.practitioner_id = l.practitioner_id AND lower(n.valid) = upper(l.valid)
  ) n ON true
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('code', f.code, 'name', f.name, 'province', f.province_code,
        'position', r.position, 'department', r.department, 'from', lower(r.valid), 'until', upper(r.valid),
        'schedule', r.schedule::text) ORDER BY r.valid, f.code, r.id) AS list,
      array_agg('f_' || f.code) || array_agg('p_' || f.province_code) AS tags
    FROM practitioners_registration r JOIN facilities_facility f ON f.id = r.facility_id
    WHERE r.practitioner_id = l.practitioner_id AND r.valid && l.valid
  ) r ON true
$$;
"""

REFRESH = """
CREATE FUNCTION ymach_publish(ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
BEGIN
  -- Two transactions that change one person, or a facility and its staff, go one after the other: the second then reads
  -- what the first has written, because each statement below sees what is committed when it begins.
  PERFORM 1 FROM practitioners_practitioner WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  PERFORM 1 FROM facilities_facility WHERE id IN (
    SELECT facility_id FROM practitioners_registration WHERE practitioner_id = ANY (ids)) ORDER BY id FOR SHARE;
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
  SELECT DISTINCT part FROM unnest(ids) AS one(id) JOIN practitioners_practitioner p ON p.id = one.id,
    unnest(string_to_array(left(p.name_folded, 500), ' ')) AS parts(part)
  WHERE part <> '' AND NOT EXISTS (SELECT FROM publication_word k WHERE k.word = part)
  ORDER BY part ON CONFLICT DO NOTHING;
END $$;

CREATE UNLOGGED TABLE publication_pending (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ids uuid[] NOT NULL);

CREATE FUNCTION ymach_publish_or_wait(ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF cardinality(ids) > 500 THEN
    INSERT INTO publication_pending (ids) VALUES (ids);
  ELSIF cardinality(ids) > 0 THEN
    PERFORM ymach_publish(ids);
  END IF;
END $$;

CREATE FUNCTION ymach_publish_pending() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  waiting uuid[];
BEGIN
  WITH taken AS (DELETE FROM publication_pending RETURNING ids)
  SELECT array_agg(DISTINCT id) INTO waiting FROM taken, unnest(taken.ids) AS id;
  IF waiting IS NOT NULL THEN
    PERFORM ymach_publish(waiting);
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER publish_at_the_end AFTER INSERT ON publication_pending
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ymach_publish_pending();
"""

# The index finds by the few rare words (driver); the rest is looked at row by row, until there are enough.
MATCHING = """
CREATE FUNCTION ymach_publication_matching(driver tsquery, whole tsquery, most integer)
RETURNS SETOF publication_entry LANGUAGE sql STABLE SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
  SELECT * FROM publication_entry WHERE terms @@ driver AND (terms || ''::tsvector) @@ whole LIMIT most
$$;
"""

# How the people concerned are found from the rows that changed; %s is new_rows or old_rows.
OF_PEOPLE = "SELECT DISTINCT practitioner_id FROM {rows}"
OF_LICENCES = "SELECT DISTINCT l.practitioner_id FROM {rows} c JOIN practitioners_licence l ON l.id = c.licence_id"
RENAMED = """SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
    WHERE (n.full_name, n.name_folded, n.sort_key) IS DISTINCT FROM (o.full_name, o.name_folded, o.sort_key)"""
STAFF = """SELECT r.practitioner_id FROM new_rows n JOIN old_rows o ON o.id = n.id
    JOIN practitioners_registration r ON r.facility_id = n.id
    WHERE (n.code, n.name, n.province_code) IS DISTINCT FROM (o.code, o.name, o.province_code)"""
TABLES = {
    "practitioners_licence": OF_PEOPLE,
    "practitioners_registration": OF_PEOPLE,
    "practitioners_ban": OF_PEOPLE,
    "practitioners_licence_suspension": OF_LICENCES,
    "practitioners_licence_revocation": OF_LICENCES,
}
EVENTS = {"INSERT": ("new_rows",), "UPDATE": ("old_rows", "new_rows"), "DELETE": ("old_rows",)}


def _trigger(table: str, event: str, people: str) -> str:
    name = f"publish_{table}_{event.lower()}"
    tables = " ".join(f"{row.split('_')[0].upper()} TABLE AS {row}" for row in EVENTS[event])
    return f"""
CREATE FUNCTION ymach_{name}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM ymach_publish_or_wait(ARRAY({people}));
  RETURN NULL;
END $$;
CREATE TRIGGER publish_{event.lower()} AFTER {event} ON {table} REFERENCING {tables}
  FOR EACH STATEMENT EXECUTE FUNCTION ymach_{name}();
"""


def triggers() -> str:
    made = [
        _trigger(table, event, " UNION ".join(people.format(rows=row) for row in EVENTS[event]))
        for table, people in TABLES.items()
        for event in EVENTS
    ]
    made += [
        _trigger("practitioners_practitioner", "UPDATE", RENAMED),
        _trigger("facilities_facility", "UPDATE", f"SELECT DISTINCT practitioner_id FROM ({STAFF}) AS staff"),  # noqa: S608
    ]
    return "".join(made)


RIGHTS = """
REVOKE ALL ON publication_entry, publication_word, publication_pending FROM ymach_app;
GRANT SELECT ON publication_entry, publication_word TO ymach_app;
REVOKE ALL ON FUNCTION ymach_publish(uuid[]), ymach_publish_or_wait(uuid[]), ymach_publish_pending() FROM PUBLIC;
ALTER TABLE publication_entry ALTER COLUMN terms SET STATISTICS 1000;
"""
# What the registry holds already when this migration comes.
FIRST = """
INSERT INTO publication_pending (ids) SELECT array_agg(id) FROM (
  SELECT id, (row_number() OVER (ORDER BY id) - 1) / 20000 AS part FROM practitioners_practitioner) AS p GROUP BY part;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
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
        migrations.RunSQL(triggers(), migrations.RunSQL.noop),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
    ]
