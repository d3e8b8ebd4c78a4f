"""What people see of themselves: a practitioner their licence, a citizen the first page of their health book."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.clock import vietnam_day
from ymach.base.errors import NotFound
from ymach.base.text import Text
from ymach.exchange.books.plans import appointments_of, referrals_of
from ymach.exchange.books.prescribed import prescriptions_of
from ymach.exchange.reading.gate import Opened
from ymach.practitioners.queries import visible_to
from ymach.web import practitioner_page
from ymach.web.access import actor_of_request, needs
from ymach.web.book import places_of
from ymach.web.shown import own as shown
from ymach.web.shown.own import Tile
from ymach.web.whose import choose, open_book, whose

LATEST = 3
TIMES, TAKEN = Text("lần", "visits"), Text("thuốc đang dùng", "taken now")
DISEASES, INDICATORS = Text("bệnh đã ghi", "diseases"), Text("chỉ số", "indicators")
NOTHING = Text("", "")
TILES = (
    ("own-visits", "list", Text("Các lần khám", "Visits"), NOTHING),
    ("own-medicines", "pill", Text("Thuốc và đơn thuốc", "Medicines"), NOTHING),
    ("own-health", "heart", Text("Bệnh, dị ứng, tiêm chủng", "Diseases, allergies, vaccines"), NOTHING),
    ("own-measures", "lab", Text("Chỉ số, xét nghiệm", "Results over time"), NOTHING),
    (
        "own-plans",
        "day",
        Text("Lịch hẹn, giấy chuyển", "Appointments, referrals"),
        Text("đi đâu, khi nào", "where, when"),
    ),
    ("own-readers", "eye", Text("Ai đã xem sổ này", "Who looked"), Text("lúc nào, vì sao", "when and why")),
    ("own-consents", "shield", Text("Cho ai xem sổ", "Who may look"), Text("đồng ý, rút đồng ý", "consents")),
    (
        "own-requests",
        "send",
        Text("Yêu cầu của tôi", "My requests"),
        Text("sửa, hỏi, hạn chế", "correct, ask, restrict"),
    ),
    ("own-card", "phone", Text("Thẻ khẩn cấp", "Emergency card"), Text("trên màn hình khóa", "on the lock screen")),
    ("own-files", "print", Text("Tải sổ về máy", "Download"), Text("PDF, bản quốc tế IPS", "PDF, international")),
    (
        "own-about",
        "person",
        Text("Thông tin của tôi", "About me"),
        Text("thẻ, địa chỉ, đại diện", "card, address, proxies"),
    ),
)


@needs(Permission.PROFILE_SEE_OWN)
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """A practitioner's own profile, what waits for them first."""
    actor = actor_of_request(request)
    ids = [grant.practitioner_id for grant in actor.grants if grant.practitioner_id]
    person = visible_to(actor).filter(pk__in=ids).first()
    if person is None:
        raise NotFound
    return practitioner_page.page(request, person)


@needs(Permission.RECORD_READ_OWN)
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """The first page of the book: what must be seen, what is to be done, and the ways into the rest."""
    book = whose(request)
    opened = open_book(request, book, "overview")
    today = vietnam_day(opened.at)
    papers = prescriptions_of(opened.entries, at=opened.at)
    referrals, coming = referrals_of(opened.entries), appointments_of(opened.entries, since=today)
    places = places_of(opened, (one.receiver_id for one in referrals))
    names = {one.code: one.name for one in places.values()}
    stays = shown.stays_of(opened.entries, places)
    context = {
        "book": book,
        "opened": opened,
        "alerts": shown.alerts_of(opened.summary.allergies, names),
        "todo": shown.todo_of(coming, referrals, papers, places, today),
        "stays": stays[:LATEST],
        "count": len(stays),
        "tiles": _tiles(opened, len(stays)),
    }
    return render(request, "pages/own/index.html", context)


@needs(Permission.RECORD_READ_OWN)
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Open another book: of somebody whom the reader acts for, or one's own again."""
    choose(request, request.POST.get("whose", ""))
    return redirect("own-records")


def _tiles(opened: Opened, visits: int) -> list[Tile]:
    found = opened.summary
    taken, problems = _count(len(found.medicines_now), TAKEN), _count(len(found.problems), DISEASES)
    notes = {"own-visits": _count(visits, TIMES), "own-medicines": taken, "own-health": problems}
    notes["own-measures"] = _count(len(found.trends), INDICATORS)
    return [Tile(icon, label, notes.get(name, note), reverse(name)) for name, icon, label, note in TILES]


def _count(number: int, unit: Text) -> Text:
    return Text(f"{number} {unit.vi}", f"{number} {unit.en}") if number else Text("chưa có", "none yet")
