"""What is known of one's own health beyond single visits: diseases, results over time, medicines, what is to come."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotFound
from ymach.base.text import Text
from ymach.citizens.proxies.queries import proxies_of
from ymach.consent.denials import deny_proxy
from ymach.exchange.appointments import queries as appointments
from ymach.exchange.books.episodes import episodes_of
from ymach.exchange.books.gathering import diagnosis_names
from ymach.exchange.books.plans import appointments_of, referrals_of
from ymach.exchange.books.prescribed import prescriptions_of
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_id
from ymach.web.book import crumbs, places_of
from ymach.web.parts import Column
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.shown import own as shown
from ymach.web.shown import own_about, own_medicines
from ymach.web.shown.prescriptions import code_address
from ymach.web.templatetags.ymach import t
from ymach.web.whose import Whose, open_book, whose

VALUES = [
    Column(Text("Ngày", "Day")),
    Column(Text("Giá trị", "Value"), is_number=True),
    Column(Text("Nơi", "Place")),
]
VALUE_HEADS = [Text("Chỉ số", "Indicator"), Text("Đơn vị", "Unit"), *(head.label for head in VALUES)]


@needs(Permission.RECORD_READ_OWN)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Allergies, diseases, vaccinations, measures."""
    book = whose(request)
    opened = open_book(request, book, "health")
    found, places = opened.summary, places_of(opened)
    names = diagnosis_names((one.code for one in found.problems), vietnam_day(opened.at))
    context = {
        "book": book,
        "opened": opened,
        "crumbs": crumbs(),
        "alerts": shown.alerts_of(found.allergies, {one.code: one.name for one in places.values()}),
        "problems": shown.problem_rows(found.problems, names, places),
        "doses": shown.vaccination_rows(found.vaccinations, places),
        "measures": found.measures,
    }
    return render(request, "pages/own/health.html", context)


@needs(Permission.RECORD_READ_OWN)
@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """Every number over time, drawn and as a table."""
    book = whose(request)
    opened = open_book(request, book, "measures")
    series = opened.summary.trends
    groups = shown.series_rows(series, places_of(opened))
    context = {
        "book": book,
        "opened": opened,
        "crumbs": crumbs(),
        "trends": [shown.trend_of(one) for one in series],
        "groups": groups,
        "columns": VALUES,
    }
    rows = ((one.name, one.unit, *point) for one, points in groups for point in points)
    sheets = {"measures": Sheet(VALUE_HEADS, lambda: rows)}
    return page_or_sheet(request, "pages/own/measures.html", lambda: context, sheets)


@needs(Permission.RECORD_READ_OWN)
@require_safe
def medicines(request: HttpRequest) -> HttpResponse:
    """What is taken now, the prescriptions with the code a pharmacy scans, and what was taken before."""
    book = whose(request)
    opened = open_book(request, book, "medicines")
    places = places_of(opened)
    papers = prescriptions_of(opened.entries, at=opened.at)
    context = {
        "book": book,
        "opened": opened,
        "crumbs": crumbs(),
        "now": own_medicines.taken(opened.summary.medicines_now, places, vietnam_day(opened.at)),
        "before": own_medicines.taken(opened.summary.medicines_before, places, vietnam_day(opened.at)),
        "papers": own_medicines.papers(papers, places, vietnam_day(opened.at), code_address),
    }
    return render(request, "pages/own/medicines.html", context)


@needs(Permission.RECORD_READ_OWN)
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Appointments and referrals: what to do next, where, and how to reach the place."""
    book = whose(request)
    opened = open_book(request, book, "plans")
    today = vietnam_day(opened.at)
    papers, coming = referrals_of(opened.entries), appointments_of(opened.entries, since=today)
    places = places_of(opened, (one.receiver_id for one in papers))
    reminders = appointments.reminders_of(opened.citizen_ids, since=today)
    reminded = {(one.appointment_id, one.for_day) for one in reminders}
    referrals = shown.referral_rows(papers, places)
    context = {
        "book": book,
        "opened": opened,
        "crumbs": crumbs(),
        "appointments": shown.appointment_rows(coming, reminded, places, today),
        "open": [one for one in referrals if one["is_open"]],
        "over": [one for one in referrals if not one["is_open"]],
    }
    return render(request, "pages/own/plans.html", context)


@needs(Permission.RECORD_READ_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest) -> HttpResponse:
    """Who the person is, as the newest dossier and the master index have it; who acts for them.

    By POST: that one never appointed a proxy whom a desk recorded."""
    book = whose(request)
    if request.method == "POST":
        return _deny_proxy(request, book)
    opened = open_book(request, book, "about")
    newest = next(iter(episodes_of(opened.entries, limit=1)), None)
    visit = newest.dossier.visit if newest else None
    acting = proxies_of(book.citizen.citizen_id, on=vietnam_day(opened.at))
    context = {
        "book": book,
        "opened": opened,
        "crumbs": crumbs(),
        "facts": own_about.identity_facts(book.citizen, visit),
        "cards": own_about.card_facts(visit),
        "contact": own_about.contact_facts(visit),
        "keepers": own_about.keeper_facts(acting, newest.dossier if newest else None),
        "deniable": own_about.deniable(acting) if book.is_self else [],
        "said_at": newest.entry.happened_at if newest else None,
    }
    return render(request, "pages/own/about.html", context)


def _deny_proxy(request: HttpRequest, book: Whose) -> HttpResponse:
    key = read_id(request.POST.get("key", ""))
    if key is None:
        raise NotFound
    by, at = actor_of_request(request), now()
    made = deny_proxy(citizen_id=book.citizen.citizen_id, proxy_row_id=key, by=by, at=at)
    messages.success(request, t("Đã ghi lời bạn. Người này không đại diện cho bạn nữa.", "They act for you no longer."))
    return redirect("own-request", made.id)
