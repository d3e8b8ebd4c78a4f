"""Who may act for whom: plain functions over two people, a relation and a paper. Ages are reckoned for the child's good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.citizens.proxies.errors import (
    BirthUnknown,
    EvidenceNumberMissing,
    EvidenceWrong,
    PeriodWrong,
    ProxyCircle,
    ProxyOfOneself,
    ProxyTooYoung,
    RelationMissing,
    SubjectAdult,
    SubjectMinor,
)

ADULT = 18
"""Civil Code 91/2015/QH13 art. 20."""
ASKED = 7
"""From this age a child consents too: Law 91/2025/QH15 art. 24; Decree 13/2023/NĐ-CP art. 20."""
MANDATE_YEARS = 5

Born = tuple[int | None, int | None, int | None]


class Relation(StrEnum):
    """How the two stand to each other."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    MANDATE = "mandate"


class Evidence(StrEnum):
    """The paper that shows it."""

    BIRTH_CERTIFICATE = "birth-certificate"
    GUARDIANSHIP = "guardianship"
    COURT_DECISION = "court-decision"
    MANDATE = "mandate"


class Scope(StrEnum):
    """What the proxy may do."""

    READ = "read"
    CONSENT = "consent"


RELATION_WORDS: Mapping[str, Text] = {
    "parent": Text("Cha, mẹ", "Parent"),
    "guardian": Text("Người giám hộ", "Guardian"),
    "mandate": Text("Người được ủy quyền", "By mandate"),
}
EVIDENCE_WORDS: Mapping[str, Text] = {
    "birth-certificate": Text("Giấy khai sinh", "Birth certificate"),
    "guardianship": Text("Quyết định công nhận giám hộ", "Decision on guardianship"),
    "court-decision": Text("Quyết định của tòa án", "Court decision"),
    "mandate": Text("Văn bản ủy quyền", "Deed of mandate"),
}
_PAPERS: Mapping[Relation, frozenset[Evidence]] = {
    Relation.PARENT: frozenset({Evidence.BIRTH_CERTIFICATE, Evidence.COURT_DECISION}),
    Relation.GUARDIAN: frozenset({Evidence.GUARDIANSHIP, Evidence.COURT_DECISION}),
    Relation.MANDATE: frozenset({Evidence.MANDATE}),
}


@dataclass(frozen=True, slots=True)
class Proxy:
    """proxy_id acts for subject_id on the days from `since` to `until` (not included; None: until it is ended).

    ended_at: the moment it was ended, aware. compartments: restricted ones the proxy may read too.
    """

    id: UUID
    subject_id: UUID
    proxy_id: UUID
    relation: Relation
    scope: frozenset[Scope]
    compartments: frozenset[str]
    since: date
    until: date | None
    evidence: Evidence
    evidence_number: str
    paper_id: UUID | None = None
    appointed_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """An appointment as it is asked for. born: year, month and day, each None when unknown. held: by whom the future proxy
    is acted for already, by whatever chain. proxy_id, relation, evidence: None where nobody, nothing was found or chosen."""

    subject_id: UUID
    subject_born: Born
    proxy_id: UUID | None
    proxy_born: Born
    relation: Relation | None
    evidence: Evidence | None
    evidence_number: str
    since: date
    until: date | None
    held: frozenset[UUID] = frozenset()


def end_of(asked: Asked) -> date | None:
    """The day on which the proxy ends by itself: the child's 18th birthday, or what the paper says, whichever is first.

    Raises the first of `faults`.
    """
    for error in faults(asked):
        raise error
    ends = [day for day in (asked.until, _adult_on(asked)) if day is not None]
    return min(ends, default=None)


def birthday(born: Born, years: int) -> date | None:
    """The earliest day on which somebody can be `years` old; None when the year of birth is unknown.

    Unknown parts count as the first: a child is asked, and becomes free, rather too early than too late.
    """
    year, month, day = born
    if year is None:
        return None
    try:
        return date(year + years, month or 1, day or 1)
    except ValueError:
        return date(year + years, 3, 1)  # born on 29 February


def is_child(born: Born, on: date) -> bool:
    """Whether somebody is under 18 on the day `on` beyond doubt; whose year of birth is unknown counts as grown up."""
    grown = birthday(born, ADULT)
    return grown is not None and on < grown


def is_asked(born: Born, on: date) -> bool:
    """Whether a child may be 7 already, and so consents too."""
    asked = birthday(born, ASKED)
    return is_child(born, on) and asked is not None and on >= asked


def holds(proxy: Proxy, on: date, at: datetime | None = None) -> bool:
    """Whether the proxy acts on the day `on`; at the moment `at`, it must not have been ended before."""
    is_ended = proxy.ended_at is not None and (at is None or proxy.ended_at <= at)
    return not is_ended and proxy.since <= on and (proxy.until is None or on < proxy.until)


def compartments_of(relation: Relation, subject_born: Born, on: date, known: Iterable[str]) -> frozenset[str]:
    """Parents and guardians of a minor may know of HIV; nobody else does unless told: Law 64/2006/QH11 art. 30."""
    may_know = relation in {Relation.PARENT, Relation.GUARDIAN} and is_child(subject_born, on)
    return frozenset(known) if may_know else frozenset()


def faults(asked: Asked) -> Iterable[YmachError]:
    """Everything that is wrong with an appointment: ProxyOfOneself, ProxyCircle, BirthUnknown, SubjectAdult, SubjectMinor,
    ProxyTooYoung, RelationMissing, EvidenceWrong, EvidenceNumberMissing, PeriodWrong."""
    if asked.subject_id == asked.proxy_id:
        yield ProxyOfOneself(field="proxy")
    if asked.subject_id in asked.held:
        yield ProxyCircle(field="proxy")
    yield from _faults_of_age(asked)
    if asked.relation is None:
        yield RelationMissing(field="relation")
    if asked.evidence is None or (asked.relation and asked.evidence not in _PAPERS[asked.relation]):
        yield EvidenceWrong(field="evidence")
    if not asked.evidence_number.strip():
        yield EvidenceNumberMissing(field="evidence_number")
    yield from _faults_of_period(asked)


def _faults_of_age(asked: Asked) -> Iterable[YmachError]:
    if asked.relation is Relation.PARENT and asked.subject_born[0] is None:
        yield BirthUnknown(field="subject")
    child = is_child(asked.subject_born, asked.since)
    if asked.relation is Relation.PARENT and not child:
        yield SubjectAdult(field="relation")
    if asked.relation is Relation.MANDATE and child:
        yield SubjectMinor(field="relation")
    if asked.relation is Relation.PARENT:
        child_year, parent_year = asked.subject_born[0], asked.proxy_born[0]
        if child_year is not None and parent_year is not None and parent_year >= child_year:
            yield ProxyTooYoung(field="proxy")
    elif is_child(asked.proxy_born, asked.since):
        yield ProxyTooYoung(field="proxy")


def _faults_of_period(asked: Asked) -> Iterable[YmachError]:
    if asked.until is not None and asked.until <= asked.since:
        yield PeriodWrong(field="until")
    if asked.relation is Relation.MANDATE:
        longest = birthday((asked.since.year, asked.since.month, asked.since.day), MANDATE_YEARS)
        if asked.until is None or (longest is not None and asked.until > longest):
            yield PeriodWrong(field="until")


def _adult_on(asked: Asked) -> date | None:
    """A child's proxy ends with childhood; a guardian of an adult stays."""
    return birthday(asked.subject_born, ADULT) if is_child(asked.subject_born, asked.since) else None
