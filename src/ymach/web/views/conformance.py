"""Conformance runs on a page: open one, see each case come out, take the signed report; anybody verifies a report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.clock import now
from ymach.base.errors import NotFound, YmachError
from ymach.base.text import Text
from ymach.exchange.conformance import actions, queries
from ymach.exchange.conformance.cases import GROUPS, OPTIONAL, Case, cases
from ymach.exchange.conformance.errors import ReportRefused, RunNotFound
from ymach.exchange.conformance.models import ConformanceRun
from ymach.exchange.conformance.proof import verify_report
from ymach.exchange.conformance.rules import Verdict, is_open, verdict_of_group
from ymach.exchange.conformance.words import expected_of, task_of
from ymach.exchange.platform import issuer, platform_key
from ymach.facilities.models import Facility
from ymach.synth.golden.facility import offered_to, packed_kit
from ymach.trust.platform import jwks
from ymach.web import formatting, lookups
from ymach.web.access import actor_of_request, needs, public
from ymach.web.parts import Column, Fact, Stat, Tab
from ymach.web.sheets import Cell, Sheet, page_or_sheet
from ymach.web.shown.findings import named
from ymach.web.states import STATES
from ymach.web.templatetags.ymach import language

VERDICTS = {
    Verdict.PASSED: ("accepted", Text("Đạt", "Passed")),
    Verdict.FAILED: ("rejected", Text("Chưa đạt", "Failed")),
    Verdict.NOT_TRIED: ("waiting", Text("Chưa gửi", "Not tried")),
}
COLUMNS = [
    Column(Text("Trường hợp", "Case")),
    Column(Text("Kết quả", "Verdict")),
    Column(Text("Phải ra", "Must come out")),
    Column(Text("Đã ra", "Came out")),
    Column(Text("Lần gửi", "Tries"), is_number=True),
]
GROUP_COLUMNS = [
    Column(Text("Nhóm", "Group")),
    Column(Text("Kết quả", "Verdict")),
    Column(Text("Số đạt", "Passed"), is_number=True),
]
HEADS = [
    *(Text("Nhóm", "Group"), Text("Trường hợp", "Case"), Text("Việc phải làm", "To do"), Text("Kết quả", "Verdict")),
    *(Text("Phải ra", "Must come out"), Text("Đã ra", "Came out"), Text("Mã tìm thấy", "Findings")),
]
TABS = (
    ("", Text("Theo nhóm", "By group")),
    (Verdict.FAILED.value, Text("Chưa đạt", "Failed")),
    (Verdict.NOT_TRIED.value, Text("Chưa gửi", "Not tried")),
    (Verdict.PASSED.value, Text("Đạt", "Passed")),
)
NO_WORD = Text("—", "—")


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a run as its readers see it. state, word: the badge of its verdict; came: what came out, if anything."""

    case: Case
    told: dict[str, Any]

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.told["verdict"])

    @property
    def state(self) -> str:
        return VERDICTS[self.verdict][0]

    @property
    def word(self) -> Text:
        return VERDICTS[self.verdict][1]

    @property
    def task(self) -> Text:
        return task_of(self.case)

    @property
    def must(self) -> Text:
        return STATES[self.case.outcome].word

    @property
    def why(self) -> Text:
        return named(expected_of(self.case))

    @property
    def came(self) -> Text:
        outcome = self.told.get("outcome")
        return STATES[outcome].word if outcome else NO_WORD

    @property
    def found(self) -> str:
        return ", ".join(self.told.get("findings", ()))


@dataclass(frozen=True, slots=True)
class Group:
    """The cases of one group. is_here: it is the one that is shown."""

    name: str
    lines: tuple[Line, ...]
    is_here: bool = False

    @property
    def verdict(self) -> Verdict:
        return verdict_of_group(line.verdict for line in self.lines)

    @property
    def state(self) -> str:
        return VERDICTS[self.verdict][0]

    @property
    def word(self) -> Text:
        return VERDICTS[self.verdict][1]

    @property
    def passed(self) -> int:
        return sum(line.verdict is Verdict.PASSED for line in self.lines)

    @property
    def title(self) -> Text:
        words = GROUPS.get(self.name, Text("Các trường hợp", "Cases"))
        return Text(f"{words.vi} (tùy chọn)", f"{words.en} (optional)") if self.name in OPTIONAL else words


