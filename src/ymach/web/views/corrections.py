"""Corrections: what was answered again after the first receipt, the cancellation of a dossier, the signed answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission, may, require
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.base.errors import NotFound, YmachError
from ymach.base.history.models import HistoryEntry
from ymach.base.text import Text
from ymach.exchange import queries
from ymach.exchange.corrections import cancelling
from ymach.exchange.corrections.causes import Cause, words_of
from ymach.exchange.corrections.queries import (
    PAGE,
    amended_visible_to,
    cancellations_visible_to,
    head_of,
)
from ymach.exchange.models import AmendedReceipt, Cancellation, DossierHead, Reevaluation, Submission
from ymach.exchange.reevaluation.rules import thing_of
from ymach.facilities.models import Facility
from ymach.practitioners.models import Practitioner
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import query_of, read_moment, read_number
from ymach.web.parts import Column, Fact, Pages, Tab
from ymach.web.sheets import LIMIT, Cell, Sheet, page_or_sheet
from ymach.web.shown import corrections as corrected
from ymach.web.states import STATES
from ymach.web.templatetags.ymach import language
from ymach.web.words import destination_words

TITLE = Text("Hồ sơ sửa, hủy", "Corrected and cancelled dossiers")
COLUMNS = [
    Column(Text("Hồ sơ", "Dossier")),
    Column(Text("Kết quả nay", "Outcome now")),
    Column(Text("Vì sao", "Why")),
    Column(Text("Lúc", "At"), order="descending"),
]
CANCELLED_COLUMNS = [
    Column(Text("Hồ sơ", "Dossier")),
    Column(Text("Lý do", "Reason")),
    Column(Text("Lúc", "At"), order="descending"),
]
HEADS = (
    *(Text("Mã hồ sơ", "Dossiers"), Text("Mã cơ sở", "Facility code"), Text("Nguyên nhân", "Cause")),
    *(
        Text("Trước", "Before"),
        Text("Sau", "After"),
        Text("Vì sao", "Why"),
        Text("Lúc", "At"),
        Text("Mã biên nhận", "Receipt"),
    ),
)
CANCELLED_HEADS = (
    *(Text("Mã hồ sơ", "Dossier"), Text("Bản", "Version"), Text("Mã cơ sở", "Facility code")),
    *(Text("Lý do", "Reason"), Text("Lúc", "At"), Text("Mã biên nhận", "Receipt")),
)
CANCELLED = "cancelled"
DONE = Text(
    "Đã hủy hồ sơ {code}. Nơi chưa gửi đi không gửi nữa; biên nhận hủy ở dưới.",
    "Dossier {code} is cancelled. What was not delivered stays here; the receipt of the cancellation is below.",
)
CAUSES = (Cause.RE_EVALUATED, Cause.RELEASED, Cause.REJECTED)
_RECENT = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the address. cause: of the amendment, or "cancelled"; entry: one change of the registry."""

    cause: str = ""
    entry: int | None = None
    facility: str = ""
    before: datetime | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        cause, entry = query.get("cause", ""), query.get("entry", "")
        is_number = entry.isascii() and entry.isdigit() and len(entry) < 19
        return cls(
            cause=cause if cause in {*CAUSES, CANCELLED} else "",
            entry=int(entry) if is_number else None,
            facility=query.get("facility", "").strip().upper()[:5],
            before=read_moment(query.get("before", "")),
        )

    def address(self, **changes: str) -> str:
        values = {"cause": self.cause, "entry": str(self.entry or ""), "facility": self.facility, **changes}
        return query_of(values)


@dataclass(frozen=True, slots=True)
class Line:
    """One amended receipt with its dossiers."""

    one: AmendedReceipt
    codes: Sequence[str]
    change: Text
    cause: Text
    why: Text
    badge: str

    @property
    def code(self) -> str:
        return self.codes[0] if self.codes else str(self.one.submission_id)

    @property
    def others(self) -> int:
        return max(len(self.codes) - 1, 0)


@dataclass(frozen=True, slots=True)
class Correction:
    """One change of the registry, of whom or of which facility, and how many dossiers that the reader sees it touched."""

    entry: int
    thing: Text
    at: datetime
    days: str
    name: str
    address: str
    number: int
    href: str


