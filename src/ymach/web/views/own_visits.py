"""The episodes of one's own care: a list that can be narrowed, and each in plain words."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.text import Text
from ymach.web import formatting
from ymach.web.access import needs
from ymach.web.book import crumbs, episode_of, places_of, stay_entries
from ymach.web.parts import Column
from ymach.web.sheets import LIMIT, Sheet, page_or_sheet
from ymach.web.shown import dossiers as dossier_shown
from ymach.web.shown import own as shown
from ymach.web.shown import own_visit
from ymach.web.templatetags.ymach import language
from ymach.web.whose import open_book, whose
from ymach.web.words import record_words

VISITS = Text("Các lần khám", "Visits")
COLUMNS = [
    Column(Text("Ngày", "Day")),
    Column(Text("Bệnh, lý do", "About")),
    Column(Text("Nơi", "Place")),
    Column(Text("Có gì", "With")),
]


@needs(Permission.RECORD_READ_OWN)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every episode, the newest first, narrowed by the address: year, kind, place."""
    book = whose(request)
    opened = open_book(request, book, "records")
    every = shown.stays_of(opened.entries, places_of(opened))
    wanted = shown.Wanted.of(request.GET)
    stays = [one for one in every if wanted.keeps(one)]
    context = {
        "book": book,
        "opened": opened,
        "crumbs": crumbs(),
        "stays": stays,
        "columns": COLUMNS,
        "wanted": wanted,
        "clear": "" if wanted.is_blank else reverse("own-visits"),
        **shown.choices_of(every),
    }
    rows = (
        (one.main.happened_at, one.title, one.place, "; ".join(record_words(kind).to(language()) for kind in one.kinds))
        for one in stays[:LIMIT]
    )
    sheets = {"visits": Sheet([head.label for head in COLUMNS], lambda: rows)}
    return page_or_sheet(request, "pages/own/visits.html", lambda: context, sheets)


@needs(Permission.RECORD_READ_OWN)
@require_safe
def one(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """One episode in full: why, what was found, what was given, what to do next."""
    book = whose(request)
    opened = open_book(request, book, "episode")
    mine = stay_entries(opened, record_id)
    places = places_of(opened)
    episode = episode_of(mine)
    stay = shown.stays_of(mine, places)[0]
    day = formatting.day(stay.main.happened_at)
    context = {
        "book": book,
        "opened": opened,
        "crumbs": [*crumbs(), (VISITS, reverse("own-visits"))],
        "stay": stay,
        "title": Text(f"Khám ngày {day}", f"Visit of {day}"),
        "facility": places.get(stay.main.facility_id),
        "map": shown.map_link(places.get(stay.main.facility_id)),
        **(own_visit.context_of(episode.dossier) if episode else {}),
    }
    sheets = dossier_shown.sheets(episode.dossier) if episode else {}
    return page_or_sheet(request, "pages/own/visit.html", lambda: context, sheets)
