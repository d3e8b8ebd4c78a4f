"""What the pages of the registry's figures say alike, of the country and of one department: numbers, bars, heads."""

from __future__ import annotations

from dataclasses import dataclass

from ymach.base.text import Text
from ymach.figures.inhabitants import PER
from ymach.figures.requests import DECIDED_WITHIN
from ymach.web import charts, formatting
from ymach.web.parts import Counted, Stat
from ymach.web.registry_figures import Figures, Requests
from ymach.web.registry_words import catalogue_choices
from ymach.web.templatetags.ymach import language

TITLES = "professional_title"
REQUEST_HEADS = (
    *(Text("Đang chờ", "Waiting"), Text("Quá hạn", "Overdue")),
    Text(f"Đã giải quyết {DECIDED_WITHIN} ngày", f"Decided in {DECIDED_WITHIN} days"),
    Text("Trung bình, ngày làm việc", "Mean, working days"),
)


def people_stats(figures: Figures) -> list[Stat]:
    """Practitioners by how they stand."""
    return [
        figures.stat("practitioners", "active", icon="people"),
        figures.stat("practitioners", "idle", icon="route", tone="note"),
        figures.stat("practitioners", "expiring", icon="wait", note=Text("trong 90 ngày tới", "within 90 days")),
        figures.stat("practitioners", "suspended", icon="hold", tone="hold"),
        figures.stat("practitioners", "unconfirmed", icon="match"),
    ]


def place_stats(figures: Figures) -> list[Stat]:
    """Facilities by how they stand."""
    return [
        figures.stat("facilities", "active", icon="house"),
        figures.stat(
            "facilities",
            "headless",
            icon="stuck",
            tone="bad",
            label_vi="Thiếu người phụ trách",
            label_en="No technical head",
        ),
        figures.stat(
            "facilities",
            "unlicensed",
            icon="no",
            tone="bad",
            label_vi="Hết giấy phép",
            label_en="No licence in force",
        ),
        figures.stat("facilities", "suspended", icon="hold", tone="hold"),
        figures.stat("facilities", "unconfirmed", icon="match"),
    ]


def request_stats(figures: Figures, whole: Requests) -> list[Stat]:
    """What waits, is late, is new and was decided, each with the list behind it."""
    href = figures.requests_href
    took = formatting.number(whole.mean_days, language(), 1) if whole.mean_days is not None else formatting.EMPTY
    days = Text(f"trung bình {took} ngày làm việc", f"{took} working days on average")
    return [
        Stat(Text("Yêu cầu đang chờ", "Requests waiting"), whole.waiting, icon="list", href=href("waiting")),
        Stat(
            Text("Quá hạn", "Overdue"),
            whole.overdue,
            icon="stuck",
            tone="bad" if whole.overdue else "",
            href=href("overdue"),
        ),
        Stat(Text("Mới từ hôm qua", "New since yesterday"), whole.new, icon="send", href=href("new")),
        Stat(
            Text(f"Đã giải quyết, {DECIDED_WITHIN} ngày", f"Decided, {DECIDED_WITHIN} days"),
            whole.decided,
            note=days if whole.mean_days is not None else "",
            icon="ok",
            href=href("decided"),
        ),
    ]


def density(value: float | None) -> Text:
    """People who may practise per 10,000 inhabitants, in words; None: the inhabitants are not known."""
    if value is None:
        return Text("chưa có số", "not known")
    vi, en = (formatting.number(value, one, 1 if value >= 1 else 2) for one in ("vi", "en"))
    return Text(f"{vi} trên 1 vạn dân", f"{en} per 10,000 people")


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a chart of lying bars: its words, its number and what it says besides, as long as its part."""

    word: Text | str
    value: int
    note: Text | str
    href: str
    reach: str
    tone: str = "good"
    narrow: str = ""


def bars_of_titles(figures: Figures, people: int) -> list[Bar]:
    """Who may practise, by professional title, the most first; `people`: inhabitants of the scope, for the density."""
    titles = catalogue_choices(TITLES, figures.today)
    amounts = {code: figures.number("practitioners", "active", key=code) for code in titles}
    most = max(amounts.values(), default=0) or 1
    return [
        Bar(
            titles[code],
            amount,
            density(PER * amount / people if people else None),
            figures.href("practitioners", "active", key=code),
            charts.share(amount, 0, most),
            narrow=code,
        )
        for code, amount in sorted(amounts.items(), key=lambda pair: -pair[1])
        if amount
    ]


def request_numbers(figures: Figures, one: Requests, *, province: str = "", kind: str = "") -> list[Counted]:
    """A row of figures of requests, each with the list behind it."""

    def href(state: str) -> str:
        return figures.requests_href(state, province=province, kind=kind)

    return [
        Counted(REQUEST_HEADS[0], one.waiting, href("waiting")),
        Counted(REQUEST_HEADS[1], one.overdue, href("overdue"), is_bad=True),
        Counted(REQUEST_HEADS[2], one.decided, href("decided")),
        Counted(REQUEST_HEADS[3], one.mean_days, href("decided") if one.mean_days is not None else "", places=1),
    ]
