"""Incidents in words: their clock, their facts, their minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ymach.base.text import Text
from ymach.registers.models import Incident, IncidentStep, StepKind
from ymach.registers.notice import KINDS, STEPS
from ymach.registers.rules import Clock, Standing, clock_of
from ymach.web import formatting
from ymach.web.parts import Column, Fact, Hop

COLUMNS = [
    Column(Text("Sự cố", "Incident")),
    Column(Text("Phát hiện lúc", "Detected")),
    Column(Text("Hạn báo 72 giờ", "To be told within 72 hours")),
    Column(Text("Trạng thái", "State")),
]
STANDINGS: Mapping[Standing, tuple[str, Text]] = {
    Standing.RUNNING: ("waiting", Text("Còn trong hạn báo", "To be told")),
    Standing.OVERDUE: ("rejected", Text("Quá hạn báo", "Overdue")),
    Standing.TOLD: ("accepted", Text("Đã báo", "Told in time")),
    Standing.TOLD_LATE: ("accepted_with_findings", Text("Báo trễ", "Told late")),
}
CLOSED = Text("đã đóng", "closed")
_ICONS = {
    StepKind.NOTED: ("note", ""),
    StepKind.MEASURE: ("fix", "good"),
    StepKind.AUTHORITY_TOLD: ("sent", "good"),
    StepKind.CONTROLLER_TOLD: ("sent", ""),
    StepKind.PERSONS_TOLD: ("people", "good"),
    StepKind.PERSONS_FOUND: ("people", "note"),
    StepKind.CLOSED: ("ok", "good"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One incident of the list: its kind, its clock in words, its state as a badge."""

    incident: Incident
    kind: Text
    clock: Clock
    left: Text
    state: str
    word: Text

    @property
    def cells(self) -> list[object]:
        """The line of the file."""
        return [self.kind, self.incident.detected_at, self.clock.due_at, self.word]


def row(incident: Incident, at: datetime) -> Row:
    """An incident as it stands at `at` (aware)."""
    clock = clock_of(incident.detected_at, incident.told_at, at)
    state, word = STANDINGS[clock.standing]
    if incident.closed_at is not None and incident.told_at is None:
        state, word = "delivered", Text("Không phải báo", "No notice due")
    if incident.closed_at is not None:
        word = Text(f"{word.vi}, {CLOSED.vi}", f"{word.en}, {CLOSED.en}")
    return Row(incident, KINDS[incident.kind], clock, _left(incident, clock), state, word)


def facts(incident: Incident, names: Mapping[str, Text], persons: int, at: datetime) -> list[Fact]:
    """What is known, in pairs."""
    clock = clock_of(incident.detected_at, incident.told_at, at)
    told = formatting.moment(incident.told_at) if incident.told_at else _left(incident, clock)
    known = [
        Fact(Text("Phát hiện lúc", "Detected"), formatting.moment(incident.detected_at)),
        Fact(Text("Báo cơ quan bảo vệ dữ liệu", "Notice to the authority"), told, tone="bad" if clock.is_late else ""),
        Fact(
            Text("Số người bị ảnh hưởng", "Persons concerned"), Text(formatting.number(persons, "vi"), f"{persons:,}")
        ),
        Fact(Text("Loại dữ liệu", "Kinds of data"), incident.data_kinds),
    ]
    if incident.account:
        known.append(Fact(Text("Tài khoản liên quan", "Account"), names.get(incident.account, incident.account)))
    if incident.place:
        known.append(Fact(Text("Địa điểm", "Place"), incident.place))
    known.append(Fact(Text("Người ghi", "Written down by"), names.get(incident.opened_by, incident.opened_by)))
    return [*known, Fact(Text("Liên hệ", "Contact"), incident.contact)]


def minutes(incident: Incident, steps: Sequence[IncidentStep], names: Mapping[str, Text]) -> list[Hop]:
    """The minutes as a line of time."""
    begun = Hop("stuck", Text("Phát hiện", "Detected"), incident.summary, "bad", at=incident.detected_at)
    return [begun, *(_hop(one, names) for one in steps)]


def prefilled(incident: Incident, at: datetime) -> dict[str, str]:
    """What the forms of the page begin with."""
    return {
        "done": formatting.moment(at),
        "cause": incident.cause,
        "consequences": incident.consequences,
        "start": formatting.moment(incident.began_at) if incident.began_at else "",
        "end": formatting.moment(incident.ended_at) if incident.ended_at else "",
    }


def _hop(step: IncidentStep, names: Mapping[str, Text]) -> Hop:
    icon, tone = _ICONS.get(StepKind(step.kind), ("note", ""))
    who = names.get(step.written_by, Text(step.written_by, step.written_by))
    return Hop(icon, STEPS[step.kind], who, tone, at=step.at, also=[_named(step.text, names)])


def _named(text: str, names: Mapping[str, Text]) -> Text:
    """The text with accounts called by name, where it names some."""
    vi = en = text
    for key, name in names.items():
        vi, en = vi.replace(key, name.vi), en.replace(key, name.en)
    return Text(vi, en)


def _left(incident: Incident, clock: Clock) -> Text:
    if incident.told_at is not None:
        return Text(f"đã báo {formatting.moment(incident.told_at)}", f"told {formatting.moment(incident.told_at)}")
    if incident.closed_at is not None:
        return Text("không phải báo", "no notice due")
    length = formatting.duration(abs(clock.left.total_seconds()))
    if clock.standing is Standing.OVERDUE:
        return Text(f"quá hạn {length.vi}", f"{length.en} overdue")
    return Text(f"còn {length.vi}", f"{length.en} left")
