"""The table of history and the trigger function that fills it."""

from django.db import migrations, models

# The statement is made from the trigger's arguments (names from migrations, never from outside): columns are read as
# columns, so that of a bulk load each row is turned into JSON once and no row is looked at as text.
FUNCTIONS = """
CREATE FUNCTION ymach_record_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  the_actor text := nullif(current_setting('ymach.actor', true), '');
  the_reason text := nullif(current_setting('ymach.reason', true), '');
  the_moment timestamptz := coalesce(nullif(current_setting('ymach.at', true), '')::timestamptz, now());
  the_key text := TG_ARGV[0];
  the_subject text := TG_ARGV[1];
  the_secret text[] := TG_ARGV[5:];
  row_now text := CASE TG_OP WHEN 'DELETE' THEN 'o' ELSE 'n' END;
  subject_of text;
  beside_of text := 'NULL::uuid';
  before_of text := 'NULL';
  after_of text := 'NULL';
  from_rows text;
BEGIN
  IF the_actor IS NULL OR the_reason IS NULL THEN
    RAISE EXCEPTION 'change of % refused: nobody said who changes it and why', TG_TABLE_NAME
      USING ERRCODE = 'YM001', HINT = 'Write through an action, inside history.attributed(by=…, reason=…).';
  END IF;
  IF TG_ARGV[2] <> '' THEN
    subject_of := format('(SELECT t.%I FROM public.%I t WHERE t.id = %s.%I)', the_subject, TG_ARGV[3], row_now, TG_ARGV[2]);
  ELSE
    subject_of := format('ymach_as_uuid(%s.%I)', row_now, the_subject);
  END IF;
  IF TG_ARGV[4] <> '' THEN
    beside_of := format('%s.%I', row_now, TG_ARGV[4]);
  END IF;
  IF TG_OP <> 'INSERT' THEN
    before_of := CASE WHEN cardinality(the_secret) > 0 THEN 'to_jsonb(o) - $4' ELSE 'to_jsonb(o)' END;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    after_of := CASE WHEN cardinality(the_secret) > 0 THEN 'to_jsonb(n) - $4' ELSE 'to_jsonb(n)' END;
  END IF;
  from_rows := CASE TG_OP
    WHEN 'INSERT' THEN 'new_rows n'
    WHEN 'DELETE' THEN 'old_rows o'
    ELSE format('old_rows o JOIN new_rows n ON o.%1$I = n.%1$I WHERE o IS DISTINCT FROM n', the_key)
  END;
  EXECUTE format(
    'INSERT INTO public.history_entry'
    ' (xact, "table", row_id, subject, beside, operation, before, after, actor, reason, at)'
    ' SELECT pg_current_xact_id()::text::bigint, %L, %s.%I::text, %s, %s, %L, %s, %s, $1, $2, $3 FROM %s',
    TG_TABLE_NAME, row_now, the_key, subject_of, beside_of, left(TG_OP, 1), before_of, after_of, from_rows
  ) USING the_actor, the_reason, the_moment, the_secret;
  RETURN NULL;
END $$;

-- A row that is its own subject may have a key that is no uuid (a code, a fingerprint): then it has none.
CREATE FUNCTION ymach_as_uuid(uuid) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT $1';
CREATE FUNCTION ymach_as_uuid(text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT NULL::uuid';
CREATE FUNCTION ymach_as_uuid(bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT NULL::uuid';

REVOKE ALL ON history_entry FROM ymach_app;
GRANT SELECT ON history_entry TO ymach_app;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="HistoryEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("xact", models.BigIntegerField()),
                ("table", models.TextField()),
                ("row_id", models.TextField()),
                ("subject", models.UUIDField(null=True)),
                ("beside", models.UUIDField(null=True)),
                (
                    "operation",
                    models.CharField(choices=[("I", "Insert"), ("U", "Update"), ("D", "Delete")], max_length=1),
                ),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("actor", models.TextField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "history_entry",
                "indexes": [
                    models.Index(fields=["xact", "id"], name="history_entry_order"),
                    models.Index(fields=["subject", "id"], name="history_entry_subject"),
                    models.Index(
                        condition=models.Q(("beside__isnull", False)),
                        fields=["beside", "id"],
                        name="history_entry_beside",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]
