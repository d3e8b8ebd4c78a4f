"""What is known of a person and a reader when somebody asks to read: gathered here, decided in `consent.rules`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from ymach.base import pg
from ymach.base.clock import vietnam_day
from ymach.citizens.links.queries import identities_of
from ymach.citizens.proxies.queries import acting_for
from ymach.citizens.proxies.rules import Scope
from ymach.consent.queries import ask_consents, ask_restrictions
from ymach.consent.rules import EmergencyFact, Facts, ReferralFact
from ymach.exchange.reading.entries import Entry
from ymach.exchange.reading.queries import ask_entries
from ymach.exchange.referrals.rules import READABLE, read_until

CARE_LASTS = timedelta(days=30)
"""How long after its last visit a person is in a facility's care: until the end of an ordinary prescription."""
CARE_KINDS = frozenset({"visit", "check-in"})

_REFERRALS = """
SELECT id, facility_id, sent_at, answered_at FROM exchange_referral
WHERE citizen_id = ANY(%s::uuid[]) AND receiver_id = %s AND NOT is_held AND state = ANY(%s)
"""
_EMERGENCIES = """
SELECT id, opened_at, ends_at FROM exchange_emergency
WHERE citizen_id = ANY(%s::uuid[]) AND facility_id = %s AND ends_at > %s ORDER BY opened_at DESC
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A person (all their identities), their records that hold now, and the facts for one reader."""

    citizen_ids: frozenset[UUID]
    entries: list[Entry]
    facts: Facts

    def facts_with(self, lent: Iterable[ReferralFact]) -> Facts:
        """The facts, and what is lent for one reading beside them."""
        return replace(self.facts, referrals=(*self.facts.referrals, *lent))


def gather(citizen_id: UUID, *, facility_id: UUID, at: datetime) -> Known:
    """The facts for a facility that asks at `at` (aware): who the person is, then everything else in one round trip."""
    ids = identities_of([citizen_id])
    with pg.together():
        entries = ask_entries(ids)
        referrals = pg.ask(_REFERRALS, [ids, facility_id, sorted(READABLE)])
        emergencies = pg.ask(_EMERGENCIES, [ids, facility_id, at])
        consents, restrictions = ask_consents(ids, at=at), ask_restrictions(ids, at=at)
    found = entries()
    facts = Facts(
        referrals=tuple(_referral(*row) for row in referrals()),
        emergencies=tuple(EmergencyFact(f"emergency:{key}", since, until) for key, since, until in emergencies()),
        consents=tuple(consents()),
        restrictions=tuple(restrictions()),
        own_facility=any(one.facility_id == facility_id for one in found),
        treating=is_treating(found, facility_id, at),
    )
    return Known(frozenset(ids), found, facts)


def gather_for_citizen(citizen_id: UUID, *, reader_id: UUID, at: datetime) -> Known:
    """The facts for a citizen who reads their own records, or those of somebody they act for."""
    ids = identities_of([citizen_id])
    found = ask_entries(ids)()
    if reader_id in ids:
        return Known(frozenset(ids), found, Facts())
    acting = [
        one for one in acting_for(reader_id, on=vietnam_day(at)) if one.subject_id in ids and Scope.READ in one.scope
    ]
    compartments = frozenset[str]().union(*(one.compartments for one in acting))
    return Known(frozenset(ids), found, Facts(proxy=bool(acting), proxy_compartments=compartments))


def is_treating(entries: Iterable[Entry], facility_id: UUID, at: datetime) -> bool:
    """Whether the person is in the facility's care: checked in or seen there, and not longer ago than CARE_LASTS."""
    mine = (one for one in entries if one.facility_id == facility_id and one.kind in CARE_KINDS)
    return any((one.ended_at or one.happened_at) + CARE_LASTS > at for one in mine)


def _referral(key: UUID, sender: UUID, sent_at: datetime, answered_at: datetime | None) -> ReferralFact:
    """A referral lends the sender's records: other facilities lend theirs by the person's consent (Law 15/2023 art. 69)."""
    return ReferralFact(f"referral:{key}", sent_at, read_until(sent_at, answered_at), frozenset({sender}))
