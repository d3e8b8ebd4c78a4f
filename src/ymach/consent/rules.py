"""The decision of every reading: who may see what of a person, on which basis. A plain function of a question and facts.

Bases, in the order in which one is named when several hold: oneself; a proxy; a consent (the more specific first); a
referral; an emergency; a law; the facility's own record. What each opens is opened, whichever of them is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ymach.base.text import Text
from ymach.consent.regimes import regime_at
from ymach.consent.words import REFUSALS, Why


class Purpose(StrEnum):
    """What somebody reads for. One consent has one purpose (Law 91/2025/QH15 art. 9)."""

    TREATMENT = "treatment"
    INSURANCE = "insurance"
    CERTIFICATE = "certificate"
    RESEARCH = "research"
    INSPECTION = "inspection"
    OWN = "own"


class Basis(StrEnum):
    """On what ground a reading stands."""

    SELF = "self"
    PROXY = "proxy"
    CONSENT = "consent"
    REFERRAL = "referral"
    EMERGENCY = "emergency"
    LAW = "law"
    OWN_RECORD = "own-record"


CONSENTABLE = (Purpose.TREATMENT, Purpose.INSURANCE, Purpose.CERTIFICATE, Purpose.RESEARCH)
"""Purposes a consent can be given for. An inspection stands on law alone; one's own reading needs none."""

KINDS = frozenset(
    {
        *("check-in", "visit", "prescription", "referral", "appointment", "discharge", "summary", "birth-certificate"),
        *("pregnancy-rest", "sick-leave", "assessment", "hiv-care", "tuberculosis-care", "health-book"),
    }
)
"""Every kind of record there is, as `exchange.records` names them."""

COMPARTMENTS = frozenset({"hiv"})
"""Restricted compartments: Law 64/2006/QH11 art. 30 (amended 71/2020) closes the list of who may know."""

_CARE = frozenset({Purpose.TREATMENT})
_OF_THE_KEEPER = frozenset({Purpose.TREATMENT, Purpose.CERTIFICATE})
"""For what a facility reads its own records without asking: Law 15/2023/QH15 art. 69."""


class Capacity(StrEnum):
    """In which capacity somebody gives consent for a person."""

    SELF = "self"
    PARENT = "parent"
    GUARDIAN = "guardian"
    MANDATE = "mandate"


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks to read whom, for what, at which moment (aware). citizen_ids: the person and everybody linked with them.

    Exactly one of reader_facility_id and reader_citizen_id is given.
    """

    at: datetime
    purpose: Purpose
    citizen_ids: frozenset[UUID]
    reader_facility_id: UUID | None = None
    reader_citizen_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One consent as it stands. since, until, given_at, withdrawn_at: aware moments, `until` not included.

    facilities: who may read; is_for_treating: also every facility in whose care the person is. kinds: None for all.
    is_request: the person asked for the sharing in writing (Law 91/2025/QH15 art. 26 k2). is_complete: every signature
    that is needed is there (a child of seven signs too).
    """

    id: UUID
    purpose: Purpose
    capacity: Capacity
    given_at: datetime
    since: datetime
    until: datetime | None = None
    facilities: frozenset[UUID] = frozenset()
    is_for_treating: bool = False
    kinds: frozenset[str] | None = None
    compartments: frozenset[str] = frozenset()
    is_request: bool = True
    is_complete: bool = True
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReferralFact:
    """The reader treats the person under this referral. facilities: whose records it opens; None: everybody's."""

    reference: str
    since: datetime
    until: datetime | None = None
    facilities: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class EmergencyFact:
    """The reader has opened the record in an emergency, with a reason, until a moment."""

    reference: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class LawBasis:
    """An order or a law that opens records to the reader. reference: its number and article. None: everything."""

    reference: str
    purposes: frozenset[Purpose]
    since: datetime
    until: datetime | None = None
    kinds: frozenset[str] | None = None
    facilities: frozenset[UUID] | None = None
    compartments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Restriction:
    """The person objects (Law 91/2025/QH15 art. 4; Decree 356/2025/NĐ-CP art. 5). None: every reader, purpose, kind."""

    since: datetime
    until: datetime | None = None
    readers: frozenset[UUID] | None = None
    purposes: frozenset[Purpose] | None = None
    kinds: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the person and the reader. own_facility: the reader keeps records of the person. treating: the
    person is in its care now. proxy: the reading citizen acts for the person; proxy_compartments: which restricted ones
    too (parents and guardians of a child: Law 64/2006/QH11 art. 30)."""

    consents: tuple[Given, ...] = ()
    referrals: tuple[ReferralFact, ...] = ()
    emergencies: tuple[EmergencyFact, ...] = ()
    law_bases: tuple[LawBasis, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    own_facility: bool = False
    treating: bool = False
    proxy: bool = False
    proxy_compartments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Opening:
    """What one basis opens. kinds, facilities: None for all. law: the rule it stands on."""

    basis: Basis
    reference: str
    law: str
    kinds: frozenset[str] | None = None
    facilities: frozenset[UUID] | None = None
    compartments: frozenset[str] = frozenset()

    def covers(self, *, kind: str, facility_id: UUID, compartment: str = "") -> bool:
        """Whether a record of this kind, kept by this facility, in this compartment ("" for none) is open."""
        is_kind = self.kinds is None or kind in self.kinds
        is_place = self.facilities is None or facility_id in self.facilities
        return is_kind and is_place and (not compartment or compartment in self.compartments)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. basis, reference, law, kinds, facilities and compartments are those of the basis that is named;
    `openings` holds all that hold, and `opens` asks them all. Refused: `code` and `refusal` say why, to people."""

    allowed: bool
    basis: Basis | None = None
    reference: str = ""
    law: str = ""
    kinds: frozenset[str] | None = None
    facilities: frozenset[UUID] | None = None
    compartments: frozenset[str] = frozenset()
    openings: tuple[Opening, ...] = ()
    code: str = ""
    refusal: Text | None = None

    def opens(self, *, kind: str, facility_id: UUID, compartment: str = "") -> bool:
        """Whether this record may be shown."""
        return any(one.covers(kind=kind, facility_id=facility_id, compartment=compartment) for one in self.openings)


