"""All facts of standing for many dossiers of one facility, in one round trip.

Below the ORM on purpose: this statement runs once for every submission of the country. There is no cache in the
process. A cache would have to ask the database for the registry's version anyway, and the version of the sequence
runs ahead of what a transaction can see, so that a stale answer could be kept under a fresh version (ADR on standing).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from psycopg.types.range import DateRange

from ymach.base import pg
from ymach.base.licence_numbers import authors_in
from ymach.base.periods import Period
from ymach.base.weekly import Schedule, from_multirange
from ymach.practitioners.standing.facts import (
    FacilityFacts,
    LicenceFacts,
    OperatingLicenceFacts,
    PersonFacts,
    RegistrationFacts,
    StandingFacts,
    SuspensionFacts,
)

_Row = tuple[Any, ...]
_Rows = Mapping[str, Mapping[str, list[_Row]]]

# Rows of plain text, one kind a branch: building JSON in the server costs more than finding the rows. The materialised
# `asked` hides the values from the planner, so that it keeps one plan for ever: planning costs five times the execution.
# `= ANY (ARRAY[…])` and `IS TRUE` lead it to the B-trees on the keys, away from the slower GiST indexes of the exclusions.
_STATEMENT = """
WITH asked AS MATERIALIZED (SELECT %s::text[] AS codes, %s::text[] AS keys, %s::daterange AS days),
held AS MATERIALIZED (
  SELECT f.id, f.code, f.name, f.province_code, f.valid FROM facilities_facility f
  WHERE f.code = ANY ((SELECT codes FROM asked)::text[]) AND (f.valid && (SELECT days FROM asked)) IS TRUE
),
found AS MATERIALIZED (
  SELECT DISTINCT practitioner_id AS id FROM practitioners_licence
  WHERE number_key = ANY ((SELECT keys FROM asked)::text[])
)
SELECT 'version' AS kind, last_value::text AS of, NULL AS a, NULL AS b, NULL AS c, NULL AS d, NULL AS e, NULL AS f, NULL AS g,
  NULL AS h
FROM history_entry_id_seq
UNION ALL
SELECT 'facility', id::text, code, name, province_code, valid::text, NULL, NULL, NULL, NULL FROM held
UNION ALL
SELECT 'operating', o.facility_id::text, o.id::text, o.number, o.valid::text, NULL, NULL, NULL, NULL, NULL
FROM held h JOIN facilities_operating_licence o ON o.facility_id = ANY (ARRAY[h.id])
WHERE (o.valid && (SELECT days FROM asked)) IS TRUE
UNION ALL
SELECT 'suspension', s.licence_id::text, s.period::text, s.part, s.scopes::text, s.decision, NULL, NULL, NULL, NULL
FROM held h JOIN facilities_operating_licence o ON o.facility_id = ANY (ARRAY[h.id])
JOIN facilities_operating_licence_suspension s ON s.licence_id = ANY (ARRAY[o.id])
WHERE (s.period && (SELECT days FROM asked)) IS TRUE
UNION ALL
SELECT 'licence', l.practitioner_id::text, l.id::text, l.number, l.number_key, l.title, l.scopes::text,
  l.valid::text, v.effective_on::text, v.decision
FROM found p JOIN practitioners_licence l ON l.practitioner_id = ANY (ARRAY[p.id])
LEFT JOIN practitioners_licence_revocation v ON v.licence_id = l.id
UNION ALL
SELECT 'suspension', s.licence_id::text, s.period::text, s.part, s.scopes::text, s.decision, NULL, NULL, NULL, NULL
FROM found p JOIN practitioners_licence l ON l.practitioner_id = ANY (ARRAY[p.id])
JOIN practitioners_licence_suspension s ON s.licence_id = ANY (ARRAY[l.id])
WHERE (s.period && (SELECT days FROM asked)) IS TRUE
UNION ALL
SELECT 'registration', r.practitioner_id::text, r.facility_id::text, r.valid::text, r.schedule::text,
  r.is_technical_head::text, NULL, NULL, NULL, NULL
