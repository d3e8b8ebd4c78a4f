"""In which state a licence is on a day, as the registry and the public call it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ymach.base.clock import print_day
from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.practitioners.rules.heads import Held
from ymach.practitioners.rules.spans import whole_months
from ymach.practitioners.standing.facts import LicenceFacts, SuspensionFacts


class StateCode(StrEnum):
    """Codes of the catalogue practitioner_licence_status."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    INACTIVE = "INACTIVE"
    CONVERTED = "CONVERTED"


@dataclass(frozen=True, slots=True)
class LicenceState:
    """A state and its public wording. may_practise: whether anything at all may be done under the licence.

    since, until: of the state, half-open, where they are known. decision: number of the decision behind it, or "".
    """

    code: StateCode
    text: Text
    may_practise: bool
    since: date | None = None
    until: date | None = None
    decision: str = ""


_ACTIVE = Text("Đang hiệu lực", "In force")
_NOT_YET = Text("Chưa có hiệu lực, từ ngày {since}", "Not yet in force, from {since}")
_REVOKED = Text("Đã bị thu hồi từ ngày {since}", "Revoked from {since}")
_CONVERTED = Text("Đã chuyển đổi sang giấy phép hành nghề từ ngày {since}", "Converted into a licence from {since}")
_EXPIRED = Text("Hết hiệu lực từ ngày {since}", "Expired from {since}")
_SUSPENDED = Text("Đình chỉ hành nghề từ ngày {since}{until_vi}", "Suspended from {since}{until_en}")
_IN_PART = Text("Đình chỉ một phần từ ngày {since}{until_vi}", "Suspended in part from {since}{until_en}")
_BANNED = Text("Cấm hành nghề từ ngày {since}{until_vi}", "Banned from practice from {since}{until_en}")


def licence_state(
    licence: LicenceFacts, *, on: date, bans: Iterable[SuspensionFacts] = (), converted_on: date | None = None
) -> LicenceState:
    """The state of a licence on the day `on` (Viet Nam); the gravest wins.

    bans: of its holder; a ban counts like a suspension of the whole. converted_on: the first day of the licence that
    took the certificate's place.
    """
    if licence.revoked_on is not None and on >= licence.revoked_on:
        return _ended(StateCode.REVOKED, _REVOKED, licence.revoked_on, licence.revocation_decision)
    if converted_on is not None and on >= converted_on:
        return _ended(StateCode.CONVERTED, _CONVERTED, converted_on)
    if licence.valid.end is not None and on >= licence.valid.end:
        return _ended(StateCode.EXPIRED, _EXPIRED, licence.valid.end)
    if licence.valid.start is not None and on < licence.valid.start:
        return _ended(StateCode.INACTIVE, _NOT_YET, licence.valid.start)
    return _stopped(licence, on, bans) or LicenceState(
        StateCode.ACTIVE, _ACTIVE, may_practise=True, since=licence.valid.start, until=licence.valid.end
    )


def held(licence: LicenceFacts) -> Iterator[Held]:
    """What the licence said, stretch by stretch between its changes."""
    start, end = licence.valid.start, licence.valid.end
    for earlier in licence.earlier:
        if start is None or earlier.until > start:
            until = earlier.until if end is None else min(earlier.until, end)
            yield Held(earlier.title, earlier.scopes, Period(start, until))
            start = until
    if start is None or end is None or start < end:
        yield Held(licence.title, licence.scopes, Period(start, end))


def months_without_practice(registered: Collection[Period], *, licensed_since: date | None, on: date) -> int:
    """Full months in a row, up to the day `on`, without any practice registration (Law 15/2023/QH15 Art. 35).

    licensed_since: the first day of any licence; who never registered is counted from there. 0 without licence.
    """
    if licensed_since is None or any(on in one for one in registered):
        return 0
    ends = [one.end for one in registered if one.end is not None and one.end <= on]
    return whole_months(max([licensed_since, *ends]), on)


def _stopped(licence: LicenceFacts, on: date, bans: Iterable[SuspensionFacts]) -> LicenceState | None:
    ban = next((one for one in bans if on in one.period), None)
    if ban is not None:
        return _stop(_BANNED, ban, may_practise=False)
    suspensions = sorted((one for one in licence.suspensions if on in one.period), key=_is_part)
    if not suspensions:
        return None
    gravest = suspensions[0]
    return _stop(_SUSPENDED if gravest.whole else _IN_PART, gravest, may_practise=not gravest.whole)


def _stop(words: Text, stop: SuspensionFacts, *, may_practise: bool) -> LicenceState:
    start, end = stop.period.start, stop.period.end
    last = (
        {"until_vi": f" đến trước ngày {print_day(end)}", "until_en": f" until before {print_day(end)}"} if end else {}
    )
    text = words.format(**{"since": print_day(start), "until_vi": "", "until_en": "", **last})
    return LicenceState(StateCode.SUSPENDED, text, may_practise, start, end, stop.decision)


def _ended(code: StateCode, words: Text, since: date, decision: str = "") -> LicenceState:
    return LicenceState(code, words.format(since=print_day(since)), may_practise=False, since=since, decision=decision)


def _is_part(one: SuspensionFacts) -> bool:
    return not one.whole
