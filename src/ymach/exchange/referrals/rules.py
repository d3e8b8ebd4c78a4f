"""What may follow what, by when, and how urgent a paper is. Plain functions."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Protocol

from ymach.base.findings import Finding
from ymach.base.vietnamese import fold
from ymach.clinical.dossier import Dossier
from ymach.exchange.referrals import findings

SENT, SEEN, ACCEPTED, DECLINED = "sent", "seen", "accepted", "declined"
ARRIVED, ANSWERED, CLOSED, WITHDRAWN = "arrived", "answered", "closed", "withdrawn"

OPEN = frozenset({SENT, SEEN, ACCEPTED, ARRIVED})
"""States in which the receiver still has something to do."""

MOVES: Mapping[str, frozenset[str]] = {
    SEEN: frozenset({SENT}),
    ACCEPTED: frozenset({SENT, SEEN}),
    DECLINED: frozenset({SENT, SEEN, ACCEPTED}),
    ARRIVED: frozenset({SENT, SEEN, ACCEPTED}),
    ANSWERED: frozenset({ACCEPTED, ARRIVED}),
    CLOSED: frozenset({ANSWERED}),
    WITHDRAWN: frozenset({SENT, SEEN, ACCEPTED, DECLINED}),
}
"""To each state, from which ones. A person who has arrived can no longer be declined, nor the paper withdrawn."""

READABLE = frozenset({SENT, SEEN, ACCEPTED, ARRIVED, ANSWERED, CLOSED})
READ_AFTER_ANSWER = timedelta(days=30)
"""How long the receiver reads on after the answer: until the end of a usual stay."""
READ_UNANSWERED = timedelta(days=366)
"""How long a referral that nobody answers opens records: a paper serves a year at most (Circular 01/2025/TT-BYT)."""

_EMERGENCY = "2"  # MA_DOITUONG_KCB, Decision 3276/QĐ-BYT 2025
_AMBULANCE = ("cap cuu", "truc thang")


class Place(StrEnum):
    """How the registry knows the facility a paper names, on a day."""

    OPEN = "open"
    UNKNOWN = "unknown"
    CLOSED = "closed"
    UNLICENSED = "unlicensed"
    SUSPENDED = "suspended"
    PHARMACY = "pharmacy"


class Readable(Protocol):
    """What the rule of reading asks of a referral."""

    @property
    def state(self) -> str: ...
    @property
    def is_held(self) -> bool: ...
    @property
    def sent_at(self) -> datetime: ...
    @property
    def answered_at(self) -> datetime | None: ...


def receiver_of(dossier: Dossier) -> str:
    """The facility a person is sent to: the referral paper says it, or the visit; "" when neither does."""
    said = dossier.referral.to_facility if dossier.referral else None
    return (said or (dossier.visit.referred_to if dossier.visit else None) or "").strip()


def is_urgent(dossier: Dossier) -> bool:
    """Whether the person came as an emergency (MA_DOITUONG_KCB 2), or the paper says that they travel as one
    (PHUONGTIEN_VC); an ordinary ambulance ("xe cứu thương") carries people who can wait, too."""
    category = (dossier.visit.patient_category if dossier.visit else None) or ""
    transport = fold((dossier.referral.transport if dossier.referral else None) or "")
    return category.split(".")[0] == _EMERGENCY or any(word in transport for word in _AMBULANCE)


def due_at(state: str, *, is_urgent: bool, since: datetime) -> datetime | None:
    """Until when the next step is due, counted from the last one (`data/terms.csv`); None when nobody has to do anything."""
    if state == SEEN:
        raise ValueError("a look changes no term")
    term = _terms().get((state, is_urgent))
    return None if term is None else since + term


def may_move(before: str, after: str) -> bool:
    """Whether a referral in state `before` may become `after`."""
    return before in MOVES[after]


def may_read(referral: Readable, at: datetime) -> bool:
    """Whether the receiver reads the referring dossier at `at`: while it treats the person, and a while after its answer.

    Law 15/2023/QH15 art. 69; Decree 102/2025/NĐ-CP art. 10. A paper that was declined or withdrawn opens nothing.
    """
    if referral.is_held or referral.state not in READABLE:
        return False
    return at < read_until(referral.sent_at, referral.answered_at)


def read_until(sent_at: datetime, answered_at: datetime | None) -> datetime:
    """Until when a referral opens records to its receiver, answered or not."""
    return answered_at + READ_AFTER_ANSWER if answered_at else sent_at + READ_UNANSWERED


def receiver_findings(dossier: Dossier, place: Place | None, *, sender_code: str) -> Iterator[Finding]:
    """What is wrong with the facility a referral paper names. place: as the registry knows it; None without a code."""
    if dossier.referral is None:
        return
    code = receiver_of(dossier)
    kind = findings.RECEIVER_MISSING if place is None else _KINDS.get(place)
    if code and code == sender_code:
        kind = findings.RECEIVER_IS_SENDER
    if kind is not None:
        yield kind.at(table="XML13", row=1, field="MA_CSKCB_DEN", value=code)


_KINDS = {
    Place.UNKNOWN: findings.RECEIVER_UNKNOWN,
    Place.CLOSED: findings.RECEIVER_CLOSED,
    Place.UNLICENSED: findings.RECEIVER_UNLICENSED,
    Place.SUSPENDED: findings.RECEIVER_SUSPENDED,
    Place.PHARMACY: findings.RECEIVER_PHARMACY,
}


@cache
def _terms() -> dict[tuple[str, bool], timedelta]:
    text = files("ymach.exchange.referrals").joinpath("data", "terms.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {(row["state"], row["is_urgent"] == "1"): timedelta(hours=int(row["hours"])) for row in rows}
