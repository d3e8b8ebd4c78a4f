"""Looking a patient up, the patient on one screen, one dossier of theirs, and opening in an emergency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import Invalid, NotFound, TooMany, YmachError
from ymach.base.text import Text
from ymach.consent.rules import KINDS, Purpose
from ymach.exchange.reading import emergencies, gate
from ymach.exchange.reading.asked import Asked as Question
from ymach.exchange.reading.asked import faults_of, read_asked
from ymach.exchange.reading.dossiers import Whose, read_dossier
from ymach.exchange.reading.emergencies import Terms
from ymach.exchange.reading.entries import Entry
from ymach.exchange.reading.errors import NobodyFound, ReadingRefused, RecordNotOpen
from ymach.exchange.reading.gate import Opened
from ymach.exchange.reading.handles import citizen_behind, handle_of
from ymach.exchange.reading.look_up import look_up, pace, persons_of
from ymach.facilities.queries import names_of
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import query_of, read_day, read_page
from ymach.web.faults import Faults
from ymach.web.parts import Alert, Column, numbered
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.shown import clinical
from ymach.web.shown import dossiers as dossier_shown
from ymach.web.shown import patients as shown
from ymach.web.templatetags.ymach import language
from ymach.web.words import record_words

PATIENTS = Text("Tìm người bệnh", "Find a patient")
ANY = Text("Tất cả", "All")
PAGE = 15
SUMMARY, RECORDS, DOSSIER = "summary", "records", "dossier"
HEADS = (Text("Ngày", "Day"), Text("Loại", "Kind"), Text("Nội dung", "Contents"), Text("Nơi", "Place"))
COLUMNS = [Column(head) for head in HEADS]
MEDICINES = [
    Column(Text("Thuốc", "Medicine")),
    Column(Text("Cách dùng", "How to take it")),
    Column(Text("Đến ngày", "Until")),
    Column(Text("Kê ở", "Prescribed at")),
]
MEDICINE_HEADS = [
    *(MEDICINES[0].label, Text("Hàm lượng", "Strength"), Text("Liều dùng", "Dosage"), MEDICINES[1].label),
    *(Text("Kê ngày", "Prescribed"), MEDICINES[2].label, MEDICINES[3].label),
]
RESULT_HEADS = (
    *(Text("Chỉ số", "Indicator"), Text("Kết quả", "Result"), Text("Đơn vị", "Unit"), Text("Lúc", "At")),
    Text("Nơi", "Place"),
)
EMERGENCY_KINDS = [
    ("", Text("Chọn tình huống", "Choose")),
    *((kind.value, words) for kind, words in emergencies.WORDS.items()),
]
FIELDS = ("number", "full_name", "birth", "kind", "reason")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the list of everything, as typed."""

    kind: str = ""
    place: str = ""
    q: str = ""
    since: str = ""
    until: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        kind = query.get("kind", "")
        return cls(
            kind=kind if kind in KINDS else "",
            place=query.get("place", "").strip().upper()[:5],
            q=query.get("q", "").strip()[:100],
            since=query.get("since", "").strip()[:10],
            until=query.get("until", "").strip()[:10],
            page=read_page(query.get("page", "")),
        )

    def address(self, **changes: object) -> str:
        """The query string with `changes`; the page is forgotten unless it is given."""
        values = {one.name: getattr(self, one.name) for one in fields(self)} | {"page": ""} | changes
        return f"{query_of(values)}#records"

    def chips(self) -> list[tuple[object, str]]:
        """What the list is narrowed to, each with the address without it."""
        said: dict[str, object] = {"place": self.place, "q": self.q, "since": self.since, "until": self.until}
        found: list[tuple[object, str]] = [(record_words(self.kind), self.address(kind=""))] if self.kind else []
        return [*found, *((words, self.address(**{name: ""})) for name, words in said.items() if words)]


@needs(Permission.RECORD_LOOKUP)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The form; asked, the patient's page, or one sentence for nobody and for nobody whom you may see."""
    actor = actor_of_request(request)
    if request.method != "POST":
        return _form(request, actor, {})
    typed = _typed(request)
    try:
        found = look_up(_asked(typed), by=actor, at=now())
    except (Invalid, NotFound, TooMany) as error:
        return _form(request, actor, typed, _faults(error, typed))
    return redirect("patient", found.handle)


@needs(Permission.RECORD_EMERGENCY)
@require_POST
def open_in_emergency(request: HttpRequest) -> HttpResponse:
    """Find the person and open in an emergency, in one step; what was typed stays when it is refused."""
    actor, at, typed = actor_of_request(request), now(), _typed(request)
    try:
        emergencies.check_said(kind=typed["kind"], reason=typed["reason"], by=actor, at=at)
        with pace(actor, at):
            people = persons_of(_asked(typed))
            if len(people) != 1:
                raise NobodyFound(field="number")
        handle = _open(people[0], typed, actor, at)
    except (Invalid, NotFound, TooMany) as error:
        return _form(request, actor, typed, _faults(error, typed, is_emergency=True), is_emergency=True)
    return redirect("patient", handle)


