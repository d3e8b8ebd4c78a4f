"""A facility's calendar of appointments, and one of them with what can be done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import Invalid
from ymach.base.text import Text
from ymach.exchange.appointments import actions, queries, rules
from ymach.exchange.appointments.errors import ActUnknown, AppointmentOver
from ymach.exchange.appointments.models import Appointment
from ymach.facilities.models import Facility
from ymach.web import formatting, lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_day
from ymach.web.faults import Faults
from ymach.web.parts import Fact, Stat
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.shown import calendar as calendar_shown
from ymach.web.shown.calendar import MONTH, STATE_WORDS, WEEK, Span, Visit
from ymach.web.templatetags.ymach import language

LIST = Text("Lịch hẹn khám lại", "Appointments")
HEADS = (
    *(Text("Ngày", "Day"), Text("Giờ", "Hour"), Text("Người bệnh", "Patient"), Text("Chẩn đoán", "Diagnosis")),
    *(Text("Trạng thái", "State"), Text("Số giấy hẹn", "Number of the slip")),
)
DONE = {
    "came": Text("Đã ghi: người bệnh đã đến.", "Written: the patient came."),
    "move": Text("Đã dời lịch hẹn.", "The appointment has been moved."),
    "cancel": Text("Đã hủy lịch hẹn.", "The appointment has been cancelled."),
}
_FIRST, _LAST = date(2000, 1, 1), date(2199, 1, 1)


@needs(Permission.RECORD_READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The month, or the week, in which the day of the address lies; today without one."""
    actor, today = actor_of_request(request), vietnam_day(now())
    span = _span(request.GET, today)
    days = span.days
    found = calendar_shown.visits(queries.between(actor, days[0], days[-1]), today)
    sheet = Sheet([*HEADS], lambda: _rows(found))
    return page_or_sheet(
        request, "pages/appointments/index.html", lambda: _calendar(actor, span, found, today), {"appointments": sheet}
    )


@needs(Permission.RECORD_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """One appointment: when, who, why, and what this account can do."""
    actor, at = actor_of_request(request), now()
    if request.method != "POST":
        return render(request, "pages/appointments/one.html", _context(appointment_id, actor, at))
    act, form = request.POST.get("do", ""), request.POST
    try:
        _do(act, form, appointment_id, actor, at)
    except (Invalid, AppointmentOver) as error:
        found, names = Faults(), {"reason": "why"} if act == "cancel" else None
        if act == "move":
            day = _day(form.get("on_day", ""))
            found.add(*actions.move_faults(on_day=day, reason=form.get("reason", ""), at=at))
        found.add(error, at=names)
        told = {"faults": found, "errors": found.errors, "typed": form, "tried": act}
        context = {**_context(appointment_id, actor, at), **told}
        return render(request, "pages/appointments/one.html", context, status=found.status)
    messages.success(request, DONE[act].to(language()))
    return redirect("appointment", appointment_id)


def _do(act: str, form: QueryDict, key: UUID, by: Actor, at: datetime) -> None:
    if act == "came":
        actions.came(appointment_id=key, by=by, at=at)
    elif act == "move":
        day = _day(form.get("on_day", ""))
        actions.move(appointment_id=key, on_day=day, reason=form.get("reason", ""), by=by, at=at)
    elif act == "cancel":
        actions.cancel(appointment_id=key, reason=form.get("why", ""), by=by, at=at)
    else:
        raise ActUnknown


def _span(query: QueryDict, today: date) -> Span:
    day = _day(query.get("at", "")) or today
    return Span(WEEK if query.get("view") == WEEK else MONTH, min(max(day, _FIRST), _LAST))


def _day(text: str) -> date | None:
    """A day as a browser's calendar writes it, or as people do; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return read_day(text.strip())


def _calendar(actor: Actor, span: Span, found: Sequence[Visit], today: date) -> dict[str, object]:
    return {
        "unit": lookups.unit_of(actor),
        "span": span,
        "days": calendar_shown.days_of(span, found, today),
        "weekdays": calendar_shown.WEEKDAYS,
        "is_empty": not found,
        "stats": _stats(found, span),
        "before": f"?view={span.view}&at={span.before.isoformat()}",
        "after": f"?view={span.view}&at={span.after.isoformat()}",
        "views": [
            (Text("Tháng", "Month"), f"?view={MONTH}&at={span.at.isoformat()}", span.view == MONTH),
            (Text("Tuần", "Week"), f"?view={WEEK}&at={span.at.isoformat()}", span.view == WEEK),
        ],
    }


def _stats(found: Sequence[Visit], span: Span) -> list[Stat]:
    inside = [one for one in found if span.view == WEEK or one.row.on_day.month == span.at.month]
    counted = Counter(one.state for one in inside)
    icons = {rules.PLANNED: "wait", rules.CAME: "ok", rules.MISSED: "no", rules.CANCELLED: "hold"}
    return [
        Stat(STATE_WORDS[state], counted[state], icon=icon, tone=calendar_shown.TONES[state] if counted[state] else "")
        for state, icon in icons.items()
    ]


def _rows(found: Iterable[Visit]) -> Iterable[Sequence[object]]:
    for one in found:
        row = one.row
        yield (row.on_day, row.at, one.person.name, one.why, one.word, row.number)


def _context(appointment_id: UUID, actor: Actor, at: datetime) -> dict[str, object]:
    row, today = queries.get_appointment(actor, appointment_id), vietnam_day(at)
    (visit,) = calendar_shown.visits([row], today)
    here = Facility(id=row.facility_id, province_code="")
    can_act = row.state == rules.PLANNED and may(actor, Permission.APPOINTMENT_MANAGE, facility=here)
    return {
        "row": row,
        "visit": visit,
        "badge": calendar_shown.BADGES[visit.state],
        "facts": _facts(row, visit),
        "can_act": can_act,
        "is_withheld": bool(row.compartment),
        "crumbs": [(LIST, f"{reverse('appointments')}?view={WEEK}&at={row.on_day.isoformat()}")],
        "typed": {},
    }


def _facts(row: Appointment, visit: Visit) -> list[Fact]:
    pairs: list[tuple[Text, object]] = [
        (Text("Ngày hẹn", "Day"), formatting.day(row.on_day)),
        (Text("Giờ", "Hour"), formatting.clock(row.at) if row.at else ""),
        (Text("Dời từ ngày", "Moved from"), formatting.day(row.moved_from) if row.moved_from else ""),
        (Text("Lý do dời, hủy", "Why it was moved or cancelled"), row.note),
        (Text("Chẩn đoán", "Diagnosis"), visit.why),
        (Text("Số giấy hẹn", "Number of the slip"), row.number),
        (Text("Đến khám lúc", "Came at"), formatting.moment(row.came_at) if row.came_at else ""),
        (
            Text("Đã nhắc người bệnh", "The patient was reminded"),
            Text("có", "yes") if row.reminded_for == row.on_day else Text("chưa", "not yet"),
        ),
    ]
    return [Fact(name, value if isinstance(value, Text) else str(value)) for name, value in pairs if value]
