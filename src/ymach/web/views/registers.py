"""The register of processing, its versions, and the impact assessment made from it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotFound, YmachError
from ymach.base.text import Text
from ymach.registers import processing
from ymach.registers.activities import FIELDS, Activity
from ymach.registers.assessment import Assessment
from ymach.registers.processing import State
from ymach.registers.rules import Weight
from ymach.web import formatting
from ymach.web.access import actor_of_request, needs
from ymach.web.named import actor_names
from ymach.web.parts import Column, Fact
from ymach.web.sealer import sealer
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.shown.journal import tabs

KINDS = ("pdf", "json")
CONTROLLER = "Bộ Y tế · Ministry of Health (Ymạch)"
CHANGE_COLUMNS = [
    Column(Text("Hoạt động", "Activity")),
    Column(Text("Điều thay đổi", "What changed")),
    Column(Text("Trước", "Before")),
    Column(Text("Sau", "After")),
    Column(Text("Hạn gửi lại", "To be sent again")),
]
VERSION_COLUMNS = [
    Column(Text("Bản số", "Version"), is_number=True),
    Column(Text("Lưu lúc", "Kept at")),
    Column(Text("Người lưu", "By")),
    Column(Text("Vì sao", "Why")),
]
WEIGHTS = {
    Weight.BIG: Text("trong 10 ngày", "within 10 days"),
    Weight.OTHER: Text("6 tháng một lần", "every 6 months"),
}
ASK = Text(
    "Gửi họ tên, điện thoại, thư điện tử của người phụ trách cho bộ phận vận hành hệ thống để khai báo.",
    "Send the officer's name, telephone and e-mail to those who run the system; they set it.",
)
WHOLE = Text("cả hoạt động", "the whole activity")


@needs(Permission.INCIDENT_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The register as it is now, what changed since it was kept last, and the form that keeps it."""
    by = actor_of_request(request)
    if request.method != "POST":
        return _index(request, by)
    try:
        processing.keep_version(why=request.POST.get("why", ""), by=by, at=now())
    except YmachError as refused:
        if refused.field is None:
            raise
        return _index(request, by, refused=refused)
    return HttpResponseRedirect(reverse("registers"))


@needs(Permission.INCIDENT_MANAGE)
@require_safe
def assessment(request: HttpRequest, kind: str) -> HttpResponse:
    """The impact assessment, as a sealed PDF or as JSON."""
    if kind not in KINDS:
        raise NotFound
    file = _assessment(actor_of_request(request))
    if kind == "json":
        return JsonResponse(file.as_json(), json_dumps_params={"ensure_ascii": False})
    from ymach.registers.paper import assessment_pdf  # on use: the start of the site need not wait for it

    answer = HttpResponse(assessment_pdf(file, sealer=sealer()), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="danh-gia-tac-dong.pdf"'
    return answer


def _assessment(by: Actor) -> Assessment:
    at = now()
    state = processing.state(by, on=vietnam_day(at))
    officer, version = settings.ENVIRONMENT.data_protection_contact, state.kept.number if state.kept else 0
    return Assessment(CONTROLLER, officer, state.began_on, version, at, state.activities)


def _index(request: HttpRequest, by: Actor, *, refused: YmachError | None = None) -> HttpResponse:
    at = now()
    state = processing.state(by, on=vietnam_day(at))
    kept = processing.versions(by)

    def context() -> dict[str, object]:
        names = actor_names({one.kept_by for one in kept}, vietnam_day(at))
        return {
            "tabs": tabs(by, "registers"),
            "facts": _facts(state),
            "is_due": bool(state.changes) or state.kept is None,
            "changes": [
                (one, FIELDS.get(one.field, WHOLE), "; ".join(one.before), "; ".join(one.after), WEIGHTS[one.weight])
                for one in state.changes
            ],
            "change_columns": CHANGE_COLUMNS,
            "activities": [(one, _values(one)) for one in state.activities],
            "versions": [(one, names.get(one.kept_by, one.kept_by)) for one in kept],
            "version_columns": VERSION_COLUMNS,
            "typed": request.POST,
            "errors": {refused.field: refused.text} if refused else {},
        }

    if refused is not None:
        return render(request, "pages/registers/index.html", context(), status=refused.status)
    heads = [Text("Hoạt động", "Activity"), Text("Nhạy cảm", "Sensitive"), *FIELDS.values()]
    sheet = Sheet(heads, lambda: (_line(one) for one in state.activities))
    return page_or_sheet(request, "pages/registers/index.html", context, {"register": sheet})


def _facts(state: State) -> list[Fact]:
    kept = state.kept
    version = Text(f"bản số {kept.number}", f"version {kept.number}") if kept else Text("chưa lưu bản nào", "none kept")
    officer = settings.ENVIRONMENT.data_protection_contact
    due = Text("không có gì phải gửi", "nothing is due")
    if state.due_on is not None:
        due = Text(f"trước hết ngày {formatting.day(state.due_on)}", f"by {formatting.day(state.due_on)}")
    return [
        Fact(Text("Bản đã lưu", "Kept"), version, formatting.moment(kept.at) if kept else ""),
        Fact(Text("Gửi hồ sơ đánh giá tác động", "Send the assessment"), due, tone="note" if state.due_on else ""),
        Fact(Text("Bắt đầu xử lý dữ liệu", "Processing began"), formatting.day(state.began_on)),
        Fact(
            Text("Phụ trách bảo vệ dữ liệu", "Data protection officer"),
            officer or Text("chưa khai báo", "not set"),
            "" if officer else ASK,
            tone="" if officer else "note",
        ),
    ]


def _values(one: Activity) -> list[Fact]:
    return [Fact(FIELDS[name], _joined(words)) for name, words in one.values.items()]


def _line(one: Activity) -> list[object]:
    sensitive = Text("có", "yes") if one.is_sensitive else Text("không", "no")
    return [one.title, sensitive, *(_joined(one.values[name]) for name in FIELDS)]


def _joined(words: tuple[Text, ...]) -> Text:
    if not words:
        return Text("không", "none")
    return Text("; ".join(one.vi for one in words), "; ".join(one.en for one in words))