@needs(Permission.SUBMISSION_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The facility's runs, and the form that opens another."""
    facility, error = _facility(request), None
    if request.method == "POST":
        try:
            return redirect("conformance-run", _opened(request, facility).id)
        except YmachError as refused:
            error = refused
    runs = [(run, _state(run)) for run in queries.runs_of(facility.id)]
    context = {
        "runs": runs,
        "software": request.POST.get("software", "")[: actions.LONGEST_SOFTWARE],
        "error": error.text if error else None,
        "count": len(cases()),
        "longest": actions.LONGEST_SOFTWARE,
    }
    return render(request, "pages/conformance/index.html", context, status=error.status if error else 200)


@needs(Permission.SUBMISSION_SEND)
@require_safe
def one(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """A run, case by case. While it is open its live part is asked for again every five seconds."""
    at, run = now(), queries.get_run(_facility(request).id, run_id)
    context = _shown(run, at, request.GET.get("verdict", ""), request.GET.get("group", ""))
    template = "live" if request.headers.get("HX-Request") else "run"
    sheet = Sheet(HEADS, lambda: (_cells(line) for line in context["lines"]))
    return page_or_sheet(request, f"pages/conformance/{template}.html", lambda: context, {"cases": sheet})


@needs(Permission.SUBMISSION_SEND)
@require_safe
def kit(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The unsigned files of an open run."""
    run = queries.get_run(_facility(request).id, run_id)
    answer = HttpResponse(packed_kit(run), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="ymach-conformance-{run.facility_code}.zip"'
    return answer


@needs(Permission.SUBMISSION_SEND)
@require_POST
def finish(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """End the run with a signed report."""
    by, facility = actor_of_request(request), _facility(request)
    try:
        actions.finish(facility_id=facility.id, run_id=run_id, issuer=issuer(), by=by, at=now())
    except RunNotFound:
        raise
    except YmachError as refused:
        messages.error(request, refused.text.to(language()))
    return redirect("conformance-run", run_id)


@needs(Permission.SUBMISSION_SEND)
@require_safe
def report(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The signed report, exactly as it was given."""
    run = queries.get_run(_facility(request).id, run_id)
    if not run.report:
        raise RunNotFound
    answer = HttpResponse(run.report, content_type="application/jose")
    answer["Content-Disposition"] = f'attachment; filename="ymach-conformance-{run.facility_code}-{run.id}.jws"'
    return answer


@public
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """For anybody who was handed a report: is it ours, unchanged, and what does it say?"""
    text, claims, error = request.POST.get("report", "").strip(), None, None
    if request.method == "POST":
        try:
            claims = verify_report(text, jwks(platform_key()))
        except ReportRefused as refused:
            error = refused.text
    context = {"report": text[:100_000], "error": error, "claims": claims, "facts": _facts(claims) if claims else []}
    return render(request, "pages/conformance/verify.html", context, status=422 if error else 200)


def _facility(request: HttpRequest) -> Facility:
    facility = lookups.own_facility(actor_of_request(request))
    if facility is None:
        raise NotFound
    return facility


def _opened(request: HttpRequest, facility: Facility) -> ConformanceRun:
    at = now()
    return actions.open_run(
        facility_id=facility.id,
        facility_code=facility.code,
        offered=partial(offered_to, facility.code, at=at),
        software=request.POST.get("software", "").replace("\0", ""),
        by=actor_of_request(request),
        at=at,
    )


def _shown(run: ConformanceRun, at: datetime, verdict: str, group: str) -> dict[str, Any]:
    """The run's figures, its groups, and the cases asked for: those of one verdict, else those of one group."""
    claims = queries.claims_now(run, at=at, issuer=issuer())
    lines = [Line(cases()[told["case"]], told) for told in claims["cases"] if told["case"] in cases()]
    groups = _groups(lines, group if not verdict else None)
    if verdict:
        shown = [Group("", tuple(line for line in lines if line.verdict.value == verdict))]
    else:
        shown = [one for one in groups if one.is_here]
    counted = Counter(line.verdict.value for line in lines)
    return {
        "run": run,
        "is_open": is_open(expires_at=run.expires_at, finished_at=run.finished_at, at=at),
        "state": _state(run),
        "lines": lines,
        "groups": groups,
        "shown": shown,
        "group_columns": GROUP_COLUMNS,
        "columns": COLUMNS,
        "tried": len(lines) - counted[Verdict.NOT_TRIED.value],
        "stats": [
            Stat(words, counted[key], icon=STATES[state].icon, tone=STATES[state].tone)
            for key, (state, words) in VERDICTS.items()
        ],
        "tabs": [
            Tab(words, f"?verdict={key}" if key else "?", verdict == key, counted[key] if key else None)
            for key, words in TABS
        ],
        "query": f"?{urlencode({'verdict': verdict, 'group': group})}",
    }


def _groups(lines: list[Line], wanted: str | None) -> list[Group]:
    """The groups in their order; shown is the one wanted, else the first that has not passed. wanted: None shows none."""
    made = [Group(name, tuple(line for line in lines if line.case.group == name)) for name in GROUPS]
    found = [one for one in made if one.lines]
    if wanted is None or not found:
        return found
    first = next((one for one in found if one.verdict is not Verdict.PASSED), found[0])
    here = next((one for one in found if one.name == wanted), first)
    return [replace(one, is_here=one is here) for one in found]


def _state(run: ConformanceRun) -> tuple[str, Text]:
    """The badge of a whole run."""
    if run.finished_at is None:
        return ("waiting", Text("Đang mở", "Open")) if now() < run.expires_at else ("stuck", Text("Hết hạn", "Expired"))
    return VERDICTS[Verdict.PASSED if run.has_passed else Verdict.FAILED]


def _cells(line: Line) -> list[Cell]:
    return [GROUPS[line.case.group], line.case.name, line.task, line.word, line.must, line.came, line.found]


def _facts(claims: dict[str, Any]) -> list[Fact]:
    verdict = VERDICTS[Verdict.PASSED if claims["passed"] else Verdict.FAILED]
    state = STATES[verdict[0]]
    counted = Counter(one["verdict"] for one in claims["cases"])
    told = f"{counted[Verdict.PASSED.value]} / {len(claims['cases'])}"
    return [
        Fact(Text("Kết quả", "Verdict"), verdict[1], tone=state.tone),
        Fact(Text("Phần mềm", "Software"), claims["software"] or "—"),
        Fact(Text("Cơ sở", "Facility"), claims["sub"], is_code=True),
        Fact(Text("Số trường hợp đạt", "Cases passed"), told),
        Fact(Text("Kết thúc lúc", "Finished at"), _moment(claims["finished_at"])),
        Fact(Text("Bộ kiểm thử", "Kit"), claims["kit"], is_code=True),
        Fact(Text("Nơi kiểm thử", "Where"), _place(claims)),
    ]


def _place(claims: dict[str, Any]) -> Text:
    if claims.get("test"):
        return Text("Hệ thống kiểm thử hoặc trình diễn", "A test installation or a demonstration")
    return Text("Hệ thống chính thức", "The live installation")


def _moment(written: str) -> str:
    return formatting.moment(datetime.fromisoformat(written))
