"""The registry's figures as pages show them: one reading of the tallies for a scope and a day, with the address behind
each figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.text import Text
from ymach.changes.kinds import KINDS
from ymach.figures import queries
from ymach.figures.inhabitants import Inhabitants, inhabitants
from ymach.figures.queries import Scope, Sums
from ymach.figures.requests import DECIDED_WITHIN, MINUTES_A_DAY
from ymach.figures.states import FIGURES, SUBJECTS, span_of
from ymach.places.queries import Unit, provinces
from ymach.web import charts, formatting
from ymach.web.parts import Stat, Words
from ymach.web.templatetags.ymach import language

MONTHS = 12
IN_THOUSANDS = 10_000
ADDRESSES = {"practitioners": ("registry-practitioners", "title"), "facilities": ("registry-facilities", "form")}
WORDS = {"practitioners": Permission.PRACTITIONER_SEE, "facilities": Permission.FACILITY_SEE}
REQUEST_WORDS = (Permission.PRACTITIONER_SEE, Permission.FACILITY_SEE)
BEGINNING = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page of figures is made of: sums as they stand, what ends soon, what changed, requests."""

    actor: Actor
    scope: Scope
    today: date
    units: Mapping[str, Unit]
    standing: Mapping[str, Sums]
    yesterday: Mapping[str, Sums]
    soon: Mapping[str, Sums]
    changed: Mapping[str, Sums]
    inhabitants: Inhabitants

    def number(self, subject: str, state: str, *, province: str | None = None, key: str | None = None) -> int:
        """How many are in a state, of one province or one title (form) if these are given."""
        one = SUBJECTS[subject][state]
        sums = {"expiring": self.soon, "changed": self.changed}.get(state, self.standing)[subject]
        return sum(sign * queries.total(sums, name, province=province, key=key) for name, sign in one.figures.items())

    def change(self, subject: str, state: str) -> int:
        """By how much a figure differs from yesterday's."""
        one = SUBJECTS[subject][state]
        before = sum(sign * queries.total(self.yesterday[subject], name) for name, sign in one.figures.items())
        return self.number(subject, state) - before

    def href(self, subject: str, state: str, *, province: str = "", key: str = "", on: str = "") -> str:
        """The list behind a figure, as it stood `on` a day (ISO 8601; today without it); empty for readers who may see
        figures but not whom they count."""
        if not may(self.actor, WORDS[subject]):
            return ""
        name, param = ADDRESSES[subject]
        alone = self.scope.provinces[0] if len(self.scope.provinces) == 1 else ""
        asked = {"state": state, "province": province or alone, param: key, "on": on}
        return f"{reverse(name)}?{urlencode({key: value for key, value in asked.items() if value})}"

    def requests_href(self, state: str, *, province: str = "", kind: str = "") -> str:
        """The requests behind a figure of requests; empty for readers who may not see whose they are."""
        if not all(may(self.actor, word) for word in REQUEST_WORDS):
            return ""
        alone = self.scope.provinces[0] if len(self.scope.provinces) == 1 else ""
        return requests_address(state=state, province=province or alone, kind=kind)

    def province(self, code: str) -> str:
        """Its name; what belongs to no province says so."""
        unit = self.units.get(code)
        return unit.name(language()) if unit else Text("Chưa rõ tỉnh", "No province").to(language())

    def stat(self, subject: str, state: str, *, note: Text | str = "", days: Sequence[float] = (), **look: str) -> Stat:
        """A figure of the whole scope as a tile; without a note, how it differs from yesterday."""
        one = SUBJECTS[subject][state]
        said = note or (_difference(self.change(subject, state)) if state not in {"expiring", "changed"} else "")
        return Stat(
            (look.get("label_vi") and Text(look["label_vi"], look["label_en"])) or one.word,
            self.number(subject, state),
            note=said,
            icon=look.get("icon", "people"),
            tone=look.get("tone", ""),
            href=self.href(subject, state),
            days=days,
        )


def read_figures(actor: Actor, today: date, *, province: str = "") -> Figures:
    """The figures `actor` may see, as they stand on `today`, with yesterday's beside; of one province if it is named."""
    units = {unit.code: unit for unit in provinces(today)}
    scope = queries.scope_of(actor, units).within(province)
    subjects = ("practitioners", "facilities")
    soon = span_of(SUBJECTS["facilities"]["expiring"], today)
    recent = span_of(SUBJECTS["facilities"]["changed"], today)
    now = {one: queries.standing_on_two_days(one, FIGURES[one], scope, today) for one in subjects}
    return Figures(
        actor=actor,
        scope=scope,
        today=today,
        units=units,
        standing={one: sums for one, (sums, _) in now.items()},
        yesterday={one: sums for one, (_, sums) in now.items()},
        soon={one: queries.happening(one, ["expired"], scope, *soon) for one in subjects},
        changed={one: queries.happening(one, ["changed"], scope, *recent) for one in subjects},
        inhabitants=inhabitants(settings.ENVIRONMENT.inhabitants),
    )


