"""A department's day: what is late, what ends, what changed since yesterday; each number opens its list."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.changes import access
from ymach.exchange.held import queries as held_queries
from ymach.figures import lists
from ymach.figures.queries import keys_of
from ymach.figures.states import SUBJECTS
from ymach.web import formatting
from ymach.web.access import actor_of_request, needs
from ymach.web.parts import Column, Counted, Stat, Todo, Words
from ymach.web.registry_figures import (
    Figures,
    RequestFigures,
    Requests,
    kind_word,
    read_figures,
    read_requests,
    trend,
    worklist_address,
)
from ymach.web.registry_stats import (
    REQUEST_HEADS,
    TITLES,
    Bar,
    bars_of_titles,
    people_stats,
    place_stats,
    request_numbers,
    request_stats,
)
from ymach.web.registry_words import catalogue_choices

SHOWN_ENDING = 8
TABLE = {
    "practitioners": ("active", "working", "idle", "suspended", "banned", "expired", "revoked", "unconfirmed"),
    "facilities": ("active", "headless", "unlicensed", "suspended", "expired", "revoked", "unconfirmed"),
}
ENDING_HEADS = (
    Text("Họ tên", "Name"),
    Text("Chức danh", "Title"),
    Text("Nơi hành nghề", "Workplaces"),
    Text("Hết hạn", "Expires"),
)
STATE_HEADS = (Text("Tình trạng", "State"), Text("Hôm nay", "Today"), Text("So với hôm qua", "Against yesterday"))
KIND_HEADS = (Text("Loại yêu cầu", "Kind of request"), *REQUEST_HEADS)


@needs(Permission.FIGURE_SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The day of the reader's department; who sees the whole country names a province, or is led to its page."""
    at = now()
    figures = read_figures(actor_of_request(request), vietnam_day(at), province=request.GET.get("province", "")[:2])
    if figures.scope.is_country:
        return redirect("registry")
    living = {**_living(figures), "at": at, "asked": request.GET.get("province", "")[:2]}
    if request.headers.get("HX-Request"):
        return render(request, "pages/figures/department_live.html", living)
    return render(request, "pages/figures/department.html", {**living, **_context(figures)})


def _living(figures: Figures) -> dict[str, object]:
    requests = read_requests(figures.scope, figures.today)
    whole = requests.of()
    return {
        "figures": figures,
        "today": figures.today,
        "todo": [*_held_todo(figures), *_todo(figures, whole)],
        "requests": _request_stats(figures, whole),
        "people": people_stats(figures),
        "places": place_stats(figures),
        "changed": [
            figures.stat(
                "practitioners",
                "changed",
                icon="people",
                label_vi="Người hành nghề có thay đổi",
                label_en="Practitioners changed",
            ),
            figures.stat(
                "facilities", "changed", icon="house", label_vi="Cơ sở có thay đổi", label_en="Facilities changed"
            ),
        ],
        "kinds": _kinds(figures, requests),
    }


def _todo(figures: Figures, requests: Requests) -> list[Todo]:
    """What waits for the department, most urgent first; nothing is told that is in order."""
    see = Text("Mở danh sách", "Open the list")
    found: list[tuple[int, Todo]] = []

    def add(amount: int, tone: str, icon: str, vi: str, en: str, text: Words, href: str) -> None:
        title = Text(f"{formatting.number(amount, 'vi')} {vi}", f"{formatting.number(amount, 'en')} {en}")
        found.append((amount, Todo(tone, icon, title, text, act=see, href=href)))

    late = Text("Trả lời ngay, hoặc trả lại kèm lý do.", "Decide now, or return them with a reason.")
    add(
        requests.overdue,
        "bad",
        "stuck",
        "yêu cầu quá hạn luật định",
        "requests past the legal term",
        late,
        _late_address(figures, "overdue"),
    )
    today = Text("Hạn là hết ngày hôm nay.", "The term ends today.")
    add(
        requests.due_today,
        "note",
        "wait",
        "yêu cầu đến hạn hôm nay",
        "requests due today",
        today,
        _late_address(figures, "today"),
    )
    head = Text(
        "Nhắc cơ sở đăng ký người mới trong 3 ngày làm việc.", "Ask them to register a new one within 3 working days."
    )
    number = figures.number("facilities", "headless")
    add(
        number,
        "bad",
        "house",
        "cơ sở chưa có người chịu trách nhiệm chuyên môn",
        "facilities without technical head",
        head,
        figures.href("facilities", "headless"),
    )
    soon = Text("Mời gia hạn trước khi hết hạn.", "Invite them to renew in time.")
    number = figures.number("practitioners", "expiring")
    add(
        number,
        "note",
        "licence",
        "giấy phép hành nghề hết hạn trong 90 ngày",
        "licences end within 90 days",
        soon,
        figures.href("practitioners", "expiring"),
    )
    return [todo for amount, todo in found if amount]