@needs(Permission.SUBMISSION_SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What was amended or cancelled, the newest first, narrowed by the address."""
    actor, asked = actor_of_request(request), Asked.of(request.GET)
    if asked.cause == CANCELLED:
        sheet = Sheet(CANCELLED_HEADS, lambda: map(_cancelled_cells, _cancellations(actor, asked, LIMIT)))
        return page_or_sheet(
            request, "pages/corrections/cancelled.html", lambda: _cancelled_context(actor, asked), {"cancelled": sheet}
        )
    sheet = Sheet(HEADS, lambda: map(_cells, _lines(_amended(actor, asked, LIMIT))))
    return page_or_sheet(
        request, "pages/corrections/index.html", lambda: _context(actor, asked), {"corrections": sheet}
    )


@needs(Permission.SUBMISSION_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, submission_id: UUID, number: int) -> HttpResponse:
    """Ask for the reason, say what will happen, cancel. A refusal keeps what was typed."""
    actor = actor_of_request(request)
    submission = queries.get_submission(actor, submission_id)
    facility = Facility.objects.get(id=submission.facility_id)
    require(actor, Permission.SUBMISSION_SEND, facility=facility)
    head = _head(submission, number)
    reason, error = request.POST.get("reason", ""), None
    if request.method == "POST":
        try:
            _cancel(request, facility, head, actor, reason)
        except YmachError as refused:
            error = refused
        else:
            messages.success(request, DONE.format(code=head.code).to(language()))
            return HttpResponseRedirect(reverse("submission", args=[head.submission_id]))
    context = {
        "head": head,
        "submission": submission,
        "reason": reason,
        "error": error,
        "at_reason": error.text if error is not None and error.field == "reason" else "",
        "facts": _cancel_facts(head),
        "limit": cancelling.LONGEST_REASON,
        "crumbs": [
            (Text("Biên nhận", "Receipts"), reverse("submissions")),
            (head.code, reverse("submission", args=[submission.id])),
        ],
    }
    return render(request, "pages/corrections/cancel.html", context, status=error.status if error else 200)


@needs(Permission.SUBMISSION_SEE)
@require_safe
def amended_receipt(request: HttpRequest, submission_id: UUID, number: int) -> HttpResponse:
    """An amended receipt exactly as signed."""
    submission = queries.get_submission(actor_of_request(request), submission_id)
    found = queries.amendments_of(submission).filter(number=number).first()
    return _jws(found.jws if found else None, f"{submission_id}-{number}")


@needs(Permission.SUBMISSION_SEE)
@require_safe
def cancellation_receipt(request: HttpRequest, submission_id: UUID, cancellation_id: UUID) -> HttpResponse:
    """The receipt of a cancellation exactly as signed."""
    submission = queries.get_submission(actor_of_request(request), submission_id)
    found = queries.cancellations_of(submission).filter(id=cancellation_id).first()
    return _jws(found.jws if found else None, str(cancellation_id))


def _jws(token: str | None, name: str) -> HttpResponse:
    if token is None:
        raise NotFound
    answer = HttpResponse(token, content_type="application/jose")
    answer["Content-Disposition"] = f'attachment; filename="{name}.jws"'
    return answer


def _head(submission: Submission, number: int) -> DossierHead:
    """The head of one dossier of a submission. Raises NotFound."""
    if not 0 <= number < len(submission.dossier_codes):
        raise NotFound
    code = submission.dossier_codes[number]
    records = queries.records_of_submission(submission).filter(dossier_code=code)
    kind = "check-in" if records.filter(kind="check-in").exists() else "visit"
    return head_of(submission.facility_id, kind, code)


def _cancel(request: HttpRequest, facility: Facility, head: DossierHead, actor: Actor, reason: str) -> None:
    cancelling.cancel(
        facility=facility,
        code=head.code,
        kind=head.kind,
        reason=reason,
        seen=read_number(request.POST.get("seen", "")),
        by=actor,
        at=now(),
    )


def _cancel_facts(head: DossierHead) -> list[Fact]:
    submission = Submission.objects.get(facility_id=head.facility_id, id=head.submission_id)
    gone = [destination_words(one.destination) for one in queries.deliveries_of(submission) if one.state == "delivered"]
    nowhere = Text("chưa gửi đi đâu", "sent nowhere yet")
    where = Text(", ".join(one.vi for one in gone), ", ".join(one.en for one in gone)) if gone else nowhere
    return [
        Fact(Text("Mã hồ sơ", "Dossier"), head.code, is_code=True),
        Fact(Text("Bản đang có hiệu lực", "The version that holds"), str(head.version)),
        Fact(Text("Đã gửi tới", "Delivered to"), where),
    ]


def _context(actor: Actor, asked: Asked) -> dict[str, object]:
    rows = _amended(actor, asked, PAGE + 1)
    older = asked.address(before=rows[PAGE - 1].issued_at.isoformat()) if len(rows) > PAGE else ""
    return {
        "title": TITLE,
        "lines": _lines(rows[:PAGE]),
        "columns": COLUMNS,
        "tabs": _tabs(asked),
        "chips": _chips(asked),
        "pages": Pages(asked.address() if asked.before else "", older),
        "corrections": [] if asked.before else _corrections(actor, asked),
        "asked": asked,
        "shows_facility": not lookups.is_of_one_facility(actor),
    }


def _cancelled_context(actor: Actor, asked: Asked) -> dict[str, object]:
    rows = _cancellations(actor, asked, PAGE + 1)
    older = asked.address(before=rows[PAGE - 1].cancelled_at.isoformat()) if len(rows) > PAGE else ""
    return {
        "title": TITLE,
        "rows": rows[:PAGE],
        "columns": CANCELLED_COLUMNS,
        "tabs": _tabs(asked),
        "chips": _chips(asked),
        "pages": Pages(asked.address() if asked.before else "", older),
        "shows_facility": not lookups.is_of_one_facility(actor),
    }


def _amended(actor: Actor, asked: Asked, limit: int) -> list[AmendedReceipt]:
    rows = amended_visible_to(actor, cause=asked.cause)
    if asked.entry is not None:
        rows = rows.filter(entry_id=asked.entry)
    if asked.facility:
        rows = rows.filter(facility_code=asked.facility)
    if asked.before:
        rows = rows.filter(issued_at__lt=asked.before)
    return list(rows.defer("jws")[:limit])


def _cancellations(actor: Actor, asked: Asked, limit: int) -> list[Cancellation]:
    rows = cancellations_visible_to(actor)
    if asked.facility:
        rows = rows.filter(facility_code=asked.facility)
    if asked.before:
        rows = rows.filter(cancelled_at__lt=asked.before)
    return list(rows.defer("jws")[:limit])


def _lines(rows: Sequence[AmendedReceipt]) -> list[Line]:
    facilities, ids = {one.facility_id for one in rows}, [one.submission_id for one in rows]
    found = Submission.objects.filter(facility_id__in=facilities, id__in=ids).values_list("id", "dossier_codes")
    codes = dict(found)
    return [
        Line(
            one,
            codes.get(one.submission_id, []),
            corrected.outcome_change(one),
            words_of(one.cause),
            Text(one.vi, one.en),
            one.outcome_after,
        )
        for one in rows
    ]


def _corrections(actor: Actor, asked: Asked) -> list[Correction]:
    """The newest changes of the registry that touched something the reader sees, or the one that is asked for."""
    rows = amended_visible_to(actor, cause=Cause.RE_EVALUATED).exclude(entry_id=None)
    rows = rows.filter(entry_id=asked.entry) if asked.entry is not None else rows
    counts: dict[int, set[UUID]] = {}
    for key, submission in rows.values_list("entry_id", "submission_id")[:_RECENT]:
        counts.setdefault(key or 0, set()).add(submission)
    entries = {one.id: one for one in HistoryEntry.objects.filter(id__in=list(counts)[:5])}
    noted = {one.id: one for one in Reevaluation.objects.filter(id__in=entries)}
    subjects = _subjects([one.subject_id for one in noted.values()], may(actor, Permission.PRACTITIONER_SEE))
    return [
        _correction(entry, noted[key], subjects.get(noted[key].subject_id, ("", "")), len(counts[key]), asked)
        for key, entry in sorted(entries.items(), reverse=True)
        if key in noted
    ]


def _subjects(ids: Sequence[UUID], sees_people: bool) -> dict[UUID, tuple[str, str]]:
    """The name of each person or facility, and where its profile is read if the reader may."""
    people = Practitioner.objects.filter(pk__in=ids).values_list("pk", "full_name")
    found = {key: (name, reverse("practitioner", args=[key]) if sees_people else "") for key, name in people}
    for key, name, code in Facility.objects.filter(pk__in=ids).values_list("pk", "name", "code"):
        found[key] = (name, reverse("facility", args=[code]))
    return found


def _correction(
    entry: HistoryEntry, one: Reevaluation, subject: tuple[str, str], number: int, asked: Asked
) -> Correction:
    start, end = one.days.lower, one.days.upper
    days = f"{start:%d/%m/%Y} – {end:%d/%m/%Y}" if start and start.year > 1900 else f"… – {end:%d/%m/%Y}"
    href = "" if asked.entry else asked.address(entry=str(entry.id))
    return Correction(entry.id, thing_of(entry.table), entry.at, days, *subject, number, href)


def _tabs(asked: Asked) -> list[Tab]:
    tabs = [Tab(Text("Tất cả kết quả sửa", "All amendments"), asked.address(cause=""), not asked.cause)]
    tabs += [Tab(words_of(cause), asked.address(cause=cause), asked.cause == cause) for cause in CAUSES]
    cancelled = Text("Hồ sơ bị hủy", "Cancelled dossiers")
    return [*tabs, Tab(cancelled, asked.address(cause=CANCELLED, entry=""), asked.cause == CANCELLED)]


def _chips(asked: Asked) -> list[tuple[object, str]]:
    chips: list[tuple[object, str]] = []
    if asked.entry is not None:
        chips.append((Text("Một lần sửa sổ đăng ký", "One change of the registry"), asked.address(entry="")))
    if asked.facility:
        chips.append((Text(f"Cơ sở {asked.facility}", f"Facility {asked.facility}"), asked.address(facility="")))
    return chips


def _cells(line: Line) -> list[Cell]:
    one = line.one
    return [
        *("; ".join(line.codes), one.facility_code, line.cause, STATES[one.outcome_before].word),
        *(STATES[one.outcome_after].word, line.why, one.issued_at, one.submission_id),
    ]


def _cancelled_cells(one: Cancellation) -> list[Cell]:
    return [one.code, one.version, one.facility_code, one.reason, one.cancelled_at, one.submission_id]
