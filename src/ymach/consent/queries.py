"""Reading consents: what stands for the decision of a reading, and the stories for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ymach.base import pg
from ymach.citizens.requests import queries as requests
from ymach.consent.models import Consent
from ymach.consent.rules import Capacity, Given, Purpose, Restriction, state_of
from ymach.consent.words import Why

_GIVEN = """
SELECT c.id, c.purpose, c.capacity, c.given_at, c.since, c.until, c.facilities, c.is_for_treating, c.kinds,
  c.compartments, c.is_request, NOT c.needs_child OR a.consent_id IS NOT NULL, w.at
FROM consent_consent c
LEFT JOIN consent_assent a ON a.citizen_id = c.citizen_id AND a.consent_id = c.id
LEFT JOIN consent_withdrawal w ON w.citizen_id = c.citizen_id AND w.consent_id = c.id
WHERE c.citizen_id = ANY(%s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A consent with how it stands at a moment. why: why it has no force; None when it has."""

    row: Consent
    given: Given
    why: Why | None

    @property
    def is_over(self) -> bool:
        return self.why in {Why.WITHDRAWN, Why.EXPIRED}


def ask_consents(citizen_ids: Iterable[UUID], *, at: datetime) -> Callable[[], list[Given]]:
    """Every consent of the person (all identities that are theirs) given before the moment `at` (aware); one statement,
    asked now and read later, so that it can share a round trip (`pg.together`).

    Those that are over are among them: a refusal says that a consent was withdrawn, or has expired.
    """
    rows = pg.ask(_GIVEN, [list(citizen_ids)])

    def answer() -> list[Given]:
        found = [_given(*row) for row in rows()]
        return sorted((one for one in found if one.given_at <= at), key=lambda one: one.given_at)

    return answer


def ask_restrictions(citizen_ids: Iterable[UUID], *, at: datetime) -> Callable[[], list[Restriction]]:
    """What the person does not want read at the moment `at` (aware), as the decision takes it; asked now, read later."""
    kept = requests.ask_restrictions(citizen_ids, at=at)
    return lambda: [
        Restriction(
            one.since,
            one.until,
            one.readers,
            None if one.purposes is None else frozenset(word for word in Purpose if word.value in one.purposes),
            one.kinds,
        )
        for one in kept()
    ]


def standings_of(citizen_ids: Iterable[UUID], *, at: datetime) -> list[Standing]:
    """Every consent of the person with how it stands at `at` (aware), the newest first."""
    ids = list(citizen_ids)
    return _standings(Consent.objects.filter(citizen_id__in=ids).order_by("-given_at"), ids, at)


def of_desk(facility_ids: Iterable[UUID], *, at: datetime, most: int) -> list[Standing]:
    """The newest consents that these facilities' desks recorded, with how they stand."""
    rows = list(Consent.objects.filter(facility_id__in=list(facility_ids)).order_by("-given_at")[:most])
    return _standings(rows, {row.citizen_id for row in rows}, at)


def get_consent(citizen_id: UUID, consent_id: UUID) -> Consent | None:
    """One consent by its key."""
    return Consent.objects.filter(citizen_id=citizen_id, id=consent_id).first()


def _standings(rows: Iterable[Consent], ids: Iterable[UUID], at: datetime) -> list[Standing]:
    given = {one.id: one for one in (_given(*row) for row in pg.ask(_GIVEN, [list(ids)])())}
    return [Standing(row, given[row.id], state_of(given[row.id], at)) for row in rows]


def _given(
    key: UUID,
    purpose: str,
    capacity: str,
    given_at: datetime,
    since: datetime,
    until: datetime | None,
    facilities: Sequence[UUID],
    is_for_treating: bool,
    kinds: Sequence[str],
    compartments: Sequence[str],
    *rest: Any,
) -> Given:
    is_request, is_complete, withdrawn_at = rest
    return Given(
        id=key,
        purpose=Purpose(purpose),
        capacity=Capacity(capacity),
        given_at=given_at,
        since=since,
        until=until,
        facilities=frozenset(facilities),
        is_for_treating=is_for_treating,
        kinds=frozenset(kinds) or None,
        compartments=frozenset(compartments),
        is_request=is_request,
        is_complete=is_complete,
        withdrawn_at=withdrawn_at,
    )