def _held_todo(figures: Figures) -> list[Todo]:
    """Held dossiers that wait for this reader, those past their day first."""
    held, see = held_queries.figures(figures.actor, on=figures.today), Text("Mở danh sách", "Open the list")

    def todo(amount: int, tone: str, vi: str, en: str, note: Text, due: str) -> Todo:
        title = Text(f"{formatting.number(amount, 'vi')} {vi}", f"{formatting.number(amount, 'en')} {en}")
        return Todo(tone, "hold", title, note, act=see, href=f"{reverse('held')}{due}")

    late = Text("Người bệnh và cơ sở đang chờ.", "Patients and facilities are waiting.")
    soon = Text("Cho nhận, trả lại hoặc không nhận.", "Release, return or reject.")
    found = [
        (
            held.overdue,
            todo(held.overdue, "bad", "hồ sơ đang giữ quá hạn", "held dossiers overdue", late, "?due=overdue"),
        ),
        (
            held.waiting,
            todo(held.waiting, "hold", "hồ sơ đang giữ chờ quyết định", "held dossiers to decide", soon, ""),
        ),
    ]
    return [one for amount, one in found if amount]


def _late_address(figures: Figures, due: str) -> str:
    """Where what is due is decided; for who decides nothing here, where it is listed."""
    decides = set(access.decides_somewhere(figures.actor)) >= set(figures.scope.provinces)
    return worklist_address(due=due) if decides else figures.requests_href(due)


def _request_stats(figures: Figures, whole: Requests) -> list[Stat]:
    due_today = Stat(
        Text("Đến hạn hôm nay", "Due today"),
        whole.due_today,
        icon="wait",
        tone="note" if whole.due_today else "",
        href=figures.requests_href("today"),
    )
    waiting, overdue, *others = request_stats(figures, whole)
    return [waiting, overdue, due_today, *others]


def _kinds(figures: Figures, requests: RequestFigures) -> list[tuple[Words, list[Counted]]]:
    words = sorted(keys_of(requests.waiting) | keys_of(requests.decided))
    found = [(word, requests.of(key=word)) for word in words]
    ordered = sorted(found, key=lambda pair: (-pair[1].overdue, -pair[1].waiting))
    return [(kind_word(word), request_numbers(figures, one, kind=word)) for word, one in ordered]


def _context(figures: Figures) -> dict[str, object]:
    titles = catalogue_choices(TITLES, figures.today)
    ending = lists.people(lists.ending_first(figures.scope, figures.today, SHOWN_ENDING), figures.today)
    return {
        "name": " · ".join(figures.province(code) for code in figures.scope.provinces),
        "states": [(subject, _state_lines(figures, subject)) for subject in TABLE],
        "ending": [(one, titles.get(one.figure.title, one.figure.title)) for one in ending],
        "ending_columns": [Column(head) for head in ENDING_HEADS],
        "state_columns": [Column(head, is_number=head is not STATE_HEADS[0]) for head in STATE_HEADS],
        "kind_columns": [Column(head, is_number=head is not KIND_HEADS[0]) for head in KIND_HEADS],
        "workforce": _workforce(figures),
        "people_trend": trend(figures, "practitioners"),
        "all_ending": figures.href("practitioners", "expiring"),
    }


def _state_lines(figures: Figures, subject: str) -> list[tuple[Text, int, int, str]]:
    return [
        (
            SUBJECTS[subject][code].word,
            figures.number(subject, code),
            figures.change(subject, code),
            figures.href(subject, code),
        )
        for code in TABLE[subject]
    ]


def _workforce(figures: Figures) -> Sequence[Bar]:
    people = sum(figures.inhabitants.by_province.get(code, 0) for code in figures.scope.provinces)
    return bars_of_titles(figures, people)
