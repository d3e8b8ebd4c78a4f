"""Submissions and their receipts: the list, and one opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.exchange import queries
from ymach.exchange.deliveries.actions import replay
from ymach.exchange.deliveries.queries import OPEN, get_delivery
from ymach.exchange.deliveries.rules import BY_HAND
from ymach.exchange.findings import by_code
from ymach.exchange.held.queries import items_of_submission
from ymach.exchange.models import Delivery, Submission
from ymach.exchange.operations.queries import away_now
from ymach.facilities.models import Facility
from ymach.web import lookups
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import WRONG_DAY, Asked, read_id
from ymach.web.parts import Column, Pages, Tab, Todo
from ymach.web.sheets import LIMIT, Cell, Sheet, page_or_sheet
from ymach.web.shown import corrections as corrected
from ymach.web.shown import held as held_shown
from ymach.web.shown import status as operating
from ymach.web.shown import submissions as shown
from ymach.web.shown.submissions import COLUMNS
from ymach.web.states import STATES

RECORD_COLUMNS = [
    Column(Text("Bản ghi", "Record")),
    Column(Text("Kết quả", "Outcome")),
    Column(Text("Lưu ý", "Findings"), is_number=True),
]
HEADS = [
    Text("Mã biên nhận", "Receipt number"),
    Text("Mã hồ sơ", "Dossiers"),
    Text("Mã cơ sở", "Facility code"),
    Text("Cơ sở", "Facility"),
    Text("Nhận lúc", "Received"),
    Text("Kết quả", "Outcome"),
    Text("Mã lưu ý", "Findings"),
    Text("Điều cần biết", "What to know"),
    Text("Đã giao", "Delivered"),
    Text("Số nơi nhận", "Destinations"),
]


TROUBLE_HEADS = [
    *(Text("Mã", "Code"), Text("Điều tìm thấy", "What was found"), Text("Cách sửa", "What to do")),
    *(Text("Bảng", "Table"), Text("Dòng", "Row"), Text("Trường", "Field"), Text("Căn cứ", "Source")),
]


@needs(Permission.SUBMISSION_SEE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The submissions an account may see, the newest first, narrowed by the address."""
    actor, asked = actor_of_request(request), Asked.of(request.GET)
    if (number := read_id(asked.q)) is not None:
        return HttpResponseRedirect(reverse("submission", args=[number]))
    facility = lookups.facility_of(actor, asked.facility) if asked.facility else None
    if facility is not None:
        actor = lookups.at_facility(actor, facility)
    if request.headers.get("HX-Request"):
        return render(request, "fragments/submission_rows.html", _rows(actor, asked))
    sheet = Sheet(HEADS, lambda: map(_cells, lookups.rows(actor, asked.filter(), LIMIT)))
    return page_or_sheet(
        request, "pages/submissions.html", lambda: _context(actor, asked, facility), {"submissions": sheet}
    )


def _rows(actor: Actor, asked: Asked) -> dict[str, object]:
    found = lookups.rows(actor, asked.filter(), queries.PAGE + 1)
    page = found[: queries.PAGE]
    older = asked.address(before=page[-1].submission.received_at.isoformat()) if len(found) > len(page) else ""
    return {
        "rows": page,
        "columns": columns_for(actor),
        "pages": Pages(asked.address() if asked.before else "", older),
        "poll": "" if asked.before else reverse("submissions") + asked.address(),
    }


def _context(actor: Actor, asked: Asked, facility: Facility | None) -> dict[str, object]:
    return {
        **_rows(actor, asked),
        "asked": asked,
        "facility": facility,
        "tabs": _tabs(actor, asked),
        "chips": _chips(asked),
        "day_error": WRONG_DAY if asked.day and not asked.on else "",
    }


def columns_for(actor: Actor) -> list[Column]:
    """The heads of a list of submissions: with the facility for those who see several."""
    if lookups.is_of_one_facility(actor):
        return COLUMNS
    return [COLUMNS[0], Column(Text("Cơ sở", "Facility")), *COLUMNS[1:]]


def _cells(row: shown.Row) -> list[Cell]:
    one = row.submission
    return [
        *(one.id, "; ".join(one.dossier_codes), one.facility_code, row.facility, one.received_at),
        *(row.word, "; ".join(one.finding_codes), row.sentence, row.delivered, row.destinations),
    ]


