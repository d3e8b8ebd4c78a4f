"""What waits for the reader; and, in a demonstration, the letters that would have left."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ymach.accounts.permissions import Permission, require
from ymach.base.clock import now
from ymach.base.errors import NotFound
from ymach.base.text import Text
from ymach.notices.actions import mark_all_read, mark_read
from ymach.notices.models import Letter, Notice
from ymach.notices.queries import visible_to
from ymach.web.access import actor_of_request, needs, signed_in
from ymach.web.asked import read_page
from ymach.web.parts import Column, numbered
from ymach.web.templatetags.ymach import language
from ymach.web.whose import books_of_others, turn_to

PAGE, LETTERS = 30, 50
LETTER_COLUMNS = [
    Column(Text("Gửi tới", "To")),
    Column(Text("Nội dung", "Contents")),
    Column(Text("Trạng thái", "State")),
]
LETTER_STATES = {
    "waiting": ("waiting", Text("Chờ gửi", "Waiting")),
    "sending": ("waiting", Text("Đang gửi", "Being sent")),
    "sent": ("delivered", Text("Đã gửi", "Sent")),
    "failed": ("stuck", Text("Không tới", "Not delivered")),
    "withdrawn": ("held", Text("Đã rút", "Withdrawn")),
}

NO_MORE = Text(
    "Bạn không còn được xem sổ sức khỏe mà thông báo này nói tới.",
    "You may no longer open the health book that this notice is about.",
)


@signed_in
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Unread first, then the newest, thirty a page."""
    actor, page = actor_of_request(request), read_page(request.GET.get("page", ""))
    found = visible_to(actor)
    count, unread = found.count(), list(found.filter(read_at=None).order_by("-at", "-id")[:PAGE])
    read = list(found.exclude(read_at=None).order_by("-at", "-id")[(page - 1) * PAGE : page * PAGE])
    unread = unread if page == 1 else []
    books = books_of_others(request, [one.citizen_id for one in [*unread, *read]])
    context = {
        "unread": [(one, books.get(one.citizen_id)) for one in unread],
        "read": [(one, books.get(one.citizen_id)) for one in read],
        "is_empty": not count,
        "pages": numbered(page, found.exclude(read_at=None).count(), PAGE, lambda number: f"?page={number}"),
    }
    return render(request, "pages/notices.html", context)


@signed_in
@require_POST
def read(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark one as read and go where it leads, with the book open that it is about."""
    actor = actor_of_request(request)
    notice: Notice | None = visible_to(actor).filter(pk=notice_id).first()
    if notice is None:
        raise NotFound
    mark_read([notice.pk], by=actor, at=now())
    if notice.citizen_id and not turn_to(request, notice.citizen_id):
        messages.warning(request, NO_MORE.to(language()))
        return redirect("notices")
    return redirect(notice.link or "notices")


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    mark_all_read(by=actor_of_request(request), at=now())
    return redirect("notices")


@needs(Permission.ACCOUNT_MANAGE)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The outbox of a demonstration, where no mail server takes the letters. For the ministry; elsewhere not there."""
    require(actor_of_request(request), Permission.COUNTER_SEE_COUNTRY)
    if not settings.ENVIRONMENT.demo:
        raise NotFound
    found = Letter.objects.order_by("-created_at", "-id")[:LETTERS]
    lines = [{"letter": one, "badge": LETTER_STATES[one.state]} for one in found]
    return render(request, "pages/accounts/letters.html", {"columns": LETTER_COLUMNS, "lines": lines})