def decide(question: Question, facts: Facts) -> Decision:
    """Whether `question` may be answered, on which basis, and how much of the record."""
    openings = tuple(_openings(question, facts))
    if not openings:
        return _refused(_why(question, facts))
    named = openings[0]
    return Decision(
        True,
        named.basis,
        named.reference,
        named.law,
        named.kinds,
        named.facilities,
        named.compartments,
        openings,
    )


def state_of(given: Given, at: datetime) -> Why | None:
    """Why a consent has no force at the moment `at` (aware); None when it has."""
    regime = regime_at(given.given_at)
    if not given.is_complete:
        return Why.WAITING
    if given.withdrawn_at is not None and given.withdrawn_at <= at:
        return Why.WITHDRAWN
    if at < given.since:
        return Why.NOT_YET
    if given.until is not None and given.until <= at:
        return Why.EXPIRED
    # A consent keeps the force it had under the rules of its day: Law 91/2025/QH15 art. 39.
    if regime is None or (regime.needs_request and not given.is_request):
        return Why.NO_REQUEST
    return None


def _openings(question: Question, facts: Facts) -> Iterator[Opening]:
    if question.reader_facility_id is None:
        yield from _of_a_citizen(question, facts)
        return
    refusable = [*_of_consents(question, facts), *_of_referrals(question, facts)]
    for opening in refusable:
        yield from _less(opening, question, facts.restrictions)
    yield from _of_emergencies(question, facts)
    yield from _of_laws(question, facts)
    yield from _of_own_records(question, facts)


def _of_a_citizen(question: Question, facts: Facts) -> Iterator[Opening]:
    reader = question.reader_citizen_id
    if reader is None or question.purpose is not Purpose.OWN:
        return
    if reader in question.citizen_ids:
        yield _opening(Basis.SELF, "", question, compartments=COMPARTMENTS)
    elif facts.proxy:
        yield _opening(Basis.PROXY, "", question, compartments=facts.proxy_compartments)


def _of_consents(question: Question, facts: Facts) -> list[Opening]:
    found = [one for one in facts.consents if _concerns(one, question, facts) and not state_of(one, question.at)]
    found.sort(key=lambda one: _specificity(one, question))
    return [
        replace(
            _opening(Basis.CONSENT, f"consent:{one.id}", question, compartments=_named(one)),
            kinds=one.kinds,
            law=_law_of(one),
        )
        for one in found
    ]


