"""The states people and facilities are counted in: how a figure is summed, and which rows it stands for.

Both are said once, side by side, so that a figure and the list it opens cannot part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q

from ymach.base.text import Text

SOON = 90  # days before the end of a licence from which on it is told
RECENT = 1  # days back for “since yesterday”
CONFIRMED_DAYS: int = settings.ENVIRONMENT.confirmed_days
ALL = ~Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class State:
    """One state.

    figures: what is added (+1) and taken away (-1) of the tallies, as they stand on the day; or, with `span`, what
    happens between two days. holds: the rows of it on a day; with `span` it is given the two days instead.
    """

    code: str
    word: Text
    figures: Mapping[str, int]
    holds: Callable[[date, date], Q]
    tone: str = ""
    span: bool = field(default=False)


def _has(column: str) -> Callable[[date, date], Q]:
    return lambda today, _: Q(**{f"{column}__has_day": today})


def _has_not(column: str) -> Callable[[date, date], Q]:
    return lambda today, _: Q(active__has_day=today) & ~Q(**{f"{column}__has_day": today})


def _since(column: str) -> Callable[[date, date], Q]:
    return lambda today, _: Q(**{f"{column}__lte": today})


def _between(column: str) -> Callable[[date, date], Q]:
    return lambda first, last: Q(**{f"{column}__gte": first, f"{column}__lte": last})


_ENDING = State(
    "expiring", Text("Sắp hết hạn", "Expiring soon"), {"expired": 1}, _between("licence_until"), "note", span=True
)
_CHANGED = State(
    "changed",
    Text("Có thay đổi từ hôm qua", "Changed since yesterday"),
    {"changed": 1},
    _between("changed_on"),
    span=True,
)
_UNCONFIRMED = State(
    "unconfirmed",
    Text(f"Chưa xác nhận trong {CONFIRMED_DAYS} ngày", f"Not confirmed in {CONFIRMED_DAYS} days"),
    {"active": 1, "confirmed": -1},
    _has_not("confirmed"),
    "wait",
)
_CONFIRMED = State(
    "confirmed",
    Text(f"Đã xác nhận trong {CONFIRMED_DAYS} ngày", f"Confirmed in {CONFIRMED_DAYS} days"),
    {"confirmed": 1},
    _has("confirmed"),
    "good",
)
_EXPIRED = State(
    "expired", Text("Giấy phép hết hạn", "Licence expired"), {"expired": 1}, _since("licence_until"), "wait"
)
_REVOKED = State(
    "revoked", Text("Giấy phép bị thu hồi", "Licence revoked"), {"revoked": 1}, _since("revoked_on"), "bad"
)
_SUSPENDED = State("suspended", Text("Đang bị đình chỉ", "Suspended"), {"suspended": 1}, _has("suspended"), "hold")


def _by_code(*states: State) -> dict[str, State]:
    return {state.code: state for state in states}


PEOPLE = _by_code(
    State("people", Text("Mọi người trong sổ", "Everyone in the registry"), {"people": 1}, lambda *_: ALL),
    State("active", Text("Được phép hành nghề", "May practise"), {"active": 1}, _has("active"), "good"),
    State(
        "working", Text("Đang đăng ký hành nghề", "Registered at a facility"), {"working": 1}, _has("working"), "good"
    ),
    State(
        "idle",
        Text("Chưa đăng ký nơi nào", "Registered nowhere"),
        {"active": 1, "working": -1},
        _has_not("working"),
        "note",
    ),
    _SUSPENDED,
    State("banned", Text("Bị cấm hành nghề", "Banned"), {"banned": 1}, _has("banned"), "bad"),
    _EXPIRED,
    _REVOKED,
    _ENDING,
    _CONFIRMED,
    _UNCONFIRMED,
    _CHANGED,
)
PLACES = _by_code(
    State("operating", Text("Đang hoạt động", "In operation"), {"operating": 1}, _has("operating")),
    State("active", Text("Có giấy phép hoạt động", "Licensed"), {"active": 1}, _has("active"), "good"),
    State(
        "unlicensed",
        Text("Không còn giấy phép hiệu lực", "No licence in force"),
        {"operating": 1, "active": -1, "suspended": -1},
        lambda today, _: Q(operating__has_day=today) & ~Q(active__has_day=today) & ~Q(suspended__has_day=today),
        "bad",
    ),
    State(
        "headless",
        Text("Chưa có người chịu trách nhiệm chuyên môn", "No technical head"),
        {"active": 1, "headed": -1},
        _has_not("headed"),
        "bad",
    ),
    _SUSPENDED,
    _EXPIRED,
    _REVOKED,
    _ENDING,
    _CONFIRMED,
    _UNCONFIRMED,
    _CHANGED,
)
SUBJECTS: Mapping[str, Mapping[str, State]] = {"practitioners": PEOPLE, "facilities": PLACES}
FIGURES = {
    subject: sorted({name for state in states.values() for name in state.figures})
    for subject, states in SUBJECTS.items()
}


def span_of(state: State, today: date, until: date | None = None) -> tuple[date, date]:
    """The days a state is about: today, or for what ends soon tomorrow to `until` (None: 90 days), for what changed
    since yesterday."""
    if state.code == _ENDING.code:
        # A licence “until” a day is held on the day before: one that ends tomorrow has its last day today.
        return today + timedelta(days=1), until or today + timedelta(days=SOON)
    if state.code == _CHANGED.code:
        return today - timedelta(days=RECENT), date.max
    return today, today