@needs(Permission.RECORD_LOOKUP)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, handle: str) -> HttpResponse:
    """The patient on one screen. By POST: open in an emergency what is not shown."""
    actor, at = actor_of_request(request), now()
    citizen_id = citizen_behind(handle, by=actor, at=at)
    faults = Faults()
    typed: Mapping[str, str] = {}
    if request.method == "POST":
        typed = _typed(request)
        try:
            return redirect("patient", _open(citizen_id, typed, actor, at))
        except Invalid as refused:
            faults = Faults(refused, *emergencies.faults_of(kind=typed["kind"], reason=typed["reason"]))
    try:
        opened = gate.read(citizen_id, purpose=Purpose.TREATMENT, part=SUMMARY, by=actor, at=at)
    except ReadingRefused as refused:
        return _refused(request, refused, actor, typed, faults)
    names = names_of({one.facility_id for one in opened.entries} | set(opened.decision.facilities or ()))
    sheets = _sheets(opened, names, Asked.of(request.GET), handle, vietnam_day(at))
    context = {"errors": faults.errors, "typed": typed}
    answer = page_or_sheet(
        request,
        "pages/patients/one.html",
        lambda: {**_context(request, opened, names, handle, actor), **context},
        sheets,
    )
    answer.status_code = faults.status if faults else answer.status_code
    return answer


@needs(Permission.RECORD_LOOKUP)
@require_safe
def record(request: HttpRequest, handle: str, record_id: UUID) -> HttpResponse:
    """One dossier of the patient, whole, under the same gate."""
    actor, at = actor_of_request(request), now()
    citizen_id = citizen_behind(handle, by=actor, at=at)
    reader = gate.reader_of(actor, Purpose.TREATMENT)
    seen = gate.consider(citizen_id, reader=reader, purpose=Purpose.TREATMENT, at=at)
    entry = next((one for one in seen.entries if one.id == record_id), None)
    if entry is None:
        raise RecordNotOpen
    whose = Whose(entry.facility_id, entry.submission_id, entry.dossier_code, entry.compartment)
    read = read_dossier(whose, citizen_id=citizen_id, purpose=Purpose.TREATMENT, part=DOSSIER, by=actor, at=at)
    names = names_of({entry.facility_id, *(read.opened.decision.facilities or ())})
    crumbs = [(PATIENTS, reverse("patients")), (Text("Người bệnh", "Patient"), reverse("patient", args=[handle]))]
    shared: dict[str, object] = {
        "crumbs": crumbs,
        "basis": shown.basis_of(read.opened, names),
        "law": shown.law_of(read.opened.decision),
        "until": shown.emergency_of(read.opened),
        "place": names.get(entry.facility_id, entry.facility_code),
    }
    if read.dossier is None:
        return render(request, "pages/patients/record.html", {**shared, "is_withheld": True})
    seen_first = clinical.known_allergies(read.opened.summary.allergies)
    of_dossier = dossier_shown.context_of(read.dossier)
    context = {**of_dossier, **shared, "alerts": [*seen_first, *cast("list[Alert]", of_dossier["alerts"])]}
    return page_or_sheet(request, "pages/patients/record.html", lambda: context, dossier_shown.sheets(read.dossier))


def terms() -> Terms:
    """How long an emergency opens and when it must be reviewed, as the operator has set it."""
    here = settings.ENVIRONMENT
    return Terms(timedelta(hours=here.emergency_hours), timedelta(hours=here.emergency_review_hours))


def _asked(typed: Mapping[str, str]) -> Question:
    return read_asked(number=typed["number"], full_name=typed["full_name"], birth=typed["birth"])


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").replace("\x00", "")[:1000] for name in FIELDS}


def _faults(error: YmachError, typed: Mapping[str, str], *, is_emergency: bool = False) -> Faults:
    """The error, and whatever else is wrong with the form when it is that."""
    found = Faults(error)
    if isinstance(error, Invalid):
        if is_emergency:
            found.add(*emergencies.faults_of(kind=typed["kind"], reason=typed["reason"]))
        found.add(*faults_of(**{name: typed[name] for name in ("number", "full_name", "birth")}))
    return found


def _open(citizen_id: UUID, typed: Mapping[str, str], actor: Actor, at: datetime) -> str:
    emergencies.open_emergency(
        citizen_id=citizen_id, kind=typed["kind"], reason=typed["reason"], terms=terms(), by=actor, at=at
    )
    return handle_of(citizen_id, by=actor, at=at)


