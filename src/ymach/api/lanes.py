"""The API's lanes: every request is let in, or told at once to come later, before anything is done for it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from ymach.api import errors
from ymach.api.signin import client_of
from ymach.base.clock import now
from ymach.base.errors import NotSignedIn, YmachError
from ymach.exchange.intake.answer import Answer
from ymach.exchange.intake.receive import MIB
from ymach.exchange.lanes import turns
from ymach.exchange.lanes.doors import HEADER, Ticket, ticket_of
from ymach.exchange.lanes.errors import LaneClosed
from ymach.exchange.lanes.findings import FALSE_CLAIM
from ymach.exchange.lanes.gate import Gate
from ymach.exchange.lanes.rules import Lane
from ymach.exchange.lanes.windows import check_window
from ymach.publication.asking import address_of
from ymach.trust.errors import AssertionRefused

PREFIX = "/api/v1/"
_TAKEN_IN = ("submissions", "submissions:batch", "uploads")
_YES = frozenset({"1", "true", "t", "yes", "y", "on"})
_DRAINED = 8 * MIB
"""Of a refused body so much is read and forgotten, so that the sender hears the refusal and keeps its connection."""
Handler = Callable[[HttpRequest], HttpResponse]


class Lanes:
    """Middleware of the API: a place and a turn for each request. Says in `Ymach-Lane` in which lane it was served."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        key = _key_of(request)
        try:
            ticket = _ticket(request, key)
            _check_window(request, ticket)
        except YmachError as refused:
            return _refuse(request, refused)
        request.claim = ticket.claim  # type: ignore[attr-defined]
        gate = turns.gate()
        response = self._through(gate, request, ticket, key) if gate else self.get_response(request)
        response[HEADER] = ticket.lane.value
        return response

    def _through(self, gate: Gate, request: HttpRequest, ticket: Ticket, key: str) -> HttpResponse:
        try:
            turns.arrive(gate.enter(ticket.lane, key))
            _read_body(request, key)  # a slow line takes its time, but nobody's turn
            turns.begin()
        except YmachError as full:
            turns.depart()
            return _refuse(request, full)
        response: HttpResponse | None = None
        try:
            response = self.get_response(request)
        finally:
            turns.over(response)
        return response


def claim_of(request: HttpRequest) -> str:
    """The more urgent lane that was claimed for what the request brings, "" for none."""
    claim: str = getattr(request, "claim", "")
    return claim


def remember_claim(request: HttpRequest, begun_at: datetime) -> None:
    """What was begun outside the hours of its own lane was let in by a claim: it is judged by one, repeated or not."""
    try:
        check_window(settings.ENVIRONMENT.sending_windows, Lane.HISTORY, at=begun_at)
    except LaneClosed:
        request.claim = claim_of(request) or Lane.VISIT.value  # type: ignore[attr-defined]


def judge_claim(request: HttpRequest, answers: Iterable[Answer]) -> None:
    """Take the right to claim from a sender whose claim was found false."""
    board = turns.board()
    if not board or not claim_of(request):
        return
    if any(found.get("code") == FALSE_CLAIM.code for answer in answers for found in answer.body.get("findings", ())):
        board.ban(_key_of(request), turns.FALSE_CLAIM_SECONDS)


def _ticket(request: HttpRequest, key: str) -> Ticket:
    board, header = turns.board(), request.headers.get(HEADER, "")
    is_banned = bool(header and board and board.is_banned(key))
    return ticket_of(request.method or "GET", _door(request), header, is_banned=is_banned)


def _check_window(request: HttpRequest, ticket: Ticket) -> None:
    """Hours hold for what is taken in; what was begun may be finished."""
    is_taken_in = request.method == "POST" and request.path.removeprefix(PREFIX) in _TAKEN_IN
    if is_taken_in and not _is_dry(request):
        check_window(settings.ENVIRONMENT.sending_windows, ticket.lane, at=now())


def _is_dry(request: HttpRequest) -> bool:
    """Whether nothing will be kept. A word that says no, or says nothing here, opens no closed lane."""
    said = request.GET.getlist("dry_run")[-1:]
    return _door(request) != "uploads" and bool(said) and said[0].strip().lower() in _YES


def _door(request: HttpRequest) -> str:
    return request.path.removeprefix(PREFIX).partition("/")[0]


def _key_of(request: HttpRequest) -> str:
    """Who asks: the client of the token, else the address the request comes from."""
    try:
        return client_of(request)
    except (NotSignedIn, AssertionRefused):
        forwarded = request.headers.get("X-Forwarded-For", "")
        proxies = settings.ENVIRONMENT.proxies
        return "@" + address_of(request.META.get("REMOTE_ADDR", ""), forwarded, proxies=proxies)


def _read_body(request: HttpRequest, key: str) -> None:
    """Read what a known sender sends; what cannot be read is told by whoever needs it."""
    if key.startswith("@") or _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return
    with contextlib.suppress(UnreadablePostError):
        len(request.body)


def _refuse(request: HttpRequest, error: YmachError) -> HttpResponse:
    if _length(request) <= _DRAINED:
        with contextlib.suppress(UnreadablePostError):
            while request.read(MIB):
                pass
    return errors.render(request, error)


def _length(request: HttpRequest) -> int:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdigit() else 0
