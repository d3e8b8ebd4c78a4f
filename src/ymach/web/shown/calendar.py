"""A facility's appointments as a calendar: a month or a week of days, each with who is expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from ymach.base.text import Text
from ymach.exchange.appointments import rules
from ymach.exchange.appointments.models import Appointment
from ymach.web.shown.people import UNKNOWN, Person, people

MONTH, WEEK = "month", "week"
WITHHELD = Text("không hiện ở đây", "not shown here")
STATE_WORDS = {
    rules.PLANNED: Text("Chờ đến khám", "Expected"),
    rules.CAME: Text("Đã đến", "Came"),
    rules.MISSED: Text("Không đến", "Missed"),
    rules.CANCELLED: Text("Đã hủy", "Cancelled"),
}
TONES = {rules.PLANNED: "wait", rules.CAME: "good", rules.MISSED: "bad", rules.CANCELLED: "hold"}
BADGES = {
    rules.PLANNED: "waiting",
    rules.CAME: "delivered",
    rules.MISSED: "rejected",
    rules.CANCELLED: "held",
}
WEEKDAYS = tuple(
    Text(vi, en)
    for vi, en in (
        *(("Thứ Hai", "Monday"), ("Thứ Ba", "Tuesday"), ("Thứ Tư", "Wednesday"), ("Thứ Năm", "Thursday")),
        *(("Thứ Sáu", "Friday"), ("Thứ Bảy", "Saturday"), ("Chủ Nhật", "Sunday")),
    )
)
IN_A_MONTHS_DAY = 4
"""So many of one day stand in the month; the rest is a link to its week."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment as the calendar shows it."""

    row: Appointment
    person: Person
    state: str
    href: str

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def word(self) -> Text:
        return STATE_WORDS[self.state]

    @property
    def why(self) -> str | Text:
        return WITHHELD if self.row.compartment else self.row.diagnosis_text


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its visits that are shown, and how many more there are, with the address of all."""

    day: date
    weekday: Text
    visits: Sequence[Visit]
    more: int
    href: str
    is_today: bool
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Span:
    """What is shown: a month or a week, by any day in it."""

    view: str
    at: date

    @property
    def days(self) -> list[date]:
        """The days of the grid, Monday first; of a month with the days of its neighbours that fill the weeks."""
        first, last = (self.at, self.at) if self.view == WEEK else (self.at.replace(day=1), _month_end(self.at))
        start, end = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
        return [start + timedelta(days=number) for number in range((end - start).days + 1)]

    @property
    def before(self) -> date:
        return self.at - timedelta(days=7) if self.view == WEEK else self.at.replace(day=1) - timedelta(days=1)

    @property
    def after(self) -> date:
        return self.at + timedelta(days=7) if self.view == WEEK else _month_end(self.at) + timedelta(days=1)

    @property
    def title(self) -> Text:
        if self.view == MONTH:
            return Text(f"Tháng {self.at.month}/{self.at.year}", f"{self.at:%B %Y}")
        first, last = self.days[0], self.days[-1]
        return Text(f"Tuần {first:%d/%m} đến {last:%d/%m/%Y}", f"Week of {first:%d/%m} to {last:%d/%m/%Y}")


def visits(rows: Sequence[Appointment], today: date) -> list[Visit]:
    """The rows with the names of their people and what became of them as of today."""
    known = people(one.citizen_id for one in rows)
    return [
        Visit(one, known.get(one.citizen_id, UNKNOWN), state_of(one, today), reverse("appointment", args=[one.id]))
        for one in rows
    ]


def state_of(row: Appointment, today: date) -> str:
    return rules.MISSED if rules.is_missed(row.state, row.on_day, today) else row.state


def days_of(span: Span, found: Sequence[Visit], today: date) -> list[Day]:
    """The grid, day by day."""
    by_day: dict[date, list[Visit]] = defaultdict(list)
    for visit in found:
        by_day[visit.row.on_day].append(visit)
    return [_day(day, by_day[day], span, today) for day in span.days]


def _day(day: date, found: Sequence[Visit], span: Span, today: date) -> Day:
    shown = found if span.view == WEEK else found[:IN_A_MONTHS_DAY]
    return Day(
        day=day,
        weekday=WEEKDAYS[day.weekday()],
        visits=shown,
        more=len(found) - len(shown),
        href=f"?view={WEEK}&at={day.isoformat()}",
        is_today=day == today,
        is_outside=span.view == MONTH and day.month != span.at.month,
    )


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
