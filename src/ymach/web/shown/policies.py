"""The policy as its readers see it: rules in words, and what a change would have done. No query here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text
from ymach.exchange.models import Policy
from ymach.exchange.policies.models import PolicyChange, State
from ymach.exchange.policies.reckoning import Reckoning, shifted
from ymach.exchange.policies.rules import ACCEPTED, ANY_KIND, GRAVITY, WITH_FINDINGS
from ymach.web.parts import Stat
from ymach.web.shown.findings import AREAS, named
from ymach.web.states import STATES
from ymach.web.words import record_words

ANY_KIND_WORDS = Text("Mọi loại bản ghi", "Any kind of record")
CHANGE_STATES: Mapping[str, tuple[str, Text]] = {
    State.DRAFT: ("waiting", Text("Bản nháp", "Draft")),
    State.PROPOSED: ("held", Text("Chờ người thứ hai xác nhận", "Waits to be confirmed")),
    State.CONFIRMED: ("accepted", Text("Đã xác nhận", "Confirmed")),
    State.REFUSED: ("rejected", Text("Không xác nhận", "Not confirmed")),
    State.WITHDRAWN: ("rejected", Text("Đã rút lại", "Taken back")),
}
SHIPPED = Text("như khi cài đặt", "as shipped")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: for which kind, what follows, from when to when (the last day; None: open)."""

    kind: Text
    outcome: str
    since: date | None
    until: date | None
    source: Text | str
    is_ahead: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A finding with what follows from it now, and what is to follow."""

    kind: FindingKind
    text: Text
    rules: Sequence[Rule]
    ahead: Sequence[Rule]

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def area(self) -> Text:
        area = self.code.split("-")[1]
        return AREAS.get(area, Text(area, area))


@dataclass(frozen=True, slots=True)
class Shift:
    """One outcome: how many records had it, how many would have had it."""

    outcome: str
    before: int
    after: int

    @property
    def step(self) -> int:
        return self.after - self.before

    @property
    def tone(self) -> str:
        if not self.step:
            return ""
        return "bad" if (self.outcome in {"held", "rejected"}) == (self.step > 0) else "good"


def line(kind: FindingKind, rows: Iterable[Policy], *, today: date) -> Line:
    """A finding with its rows that hold today or later. Without a row for any kind, what nobody has ruled on follows."""
    rules = [rule(row, today=today) for row in rows]
    now = [one for one in rules if not one.is_ahead]
    if not any(one.kind == ANY_KIND_WORDS for one in now):
        outcome = ACCEPTED if kind.severity is Severity.NOTE else WITH_FINDINGS
        now = [Rule(ANY_KIND_WORDS, outcome, None, None, Text("chưa có quy định", "nobody has ruled on it")), *now]
    return Line(kind, named(kind.text), now, [one for one in rules if one.is_ahead])


def rule(row: Policy, *, today: date, by: str = "") -> Rule:
    """A row in words."""
    since, end = row.valid.lower, row.valid.upper
    source = SHIPPED if row.source.startswith("as shipped") else row.source
    until = end - timedelta(days=1) if end else None
    return Rule(kind_words(row.record_kind), row.outcome, since, until, source, bool(since and since > today), by)


def kind_words(kind: str) -> Text:
    """A kind of record, or any."""
    return ANY_KIND_WORDS if kind == ANY_KIND else record_words(kind)


def badge(change: PolicyChange) -> tuple[str, Text]:
    """The state of a change: whose badge, which word."""
    return CHANGE_STATES[change.state]


def shifts(reckoning: Reckoning, counts: Mapping[str, int]) -> list[Shift]:
    """Every outcome before and after."""
    after = shifted(counts, reckoning.moves)
    return [Shift(outcome, counts.get(outcome, 0), after.get(outcome, 0)) for outcome in GRAVITY]


def stats(reckoning: Reckoning) -> list[Stat]:
    """What was looked at, what it would have touched, what it would have stopped."""
    return [
        Stat(Text("Hồ sơ có lưu ý này", "Dossiers with this finding"), reckoning.looked, "", "receipt"),
        Stat(Text("Bản ghi đổi kết quả", "Records with another outcome"), reckoning.moved, "", "match", ""),
        Stat(
            Text("Sẽ bị giữ hoặc không nhận", "Would be held or rejected"),
            reckoning.stops,
            "",
            STATES["held"].icon,
            "bad" if reckoning.stops else "",
        ),
    ]