def _difference(value: int) -> Text:
    if not value:
        return Text("như hôm qua", "as yesterday")
    vi, en = formatting.number(abs(value), "vi"), formatting.number(abs(value), "en")
    if value > 0:
        return Text(f"thêm {vi} so với hôm qua", f"{en} more than yesterday")
    return Text(f"bớt {vi} so với hôm qua", f"{en} fewer than yesterday")


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests for changes: what waits, what is late, how long decisions took (mean weekdays of the last 90 days)."""

    waiting: int
    overdue: int
    due_today: int
    due_soon: int
    new: int
    decided: int
    mean_days: float | None

    def number(self, state: str) -> int:
        """The figure of a state of `figures.requests`."""
        names = {"today": "due_today", "soon": "due_soon"}
        number: int = getattr(self, names.get(state, state))
        return number


@dataclass(frozen=True, slots=True)
class RequestFigures:
    """The tallies of requests of a scope, in the spans the pages speak of."""

    waiting: Sums
    overdue: Sums
    due_today: Sums
    due_soon: Sums
    asked: Sums
    decided: Sums

    def of(self, *, province: str | None = None, key: str | None = None) -> Requests:
        """The figures of one province or one kind of request, or of all."""

        def sum_of(sums: Sums, name: str) -> int:
            return queries.total(sums, name, province=province, key=key)

        decided = sum_of(self.decided, "approved") + sum_of(self.decided, "rejected")
        minutes = sum_of(self.decided, "minutes")
        return Requests(
            waiting=sum_of(self.waiting, "waiting"),
            overdue=sum_of(self.overdue, "due"),
            due_today=sum_of(self.due_today, "due"),
            due_soon=sum_of(self.due_soon, "due"),
            new=sum_of(self.asked, "asked"),
            decided=decided,
            mean_days=minutes / decided / MINUTES_A_DAY if decided else None,
        )


def read_requests(scope: Scope, today: date) -> RequestFigures:
    """The tallies of requests: due days are days in Viet Nam; new are those of yesterday and today."""
    day = timedelta(days=1)

    def within(figures: list[str], first: date, last: date) -> Sums:
        return queries.happening("requests", figures, scope, first, last)

    return RequestFigures(
        waiting=queries.standing("requests", ["waiting"], scope, today),
        overdue=within(["due"], BEGINNING, today - day),
        due_today=within(["due"], today, today),
        due_soon=within(["due"], today + day, today + 3 * day),
        asked=within(["asked"], today - day, today),
        decided=within(["approved", "rejected", "minutes"], today - timedelta(days=DECIDED_WITHIN), today),
    )


@dataclass(frozen=True, slots=True)
class Point:
    """A column of a trend with the words of its tip."""

    rect: charts.Rect
    tip: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """How a figure stood at the beginning of each month, and stands today."""

    figure: charts.Bars
    points: tuple[Point, ...]
    days: tuple[date, ...]
    levels: tuple[int, ...]

    @property
    def ticks(self) -> list[tuple[str, float]]:
        """Heights and their numbers, in thousands where they are large."""
        return [(tick.y, tick.value / 1000 if self.is_in_thousands else tick.value) for tick in self.figure.ticks]

    @property
    def is_in_thousands(self) -> bool:
        return self.figure.ticks[-1].value >= IN_THOUSANDS

    @property
    def said(self) -> Text:
        """The finding, for those who cannot see it."""
        first, last = self.levels[0], self.levels[-1]
        day = formatting.day(self.days[0])
        vi = f"Từ {formatting.number(first, 'vi')} ngày {day} tới {formatting.number(last, 'vi')} hôm nay."
        en = f"From {formatting.number(first, 'en')} on {day} to {formatting.number(last, 'en')} today."
        return Text(vi, en)


def trend(figures: Figures, subject: str, *, width: int = 540) -> Trend:
    """The months of a subject's state `active`."""
    days = queries.firsts_of_months(figures.today, MONTHS)
    levels = queries.on_days(subject, "active", figures.scope, days)
    columns = [
        charts.Column(f"{day:%m/%y}", (("rest" if day == figures.today else "good", level),))
        for day, level in zip(days, levels, strict=True)
    ]
    columns[-1] = charts.Column(Text("nay", "now").to(language()), (("good", levels[-1]),))
    drawn = charts.bars(columns, width=width)
    shown = [(day, level) for day, level in zip(days, levels, strict=True) if level > 0]
    points = tuple(
        Point(
            rect,
            f"{formatting.day(day)}: {formatting.number(level, language())}",
            figures.href(subject, "active", on="" if day == figures.today else day.isoformat()),
        )
        for rect, (day, level) in zip(drawn.rects, shown, strict=True)
    )
    return Trend(drawn, points, tuple(days), tuple(levels))


def worklist_address(**asked: str) -> str:
    """The worklist of requests."""
    return f"{reverse('worklist')}?{urlencode(asked)}" if asked else reverse("worklist")


def requests_address(**asked: str) -> str:
    """The list of requests behind a figure."""
    values = {name: value for name, value in asked.items() if value}
    return f"{reverse('registry-requests')}?{urlencode(values)}"


def kind_word(word: str) -> Words:
    """The name of a kind of request; its code where it is no longer known."""
    kind = KINDS.get(word)
    return kind.title if kind else word
