"""All facts of standing for many dossiers of one facility, in one round trip.

Below the ORM on purpose: this statement runs once for every submission of the country. Measured with 20,000
practitioners on a shared machine of two cores: 0.25 to 0.5 ms for one author, 0.4 to 0.75 ms for five.

There is no cache in the process. It would have to ask for the registry's version each time (0.05 ms) and could so save
nine tenths of this statement, but not a tenth of the cost of storing a dossier. And it could lie: the version is a
sequence, which runs ahead of what a transaction can see, so that facts read before a suspension commits would be kept
under the very version that counts it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
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
    EarlierTerms,
    FacilityFacts,
    LicenceFacts,
    OperatingLicenceFacts,
    PersonFacts,
    RegistrationFacts,
    StandingFacts,
    SuspensionFacts,
)

_Row = tuple[Any, ...]
_KINDS = ("facility", "licence", "registration", "ban", "change", "version")

# Rows of plain text, one kind a branch: building JSON in the server costs more than finding the rows. The materialised
# `asked` hides the values from the planner, so that it keeps one plan for ever: planning costs five times the execution.
# `= ANY (ARRAY[…])` and `IS TRUE` lead it to the B-trees on the keys, away from the slower GiST indexes of the exclusions.
# A facility or a licence comes once for each of its suspensions of these days.
_STATEMENT = """
WITH asked AS MATERIALIZED (SELECT %s::text[] AS codes, %s::text[] AS keys, %s::daterange AS days),
found AS MATERIALIZED (
  SELECT DISTINCT practitioner_id AS id FROM practitioners_licence
  WHERE number_key = ANY ((SELECT keys FROM asked)::text[])
)
SELECT 'facility', f.id::text, f.code, f.name, f.province_code, f.valid::text, o.id::text, o.number, o.valid::text,
  s.period::text, s.part, s.scopes::text, s.decision
FROM facilities_facility f
LEFT JOIN facilities_operating_licence o
  ON o.facility_id = ANY (ARRAY[f.id]) AND (o.valid && (SELECT days FROM asked)) IS TRUE
LEFT JOIN facilities_operating_licence_suspension s
  ON s.licence_id = ANY (ARRAY[o.id]) AND (s.period && (SELECT days FROM asked)) IS TRUE
WHERE f.code = ANY ((SELECT codes FROM asked)::text[]) AND (f.valid && (SELECT days FROM asked)) IS TRUE
UNION ALL
SELECT 'licence', l.practitioner_id::text, l.number, l.number_key, l.title, l.scopes::text, l.valid::text,
  v.effective_on::text, v.decision, s.period::text, s.part, s.scopes::text, s.decision
FROM found p
JOIN practitioners_licence l ON l.practitioner_id = ANY (ARRAY[p.id])
LEFT JOIN practitioners_licence_revocation v ON v.licence_id = l.id
LEFT JOIN practitioners_licence_suspension s
  ON s.licence_id = ANY (ARRAY[l.id]) AND (s.period && (SELECT days FROM asked)) IS TRUE
UNION ALL
SELECT 'registration', r.practitioner_id::text, r.facility_id::text, r.valid::text, r.schedule::text,
  r.is_technical_head::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM found p
JOIN practitioners_registration r ON r.practitioner_id = ANY (ARRAY[p.id])
WHERE (r.valid && (SELECT days FROM asked)) IS TRUE
UNION ALL
SELECT 'ban', b.practitioner_id::text, b.period::text, 'whole', '{}', b.decision,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM found p
JOIN practitioners_ban b ON b.practitioner_id = ANY (ARRAY[p.id])
WHERE (b.period && (SELECT days FROM asked)) IS TRUE
UNION ALL
SELECT 'change', (SELECT l.number_key FROM practitioners_licence l WHERE l.id = c.licence_id),
  c.effective_on::text, c.title_before, c.scopes_before::text,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM found p