def _specificity(one: Given, question: Question) -> tuple[bool, int, datetime]:
    """The consent that names the reader first, then the narrower, then the older."""
    width = len(KINDS) + 1 if one.kinds is None else len(one.kinds)
    return question.reader_facility_id not in one.facilities, width, one.given_at


def _named(one: Given) -> frozenset[str]:
    """Restricted compartments are opened by name, and never by somebody who holds a mere mandate."""
    return frozenset() if one.capacity is Capacity.MANDATE else one.compartments & COMPARTMENTS


def _law_of(one: Given) -> str:
    regime = regime_at(one.given_at)
    return regime.consent if regime else ""


def _concerns(one: Given, question: Question, facts: Facts) -> bool:
    return one.purpose == question.purpose and _names_reader(one, question, facts)


def _names_reader(one: Given, question: Question, facts: Facts) -> bool:
    treats = facts.treating or any(_holds(ref.since, ref.until, question.at) for ref in facts.referrals)
    return question.reader_facility_id in one.facilities or (one.is_for_treating and treats)


def _of_referrals(question: Question, facts: Facts) -> Iterator[Opening]:
    for one in facts.referrals:
        if question.purpose in _CARE and _holds(one.since, one.until, question.at):
            yield _opening(Basis.REFERRAL, one.reference, question, facilities=one.facilities)


def _of_emergencies(question: Question, facts: Facts) -> Iterator[Opening]:
    for one in facts.emergencies:
        if question.purpose in _CARE and _holds(one.since, one.until, question.at):
            yield _opening(Basis.EMERGENCY, one.reference, question)


def _of_laws(question: Question, facts: Facts) -> Iterator[Opening]:
    for one in facts.law_bases:
        if question.purpose in one.purposes and _holds(one.since, one.until, question.at):
            made = _opening(Basis.LAW, one.reference, question, one.facilities, one.compartments)
            yield replace(made, kinds=one.kinds, law=one.reference)


def _of_own_records(question: Question, facts: Facts) -> Iterator[Opening]:
    reader = question.reader_facility_id
    if reader is not None and facts.own_facility and question.purpose in _OF_THE_KEEPER:
        # Who made a restricted record may read it while treating the person, and not out of curiosity later.
        restricted = COMPARTMENTS if facts.treating else frozenset()
        yield _opening(Basis.OWN_RECORD, "", question, frozenset({reader}), restricted)


def _opening(
    basis: Basis,
    reference: str,
    question: Question,
    facilities: frozenset[UUID] | None = None,
    compartments: frozenset[str] = frozenset(),
) -> Opening:
    regime = regime_at(question.at)
    law = regime.of(basis) if regime else ""
    return Opening(basis, reference, law, None, facilities, compartments)


def _less(opening: Opening, question: Question, restrictions: Iterable[Restriction]) -> Iterator[Opening]:
    """What is left of an opening after what the person objects to; nothing when all of it is."""
    kinds = opening.kinds
    for one in restrictions:
        if not _is_against(one, question):
            continue
        if one.kinds is None:
            return
        kinds = (KINDS if kinds is None else kinds) - one.kinds
    if kinds is None or kinds:
        yield replace(opening, kinds=kinds)


def _is_against(one: Restriction, question: Question) -> bool:
    is_reader = one.readers is None or question.reader_facility_id in one.readers
    is_purpose = one.purposes is None or question.purpose in one.purposes
    return is_reader and is_purpose and _holds(one.since, one.until, question.at)


def _holds(since: datetime, until: datetime | None, at: datetime) -> bool:
    return since <= at and (until is None or at < until)


def _why(question: Question, facts: Facts) -> Why:
    """The most telling reason of a refusal. Of a consent that never named the reader, nothing is told."""
    if question.reader_facility_id is None:
        return Why.NOT_FOR_THEM
    concerned = [one for one in facts.consents if _concerns(one, question, facts)]
    states = {state_of(one, question.at) for one in concerned}
    if (None in states or facts.referrals) and any(_is_against(one, question) for one in facts.restrictions):
        return Why.RESTRICTED
    for why in (Why.WITHDRAWN, Why.EXPIRED, Why.WAITING, Why.NOT_YET, Why.NO_REQUEST):
        if why in states:
            return why
    other = any(_names_reader(one, question, facts) and not state_of(one, question.at) for one in facts.consents)
    return Why.OTHER_PURPOSE if other else Why.NONE


def _refused(why: Why) -> Decision:
    code, text = REFUSALS[why]
    return Decision(False, code=code, refusal=text)
