"""The table of history and the trigger function that fills it."""

from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION ymach_record_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  the_actor text := nullif(current_setting('ymach.actor', true), '');
  the_reason text := nullif(current_setting('ymach.reason', true), '');
  the_moment timestamptz := coalesce(nullif(current_setting('ymach.at', true), '')::timestamptz, now());
  the_key text := coalesce(TG_ARGV[0], 'id');
  the_secret text[] := TG_ARGV[1:];
BEGIN
  IF the_actor IS NULL OR the_reason IS NULL THEN
    RAISE EXCEPTION 'change of % refused: nobody said who changes it and why', TG_TABLE_NAME
      USING ERRCODE = 'YM001', HINT = 'Write through an action, inside history.attributed(by=…, reason=…).';
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO history_entry ("table", row_id, operation, before, after, actor, reason, at)
    SELECT TG_TABLE_NAME, to_jsonb(n) ->> the_key, 'I', NULL, to_jsonb(n) - the_secret, the_actor, the_reason, the_moment FROM new_rows n;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO history_entry ("table", row_id, operation, before, after, actor, reason, at)
    SELECT TG_TABLE_NAME, to_jsonb(n) ->> the_key, 'U', to_jsonb(o) - the_secret, to_jsonb(n) - the_secret, the_actor, the_reason, the_moment
    FROM old_rows o JOIN new_rows n ON to_jsonb(o) ->> the_key = to_jsonb(n) ->> the_key
    WHERE o IS DISTINCT FROM n;
  ELSE
    INSERT INTO history_entry ("table", row_id, operation, before, after, actor, reason, at)
    SELECT TG_TABLE_NAME, to_jsonb(o) ->> the_key, 'D', to_jsonb(o) - the_secret, NULL, the_actor, the_reason, the_moment FROM old_rows o;
  END IF;
  RETURN NULL;
END $$;

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
                ("table", models.TextField()),
                ("row_id", models.TextField()),
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
                "indexes": [models.Index(fields=["table", "row_id"], name="history_entry_row")],
            },
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]