FROM found p JOIN practitioners_registration r ON r.practitioner_id = ANY (ARRAY[p.id])
WHERE (r.valid && (SELECT days FROM asked)) IS TRUE
"""


def standing_facts(facility_code: str, numbers: Collection[str], days: Period) -> StandingFacts:
    """What the registry says about a facility and the authors of its dossiers.

    facility_code: as the dossiers give it (MA_CSKCB). numbers: the author fields as read, `;` lists and the seconded
    form `<licence>.HD.<facility>` included. days: from the earliest moment to be judged to the latest (Viet Nam,
    half-open). One statement, however many numbers.
    """
    authors = {author for text in numbers for author in authors_in(text)}
    codes = {facility_code, *(author.seconded_from for author in authors if author.seconded_from)}
    rows = _ask(sorted(codes), sorted({author.key for author in authors}), days)
    return _read(facility_code, days, rows)


def _ask(codes: list[str], keys: list[str], days: Period) -> list[_Row]:
    with pg.cursor() as cursor:
        raw = cursor.connection
        # Django forbids prepared statements for the sake of poolers; planning this one costs more than running it.
        threshold, raw.prepare_threshold = raw.prepare_threshold, 0
        try:
            return cursor.execute(_STATEMENT, (codes, keys, DateRange(days.start, days.end))).fetchall()
        finally:
            raw.prepare_threshold = threshold


def _read(facility_code: str, days: Period, rows: Iterable[_Row]) -> StandingFacts:
    by_kind: dict[str, dict[str, list[_Row]]] = defaultdict(lambda: defaultdict(list))
    for kind, of, *values in rows:
        by_kind[kind][of].append(tuple(values))
    (version,) = by_kind["version"]
    return StandingFacts(int(version), facility_code, days, _facilities(by_kind), _people(by_kind))


def _facilities(by_kind: _Rows) -> dict[str, tuple[FacilityFacts, ...]]:
    found: dict[str, tuple[FacilityFacts, ...]] = {}
    for key, ((code, name, province_code, valid, *_),) in by_kind["facility"].items():
        licences = tuple(
            OperatingLicenceFacts(number, _period(period), _suspensions(by_kind, licence_id))
            for licence_id, number, period, *_ in by_kind["operating"].get(key, ())
        )
        facility = FacilityFacts(UUID(key), code, name, province_code, _period(valid), licences)
        found[code] = (*found.get(code, ()), facility)
    return found


def _people(by_kind: _Rows) -> dict[str, PersonFacts]:
    found: dict[str, PersonFacts] = {}
    for key, licence_rows in by_kind["licence"].items():
        newest_first = sorted((_licence(by_kind, row) for row in licence_rows), key=_start, reverse=True)
        licences = tuple(newest_first)
        registrations = tuple(map(_registration, by_kind["registration"].get(key, ())))
        person = PersonFacts(UUID(key), licences, registrations)
        found.update({licence.key: person for licence in licences})
    return found


def _licence(by_kind: _Rows, row: _Row) -> LicenceFacts:
    licence_id, number, key, title, scopes, valid, revoked_on, decision = row
    suspensions = _suspensions(by_kind, licence_id)
    revoked = date.fromisoformat(revoked_on) if revoked_on else None
    return LicenceFacts(number, key, title, _scopes(scopes), _period(valid), suspensions, revoked, decision or "")


def _start(licence: LicenceFacts) -> date:
    return licence.valid.start or date.min


def _registration(row: _Row) -> RegistrationFacts:
    facility_id, valid, schedule, is_technical_head, *_ = row
    return RegistrationFacts(UUID(facility_id), _period(valid), _schedule(schedule), is_technical_head == "true")


def _suspensions(by_kind: _Rows, licence_id: str) -> tuple[SuspensionFacts, ...]:
    rows = by_kind["suspension"].get(licence_id, ())
    return tuple(
        SuspensionFacts(_period(period), part == "whole", _scopes(scopes), decision)
        for period, part, scopes, decision, *_ in rows
    )


# The same few thousand texts come again and again; reading each once is a third of the whole cost of an answer.
@lru_cache(maxsize=8192)
def _period(text: str) -> Period:
    """A daterange as PostgreSQL prints it: `[2024-01-01,2029-01-01)`, either side possibly blank."""
    start, end = text[1:-1].split(",")
    return Period(date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None)


@lru_cache(maxsize=4096)
def _schedule(text: str) -> Schedule:
    return from_multirange(text)


@lru_cache(maxsize=4096)
def _scopes(text: str) -> frozenset[str]:
    """A text[] of scope codes, which hold no blanks, quotes or commas."""
    return frozenset(filter(None, text[1:-1].split(",")))