JOIN practitioners_licence_change c ON c.practitioner_id = ANY (ARRAY[p.id])
WHERE c.effective_on > lower((SELECT days FROM asked))
UNION ALL
SELECT 'version', last_value::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM history_entry_id_seq
"""


def standing_facts(facility_code: str, numbers: Collection[str], days: Period) -> StandingFacts:
    """What the registry says about a facility and the authors of its dossiers.

    facility_code: as the dossiers give it (MA_CSKCB). numbers: the author fields as read, `;` lists and the seconded
    form `<licence>.HD.<facility>` included. days: from the earliest moment to be judged to the latest (Viet Nam,
    half-open). One statement, however many numbers.
    """
    return ask_standing(facility_code, numbers, days)()


def ask_standing(facility_code: str, numbers: Collection[str], days: Period) -> Callable[[], StandingFacts]:
    """The same, asked now and read later, so that it can share a round trip (`pg.together`)."""
    authors = {author for text in numbers for author in authors_in(text)}
    codes = {facility_code, *(author.seconded_from for author in authors if author.seconded_from)}
    keys = sorted({author.key for author in authors})
    rows = pg.ask(_STATEMENT, (sorted(codes), keys, DateRange(days.start, days.end)))
    return lambda: _read(facility_code, days, rows())


def _read(facility_code: str, days: Period, rows: Iterable[_Row]) -> StandingFacts:
    by_kind: dict[str, list[_Row]] = {kind: [] for kind in _KINDS}
    for kind, *values in rows:
        by_kind[kind].append(tuple(values))
    ((version, *_),) = by_kind["version"]
    people = _people(by_kind)
    return StandingFacts(int(version), facility_code, days, _facilities(by_kind["facility"]), people)


def _facilities(rows: list[_Row]) -> dict[str, tuple[FacilityFacts, ...]]:
    found: dict[str, tuple[FacilityFacts, ...]] = {}
    for (key, code, name, province_code, valid), mine in _grouped(rows, 5).items():
        licences = _operating_licences([row for row in mine if row[0] is not None])
        facility = FacilityFacts(UUID(key), code, name, province_code, _period(valid), licences)
        found[code] = (*found.get(code, ()), facility)
    return found


def _operating_licences(rows: list[_Row]) -> tuple[OperatingLicenceFacts, ...]:
    return tuple(
        OperatingLicenceFacts(number, _period(valid), _suspensions(suspensions))
        for (_, number, valid), suspensions in _grouped(rows, 3).items()
    )


def _people(rows: dict[str, list[_Row]]) -> dict[str, PersonFacts]:
    found: dict[str, PersonFacts] = {}
    registrations, bans, changes = (_grouped(rows[kind], 1) for kind in ("registration", "ban", "change"))
    for person_key, mine in _grouped(rows["licence"], 1).items():
        licences = [
            _licence(licence, suspensions, changes.get(licence[1:2], ()))
            for licence, suspensions in _grouped(mine, 7).items()
        ]
        newest_first = tuple(sorted(licences, key=_start, reverse=True))
        here = tuple(map(_registration, registrations.get(person_key, ())))
        banned = _suspensions(row[:4] for row in bans.get(person_key, ()))
        person = PersonFacts(UUID(person_key[0]), newest_first, here, banned)
        found.update({licence.key: person for licence in licences})
    return found


def _licence(row: _Row, suspensions: list[_Row], changes: Iterable[_Row]) -> LicenceFacts:
    number, key, title, scopes, valid, revoked_on, decision = row
    revoked = date.fromisoformat(revoked_on) if revoked_on else None
    stops, earlier = _suspensions(suspensions), _earlier(changes)
    return LicenceFacts(number, key, title, _scopes(scopes), _period(valid), stops, revoked, decision or "", earlier)


def _earlier(changes: Iterable[_Row]) -> tuple[EarlierTerms, ...]:
    """Oldest first: ISO days sort as text."""
    return tuple(
        EarlierTerms(date.fromisoformat(day), title, _scopes(scopes)) for day, title, scopes, *_ in sorted(changes)
    )


def _start(licence: LicenceFacts) -> date:
    return licence.valid.start or date.min


def _registration(row: _Row) -> RegistrationFacts:
    facility_id, valid, schedule, is_technical_head, *_ = row
    return RegistrationFacts(UUID(facility_id), _period(valid), _schedule(schedule), is_technical_head == "true")


def _suspensions(rows: Iterable[_Row]) -> tuple[SuspensionFacts, ...]:
    return tuple(
        SuspensionFacts(_period(period), part == "whole", _scopes(scopes), decision)
        for period, part, scopes, decision in rows
        if period is not None
    )


def _grouped(rows: Iterable[_Row], width: int) -> dict[_Row, list[_Row]]:
    """The rows by their first `width` columns, in the order they came; what is kept are the columns after them."""
    groups: dict[_Row, list[_Row]] = {}
    for row in rows:
        groups.setdefault(row[:width], []).append(row[width:])
    return groups


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
