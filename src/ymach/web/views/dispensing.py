"""Dispensing at the counter: scan or type a code, see what may be handed over, hand it over; take it back the same day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, start_of_day, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.ids import new_id
from ymach.base.text import Text
from ymach.exchange.prescriptions import access, actions, errors, queries
from ymach.exchange.prescriptions.queries import Filled, Sight
from ymach.exchange.prescriptions.rules import Part, Whose, read_quantity
from ymach.facilities.models import Facility
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.parts import Column
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.shown import prescriptions as shown
from ymach.web.shown.prescriptions import facts_of
from ymach.web.templatetags.ymach import language

_LINE = re.compile("[0-9]{1,4}")
DONE = Text("Đã ghi lần bán theo đơn {code}.", "The dispensing on {code} is recorded.")
UNDONE = Text("Đã hoàn lần bán theo đơn {code}.", "The dispensing on {code} is undone.")
DISPENSING = Text("Bán thuốc theo đơn", "Dispense prescriptions")
COLUMNS = [
    Column(Text("Mã đơn", "Code")),
    Column(Text("Bán lúc", "At"), order="descending"),
    Column(Text("Đã bán", "Handed over")),
    Column(Text("Dược sỹ", "Pharmacist")),
]
HEADS = [
    *(column.label for column in COLUMNS),
    Text("Hóa đơn", "Invoice"),
    Text("Hoàn lúc", "Undone"),
    Text("Lý do", "Why"),
]


@dataclass(slots=True)
class Desk:
    """The page of one pharmacy as it stands. typed: what the form said. errors: by field."""

    actor: Actor
    at: datetime
    pharmacy: Facility
    code: str = ""
    key: str = field(default_factory=lambda: str(new_id()))
    typed: Mapping[str, str] = field(default_factory=dict)
    seen: Sight | None = None
    errors: dict[str, Text] = field(default_factory=dict)
    trouble: Text | None = None

    def explain(self, error: YmachError) -> None:
        """Beside the field it belongs to, or above the form."""
        if error.field == "code" or (error.field or "").startswith("quantity-") or error.field == "pharmacist":
            self.errors[str(error.field)] = error.text
        else:
            self.trouble = error.text


@needs(Permission.PRESCRIPTION_DISPENSE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The code, then the lines, then what was handed over today."""
    actor, at = actor_of_request(request), now()
    desk = Desk(actor, at, access.pharmacy_of(actor, at))
    given = request.POST if request.method == "POST" else request.GET
    desk.code = read_code(given.get("code", ""))
    if request.method != "POST":
        return _page(request, desk)
    desk.typed = {name: str(value)[:200] for name, value in request.POST.items()}
    if desk.typed.get("do") == "dispense":
        return _dispense(request, desk)
    _look(desk)
    return _page(request, desk, 422 if desk.errors or desk.trouble else 200)


@needs(Permission.PRESCRIPTION_DISPENSE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, code: str, dispensing_id: UUID) -> HttpResponse:
    """One dispensing of this pharmacy; on its own day it can be taken back, with the reason."""
    actor, at = actor_of_request(request), now()
    prescription, filled = queries.dispensed_by(actor, code, dispensing_id, at=at)
    error: YmachError | None = None
    if request.method == "POST":
        reason = request.POST.get("reason", "")[:1000]
        try:
            actions.undo(code=code, dispensing_id=dispensing_id, reason=reason, by=actor, at=at)
        except YmachError as refused:
            error = refused
        else:
            messages.success(request, UNDONE.format(code=prescription.code).to(language()))
            return redirect("dispensing")
    done = filled.dispensing
    context = {
        "one": prescription,
        "done": done,
        "parts": shown.parts_words(filled, shown.names_of(prescription)),
        "patient": prescription.body["patient"]["name"],
        "can_undo": done.undone_at is None and vietnam_day(done.dispensed_at) == vietnam_day(at),
        "error": error.text if error else "",
        "reason": request.POST.get("reason", ""),
        "crumbs": [(DISPENSING, reverse("dispensing"))],
    }
    return render(request, "pages/prescriptions/dispensing.html", context, status=error.status if error else 200)


def read_code(text: str) -> str:
    """A code as typed, or out of what a QR code says: the address of this page with the code in it."""
    tidy = text.replace("\x00", "").strip()[:300]
    if "://" not in tidy:
        return tidy[:40]
    return parse_qs(urlsplit(tidy).query).get("code", [""])[0][:40]


