"""Following the registry: the changes after a cursor, asked for, waited for, or streamed.

Whoever waits holds a thread, though no turn: waiting is short (a client comes back with the cursor it has), and only a few
may wait at a time in each process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from threading import BoundedSemaphore
from typing import Annotated, Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router
from pydantic import Field

from ymach.accounts.permissions import Permission, require
from ymach.api import schemas
from ymach.api.parameters import Word
from ymach.api.signin import machine_of
from ymach.base.actors import Actor
from ymach.base.clock import iso, now, vietnam_day
from ymach.base.errors import TooMany
from ymach.base.history.described import followed_tables, table_words
from ymach.base.history.events import is_told, noun_of, public_values, what_happened
from ymach.base.history.following import Cursor, Page, entries_after, present
from ymach.base.history.models import HistoryEntry
from ymach.exchange.lanes import turns
from ymach.facilities.queries import visible_to as facilities_visible_to
from ymach.practitioners.models import PracticeRegistration
from ymach.practitioners.queries import visible_to as practitioners_visible_to
from ymach.practitioners.queries.seeing import of_person

PAGE, LARGEST = 100, 500
LONGEST_WAIT = 25
"""Seconds. Proxies between us and a hospital cut silent connections after thirty."""
HEARTBEAT, PAUSE = 5.0, 1.0
COME_BACK = 3
NOW = "now"
Ask = Callable[[Cursor], Page]
Limit = Annotated[int, Field(ge=1, le=LARGEST)]
Wait = Annotated[int, Field(ge=0, le=LONGEST_WAIT)]

router = Router(tags=["Theo dõi sổ bộ · Following the registry"])
_places = BoundedSemaphore(settings.ENVIRONMENT.feed_streams)


@router.get("/changes", openapi_extra=schemas.CHANGES, summary="Changes of the registry after a cursor")
def get_changes(request: HttpRequest, after: Word = "", limit: Limit = PAGE, wait: Wait = 0) -> HttpResponse:
    """Without `after` from the beginning, with `after=now` from this moment on. `wait`: seconds to wait for a change."""
    ask, cursor = _asker(machine_of(request), limit), _cursor(after)
    page = ask(cursor)
    if not (page.entries or page.more) and wait and _places.acquire(blocking=False):
        try:
            page = _waited(ask, page, wait)
        finally:
            _places.release()
    body = {"changes": _events(page), "cursor": str(page.cursor), "more": page.more, "server_time": iso(now())}
    return HttpResponse(orjson.dumps(body), content_type="application/json")


@router.get("/changes/stream", openapi_extra=schemas.CHANGES_STREAM, summary="The same as server-sent events")
def stream_changes(request: HttpRequest, after: Word = "", seconds: Wait = LONGEST_WAIT) -> StreamingHttpResponse:
    """Server-sent events for at most 25 seconds; the client comes back with `Last-Event-ID`. Raises TooMany (429)."""
    ask = _asker(machine_of(request), LARGEST)
    cursor = _cursor(request.headers.get("Last-Event-ID", "") or after)
    if not _places.acquire(blocking=False):
        raise TooMany(retry_after=COME_BACK)
    answer = StreamingHttpResponse(_Stream(ask, cursor, seconds), content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer


class _Stream:
    """The lines of one stream. Closing it gives its place back, whether or not a line was ever asked for."""

    def __init__(self, ask: Ask, cursor: Cursor, seconds: float) -> None:
        self._lines = _stream_lines(ask, cursor, seconds)
        self._is_open = True

    def __iter__(self) -> Iterator[bytes]:
        return self._lines

    def close(self) -> None:
        """Called by the server when the answer is over, however it ended."""
        if self._is_open:
            self._is_open = False
            self._lines.close()
            _places.release()


def _stream_lines(ask: Ask, cursor: Cursor, seconds: float) -> Generator[bytes, None, None]:
    deadline = time.monotonic() + seconds
    yield f"retry: {COME_BACK * 1000}\n\n".encode()
    told, silent_since = cursor, time.monotonic()
    while True:
        with turns.at_work():
            page = ask(cursor)
        cursor = page.cursor
        for event in _events(page):
            yield b"id: %s\nevent: change\ndata: %s\n\n" % (event["cursor"].encode(), orjson.dumps(event))
        if page.more:
            continue
        left = deadline - time.monotonic()
        if cursor != told and (page.entries or left <= PAUSE):
            # What could not be seen is behind the reader as well: the next stream need not look at it again.
            yield f"id: {cursor}\n: \n\n".encode()
            told, silent_since = cursor, time.monotonic()
        if left <= 0:
            return
        if time.monotonic() - silent_since >= HEARTBEAT:
            yield b": waiting\n\n"
            silent_since = time.monotonic()
        turns.rest(min(PAUSE, max(left, 0)))


def _waited(ask: Ask, page: Page, seconds: int) -> Page:
    deadline = time.monotonic() + seconds
    while not (page.entries or page.more) and time.monotonic() < deadline:
        turns.rest(min(PAUSE, max(deadline - time.monotonic(), 0)))
        page = ask(page.cursor)
    return page


def _cursor(text: str) -> Cursor:
    return present() if text == NOW else Cursor.read(text)


def _asker(actor: Actor, limit: int) -> Ask:
    """How `actor` reads the stream. Raises NotAllowed without the word."""
    require(actor, Permission.REGISTRY_FOLLOW)
    facilities = [grant.facility_id for grant in actor.grants if grant.facility_id is not None]
    tables = followed_tables()
    if facilities:
        own = _own_profiles(facilities)
        return lambda cursor: entries_after(cursor, limit=limit, tables=tables, reach=own)
    reach = _reach(actor)
    return lambda cursor: entries_after(cursor, limit=limit, tables=tables, reach=reach)


def _own_profiles(facilities: list[UUID]) -> Q:
    """Entries of the facilities themselves, and of those registered there now."""
    there = PracticeRegistration.objects.filter(facility__in=facilities, valid__contains=vietnam_day(now()))
    staff = Exists(there.filter(of_person(OuterRef("subject")))) | Exists(there.filter(of_person(OuterRef("beside"))))
    return Q(subject__in=facilities) | Q(beside__in=facilities) | Q(staff)


def _reach(actor: Actor) -> Q | None:
    """Which entries a department's system may see; None for the whole country."""
    if any(grant.province_code is None for grant in actor.grants):
        return None
    facilities, people = facilities_visible_to(actor), practitioners_visible_to(actor, one_by_one=True)
    own = Exists(facilities.filter(pk=OuterRef("subject"))) | Exists(people.filter(pk=OuterRef("subject")))
    return Q(own | Exists(facilities.filter(pk=OuterRef("beside"))))


def _events(page: Page) -> list[dict[str, Any]]:
    return [_event(entry) for entry in page.entries if is_told(entry)]


def _event(entry: HistoryEntry) -> dict[str, Any]:
    """One change as followers are told: public values only, and never who made it."""
    return {
        "cursor": str(Cursor(entry.xact, entry.id)),
        "subject": {"kind": table_words(entry.table).kind, "id": str(entry.subject)},
        "thing": {"kind": noun_of(entry), "id": entry.row_id},
        "what": what_happened(entry).value,
        "values": public_values(entry),
        "at": iso(entry.at),
    }
