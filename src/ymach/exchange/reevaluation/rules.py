"""Which days of the past a change of the registry reaches, and what a record is by what is found now. Plain functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from ymach.base.findings import FindingKind
from ymach.base.history.events import read_period
from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.exchange.policies.rules import HELD, REJECTED, PolicySet, gravest

STANDING = "YM-STA-"
ALL_DAYS = Period(None, None)
_PERIODS = {
    "practitioners_licence": "valid",
    "practitioners_licence_suspension": "period",
    "practitioners_registration": "valid",
    "practitioners_ban": "period",
    "facilities_operating_licence": "valid",
    "facilities_operating_licence_suspension": "period",
    "facilities_facility": "valid",
}
_FROM = {"practitioners_licence_revocation": "effective_on"}
_ANY_TIME = frozenset({"practitioners_licence_change"})
TABLES = frozenset({*_PERIODS, *_FROM, *_ANY_TIME})
"""Tables of the registry by which the standing of an author, or of a facility, on a day is judged."""
OF_FACILITIES = frozenset({table for table in TABLES if table.startswith("facilities_")})
"""Those whose changes touch everything a facility sent, whoever wrote it."""

THINGS = {
    "practitioners_licence": Text("giấy phép hành nghề", "licence to practise"),
    "practitioners_licence_suspension": Text("đình chỉ hành nghề", "suspension from practice"),
    "practitioners_licence_revocation": Text("thu hồi giấy phép hành nghề", "revocation of a licence"),
    "practitioners_licence_change": Text("thay đổi nội dung giấy phép", "change of a licence's terms"),
    "practitioners_registration": Text("đăng ký hành nghề", "practice registration"),
    "practitioners_ban": Text("cấm hành nghề", "ban from practice"),
    "facilities_operating_licence": Text("giấy phép hoạt động", "operating licence"),
    "facilities_operating_licence_suspension": Text("đình chỉ hoạt động", "suspension from operation"),
    "facilities_facility": Text("thời gian hoạt động của cơ sở", "time for which a facility exists"),
}
"""What was corrected, in words."""

Row = Mapping[str, Any]


class Entry(Protocol):
    """An entry of the history."""

    @property
    def table(self) -> str: ...
    @property
    def before(self) -> Row | None: ...
    @property
    def after(self) -> Row | None: ...


def days_reached(entry: Entry, on: date) -> Period | None:
    """The days up to `on`, the day of the change (Viet Nam), whose standing it may alter; None if there are none.

    Rather too many days than too few: judging again what has not changed changes nothing.
    """
    rows = [row for row in (entry.before, entry.after) if row]
    if entry.table == "facilities_facility" and len({str(row.get("valid")) for row in rows}) < len(rows):
        return None  # a name, an address: nothing that standing asks
    reached = _moved(entry) or _hull([_days(entry.table, row) for row in rows])
    end = min(reached.end or date.max, on + timedelta(days=1))
    start = reached.start or date.min
    return Period(reached.start, end) if start < end else None


def outcome_now(
    found: Iterable[Mapping[str, Any]], record_kind: str, *, policy: PolicySet, kinds: Mapping[str, FindingKind]
) -> str:
    """The outcome of a record that is stored, by what is found now (as receipts carry it); at the gravest held.

    A correction never rejects what was accepted: a department decides that. kinds: the catalogue, by code.
    """
    outcomes = [policy.outcome_of(kinds[str(one["code"])].at(), record_kind) for one in found if one["code"] in kinds]
    outcome = gravest(outcomes)
    return HELD if outcome == REJECTED else outcome


def with_standing(
    before: Sequence[Mapping[str, Any]], standing: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]] | None:
    """The findings of a record with its standing judged again; None when that is as it was."""
    old = [one for one in before if str(one["code"]).startswith(STANDING)]
    if {_mark(one) for one in old} == {_mark(one) for one in standing}:
        return None
    return [*(one for one in before if not str(one["code"]).startswith(STANDING)), *standing]


def thing_of(table: str) -> Text:
    """What a table of the registry holds, in words."""
    return THINGS.get(table, Text("sổ đăng ký hành nghề", "registry of practitioners"))


def reason_of(table: str, on: date) -> Text:
    """What people are told. on: the day of the change, Viet Nam."""
    thing = thing_of(table)
    return Text(
        f"Sổ đăng ký được sửa ngày {on:%d/%m/%Y} ({thing.vi}), có hiệu lực lùi ngày. Hồ sơ được xét lại theo sổ hiện nay.",
        f"The registry was corrected on {on:%d/%m/%Y} ({thing.en}) with a back date. The dossier was judged again.",
    )


def _mark(found: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes a finding the same one; its sentence may be worded anew."""
    return tuple(found.get(name) for name in ("code", "table", "row", "field", "value"))


def _moved(entry: Entry) -> Period | None:
    """The days between two ends when nothing else of a row was changed but where its period ends."""
    name = _PERIODS.get(entry.table)
    if name is None or not entry.before or not entry.after:
        return None
    rest = [{key: value for key, value in row.items() if key != name} for row in (entry.before, entry.after)]
    old, new = read_period(entry.before.get(name)), read_period(entry.after.get(name))
    if rest[0] != rest[1] or old.start != new.start or old.end == new.end:
        return None
    ends = [old.end or date.max, new.end or date.max]
    return Period(min(ends), None if max(ends) == date.max else max(ends))


def _days(table: str, row: Row) -> Period:
    if table in _PERIODS:
        return read_period(row.get(_PERIODS[table]))
    if table in _FROM and row.get(_FROM[table]):
        return Period(date.fromisoformat(str(row[_FROM[table]])[:10]), None)
    return ALL_DAYS


def _hull(periods: Sequence[Period]) -> Period:
    """From the earliest start to the latest end."""
    starts, ends = [one.start for one in periods], [one.end for one in periods]
    start = min((day for day in starts if day is not None), default=None) if None not in starts else None
    end = max((day for day in ends if day is not None), default=None) if None not in ends else None
    return Period(start, end)