def _look(desk: Desk) -> None:
    try:
        desk.seen = queries.look_up(desk.code, by=desk.actor, at=desk.at)
    except YmachError as error:
        desk.explain(error)


def _dispense(request: HttpRequest, desk: Desk) -> HttpResponse:
    desk.key = desk.typed.get("key", "") or desk.key
    try:
        actions.dispense(
            code=desk.code,
            lines=_parts(desk.typed),
            pharmacist=desk.typed.get("pharmacist", ""),
            invoice=desk.typed.get("invoice", ""),
            key=desk.key,
            by=desk.actor,
            at=desk.at,
        )
    except YmachError as error:
        if isinstance(error, errors.KeyUsed):
            desk.key = str(new_id())
        _look(desk)
        desk.explain(error)
        return _page(request, desk, error.status)
    messages.success(request, DONE.format(code=desk.code.lower()).to(language()))
    return redirect("dispensing")


def _parts(typed: Mapping[str, str]) -> list[Part]:
    """The lines with a quantity; blank or 0 is none. Raises QuantityWrong."""
    found = []
    for name, text in typed.items():
        number = name.removeprefix("quantity-")
        if name == number or not _LINE.fullmatch(number) or not text.strip():
            continue
        quantity = read_quantity(text)
        if quantity is None:
            raise errors.QuantityWrong(field=name, line=int(number))
        if quantity:
            found.append(Part(int(number), quantity, typed.get(f"batch-{number}", "")))
    return found


def _page(request: HttpRequest, desk: Desk, status: int = 200) -> HttpResponse:
    start = start_of_day(vietnam_day(desk.at))
    today = queries.handed_over(desk.actor, since=start, at=desk.at)
    names = queries.names_of({one.dispensing.code for one in today})
    people = lookups.holder_names(one.dispensing.pharmacist for one in today)
    rows = [
        (done := one.dispensing, shown.parts_words(one, names.get(done.code, {})), people.get(done.pharmacist, ""))
        for one in today
    ]
    sheet = Sheet(HEADS, lambda: (_cells(one, parts) for one, (_, parts, _) in zip(today, rows, strict=True)))
    answer = page_or_sheet(
        request, "pages/prescriptions/counter.html", lambda: {**_context(desk), "today": rows}, {"dispensings": sheet}
    )
    answer.status_code = status
    return answer


def _cells(one: Filled, parts: list[str]) -> list[object]:
    done = one.dispensing
    said = "; ".join(parts)
    return [done.code, done.dispensed_at, said, done.pharmacist, done.invoice, done.undone_at, done.undone_why]


def _context(desk: Desk) -> dict[str, object]:
    context: dict[str, object] = {
        "desk": desk,
        "pharmacy": desk.pharmacy,
        "is_dispenser": access.dispenses(desk.pharmacy, desk.at) is not Whose.NONE,
        "columns": COLUMNS,
        "code_error": desk.errors.get("code", ""),
    }
    if desk.seen is None:
        return context
    pharmacists = access.pharmacists_at(desk.pharmacy, desk.at)
    choices = [(number, f"{name}, {number}") for number, name in pharmacists]
    one = desk.seen.prescription
    return {
        **context,
        "one": one,
        "kind": shown.KINDS[one.kind],
        "state": shown.STATES[desk.seen.state],
        "facts": facts_of(one),
        "earlier": [
            part for old, filled in desk.seen.earlier for part in shown.parts_words(filled, shown.names_of(old))
        ],
        "lines": _lines(desk, desk.seen),
        "pharmacists": [("", Text("Chọn dược sỹ", "Choose")), *choices] if len(choices) > 1 else choices,
        "pharmacist": desk.typed.get("pharmacist", ""),
        "pharmacist_error": desk.errors.get("pharmacist", ""),
        "invoice": desk.typed.get("invoice", ""),
    }


def _lines(desk: Desk, seen: Sight) -> list[shown.Row]:
    """The rows of the form: what is left stands in them until somebody types something else."""
    rows, is_typed = [], desk.typed.get("do") == "dispense"
    for row in shown.rows_of(seen):
        name, batch = f"quantity-{row.line.number}", f"batch-{row.line.number}"
        typed = desk.typed.get(name, "") if is_typed else row.left
        filled = replace(row, field=name, batch_field=batch, typed=typed, batch=desk.typed.get(batch, ""))
        rows.append(replace(filled, error=desk.errors.get(name, "")))
    return rows
