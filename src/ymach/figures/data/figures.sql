-- How the figures are kept. Every function runs as the owner; the running role may only read the three tables.

CREATE FUNCTION figures_confirmation_days() RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 90';

-- The day of the change in Viet Nam, as the attribution of the transaction says it.
CREATE FUNCTION figures_today() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT (coalesce(nullif(current_setting('ymach.at', true), '')::timestamptz, now()) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
$$;

-- The days that count as confirmed after a confirmation.
CREATE FUNCTION figures_confirmed_days(confirmed_on date) RETURNS datemultirange LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN confirmed_on IS NULL THEN '{}'::datemultirange
              ELSE datemultirange(daterange(confirmed_on, confirmed_on + figures_confirmation_days())) END
$$;

-- People as the registry has them now: what the summary must say. `changed_on` is not known here (null).
-- Planned anew each time: for one person or for a whole country.
CREATE FUNCTION figures_practitioners_as_they_are(ids uuid[]) RETURNS SETOF figures_practitioner
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public SET work_mem = '256MB'
SET enable_nestloop = on SET enable_seqscan = on AS $function$
BEGIN
  PERFORM ymach_plan_for(ids);
  RETURN QUERY EXECUTE $query$
    WITH stopped AS (
      SELECT s.licence_id, range_agg(s.period) AS whole FROM practitioners_licence_suspension s
      WHERE s.part = 'whole' AND s.licence_id = ANY (ARRAY(SELECT l.id FROM practitioners_licence l WHERE l.practitioner_id = ANY ($1)))
      GROUP BY s.licence_id
    ), held AS (
      SELECT l.practitioner_id,
             range_agg(l.valid * daterange(NULL, r.effective_on)) AS in_force,
             (array_agg(l.title ORDER BY lower(l.valid) DESC))[1] AS title,
             (array_agg(l.issuer_province_code ORDER BY lower(l.valid) DESC))[1] AS issuer_province_code,
             (array_agg(r.effective_on ORDER BY lower(l.valid) DESC))[1] AS revoked_on,
             range_agg(stopped.whole * multirange(l.valid)) AS suspended
      FROM practitioners_licence l
      LEFT JOIN practitioners_licence_revocation r ON r.licence_id = l.id
      LEFT JOIN stopped ON stopped.licence_id = l.id
      WHERE l.practitioner_id = ANY ($1) GROUP BY l.practitioner_id
    ), bans AS (
      SELECT b.practitioner_id, range_agg(b.period) AS days FROM practitioners_ban b
      WHERE b.practitioner_id = ANY ($1) GROUP BY b.practitioner_id
    ), home AS (
      SELECT g.practitioner_id, range_agg(g.valid) AS registered,
             (array_agg(f.province_code ORDER BY g.is_main DESC, upper(g.valid) DESC NULLS FIRST, lower(g.valid), g.id))[1] AS province_code
      FROM practitioners_registration g JOIN facilities_facility f ON f.id = g.facility_id
      WHERE g.practitioner_id = ANY ($1) GROUP BY g.practitioner_id
    )
    SELECT p.id,
           coalesce(home.province_code, held.issuer_province_code, '')::varchar(2),
           coalesce(held.title, '')::varchar(2),
           p.sort_key,
           days.active,
           days.suspended - days.banned,
           days.banned,
           coalesce(home.registered, '{}'::datemultirange) * days.active,
           figures_confirmed_days(said.confirmed_on) * days.active,
           CASE WHEN held.revoked_on IS NULL AND NOT upper_inf(held.in_force) THEN upper(held.in_force) END,
           held.revoked_on,
           said.confirmed_on,
           NULL::date
    FROM practitioners_practitioner p
    LEFT JOIN held ON held.practitioner_id = p.id
    LEFT JOIN bans ON bans.practitioner_id = p.id
    LEFT JOIN home ON home.practitioner_id = p.id
    CROSS JOIN LATERAL (SELECT (p.confirmed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS confirmed_on) said
    CROSS JOIN LATERAL (
      SELECT coalesce(held.in_force, '{}') AS in_force, coalesce(held.suspended, '{}') AS suspended, coalesce(bans.days, '{}') AS banned
    ) whole
    CROSS JOIN LATERAL (
      SELECT whole.in_force - whole.suspended - whole.banned AS active, whole.in_force * whole.suspended AS suspended,
             whole.in_force * whole.banned AS banned
    ) days
    WHERE p.id = ANY ($1)
  $query$ USING ids;
END $function$;

CREATE FUNCTION figures_facilities_as_they_are(ids uuid[]) RETURNS SETOF figures_facility
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public SET work_mem = '256MB'
SET enable_nestloop = on SET enable_seqscan = on AS $function$
BEGIN
  PERFORM ymach_plan_for(ids);
  RETURN QUERY EXECUTE $query$
    WITH stopped AS (
      SELECT s.licence_id, range_agg(s.period) AS whole FROM facilities_operating_licence_suspension s
      WHERE s.part = 'whole'
        AND s.licence_id = ANY (ARRAY(SELECT l.id FROM facilities_operating_licence l WHERE l.facility_id = ANY ($1)))
      GROUP BY s.licence_id
    ), held AS (
      SELECT l.facility_id,
             range_agg(l.valid * f.valid * daterange(NULL, r.effective_on)) AS in_force,
             (array_agg(r.effective_on ORDER BY lower(l.valid) DESC))[1] AS revoked_on,
             range_agg(stopped.whole * multirange(l.valid * f.valid)) AS suspended
      FROM facilities_operating_licence l
      JOIN facilities_facility f ON f.id = l.facility_id
      LEFT JOIN facilities_operating_licence_revocation r ON r.licence_id = l.id
      LEFT JOIN stopped ON stopped.licence_id = l.id
      WHERE l.facility_id = ANY ($1) GROUP BY l.facility_id
    ), heads AS (
      SELECT g.facility_id, range_agg(g.valid) AS days FROM practitioners_registration g
      WHERE g.facility_id = ANY ($1) AND g.is_technical_head GROUP BY g.facility_id
    )
    SELECT f.id, f.province_code, f.form, f.sector, f.sort_key,
           datemultirange(f.valid),
           days.active,
           days.suspended,
           coalesce(heads.days, '{}'::datemultirange) * days.active,
           figures_confirmed_days(said.confirmed_on) * days.active,
           CASE WHEN held.revoked_on IS NULL AND upper(held.in_force) IS DISTINCT FROM upper(f.valid) THEN upper(held.in_force) END,
           held.revoked_on,
           said.confirmed_on,
           NULL::date
    FROM facilities_facility f
    LEFT JOIN held ON held.facility_id = f.id
    LEFT JOIN heads ON heads.facility_id = f.id
    CROSS JOIN LATERAL (SELECT (f.confirmed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS confirmed_on) said
    CROSS JOIN LATERAL (
      SELECT coalesce(held.in_force, '{}'::datemultirange) - coalesce(held.suspended, '{}'::datemultirange) AS active,
             coalesce(held.in_force, '{}'::datemultirange) * coalesce(held.suspended, '{}'::datemultirange) AS suspended
    ) days
    WHERE f.id = ANY ($1)
  $query$ USING ids;
END $function$;

-- From a day on, for good; no days where the day is not known.
CREATE FUNCTION figures_since(day date) RETURNS datemultirange LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN day IS NULL THEN '{}'::datemultirange ELSE datemultirange(daterange(day, NULL)) END
$$;

-- What a summary adds to the tallies: +1 on the first day of a state, -1 on the first day after it.
CREATE FUNCTION figures_of_practitioner(s figures_practitioner) RETURNS TABLE (name text, day date, amount int)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 8 AS $$
  SELECT spans.name, step.day, step.amount
  FROM (SELECT kept.name, unnest(kept.days) AS one FROM (VALUES ('people', figures_since('1900-01-01')), ('active', s.active), ('suspended', s.suspended),
               ('banned', s.banned), ('working', s.working), ('confirmed', s.confirmed), ('expired', figures_since(s.licence_until)),
               ('revoked', figures_since(s.revoked_on)), ('changed', figures_since(s.changed_on))) kept (name, days) WHERE NOT isempty(kept.days)) spans
  CROSS JOIN LATERAL (VALUES (lower(one), 1), (upper(one), -1)) step (day, amount)
  WHERE step.day IS NOT NULL
$$;

CREATE FUNCTION figures_of_facility(s figures_facility) RETURNS TABLE (name text, day date, amount int)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 8 AS $$
  SELECT spans.name, step.day, step.amount
  FROM (SELECT kept.name, unnest(kept.days) AS one FROM (VALUES ('operating', s.operating), ('active', s.active), ('suspended', s.suspended), ('headed', s.headed),
               ('confirmed', s.confirmed), ('expired', figures_since(s.licence_until)),
               ('revoked', figures_since(s.revoked_on)), ('changed', figures_since(s.changed_on))) kept (name, days) WHERE NOT isempty(kept.days)) spans
  CROSS JOIN LATERAL (VALUES (lower(one), 1), (upper(one), -1)) step (day, amount)
  WHERE step.day IS NOT NULL
$$;

-- Minutes from Monday to Friday between two moments, in Viet Nam. Holidays count as the days they fall on.
CREATE FUNCTION figures_weekday_minutes(started timestamptz, ended timestamptz) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(sum(extract(epoch FROM
           least(d + interval '1 day', ended AT TIME ZONE 'Asia/Ho_Chi_Minh') - greatest(d, started AT TIME ZONE 'Asia/Ho_Chi_Minh')
         ) / 60), 0)::int
  FROM generate_series(date_trunc('day', started AT TIME ZONE 'Asia/Ho_Chi_Minh'), ended AT TIME ZONE 'Asia/Ho_Chi_Minh', '1 day') d
  WHERE extract(isodow FROM d) < 6
$$;

-- What a request for a change adds: when it was asked, what waits and until when, what was decided and after how long.
CREATE FUNCTION figures_of_request(s changes_request) RETURNS TABLE (name text, day date, amount int)
LANGUAGE sql IMMUTABLE ROWS 3 AS $$
  SELECT kept.name, kept.day, kept.amount
  FROM (SELECT (s.submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS asked, (s.decided_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS decided,
               s.state = 'submitted' AS waits, s.state IN ('approved', 'rejected') AND s.submitted_at IS NOT NULL AS is_decided) on_days
  CROSS JOIN LATERAL (VALUES
    ('asked', CASE WHEN s.state <> 'draft' THEN asked END, 1),
    ('waiting', CASE WHEN waits THEN asked END, 1),
    ('due', CASE WHEN waits THEN s.due_on END, 1),
    ('approved', CASE WHEN is_decided AND s.state = 'approved' THEN decided END, 1),
    ('rejected', CASE WHEN is_decided AND s.state = 'rejected' THEN decided END, 1),
    ('minutes', CASE WHEN is_decided THEN decided END, figures_weekday_minutes(s.submitted_at, s.decided_at))
  ) kept (name, day, amount)
  WHERE kept.day IS NOT NULL
$$;

-- The second of two transactions about one subject reads what the first has written: few rows are locked, in one order;
-- for many the summary as a whole.
CREATE FUNCTION figures_take_turns(root text, summary text, ids uuid[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF cardinality(ids) > 500 THEN
    EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', summary);
  ELSE
    EXECUTE format('SELECT FROM %I WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE', root) USING ids;
  END IF;
END $$;

CREATE FUNCTION figures_refresh_practitioners(ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM figures_take_turns('practitioners_practitioner', 'figures_practitioner', ids);
  INSERT INTO figures_practitioner AS kept (practitioner_id, province_code, title, sort_key, active, suspended, banned, working, confirmed, licence_until, revoked_on, confirmed_on, changed_on)
  SELECT f.practitioner_id, f.province_code, f.title, f.sort_key, f.active, f.suspended, f.banned, f.working, f.confirmed, f.licence_until, f.revoked_on, f.confirmed_on, figures_today()
  FROM figures_practitioners_as_they_are(ids) f
  ON CONFLICT (practitioner_id) DO UPDATE SET
      province_code = excluded.province_code, title = excluded.title, sort_key = excluded.sort_key, active = excluded.active,
      suspended = excluded.suspended, banned = excluded.banned, working = excluded.working, confirmed = excluded.confirmed,
      licence_until = excluded.licence_until, revoked_on = excluded.revoked_on, confirmed_on = excluded.confirmed_on,
      changed_on = greatest(kept.changed_on, excluded.changed_on);
END $$;

CREATE FUNCTION figures_refresh_facilities(ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM figures_take_turns('facilities_facility', 'figures_facility', ids);
  INSERT INTO figures_facility AS kept (facility_id, province_code, form, sector, sort_key, operating, active, suspended, headed, confirmed, licence_until, revoked_on, confirmed_on, changed_on)
  SELECT f.facility_id, f.province_code, f.form, f.sector, f.sort_key, f.operating, f.active, f.suspended, f.headed, f.confirmed, f.licence_until, f.revoked_on, f.confirmed_on, figures_today()
  FROM figures_facilities_as_they_are(ids) f
  ON CONFLICT (facility_id) DO UPDATE SET
      province_code = excluded.province_code, form = excluded.form, sector = excluded.sector, sort_key = excluded.sort_key,
      operating = excluded.operating, active = excluded.active, suspended = excluded.suspended, headed = excluded.headed,
      confirmed = excluded.confirmed, licence_until = excluded.licence_until, revoked_on = excluded.revoked_on, confirmed_on = excluded.confirmed_on,
      changed_on = greatest(kept.changed_on, excluded.changed_on);
END $$;

-- On the tables of the registry. Arguments: the function that renews, and who is concerned by a changed row.
CREATE FUNCTION figures_touched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  concerned uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    EXECUTE format('SELECT array_agg(DISTINCT %s) FROM new_rows changed', TG_ARGV[1]) INTO concerned;
  ELSIF TG_OP = 'UPDATE' THEN
    EXECUTE format('SELECT array_agg(DISTINCT one) FROM (SELECT %1$s AS one FROM new_rows changed UNION SELECT %1$s FROM old_rows changed) both_rows', TG_ARGV[1]) INTO concerned;
  ELSE
    EXECUTE format('SELECT array_agg(DISTINCT %s) FROM old_rows changed', TG_ARGV[1]) INTO concerned;
  END IF;
  PERFORM ymach_settle(TG_ARGV[0], concerned);
  RETURN NULL;
END $$;

-- A facility that moves to another province takes the people registered with it along.
CREATE FUNCTION figures_facility_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  PERFORM ymach_settle('figures_refresh_practitioners', array_agg(DISTINCT g.practitioner_id))
  FROM new_rows n JOIN old_rows o USING (id) JOIN practitioners_registration g ON g.facility_id = n.id
  WHERE n.province_code <> o.province_code;
  RETURN NULL;
END $$;

-- The days of which the tallies tell every single one.
CREATE FUNCTION figures_kept_days() RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 100';

-- Where a day before the month of `cut` is folded to: the first of the month after it. What stood on the first of a
-- month can still be told, what stood between no longer. Of immutable parts alone, so that it costs no call.
CREATE FUNCTION figures_folded(day date, cut date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN day >= cut - (extract(day FROM cut)::int - 1) OR extract(day FROM day) = 1 THEN day
              ELSE (day - (extract(day FROM day)::int - 1) + interval '1 month')::date END
$$;

-- On the summaries: what changed is added to the tallies, long ago folded. Nothing is updated there, so nobody waits
-- for anybody.
CREATE FUNCTION figures_tally_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  sides text[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY['+'] WHEN 'DELETE' THEN ARRAY['-'] ELSE ARRAY['+', '-'] END;
  cut date := figures_today() - figures_kept_days();
  parts text := '';
  side text;
BEGIN
  FOREACH side IN ARRAY sides LOOP
    parts := parts || CASE WHEN parts = '' THEN '' ELSE ' UNION ALL ' END || format(
      'SELECT step.name, s.province_code, s.%I AS key, figures_folded(step.day, $1) AS day, %sstep.amount AS amount FROM %I s CROSS JOIN LATERAL %I(ROW(s.*)::%I) step',
      TG_ARGV[1], side, CASE side WHEN '+' THEN 'new_rows' ELSE 'old_rows' END, TG_ARGV[2], TG_TABLE_NAME);
  END LOOP;
  EXECUTE format('INSERT INTO figures_tally (subject, figure, province_code, key, day, amount)
    SELECT %L, name, province_code, key, day, sum(amount) FROM (%s) steps GROUP BY 2, 3, 4, 5 HAVING sum(amount) <> 0', TG_ARGV[0], parts) USING cut;
  RETURN NULL;
END $$;

-- Joins rows of the tallies; sums stay what they are. Returns how many rows are left. One at a time.
CREATE FUNCTION figures_compact(cut date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('figures_compact')) THEN RETURN NULL; END IF;
  WITH gone AS (
    DELETE FROM figures_tally t USING (
      SELECT subject, figure, province_code, key, figures_folded(day, cut) AS folded
      FROM figures_tally GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1 OR bool_or(day <> figures_folded(day, cut))
    ) many
    WHERE (t.subject, t.figure, t.province_code, t.key, figures_folded(t.day, cut))
        = (many.subject, many.figure, many.province_code, many.key, many.folded)
    RETURNING t.*
  )
  INSERT INTO figures_tally (subject, figure, province_code, key, day, amount)
  SELECT subject, figure, province_code, key, figures_folded(day, cut), sum(amount) FROM gone
  GROUP BY 1, 2, 3, 4, 5 HAVING sum(amount) <> 0;
  RETURN (SELECT count(*) FROM figures_tally);
END $$;

-- The recount: where a summary is not what the registry says. Empty when all is well.
CREATE FUNCTION figures_wrong_summaries() RETURNS TABLE (subject text, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT 'practitioners', coalesce(f.practitioner_id, s.practitioner_id)
  FROM figures_practitioners_as_they_are((SELECT array_agg(p.id) FROM practitioners_practitioner p)) f
  FULL JOIN figures_practitioner s USING (practitioner_id)
  WHERE to_jsonb(f) - 'changed_on' IS DISTINCT FROM to_jsonb(s) - 'changed_on'
  UNION ALL
  SELECT 'facilities', coalesce(f.facility_id, s.facility_id)
  FROM figures_facilities_as_they_are((SELECT array_agg(p.id) FROM facilities_facility p)) f
  FULL JOIN figures_facility s USING (facility_id)
  WHERE to_jsonb(f) - 'changed_on' IS DISTINCT FROM to_jsonb(s) - 'changed_on'
$$;

-- The recount: where the tallies are not the sum of the summaries, by folded day. Empty when all is well.
CREATE FUNCTION figures_wrong_tallies(cut date)
RETURNS TABLE (subject text, figure text, province_code text, key text, day date, kept numeric, actual numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT subject, figure, province_code, key, figures_folded(day, cut), sum(kept), sum(actual)
  FROM (
    SELECT 'practitioners' AS subject, step.name AS figure, s.province_code::text, s.title::text AS key, step.day,
           0::bigint AS kept, step.amount::bigint AS actual
    FROM figures_practitioner s CROSS JOIN LATERAL figures_of_practitioner(s) step
    UNION ALL
    SELECT 'facilities', step.name, s.province_code, s.form, step.day, 0, step.amount
    FROM figures_facility s CROSS JOIN LATERAL figures_of_facility(s) step
    UNION ALL
    SELECT 'requests', step.name, s.province_code, s.kind, step.day, 0, step.amount
    FROM changes_request s CROSS JOIN LATERAL figures_of_request(s) step
    UNION ALL
    SELECT t.subject, t.figure, t.province_code, t.key, t.day, t.amount, 0 FROM figures_tally t
  ) both_sides
  GROUP BY 1, 2, 3, 4, 5 HAVING sum(kept) <> sum(actual)
$$;

REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON figures_practitioner, figures_facility, figures_tally FROM ymach_app;
