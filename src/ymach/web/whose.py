"""Whose health book is open: one's own, or of somebody one acts for. Chosen by POST and kept in the session.

No address names a person. What a form names is a handle that works for one account only; the choice is checked anew
with every request, so that a proxy that ended opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from ymach.accounts.permissions import Permission
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotFound
from ymach.base.text import Text
from ymach.citizens.links.queries import identities_of
from ymach.citizens.models import Citizen
from ymach.citizens.proxies.queries import acting_for
from ymach.citizens.proxies.rules import Proxy, Scope
from ymach.consent.rules import Purpose
from ymach.exchange.reading.gate import Opened, read
from ymach.facilities.queries import grants_with
from ymach.web.access import actor_of_request

SESSION = "book-of"
FOR_WORDS = {
    "parent": Text("Con tôi", "My child"),
    "guardian": Text("Người tôi giám hộ", "Whom I am guardian of"),
    "mandate": Text("Người ủy quyền cho tôi", "Who gave me a mandate"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A book that may be opened. handle: what the form says."""

    handle: str
    name: str
    relation: Text
    is_here: bool


@dataclass(frozen=True, slots=True)
class Whose:
    """The book that is open. reader_id: the citizen who signed in; relation: how they stand to whose book it is."""

    citizen: Citizen
    reader_id: UUID
    relation: Text
    choices: tuple[Choice, ...] = ()

    @property
    def is_self(self) -> bool:
        return self.citizen.citizen_id == self.reader_id


def whose(request: HttpRequest) -> Whose:
    """Whose book the request is about. Raises NotFound for an account that is no citizen's."""
    me = _reader_id(request)
    acting = _acting(me)
    wanted = request.session.get(SESSION, "")
    chosen = next((one for one in acting if str(one.subject_id) == wanted), None)
    ids = {me, *(one.subject_id for one in acting)}
    people = Citizen.objects.in_bulk(list(ids))
    subject = chosen.subject_id if chosen else me
    if subject not in people:
        raise NotFound
    own = Choice(_handle(me, me), people[me].full_name, Text("Sổ của tôi", "My own"), chosen is None)
    others = [
        Choice(_handle(me, one.subject_id), people[one.subject_id].full_name, FOR_WORDS[one.relation], one is chosen)
        for one in acting
        if one.subject_id in people
    ]
    relation = FOR_WORDS[chosen.relation] if chosen else own.relation
    return Whose(people[subject], me, relation, (own, *others) if others else ())


def choose(request: HttpRequest, handle: str) -> None:
    """Open another book from now on. Raises NotFound for a handle that is not this account's."""
    me = _reader_id(request)
    for subject in (me, *(one.subject_id for one in _acting(me))):
        if constant_time_compare(_handle(me, subject), handle):
            request.session[SESSION] = "" if subject == me else str(subject)
            return
    raise NotFound


def turn_to(request: HttpRequest, citizen_id: UUID) -> bool:
    """Open the book of a person from now on, one's own or of whom one acts for; False, and nothing done, for others."""
    me, ids = _reader(request), set(identities_of([citizen_id]))
    acting = _acting(me) if me else []
    found = me if me in ids else next((one.subject_id for one in acting if one.subject_id in ids), None)
    if found is not None:
        request.session[SESSION] = "" if found == me else str(found)
    return found is not None


def books_of_others(request: HttpRequest, citizen_ids: Iterable[UUID | None]) -> dict[UUID | None, Choice]:
    """Of these people, those whose book the reader may open without it being their own."""
    asked, me = {one for one in citizen_ids if one}, _reader(request)
    if not asked or me is None:
        return {}
    acting = {key: one for one in _acting(me) for key in identities_of([one.subject_id])}
    people = Citizen.objects.in_bulk([key for key in asked if key in acting])
    words = {key: FOR_WORDS[acting[key].relation] for key in people}
    return {key: Choice(_handle(me, key), one.full_name, words[key], is_here=False) for key, one in people.items()}


def open_book(request: HttpRequest, book: Whose, part: str) -> Opened:
    """What may be seen of the book, through the gate of every reading. part: what the page shows."""
    actor = actor_of_request(request)
    return read(book.citizen.citizen_id, purpose=Purpose.OWN, part=part, by=actor, at=now())


def _reader_id(request: HttpRequest) -> UUID:
    found = _reader(request)
    if found is None:
        raise NotFound
    return found


def _reader(request: HttpRequest) -> UUID | None:
    mine = grants_with(actor_of_request(request), Permission.RECORD_READ_OWN)
    return next((grant.citizen_id for grant in mine if grant.citizen_id), None)


def _acting(me: UUID) -> list[Proxy]:
    return [one for one in acting_for(me, on=vietnam_day(now())) if Scope.READ in one.scope]


def _handle(me: UUID, subject: UUID) -> str:
    return salted_hmac("ymach.web.whose", f"{me}:{subject}", algorithm="sha256").hexdigest()[:24]
