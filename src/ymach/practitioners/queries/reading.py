"""From rows to the facts that rules take. No query here: what is needed is fetched by the caller."""

from __future__ import annotations

from collections.abc import Iterable

from ymach.facilities.actions import period_of
from ymach.facilities.models import Part
from ymach.practitioners.models import (
    Licence,
    LicenceChange,
    LicenceRevocation,
    LicenceSuspension,
    PracticeRegistration,
    PractiseBan,
)
from ymach.practitioners.rules.hours import Workplace
from ymach.practitioners.standing.facts import EarlierTerms, LicenceFacts, SuspensionFacts


def licence_facts(
    licence: Licence,
    *,
    suspensions: Iterable[LicenceSuspension],
    changes: Iterable[LicenceChange],
    revocation: LicenceRevocation | None,
) -> LicenceFacts:
    """A licence with its suspensions, changes and revocation."""
    ordered = sorted(changes, key=lambda change: change.effective_on)
    return LicenceFacts(
        number=licence.number,
        key=licence.number_key,
        title=licence.title,
        scopes=frozenset(licence.scopes),
        valid=period_of(licence.valid),
        suspensions=tuple(map(suspension_facts, suspensions)),
        revoked_on=revocation.effective_on if revocation else None,
        revocation_decision=revocation.decision if revocation else "",
        earlier=tuple(
            EarlierTerms(one.effective_on, one.title_before, frozenset(one.scopes_before)) for one in ordered
        ),
    )


def suspension_facts(row: LicenceSuspension) -> SuspensionFacts:
    """A suspension, of the whole or of scopes."""
    return SuspensionFacts(period_of(row.period), row.part == Part.WHOLE, frozenset(row.scopes), row.decision)


def ban_facts(row: PractiseBan) -> SuspensionFacts:
    """A ban: a suspension of the whole, whatever the licence."""
    return SuspensionFacts(period_of(row.period), decision=row.decision)


def workplace(row: PracticeRegistration) -> Workplace:
    """Where and when; the facility has to be there already."""
    facility = row.facility
    return Workplace(
        facility.pk, facility.name, facility.province_code, facility.commune_code, row.schedule, row.is_full_time
    )
