"""The operators' console: what to look at now, what stays until somebody acts, certificates, and what to do about each."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission, may, require
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.base.errors import NotFound
from ymach.base.text import Text
from ymach.exchange.deliveries.actions import replay_all
from ymach.exchange.deliveries.errors import ReasonMissing
from ymach.exchange.deliveries.names import DESTINATIONS, words_of
from ymach.exchange.deliveries.queries import deliveries_for_a_hand
from ymach.exchange.lanes.queries import present_state
from ymach.exchange.operations import certificates, queries
from ymach.exchange.operations.looking import MOST, Group, left_by_hand, picture
from ymach.exchange.operations.runbook import sections
from ymach.exchange.operations.troubles import troubles
from ymach.facilities.queries import visible_to
from ymach.web import formatting
from ymach.web.access import actor_of_request, needs
from ymach.web.parts import Column, Tab
from ymach.web.sheets import LIMIT, Cell, Sheet, page_or_sheet
from ymach.web.shown import operations as shown
from ymach.web.shown import status as operating
from ymach.web.templatetags.ymach import language
from ymach.web.words import DELIVERY_WORDS

HOURS = timedelta(hours=6)
SHOWN_LEFT, SHOWN_ENDING, AT_ONCE = 50, 50, 200
TABS = (
    ("operations", Text("Bây giờ", "Now"), "pulse"),
    ("operations-deliveries", Text("Chờ người xử lý", "Waiting for a hand"), "stuck"),
    ("operations-certificates", Text("Chứng thư", "Certificates"), "key"),
    ("operations-runbook", Text("Cách xử lý", "What to do"), "book"),
)
DESTINATION_COLUMNS = [
    Column(Text("Nơi nhận", "Destination")),
    Column(Text("Lúc này", "Now")),
    Column(Text("Đang chờ", "Waiting"), is_number=True),
    Column(Text("Chờ lâu nhất", "Oldest"), is_number=True),
    Column(Text("Chờ người xử lý", "For a hand"), is_number=True),
    Column(Text("Một nửa tới trong", "Half arrive within"), is_number=True),
    Column(Text("Tuổi hàng chờ, 6 giờ", "Queue's age, 6 hours")),
]
WORKER_COLUMNS = [
    Column(Text("Máy và tiến trình", "Machine and process")),
    Column(Text("Lúc này", "Now")),
    Column(Text("Việc", "Work")),
    Column(Text("Chạy từ", "Since")),
    Column(Text("Nghe lần cuối", "Last heard")),
]
LANE_COLUMNS = [
    Column(Text("Làn", "Lane")),
    Column(Text("Lúc này", "Now")),
    Column(Text("Trong làn", "Inside"), is_number=True),
    Column(Text("Chỗ", "Places"), is_number=True),
    Column(Text("Phục vụ, một phút", "Served, a minute"), is_number=True),
    Column(Text("Hẹn lại, một phút", "Turned away, a minute"), is_number=True),
]
LEFT_COLUMNS = [
    Column(Text("Hồ sơ", "Dossier")),
    Column(Text("Cơ sở lo", "Facility that owns it")),
    Column(Text("Nơi nhận", "Destination")),
    Column(Text("Trạng thái", "State")),
    Column(Text("Nhận lúc", "Received"), order="ascending"),
    Column(Text("Câu trả lời cuối", "Last answer")),
]
ENDING_COLUMNS = [
    Column(Text("Chứng thư", "Certificate")),
    Column(Text("Của ai", "Whose")),
    Column(Text("Hết hạn", "Ends"), order="ascending"),
    Column(Text("Còn lại", "Left")),
]


@needs(Permission.PLATFORM_OPERATE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What to look at now. The living part is asked for again every five seconds."""
    actor, at = actor_of_request(request), now()
    seen, ages = picture(actor, at=at), queries.ages(since=at - HOURS)
    ages_of = {name: [age for _, age in points] for name, points in ages.items()}
    context = {
        "at": at,
        "todo": shown.todo(troubles(seen)),
        "nothing": shown.NOTHING,
        "destinations": shown.destination_rows(seen, ages_of),
        "destination_columns": DESTINATION_COLUMNS,
        "workers": shown.worker_rows(seen.workers, at),
        "worker_columns": WORKER_COLUMNS,
        "lanes": shown.lane_rows(present_state()),
        "lane_columns": LANE_COLUMNS,
        "store": shown.store_facts(seen),
        "bars": shown.age_bars(ages, at),
        "past_outages": operating.outage_line(queries.outages(since=at - timedelta(days=7), at=at)[:20], at),
    }
    if request.headers.get("HX-Request"):
        return render(request, "fragments/operations.html", context)
    return render(request, "pages/operations/index.html", context | {"tabs": _tabs("operations")})


