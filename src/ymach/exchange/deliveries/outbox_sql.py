"""The statements on deliveries: each a fixed number of round trips for any number of parcels."""

from __future__ import annotations

# Due, or held by a worker whose lease has ended. A later version of a dossier waits until the earlier one is settled.
# What is sent after the first time (`cause`) waits for what the same file has on its way there already.
# OFFSET 0 keeps that a look-up per due delivery: joined, it would read the whole backlog of a partner that was away.
# SKIP LOCKED: workers never wait for each other. Deliveries past their deadline are left to EXPIRE.
# Files come along while their sizes fit into the bytes allowed; at least one does.
CLAIM = """
WITH due AS MATERIALIZED (
  SELECT d.facility_id, d.id, d.submission_id, d.due_at FROM exchange_delivery d
  WHERE d.destination = %(destination)s AND d.state IN ('waiting', 'sending')
    AND d.due_at <= %(at)s AND d.deadline_at > %(at)s
    AND NOT EXISTS (
      SELECT FROM exchange_delivery e
      WHERE e.facility_id = d.facility_id AND e.dossier_code = d.dossier_code AND e.destination = d.destination
        AND e.dossier_kind = d.dossier_kind AND e.version < d.version
        AND e.state <> 'delivered' AND e.state <> 'refused' AND e.state <> 'withdrawn' OFFSET 0)
    AND (d.cause = '' OR NOT EXISTS (
      SELECT FROM exchange_delivery e
      WHERE e.facility_id = d.facility_id AND e.submission_id = d.submission_id AND e.destination = d.destination
        AND e.created_at < d.created_at AND e.state IN ('waiting', 'sending') OFFSET 0))
  ORDER BY d.due_at LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
), measured AS MATERIALIZED (
  SELECT due.facility_id, due.id, s.province_code, s.digest, s.size, s.dossier_codes,
    sum(s.size) OVER (ORDER BY due.due_at, due.id) - s.size AS bytes_before
  FROM due JOIN exchange_submission s ON s.facility_id = due.facility_id AND s.id = due.submission_id
)
UPDATE exchange_delivery d
SET state = 'sending', attempts = d.attempts + 1, due_at = %(lease_ends)s, changed_at = %(at)s
FROM measured m
WHERE d.facility_id = m.facility_id AND d.id = m.id AND m.bytes_before < %(bytes)s
RETURNING d.facility_id, d.id, d.submission_id, d.facility_code, m.province_code, d.destination, d.dossier_kind,
  d.dossier_code, d.version, m.digest, m.size, d.attempts, d.created_at, d.deadline_at, d.due_at, old.state = 'sending',
  d.cause,
  ARRAY(
    SELECT DISTINCT h.citizen_id FROM exchange_dossier_head h
    WHERE h.facility_id = d.facility_id AND h.kind IN ('visit', 'check-in') AND h.code = ANY (m.dossier_codes)
      AND h.submission_id = d.submission_id),
  (SELECT c.content FROM exchange_submission_content c
    WHERE %(with_content)s AND c.facility_id = d.facility_id AND c.submission_id = d.submission_id)
"""

# `attempts` is the fence: who lost the lease, and with it the delivery, changes nothing.
SETTLE = """
UPDATE exchange_delivery d
SET state = r.state, due_at = r.due_at, changed_at = %s, partner_reference = coalesce(r.reference, d.partner_reference),
  answer = coalesce(r.answer, d.answer), last_error = coalesce(r.error, d.last_error),
  attempts = d.attempts - r.given_back::int
FROM jsonb_to_recordset(%s::jsonb) AS r (facility_id uuid, id uuid, attempt int, state text, due_at timestamptz,
  reference text, answer jsonb, error text, given_back bool)
WHERE d.facility_id = r.facility_id AND d.id = r.id AND d.attempts = r.attempt AND d.state = 'sending'
RETURNING d.facility_id, d.id
"""

EVENTS = """
INSERT INTO exchange_delivery_event (at, facility_id, id, delivery_id, submission_id, state, detail)
SELECT %s, * FROM jsonb_to_recordset(%s::jsonb)
  AS r (facility_id uuid, id uuid, delivery_id uuid, submission_id uuid, state text, detail jsonb)
"""

OVERDUE = """
SELECT facility_id, id FROM exchange_delivery
WHERE destination = %(destination)s AND deadline_at <= %(at)s
  AND (state = 'waiting' OR (state = 'sending' AND due_at <= %(at)s))
LIMIT %(limit)s
"""
# Read first, changed after the journals are open: the same order of locks as everywhere.
EXPIRE = """
UPDATE exchange_delivery d SET state = 'stuck', changed_at = %(at)s
FROM exchange_submission s
WHERE (d.facility_id, d.id) IN (SELECT * FROM unnest(%(facilities)s::uuid[], %(ids)s::uuid[]))
  AND s.facility_id = d.facility_id AND s.id = d.submission_id
  AND (d.state = 'waiting' OR (d.state = 'sending' AND d.due_at <= %(at)s))
RETURNING d.facility_id, d.id, d.submission_id, s.province_code, d.destination, d.created_at, old.state
"""

# From one destination to the next by the index, instead of through all that waits.
DUE_DESTINATIONS = """
WITH RECURSIVE each AS (
  (SELECT destination FROM exchange_delivery WHERE state IN ('waiting', 'sending') ORDER BY destination LIMIT 1)
  UNION ALL
  SELECT (SELECT d.destination FROM exchange_delivery d
    WHERE d.state IN ('waiting', 'sending') AND d.destination > each.destination ORDER BY d.destination LIMIT 1)
  FROM each WHERE each.destination IS NOT NULL
)
SELECT destination FROM each WHERE EXISTS (
  SELECT FROM exchange_delivery d
  WHERE d.destination = each.destination AND d.state IN ('waiting', 'sending') AND d.due_at <= %(at)s)
"""

# All versions of a dossier on their way to one destination, so that none starts while one is sent back.
LOCK_DOSSIER = """
SELECT d.id, d.state, d.version, d.attempts, d.created_at, s.province_code FROM exchange_delivery d
JOIN exchange_submission s ON s.facility_id = d.facility_id AND s.id = d.submission_id
WHERE d.facility_id = %s AND d.dossier_kind = %s AND d.dossier_code = %s AND d.destination = %s
ORDER BY d.version FOR UPDATE OF d
"""
REPLAY = """
UPDATE exchange_delivery SET state = 'waiting', due_at = %s, deadline_at = %s, changed_at = %s
WHERE facility_id = %s AND id = %s
"""
