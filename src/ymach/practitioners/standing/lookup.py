"""All facts of standing for many dossiers of one facility, in one round trip.

Below the ORM on purpose: this statement runs once for every submission of the country. There is no cache in the
process. A cache would have to ask the database for the registry's version anyway, and the version of the sequence
runs ahead of what a transaction can see, so that a stale answer could be kept under a fresh version (ADR on standing).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from psycopg.types.range import DateRange

from ymach.base import pg
from ymach.base.licence_numbers import AuthorNumber, authors_in
from ymach.base.periods import Period
from ymach.base.weekly import from_multirange
from ymach.practitioners.standing.facts import (
    FacilityFacts,
    LicenceFacts,
    OperatingLicenceFacts,
    PersonFacts,
    RegistrationFacts,
    StandingFacts,
    SuspensionFacts,
)

# Arrays instead of objects, and text instead of json, halve the cost of building and reading the answer.
_STATEMENT = """
SELECT json_build_array(
  (SELECT last_value FROM history_entry_id_seq),
  (SELECT json_agg(json_build_array(f.id, f.code, f.name, f.province_code, lower(f.valid), upper(f.valid), (
      SELECT json_agg(json_build_array(o.number, lower(o.valid), upper(o.valid), (
          SELECT json_agg(json_build_array(lower(s.period), upper(s.period), s.part = 'whole', s.scopes, s.decision))
          FROM facilities_operating_licence_suspension s WHERE s.licence_id = o.id AND s.period && days)))
      FROM facilities_operating_licence o WHERE o.facility_id = f.id AND o.valid && days)))
   FROM unnest(codes) AS code JOIN facilities_facility f ON f.code = code.code AND f.valid && days),
  (SELECT json_agg(json_build_array(p.id, p.full_name, (
      SELECT json_agg(json_build_array(l.number, l.number_key, l.title, l.scopes, lower(l.valid), upper(l.valid), (
          SELECT json_agg(json_build_array(lower(s.period), upper(s.period), s.part = 'whole', s.scopes, s.decision))
          FROM practitioners_licence_suspension s WHERE s.licence_id = l.id AND s.period && days),
          v.effective_on, v.decision) ORDER BY l.valid DESC)
      FROM practitioners_licence l LEFT JOIN practitioners_licence_revocation v ON v.licence_id = l.id
      WHERE l.practitioner_id = p.id), (
      SELECT json_agg(json_build_array(r.facility_id, lower(r.valid), upper(r.valid), r.schedule, r.is_technical_head))
      FROM practitioners_registration r WHERE r.practitioner_id = p.id AND r.valid && days)))
   FROM practitioners_practitioner p
   WHERE p.id IN (SELECT practitioner_id FROM practitioners_licence WHERE number_key = ANY(keys)))
)::text
FROM (SELECT %s::text[] AS codes, %s::text[] AS keys, %s::daterange AS days) AS asked
"""


def standing_facts(facility_code: str, numbers: Collection[str], days: Period) -> StandingFacts:
    """What the registry says about a facility and the authors of its dossiers.

    facility_code: as the dossiers give it (MA_CSKCB). numbers: the author fields as read, `;` lists and the seconded
    form `<licence>.HD.<facility>` included. days: from the earliest moment to be judged to the latest (Viet Nam,
    half-open). One statement, however many numbers.
    """
    authors = {author for text in numbers for author in authors_in(text)}
    return _read(facility_code, days, _ask(_codes(facility_code, authors), sorted({one.key for one in authors}), days))


def _codes(facility_code: str, authors: Collection[AuthorNumber]) -> list[str]:
    return sorted({facility_code, *(one.seconded_from for one in authors if one.seconded_from)})


def _ask(codes: list[str], keys: list[str], days: Period) -> list[Any]:
    with pg.cursor() as cursor:
        raw = cursor.connection
        # Django forbids prepared statements for the sake of poolers; planning this one costs more than running it.
        threshold, raw.prepare_threshold = raw.prepare_threshold, 0
        try:
            row = cursor.execute(_STATEMENT, (codes, keys, DateRange(days.start, days.end))).fetchone()
        finally:
            raw.prepare_threshold = threshold
    return orjson.loads(row[0]) if row else []


def _read(facility_code: str, days: Period, answer: list[Any]) -> StandingFacts:
    version, facility_rows, people_rows = answer
    facilities: dict[str, tuple[FacilityFacts, ...]] = {}
    for facility in map(_facility, facility_rows or ()):
        facilities[facility.code] = (*facilities.get(facility.code, ()), facility)
    people = [_person(row) for row in people_rows or ()]
    by_key = {licence.key: person for person in people for licence in person.licences}
    return StandingFacts(version, facility_code, days, facilities, by_key)


def _facility(row: list[Any]) -> FacilityFacts:
    key, code, name, province_code, start, end, licences = row
    read = tuple(OperatingLicenceFacts(o[0], _period(o[1], o[2]), _suspensions(o[3])) for o in licences or ())
    return FacilityFacts(UUID(key), code, name, province_code, _period(start, end), read)


def _person(row: list[Any]) -> PersonFacts:
    key, full_name, licences, registrations = row
    read = tuple(
        RegistrationFacts(UUID(r[0]), _period(r[1], r[2]), from_multirange(r[3]), r[4]) for r in registrations or ()
    )
    return PersonFacts(UUID(key), full_name, tuple(map(_licence, licences)), read)


def _licence(row: list[Any]) -> LicenceFacts:
    number, key, title, scopes, start, end, suspensions, revoked_on, decision = row
    valid = _period(start, end)
    return LicenceFacts(
        *(number, key, title, frozenset(scopes), valid, _suspensions(suspensions), _day(revoked_on)), decision or ""
    )


def _suspensions(rows: list[Any] | None) -> tuple[SuspensionFacts, ...]:
    return tuple(SuspensionFacts(_period(s[0], s[1]), s[2], frozenset(s[3]), s[4]) for s in rows or ())


def _period(start: str | None, end: str | None) -> Period:
    return Period(_day(start), _day(end))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