@needs(Permission.PLATFORM_OPERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def deliveries(request: HttpRequest) -> HttpResponse:
    """What stays until somebody acts, and sending a whole group again."""
    actor = actor_of_request(request)
    if request.method == "POST":
        return _send_again(request, actor)
    return _left(request, actor)


def _left(request: HttpRequest, actor: Actor, *, error: Text | str = "", status: int = 200) -> HttpResponse:
    wanted = request.GET.get("destination", "")
    wanted = wanted if wanted in DESTINATIONS else ""
    groups = [one for one in left_by_hand(actor) if not wanted or one.destination.startswith(wanted)]
    sheet = Sheet(
        [Text("Hồ sơ", "Dossier"), Text("Mã cơ sở", "Facility code"), *(column.label for column in LEFT_COLUMNS[1:])],
        lambda: map(_left_cells, _left_rows(actor, wanted, LIMIT)),
    )
    context = {
        "tabs": _tabs("operations-deliveries"),
        "wanted": wanted,
        "choices": [("", Text("Mọi nơi nhận", "All destinations")), *((name, words_of(name)) for name in DESTINATIONS)],
        "groups": [(f"{one.destination}|{one.state}", _group_words(one)) for one in groups],
        "group": request.POST.get("group", ""),
        "reason": request.POST.get("reason", ""),
        "error": error,
        "may_send_again": may(actor, Permission.DELIVERY_REPLAY),
        "columns": LEFT_COLUMNS,
        "rows": _left_rows(actor, wanted, SHOWN_LEFT) if groups else [],
        "shown": SHOWN_LEFT,
    }
    answer = page_or_sheet(request, "pages/operations/deliveries.html", lambda: context, {"left": sheet})
    answer.status_code = status
    return answer


def _send_again(request: HttpRequest, actor: Actor) -> HttpResponse:
    require(actor, Permission.DELIVERY_REPLAY)
    destination, _, state = request.POST.get("group", "").partition("|")
    if not any((one.destination, one.state) == (destination, state) for one in left_by_hand(actor)):
        raise NotFound
    try:
        reason = request.POST.get("reason", "")[:2000]
        sent, left = replay_all(destination, state=state, by=actor, at=now(), reason=reason, most=AT_ONCE)
    except ReasonMissing as missing:
        return _left(request, actor, error=missing.text, status=422)
    messages.success(request, _sent_words(sent, left).to(language()))
    return HttpResponseRedirect(reverse("operations-deliveries"))


@needs(Permission.PLATFORM_OPERATE)
@require_safe
def ending(request: HttpRequest) -> HttpResponse:
    """Which certificates end in the next twelve weeks, and whose they are."""
    at, within = now(), timedelta(weeks=certificates.WEEKS)
    others = certificates.ending_of_others(at=at, within=within)

    def context() -> dict[str, object]:
        theirs = certificates.ending_of_facilities(at=at, within=within, limit=SHOWN_ENDING)
        weeks = certificates.weeks_of_facilities(at=at)
        return {
            "tabs": _tabs("operations-certificates"),
            "columns": ENDING_COLUMNS,
            "others": [(one, shown.OWNERS[one.owner], *shown.ending_tone(one, at)) for one in others],
            "facilities": [(one, "", *shown.ending_tone(one, at)) for one in theirs],
            "total": sum(weeks),
            "shown": SHOWN_ENDING,
            "bars": shown.week_bars(weeks, at) if any(weeks) else None,
        }

    def rows() -> list[list[Cell]]:
        theirs = certificates.ending_of_facilities(at=at, within=within, limit=LIMIT)
        return [
            [one.name, one.code, shown.OWNERS[one.owner], one.fingerprint, one.not_after] for one in (*others, *theirs)
        ]

    heads = [
        *(Text("Chứng thư", "Certificate"), Text("Mã", "Code"), Text("Của ai", "Whose")),
        *(Text("Dấu (SHA-256)", "Fingerprint (SHA-256)"), Text("Hết hạn", "Ends")),
    ]
    return page_or_sheet(request, "pages/operations/certificates.html", context, {"certificates": Sheet(heads, rows)})


@needs(Permission.PLATFORM_OPERATE)
@require_safe
def runbook(request: HttpRequest) -> HttpResponse:
    """What to do about each kind of trouble."""
    context = {"tabs": _tabs("operations-runbook"), "sections": sections().values()}
    return render(request, "pages/operations/runbook.html", context)


def _tabs(here: str) -> list[Tab]:
    return [Tab(label, reverse(name), name == here, icon=icon) for name, label, icon in TABS]


def _left_rows(actor: Actor, destination: str, limit: int) -> list[shown.LeftRow]:
    found = deliveries_for_a_hand(actor, destination=destination, limit=limit)
    facilities = visible_to(actor).in_bulk({one.facility_id for one in found})
    return [shown.left_row(one, facilities.get(one.facility_id)) for one in found]


def _left_cells(one: shown.LeftRow) -> list[Cell]:
    name = one.facility.name if one.facility else ""
    return [one.dossier, one.facility_code, name, one.destination, one.word, one.since, one.error]


def _group_words(one: Group) -> Text:
    name, state = words_of(one.destination), DELIVERY_WORDS[one.state]
    more = (Text("hơn ", "more than ") if one.number >= MOST else Text("", "")), formatting.day(one.oldest_at)
    vi = f"{name.vi}: {more[0].vi}{formatting.number(one.number, 'vi')} {state.vi}, từ {more[1]}"
    en = f"{name.en}: {more[0].en}{formatting.number(one.number, 'en')} {state.en}, since {more[1]}"
    return Text(vi, en)


def _sent_words(sent: int, left: int) -> Text:
    vi = f"{formatting.number(sent, 'vi')} hồ sơ đã vào hàng gửi lại."
    en = f"{formatting.number(sent, 'en')} deliveries wait to be sent again."
    if left:
        vi += f" {formatting.number(left, 'vi')} hồ sơ để nguyên vì bản mới hơn đã đi."
        en += f" {formatting.number(left, 'en')} were left: a newer version has gone out."
    if sent + left >= AT_ONCE:
        vi, en = f"{vi} Còn nữa thì bấm lần nữa.", f"{en} If there are more, send once more."
    return Text(vi, en)