def _form(
    request: HttpRequest,
    actor: Actor,
    typed: Mapping[str, str],
    faults: Faults | None = None,
    *,
    is_emergency: bool = False,
) -> HttpResponse:
    error = faults.found[0] if faults else None
    nobody = isinstance(error, NobodyFound)
    context = {
        "typed": typed,
        "error": error,
        "errors": faults.errors if faults and not nobody else {},
        "is_nobody": nobody,
        "is_emergency": is_emergency,
        "may_open": may(actor, Permission.RECORD_EMERGENCY),
        "hours": settings.ENVIRONMENT.emergency_hours,
        "kinds": EMERGENCY_KINDS,
    }
    # Nobody found is no failure of the address: 422 would say the same of the form as an unreadable number.
    return render(request, "pages/patients/find.html", context, status=error.status if error and not nobody else 200)


def _refused(
    request: HttpRequest, refused: ReadingRefused, actor: Actor, typed: Mapping[str, str], faults: Faults
) -> HttpResponse:
    context = {
        "why": refused.text,
        "may_open": may(actor, Permission.RECORD_EMERGENCY),
        "hours": settings.ENVIRONMENT.emergency_hours,
        "kinds": EMERGENCY_KINDS,
        "typed": typed,
        "errors": faults.errors,
        "crumbs": [(PATIENTS, reverse("patients"))],
    }
    return render(request, "pages/patients/refused.html", context, status=faults.status if faults else refused.status)


def _context(
    request: HttpRequest, opened: Opened, names: Mapping[UUID, str], handle: str, actor: Actor
) -> dict[str, object]:
    summary, today, asked = opened.summary, vietnam_day(opened.at), Asked.of(request.GET)
    may_open = opened.is_partial and may(actor, Permission.RECORD_EMERGENCY)
    found = _narrowed(summary.entries, asked, names)
    start = (asked.page - 1) * PAGE
    return {
        "crumbs": [(PATIENTS, reverse("patients"))],
        "head": shown.head_of(opened.citizen_ids, opened.citizen_id, on=today),
        "alerts": shown.alerts(summary),
        "basis": shown.basis_of(opened, names),
        "law": shown.law_of(opened.decision),
        "until": shown.emergency_of(opened),
        "is_partial": opened.is_partial,
        "may_open": may_open,
        "opens": "emergency" if may_open else "",
        "hours": settings.ENVIRONMENT.emergency_hours,
        "kinds": EMERGENCY_KINDS,
        "problems": shown.problems(summary, on=today),
        "trends": shown.trends(summary, language()),
        "medicines": shown.medicines(summary.medicines_now, names, on=today),
        "medicine_columns": MEDICINES,
        "before": len(summary.medicines_before),
        "visits": shown.visits(summary, names, handle),
        "moves": shown.moves(summary, names, handle, on=today),
        "book": shown.book(summary),
        "asked": asked,
        "here": reverse("patient", args=[handle]),
        "clear": f"{reverse('patient', args=[handle])}#records" if asked.chips() else "",
        "chips": asked.chips(),
        "columns": COLUMNS,
        "count": len(found),
        "lines": shown.record_lines(found[start : start + PAGE], names, handle),
        "record_kinds": [
            ("", ANY),
            *((kind, record_words(kind)) for kind in sorted({e.kind for e in summary.entries})),
        ],
        "places": [("", ANY), *_places(summary.entries, names)],
        "pages": numbered(asked.page, len(found), PAGE, lambda page: asked.address(page=page)),
    }


def _places(entries: Iterable[Entry], names: Mapping[UUID, str]) -> list[tuple[str, str]]:
    found = {one.facility_code: names.get(one.facility_id, one.facility_code) for one in entries}
    return sorted(found.items(), key=lambda one: one[1])


def _narrowed(entries: Iterable[Entry], asked: Asked, names: Mapping[UUID, str]) -> list[Entry]:
    since, until = read_day(asked.since), read_day(asked.until)
    return [one for one in entries if _is_asked(one, asked, since, until, names)]


def _is_asked(one: Entry, asked: Asked, since: date | None, until: date | None, names: Mapping[UUID, str]) -> bool:
    day = vietnam_day(one.happened_at)
    if (asked.kind and one.kind != asked.kind) or (asked.place and one.facility_code != asked.place):
        return False
    if (since and day < since) or (until and day > until):
        return False
    return not asked.q or shown.matches(one, asked.q, names.get(one.facility_id, ""))


def _sheets(opened: Opened, names: Mapping[UUID, str], asked: Asked, handle: str, today: date) -> dict[str, Sheet]:
    summary = opened.summary

    def records() -> Iterable[Sequence[object]]:
        for line in shown.record_lines(_narrowed(summary.entries, asked, names)[:LIMIT], names, handle):
            yield (line.entry.happened_at, line.kind, line.text, line.place)

    def medicines() -> Iterable[Sequence[object]]:
        for line in shown.medicines([*summary.medicines_now, *summary.medicines_before], names, on=today):
            one = line.medicine
            yield (one.name, one.strength, one.dosage, one.instructions, one.prescribed_at, one.until, line.place)

    return {
        "records": Sheet(HEADS, records),
        "medicines": Sheet(MEDICINE_HEADS, medicines),
        "results": Sheet(RESULT_HEADS, lambda: shown.result_rows(summary, names)),
    }
