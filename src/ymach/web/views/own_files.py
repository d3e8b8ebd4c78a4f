"""Taking the book along: a sealed PDF, and the International Patient Summary for software anywhere."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ymach.accounts.permissions import Permission
from ymach.base.clock import vietnam_day
from ymach.base.errors import NotFound
from ymach.base.ids import new_id
from ymach.exchange.books.gathering import summary_of, take, without_restricted
from ymach.exchange.reading.gate import Opened
from ymach.formats.fhir.ips import write_ips
from ymach.web.access import needs
from ymach.web.book import crumbs, episode_of, stay_entries
from ymach.web.sealer import sealer
from ymach.web.whose import open_book, whose


@needs(Permission.RECORD_READ_OWN)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What can be taken along, and for whom it is."""
    book = whose(request)
    opened = open_book(request, book, "overview")
    context = {
        "book": book,
        "opened": opened,
        "crumbs": crumbs(),
        "has_any": bool(opened.entries),
        "has_restricted": any(one.compartment for one in opened.entries),
    }
    return render(request, "pages/own/files.html", context)


@needs(Permission.RECORD_READ_OWN)
@require_safe
def book_paper(request: HttpRequest) -> HttpResponse:
    """The whole book as a sealed PDF."""
    from ymach.exchange.books.paper import book_pdf  # on use: the libraries of PDF take a second to load

    book = whose(request)
    opened = _taken_along(request, open_book(request, book, "book-paper"))
    pdf = book_pdf(take(book.citizen, opened), key=new_id(), sealer=sealer())
    return _file(pdf, "application/pdf", f"so-suc-khoe-{vietnam_day(opened.at):%Y%m%d}.pdf")


@needs(Permission.RECORD_READ_OWN)
@require_safe
def visit_paper(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """One episode as a sealed PDF."""
    from ymach.exchange.books.paper import episode_pdf  # on use, as above

    book = whose(request)
    opened = open_book(request, book, "episode-paper")
    episode = episode_of(stay_entries(opened, record_id))
    if episode is None:
        raise NotFound
    pdf = episode_pdf(take(book.citizen, opened), episode, key=new_id(), sealer=sealer())
    return _file(pdf, "application/pdf", f"lan-kham-{vietnam_day(episode.entry.happened_at):%Y%m%d}.pdf")


@needs(Permission.RECORD_READ_OWN)
@require_safe
def patient_summary(request: HttpRequest) -> HttpResponse:
    """The International Patient Summary, a FHIR document."""
    book = whose(request)
    opened = _taken_along(request, open_book(request, book, "patient-summary"))
    document = new_id()
    content = write_ips(summary_of(take(book.citizen, opened), key=document), document_id=document)
    return _file(content, "application/fhir+json", f"ips-{vietnam_day(opened.at):%Y%m%d}.json")


def _taken_along(request: HttpRequest, opened: Opened) -> Opened:
    """Restricted compartments go along only when they are asked for."""
    return opened if request.GET.get("restricted") == "1" else without_restricted(opened)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
