-- What follows from the registry (published entries, figures, deadlines) is renewed in the transaction of the change.
-- A settler is a function of ids that renews what follows for them. A trigger calls ymach_settle with those its
-- statement concerns: few are settled at once, many once at the commit, and those of a load that says
-- `SET LOCAL ymach.settle = 'later'` stay here until somebody settles them all (the loader, or the worker).

CREATE TABLE settling_pending (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  made_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
  settler text NOT NULL,
  ids uuid[] NOT NULL
);
REVOKE ALL ON settling_pending FROM ymach_app;
GRANT SELECT ON settling_pending TO ymach_app;

CREATE FUNCTION ymach_settles_later() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('ymach.settle', true), '') = 'later'
$$;

CREATE FUNCTION ymach_settle(settler text, ids uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  ids := array_remove(ids, NULL);
  IF coalesce(cardinality(ids), 0) = 0 THEN
    RETURN;
  ELSIF cardinality(ids) > 500 OR ymach_settles_later() THEN
    INSERT INTO settling_pending (settler, ids) VALUES (settler, ids);
  ELSE
    EXECUTE format('SELECT %I($1)', settler) USING ids;
  END IF;
END $$;

-- At the commit: everybody whom any statement of this transaction concerned, once.
CREATE FUNCTION ymach_settle_at_commit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  due record;
BEGIN
  IF ymach_settles_later() THEN
    RETURN NULL;
  END IF;
  FOR due IN
    WITH gone AS (DELETE FROM settling_pending WHERE made_in = pg_current_xact_id() RETURNING *)
    SELECT gone.settler, array_agg(DISTINCT one ORDER BY one) AS ids FROM gone, unnest(gone.ids) AS one
    GROUP BY gone.settler ORDER BY gone.settler
  LOOP
    EXECUTE format('SELECT %I($1)', due.settler) USING due.ids;
  END LOOP;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER settle_at_commit AFTER INSERT ON settling_pending
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ymach_settle_at_commit();

-- Everything that waits for one settler, from whatever transaction; how many were settled. One at a time.
CREATE FUNCTION ymach_settle_pending(wanted text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  waiting uuid[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ymach_settle_pending ' || wanted));
  WITH gone AS (DELETE FROM settling_pending p WHERE p.settler = wanted RETURNING p.ids)
  SELECT array_agg(DISTINCT one ORDER BY one) INTO waiting FROM gone, unnest(gone.ids) AS one;
  IF waiting IS NULL THEN
    RETURN 0;
  END IF;
  EXECUTE format('SELECT %I($1)', wanted) USING waiting;
  RETURN cardinality(waiting);
END $$;

-- Few are found by index, many by hash: statistics are stale while a country is loaded, and a wrong guess costs hours.
-- To be called inside a function declared with SET enable_nestloop = on SET enable_seqscan = on.
CREATE FUNCTION ymach_plan_for(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config(CASE WHEN cardinality(ids) > 500 THEN 'enable_nestloop' ELSE 'enable_seqscan' END, 'off', true);
END $$;
REVOKE ALL ON FUNCTION ymach_settle(text, uuid[]), ymach_settle_at_commit() FROM PUBLIC;