@needs(Permission.SUBMISSION_SEE)
@require_safe
def one(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """One submission: its receipt, its findings, its records, where it went."""
    actor = actor_of_request(request)
    submission = queries.get_submission(actor, submission_id)
    claims = queries.claims(submission)
    listing, sender = reverse("submissions"), _sender_address(actor, submission)
    deliveries = list(queries.deliveries_of(submission))
    cancelled = list(queries.cancellations_of(submission))
    context = {
        "submission": submission,
        "title": Text("Biên nhận không nhận hồ sơ", "Receipt of a refusal")
        if not submission.dossier_codes
        else _title(submission.dossier_codes),
        "troubles": shown.troubles(claims, listing),
        "versions": shown.catalogue_versions(claims, lookups.list_names(claims.get("catalogue_versions") or {})),
        "records": shown.records(claims, cancelled),
        "hops": shown.hops(submission, deliveries, cancelled),
        "outages": _outages(deliveries),
        "may_send_again": may(actor, Permission.DELIVERY_REPLAY) and any(one.state in BY_HAND for one in deliveries),
        "facts": shown.receipt_facts(
            {**claims, "jti": submission.id}, sender, lookups.sender_name(actor, submission) if sender else ""
        ),
        "dossiers": list(enumerate(submission.dossier_codes)) if submission.outcome != "rejected" else [],
        "crumbs": [(Text("Biên nhận", "Receipts"), listing)],
        "record_columns": RECORD_COLUMNS,
        "may_read": may(actor, Permission.RECORD_READ),
        "later": corrected.later(submission, cancelled),
        "is_cancelled": 0 < len(submission.dossier_codes) <= len(cancelled),
        "cancelled": cancelled,
        "may_cancel": corrected.may_cancel(actor, submission),
        "is_moving": submission.outcome in {"accepted", "accepted_with_findings"},
        "held": held_shown.lines(items_of_submission(submission), today=vietnam_day(now()), is_asked=False),
        "may_decide": may(actor, Permission.HELD_DECIDE),
    }
    if request.headers.get("HX-Request"):
        return render(request, "fragments/deliveries.html", context)
    sheet = Sheet(TROUBLE_HEADS, lambda: (_trouble_cells(one) for one in shown.findings_of(claims)))
    return page_or_sheet(request, "pages/submission.html", lambda: context, {"findings": sheet})


@needs(Permission.DELIVERY_REPLAY)
@require_POST
def send_again(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Send a submission again to every destination where it is stuck or refused; with the reason."""
    actor = actor_of_request(request)
    submission = queries.get_submission(actor, submission_id)
    for waiting in queries.deliveries_of(submission).filter(state__in=BY_HAND):
        delivery = get_delivery(actor, waiting.id, Permission.DELIVERY_REPLAY)
        replay(delivery, by=actor, at=now(), reason=request.POST.get("reason", ""))
    return HttpResponseRedirect(reverse("submission", args=[submission_id]))


def _outages(deliveries: Sequence[Delivery]) -> list[Todo]:
    """Which partners that still have to get it are away."""
    waiting = {one.destination for one in deliveries if one.state in OPEN}
    if not waiting:
        return []
    away = {name: since for name, since in away_now().items() if name in waiting}
    return operating.outages(away, now())


def _sender_address(actor: Actor, submission: Submission) -> str:
    sees = may(actor, Permission.FACILITY_SEE)
    return reverse("facility", args=[submission.facility_code]) if sees else ""


def _trouble_cells(finding: Mapping[str, object]) -> list[Cell]:
    one = shown.trouble(finding)
    return [one.code, one.text, one.do, *(finding.get(key) for key in ("table", "row", "field")), one.source]


@needs(Permission.SUBMISSION_SEE)
@require_safe
def receipt(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The receipt exactly as given: a JWS that anybody can verify."""
    submission = queries.get_submission(actor_of_request(request), submission_id)
    answer = HttpResponse(queries.receipt_of(submission), content_type="application/jose")
    answer["Content-Disposition"] = f'attachment; filename="{submission.id}.jws"'
    return answer


def _tabs(actor: Actor, asked: Asked) -> list[Tab]:
    day = asked.on
    counts = queries.counts(actor, days=[day], subject="submission") if day else {}
    tabs = [Tab(Text("Tất cả", "All"), asked.address(outcome=""), not asked.outcome, _count(counts, day, ""))]
    for code in shown.OUTCOMES:
        word, tone = STATES[code].word, "bad" if code == "rejected" else ""
        tabs.append(Tab(word, asked.address(outcome=code), asked.outcome == code, _count(counts, day, code), tone))
    return tabs


def _count(counts: shown.Counts, day: date | None, outcome: str) -> int | None:
    if day is None:
        return None
    return sum(number for (_, _, state), number in counts.items() if not outcome or state == outcome)


def _chips(asked: Asked) -> list[tuple[object, str]]:
    chips: list[tuple[object, str]] = []
    if asked.facility:
        chips.append((Text(f"Cơ sở {asked.facility}", f"Facility {asked.facility}"), asked.address(facility="")))
    if asked.q:
        chips.append((asked.q, asked.address(q="")))
    if asked.on:
        chips.append((asked.day, asked.address(day="")))
    if asked.finding:
        kind = by_code().get(asked.finding)
        chips.append((kind.code if kind else asked.finding, asked.address(finding="")))
    return chips


def _title(codes: list[str]) -> Text:
    if len(codes) == 1:
        return Text(f"Biên nhận của hồ sơ {codes[0]}", f"Receipt of dossier {codes[0]}")
    return Text(f"Biên nhận của {len(codes)} hồ sơ", f"Receipt of {len(codes)} dossiers")
