"""A facility's day: what to do, what was sent and what became of it, where it went, which certificates run out."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotFound
from ymach.base.text import Text
from ymach.exchange.held.queries import Figures, figures
from ymach.exchange.operations.queries import away_now
from ymach.exchange.queries import SubmissionFilter, counts
from ymach.exchange.referrals.queries import Unanswered, unanswered
from ymach.facilities.models import Facility, FacilityCertificate
from ymach.web import formatting, lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.parts import Todo
from ymach.web.shown import registry
from ymach.web.shown import status as operating
from ymach.web.shown import submissions as shown
from ymach.web.shown.submissions import COLUMNS

SHOWN_ROWS = 10


@needs(Permission.SUBMISSION_SEND)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The first page of a facility's staff. Its live part is asked for again every five seconds."""
    actor, at = actor_of_request(request), now()
    facility = lookups.own_facility(actor)
    if facility is None:
        raise NotFound
    certificates = _certificates(facility, at)
    context = _live(actor, facility, vietnam_day(at))
    context["outages"] = operating.outages(away_now(), at)
    context["certificates"] = [registry.certificate_fact(one, at) for one in certificates]
    if request.headers.get("HX-Request"):
        return render(request, "fragments/today.html", context)
    held = figures(actor, on=vietnam_day(at), word=Permission.SUBMISSION_SEND)
    todo = [*_referral_todo(unanswered(actor, at)), *_todo(context, held, certificates, at)]
    context |= {"facility": facility, "todo": todo}
    return render(request, "pages/today.html", context)


def _live(actor: Actor, facility: Facility, today: date) -> dict[str, object]:
    days, listing = shown.last_days(today), reverse("submissions")
    submissions = counts(actor, days=days, subject="submission", facility=facility)
    deliveries = counts(actor, days=days, subject="delivery", facility=facility)
    day = formatting.day(today)
    links = {code: f"{listing}?outcome={code}&day={day}" for code in shown.OUTCOMES} | {"": f"{listing}?day={day}"}
    return {
        "today": today,
        "stats": shown.outcome_stats(submissions, days, links),
        "bars": shown.outcome_bars(submissions, days),
        "keys": shown.OUTCOME_KEYS,
        "destinations": shown.destination_hops(deliveries),
        "stuck": sum(number for (_, _, state), number in deliveries.items() if state in {"stuck", "refused"}),
        "rows": lookups.rows(actor, SubmissionFilter(), SHOWN_ROWS),
        "columns": COLUMNS,
        "poll": "",
    }


def _certificates(facility: Facility, at: datetime) -> list[FacilityCertificate]:
    return sorted(facility.certificates.filter(valid__contains=at).defer("der"), key=lambda one: one.not_after)


def _todo(
    context: dict[str, object], held: Figures, certificates: list[FacilityCertificate], at: datetime
) -> list[Todo]:
    stats = {stat.tone: stat for stat in context["stats"]}  # type: ignore[attr-defined]
    found = []
    if rejected := stats["bad"].value:
        found.append(
            Todo(
                *("bad", "no", Text(f"{rejected} hồ sơ không được nhận.", f"Dossiers rejected today: {rejected}.")),
                Text("Mở từng hồ sơ để xem vì sao.", "Open each to see why."),
                Text(
                    "Sửa rồi gửi lại trong ngày, giữ nguyên mã hồ sơ.",
                    "Mend and send again today, under the same code.",
                ),
                Text("Xem hồ sơ", "See them"),
                stats["bad"].href,
            )
        )
    return [*found, *_held_todo(held), *_certificate_todo(certificates, at)]


def _referral_todo(found: Unanswered) -> list[Todo]:
    """Patients on their way, of whom nobody has said yet whether this facility takes them."""
    if not found.waiting:
        return []
    title = Text(f"{found.waiting} giấy chuyển đến chờ trả lời.", f"Referrals to answer: {found.waiting}.")
    late = Text(f"{found.late} giấy đã quá hạn trả lời.", f"Past their time: {found.late}.")
    note = Text("Nhận hoặc không nhận người bệnh; nơi chuyển đang chờ.", "Accept or decline; the senders are waiting.")
    act = Text("Mở danh sách", "Open the list")
    href = reverse("referrals")
    if found.late:
        return [Todo("bad", "route", title, late, note, act, f"{href}?state=open&late=1")]
    return [Todo("note", "route", title, note=note, act=act, href=f"{href}?state=open")]


def _held_todo(held: Figures) -> list[Todo]:
    """What the department has returned, then what it still holds."""
    own, see = reverse("held-own"), Text("Xem hồ sơ", "See them")
    returned = Text(f"Sở Y tế trả lại {held.returned} hồ sơ.", f"Dossiers returned by the department: {held.returned}.")
    mend = Text("Sửa theo lời nhắn rồi gửi lại cùng mã hồ sơ.", "Mend them and send again under the same code.")
    waiting = Text(f"Sở Y tế đang giữ {held.waiting} hồ sơ.", f"Dossiers held by the department: {held.waiting}.")
    wait = Text("Sở quyết định; không cần gửi lại.", "The department decides; nothing has to be sent again.")
    found = [
        (held.returned, Todo("bad", "fix", returned, note=mend, act=see, href=f"{own}?state=returned")),
        (held.waiting, Todo("hold", "hold", waiting, note=wait, act=see, href=own)),
    ]
    return [one for number, one in found if number]


def _certificate_todo(certificates: list[FacilityCertificate], at: datetime) -> list[Todo]:
    if not certificates:
        title = Text("Chưa có chứng thư số nào được gắn.", "No certificate is bound.")
        return [
            Todo("bad", "key", title, Text("Hồ sơ ký bây giờ sẽ không được nhận.", "Dossiers signed now are rejected."))
        ]
    last = max(certificates, key=lambda one: one.not_after)
    if last.not_after - at >= registry.WARN_BEFORE:
        return []
    left = formatting.deadline(vietnam_day(last.not_after), vietnam_day(at))
    title = Text(f"Chứng thư số của cơ sở {left.vi}.", f"The facility's certificate: {left.en}.")
    note = Text("Sau ngày đó hồ sơ mới sẽ không được nhận.", "After that day new dossiers are rejected.")
    return [Todo("note", "key", title, note=note)]
