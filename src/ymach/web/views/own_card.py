"""The emergency card: switched on and off by its owner, and what somebody sees who scans it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ymach.accounts.permissions import Permission
from ymach.accounts.signin import limits
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotFound, TooMany, YmachError
from ymach.base.qr import matrix, qr_path
from ymach.citizens.emergency_cards import actions
from ymach.citizens.emergency_cards.errors import CardOff
from ymach.citizens.emergency_cards.picture import draw
from ymach.citizens.emergency_cards.queries import Card, card_behind, card_of
from ymach.citizens.emergency_cards.rules import BLOOD, NAME, Choice
from ymach.citizens.links.queries import identities_of
from ymach.citizens.models import Citizen
from ymach.citizens.proxies.queries import proxies_of
from ymach.citizens.proxies.rules import Scope
from ymach.citizens.requests.persons import require_acting_for
from ymach.exchange.books.episodes import blood_group_of
from ymach.exchange.books.gathering import diagnosis_names
from ymach.exchange.reading.entries import Entry
from ymach.exchange.reading.queries import ask_entries
from ymach.exchange.reading.summary import summarise
from ymach.web.access import actor_of_request, needs, public
from ymach.web.book import crumbs
from ymach.web.reached import reader_address
from ymach.web.shown import own_card as shown
from ymach.web.templatetags.ymach import say, t
from ymach.web.whose import Whose, open_book, whose

PER_ADDRESS, WINDOW_SECONDS = 30, 15 * 60
"""So many openings of cards from one address: an ambulance opens a few, who tries links opens thousands."""


@needs(Permission.RECORD_READ_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """What the card shows; saving switches it on."""
    book = whose(request)
    opened = open_book(request, book, "card")
    known = _known(book.citizen, opened.entries)
    held, error = card_of(book.citizen.citizen_id, on=vietnam_day(opened.at)), None
    choice = held.choice if held else Choice(frozenset({NAME, BLOOD}))
    if request.method == "POST":
        choice = _typed(request, known)
        chooser = _chooser(request, book, opened.at)
        try:
            actions.switch_on(choice=choice, at=opened.at, **chooser)
        except YmachError as refused:
            error = refused
        else:
            messages.success(request, t("Thẻ đang bật.", "The card is on."))
            return redirect("own-card")
    context = _page(book, known, held, choice, error)
    return render(request, "pages/own/card.html", {**context, "opened": opened}, status=error.status if error else 200)


@needs(Permission.RECORD_READ_OWN)
@require_POST
def off(request: HttpRequest) -> HttpResponse:
    """The link is dead at once."""
    at = now()
    chooser = _chooser(request, whose(request), at)
    if actions.switch_off(citizen_id=chooser["citizen_id"], by=chooser["by"], at=at):
        messages.success(
            request, t("Thẻ đã tắt. Mã QR cũ không mở được nữa.", "The card is off. The old QR code opens nothing.")
        )
    return redirect("own-card")


@needs(Permission.RECORD_READ_OWN)
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """The same card under another link: for a telephone that was lost."""
    at = now()
    if actions.renew(at=at, **_chooser(request, whose(request), at)):
        said = t("Mã QR đã đổi. Hãy lưu lại ảnh mới.", "The QR code is a new one. Save the new picture.")
        messages.success(request, said)
    return redirect("own-card")


@needs(Permission.RECORD_READ_OWN)
@require_safe
def picture(request: HttpRequest, size: str) -> HttpResponse:
    """The card as a picture to save as a lock screen. size: "large" or "small"."""
    book = whose(request)
    held = card_of(book.citizen.citizen_id, on=vietnam_day(now()))
    if held is None or size not in {"large", "small"}:
        raise NotFound
    opened = open_book(request, book, "card")
    rows = shown.rows_of(_known(book.citizen, opened.entries), held.choice)
    image = draw(rows, title=shown.TITLE, matrix=matrix(_address(held)), is_small=size == "small")
    answer = HttpResponse(image, content_type="image/png")
    kind = "attachment" if request.GET.get("save") else "inline"
    answer["Content-Disposition"] = f'{kind}; filename="the-khan-cap.png"'
    return answer


@public
@never_cache
@require_safe
def scanned(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody sees who scans the card: only what its owner ticked. Each opening is told to the owner."""
    at = now()
    _take_opening(reader_address(request))
    try:
        card = card_behind(token, on=vietnam_day(at))
    except CardOff as over:
        return _private(render(request, "pages/own/card_off.html", {"error": over}, status=over.status))
    citizen = Citizen.objects.get(pk=card.citizen_id)
    entries = ask_entries(identities_of([card.citizen_id]))()
    actions.note_opening(card, at=at)
    known = _known(citizen, entries)
    context = {"rows": shown.rows_of(known, card.choice), "choice": card.choice, "card": card, "title": shown.TITLE}
    return _private(render(request, "pages/own/card_scanned.html", context))


def _chooser(request: HttpRequest, book: Whose, at: datetime) -> dict[str, Any]:
    """Whose card, who chooses, and under which proxy. A card shows somebody's health to whoever scans it: a proxy who may
    read only switches none. Raises NotAllowed."""
    by, subject, on = actor_of_request(request), book.citizen.citizen_id, vietnam_day(at)
    proxy, through = require_acting_for(by, subject, on=on), None
    if proxy is not None:
        mine = identities_of([proxy])
        acting = (one for one in proxies_of(subject, on=on) if one.proxy_id in mine and Scope.CONSENT in one.scope)
        through = next(one.id for one in acting)
    return {"citizen_id": subject, "by": by, "proxy_row_id": through}


def _known(citizen: Citizen, entries: Iterable[Entry]) -> shown.Known:
    """What may be ticked: made of records outside every restricted compartment, whoever looks."""
    open_only = [one for one in entries if not one.compartment]
    today = vietnam_day(now())
    summary = summarise(open_only, today=today)
    names = diagnosis_names((one.code for one in summary.problems), today)
    return shown.known_of(citizen, blood_group_of(open_only), summary, names)


def _typed(request: HttpRequest, known: shown.Known) -> Choice:
    """What the form says, as typed."""
    given = {name: request.POST.get(name, "") for name in ("contact_name", "contact_relation", "contact_phone")}
    return Choice(shown.wished(known, request.POST.getlist("shown")), **given)


def _page(
    book: Whose, known: shown.Known, held: Card | None, choice: Choice, error: YmachError | None
) -> dict[str, Any]:
    path, side = qr_path(_address(held)) if held else ("", 0)
    return {
        "book": book,
        "crumbs": crumbs(),
        "held": held,
        "groups": shown.ticks_of(known, choice),
        "choice": choice,
        "errors": {error.field: say(error.text)} if error else {},
        "address": _address(held) if held else "",
        "qr": path,
        "side": side + 4,
    }


def _address(card: Card) -> str:
    return f"{settings.ENVIRONMENT.base_url}{reverse('emergency-card', args=[card.token])}"


def _take_opening(address: str) -> None:
    """One more opening from this address. Raises TooMany."""
    at = now()
    if limits.take("emergency-card", address, allowed=PER_ADDRESS, seconds=WINDOW_SECONDS, at=at) <= 0:
        raise TooMany(retry_after=limits.seconds_until_free("emergency-card", address, at=at))


def _private(answer: HttpResponse) -> HttpResponse:
    """No search engine lists it, and no other site is told the link."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
