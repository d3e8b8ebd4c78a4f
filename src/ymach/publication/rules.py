"""What a published licence means on a day: may its holder practise? Pure: facts and a day in, a verdict out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from ymach.base.clock import print_day
from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.base.weekly import NO_FIXED_HOURS, Schedule


class State(StrEnum):
    """Codes of the catalogue practitioner_licence_status, and a person's ban, which is of no single licence."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    INACTIVE = "INACTIVE"
    CONVERTED = "CONVERTED"
    BANNED = "BANNED"


@dataclass(frozen=True, slots=True)
class Stop:
    """Days on which the holder may not practise, wholly or (with `scopes`) in part."""

    period: Period
    decision: str = ""
    is_whole: bool = True
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One registration of the holder: facility, province code, what they do there, when."""

    code: str
    name: str
    province: str
    position: str
    department: str
    valid: Period
    schedule: Schedule = NO_FIXED_HOURS


@dataclass(frozen=True, slots=True)
class Entry:
    """A licence as it is published. Public fields only."""

    licence_id: UUID
    name: str
    title: str
    generation: str
    number: str
    number_key: str
    issuer: str
    issued_on: date
    valid: Period
    scopes: tuple[str, ...] = ()
    suspensions: tuple[Stop, ...] = ()
    bans: tuple[Stop, ...] = ()
    revoked_on: date | None = None
    revocation_decision: str = ""
    replaced_by: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds on a day. since and until: first and last day of what stops the holder; until None: open.

    may_practise: outside `stop.scopes` where a suspension is in part.
    """

    state: State
    may_practise: bool
    since: date | None = None
    until: date | None = None
    stop: Stop | None = None
    decision: str = ""

    @property
    def is_partial(self) -> bool:
        return self.stop is not None and not self.stop.is_whole


def judge(entry: Entry, on: date) -> Verdict:
    """The verdict on a day in Viet Nam. A ban outweighs an end of the licence, an end outweighs a suspension."""
    ban = _on(entry.bans, on)
    if ban is not None:
        return _stopped(State.BANNED, ban)
    if entry.revoked_on is not None and entry.revoked_on <= on:
        return Verdict(State.REVOKED, False, since=entry.revoked_on, decision=entry.revocation_decision)
    if entry.valid.end is not None and entry.valid.end <= on:
        return Verdict(State.CONVERTED if entry.replaced_by else State.EXPIRED, False, since=entry.valid.end)
    if on not in entry.valid:
        return Verdict(State.INACTIVE, False, until=_day_before(entry.valid.start))
    suspension = _on(entry.suspensions, on)
    return _stopped(State.SUSPENDED, suspension) if suspension else Verdict(State.ACTIVE, True)


def places_on(entry: Entry, on: date) -> tuple[Place, ...]:
    """Where the holder is registered on that day; none while they may not practise at all."""
    if not judge(entry, on).may_practise:
        return ()
    return tuple(place for place in entry.places if on in place.valid)


def last_day(period: Period) -> date | None:
    """The last day of a period; None of an open one."""
    return _day_before(period.end)


WORDS = {
    State.ACTIVE: Text("Được phép hành nghề", "May practise"),
    State.SUSPENDED: Text("Đang bị đình chỉ", "Suspended"),
    State.REVOKED: Text("Đã bị thu hồi", "Revoked"),
    State.EXPIRED: Text("Hết hiệu lực", "Expired"),
    State.INACTIVE: Text("Chưa có hiệu lực", "Not yet in force"),
    State.CONVERTED: Text("Đã đổi sang giấy phép mới", "Replaced by a newer licence"),
    State.BANNED: Text("Bị cấm hành nghề", "Banned from practice"),
}
PARTLY = Text("Bị đình chỉ một phần", "Suspended in part")


def word_of(verdict: Verdict) -> Text:
    """The state in words."""
    return PARTLY if verdict.is_partial else WORDS[verdict.state]


def sentence_of(verdict: Verdict, entry: Entry) -> Text:
    """What a verdict means for somebody who stands before the holder; blank words when all is in order."""
    return Text("", "") if verdict.state is State.ACTIVE else _told(verdict, entry)


def _told(verdict: Verdict, entry: Entry) -> Text:
    since, until = print_day(verdict.since), print_day(verdict.until)
    values = {"since": since, "until": until, "decision": verdict.decision or "—", "number": entry.replaced_by}
    if verdict.is_partial:
        return _PART_SENTENCE.format(**values)
    if verdict.state in _OPEN_SENTENCES and verdict.until is None:
        return _OPEN_SENTENCES[verdict.state].format(**values)
    return _SENTENCES[verdict.state].format(**values)


_PART_SENTENCE = Text(
    "Từ {since} đến hết {until} không được làm phần chuyên môn bị đình chỉ (quyết định {decision}); phần còn lại vẫn được.",
    "From {since} to {until} the suspended part of the scope may not be practised (decision {decision}); the rest may.",
)
_OPEN_SENTENCES = {
    State.BANNED: Text(
        "Không được hành nghề từ {since}, chưa có ngày hết (quyết định {decision}).",
        "May not practise since {since}, with no end set (decision {decision}).",
    ),
    State.SUSPENDED: Text(
        "Không được hành nghề từ {since}, chưa có ngày hết (quyết định {decision}).",
        "May not practise since {since}, with no end set (decision {decision}).",
    ),
}
_SENTENCES = {
    State.BANNED: Text(
        "Không được hành nghề từ {since} đến hết {until} (quyết định {decision}).",
        "May not practise from {since} to {until} (decision {decision}).",
    ),
    State.SUSPENDED: Text(
        "Không được hành nghề từ {since} đến hết {until} (quyết định {decision}).",
        "May not practise from {since} to {until} (decision {decision}).",
    ),
    State.REVOKED: Text(
        "Giấy phép bị thu hồi từ {since} (quyết định {decision}). Người này không được hành nghề bằng giấy phép này.",
        "The licence was revoked on {since} (decision {decision}). Its holder may not practise under it.",
    ),
    State.EXPIRED: Text(
        "Giấy phép hết hiệu lực từ {since}. Người này không được hành nghề bằng giấy phép này.",
        "The licence ended on {since}. Its holder may not practise under it.",
    ),
    State.INACTIVE: Text(
        "Giấy phép chưa có hiệu lực; chưa được hành nghề đến hết {until}.",
        "The licence is not in force yet; no practice until the end of {until}.",
    ),
    State.CONVERTED: Text(
        "Từ {since} giấy phép này được thay bằng số {number}. Hãy tra số mới.",
        "On {since} this licence was replaced by number {number}. Check the new number.",
    ),
}


def _stopped(state: State, stop: Stop) -> Verdict:
    return Verdict(state, not stop.is_whole, stop.period.start, last_day(stop.period), stop, stop.decision)


def _on(stops: Iterable[Stop], on: date) -> Stop | None:
    found: Iterator[Stop] = (stop for stop in stops if on in stop.period)
    return next(found, None)


def _day_before(day: date | None) -> date | None:
    return day - timedelta(days=1) if day else None
