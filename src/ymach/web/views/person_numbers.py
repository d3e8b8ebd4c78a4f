"""A person's numbers at the desk: found with the paper in hand, read with their history, added, ended, moved."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ymach.accounts.permissions import Permission
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.audit.refusals import refusals_recorded
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.base.errors import Conflict, NotAllowed, NotFound
from ymach.base.sealing import KeyMissing, SealBroken, seal_text, unseal_text
from ymach.base.text import Text
from ymach.citizens import identifiers
from ymach.citizens.errors import (
    NumberEvidenceMissing,
    NumberKindWrong,
    NumberOwn,
    NumberReasonLong,
    NumberReasonMissing,
    NumberTaken,
)
from ymach.citizens.identifiers import LONGEST_REASON, Number, may_move
from ymach.citizens.identify import Key
from ymach.citizens.links.evidence import Kind as Evidence
from ymach.citizens.links.queries import level_of
from ymach.citizens.matching.queries import visible_pairs
from ymach.citizens.models import Citizen, IdentifierKind
from ymach.exchange.reading.asked import read_asked
from ymach.exchange.reading.at_desk import Matter
from ymach.exchange.reading.errors import HandleOver, NobodyFound
from ymach.exchange.reading.handles import handle_of
from ymach.exchange.reading.look_up import pace
from ymach.facilities.models import Facility
from ymach.facilities.queries import grants_with
from ymach.web.access import actor_of_request, needs
from ymach.web.at_desk import person_behind, person_typed
from ymach.web.faults import Faults
from ymach.web.shown import person_numbers as shown
from ymach.web.shown.assurance import assured
from ymach.web.templatetags.ymach import language

LIST = Text("Số giấy tờ của một người", "A person's numbers")
WORD = Permission.IDENTITY_DESK
MATTER = Matter("identity", "Law 15/2023/QH15 art. 69")
FIELDS = ("number", "full_name", "evidence", "reason", "key", "other", "do")
ADDED = Text(
    "Đã ghi thêm số. Từ bây giờ số này cũng tìm ra người này.", "Added. The number finds this person from now on."
)
ENDED = Text("Đã ghi số hết hiệu lực. Số cũ vẫn tìm ra người này.", "Ended. The old number still finds this person.")
MOVED = Text("Đã chuyển số. Quyết định được giữ ở cả hai người.", "Moved. The decision is kept with both persons.")
REFUSED = (NotAllowed, NotFound, Conflict)


@needs(WORD)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The look-up. By POST: the person with this number and this name."""
    actor, at, typed, found = actor_of_request(request), now(), _typed(request), Faults()
    if request.method == "POST":
        person = person_typed(typed, found, desk=_desk(actor), matter=MATTER, actor=actor, at=at)
        if person is not None:
            return redirect("persons-of", handle_of(person, by=actor, at=at))
    is_nobody = _is_nobody(found)
    context = {
        "typed": typed,
        "faults": found,
        "errors": {} if is_nobody else found.errors,
        "is_department": may_move(actor),
    }
    return render(request, "pages/persons/index.html", context, status=200 if is_nobody else found.status)


@needs(WORD)
@require_http_methods(["GET", "HEAD", "POST"])
def of_person(request: HttpRequest, handle: str) -> HttpResponse:
    """One person: numbers with their history, links, decisions. By POST: add a number, or end one."""
    actor, at, found = actor_of_request(request), now(), Faults()
    person, typed = person_behind(handle, by=actor, at=at), _typed(request)
    if request.method == "POST":
        done = _end if typed["do"] == "end" else _add
        said = done(typed, person, found, by=actor, at=at)
        if not found:
            messages.success(request, said.to(language()))
            return redirect("persons-of", handle)
    _note_read(person, by=actor, at=at)
    context = _person(person, handle, typed, found, actor, at)
    return render(request, "pages/persons/of_person.html", context, status=found.status)


@needs(Permission.IDENTITY_MATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, handle: str) -> HttpResponse:
    """Whose a number is: the other person by number and name, what it means, then the decision. For departments."""
    actor, at, found = actor_of_request(request), now(), Faults()
    person, typed = person_behind(handle, by=actor, at=at), _typed(request)
    with refusals_recorded("identity:number", _subject(person), by=actor, at=at):
        if not may_move(actor):
            raise NotAllowed(permission=Permission.IDENTITY_MATCH.value)
    if not typed["key"]:
        return redirect("persons-of", handle)
    number, other = _number(typed["key"], person, actor), None
    if typed["do"] == "look":
        other = _other(typed, person, found, by=actor, at=at)
    elif typed["do"] == "move":
        other = person_behind(typed["other"], by=actor, at=at)
        with found.noted(), _journaled(person, actor, at):
            identifiers.move(person.pk, other.pk, number, reason=typed["reason"], by=actor, at=at)
        if not found:
            messages.success(request, MOVED.to(language()))
            return redirect("persons-of", handle)
    context = _move_context(person, handle, number, other, typed, found, actor, at)
    return render(request, "pages/persons/move.html", context, status=found.status)


def _add(typed: Mapping[str, str], person: Citizen, found: Faults, *, by: Actor, at: datetime) -> Text:
    """Write down what was typed, or all that a scanned card says; a number of somebody else counts as one tried out."""
    keys: Sequence[Key] = ()
    with found.noted():
        keys = _keys(typed["number"])
    if typed["evidence"] not in set(shown.PAPERS):
        found.add(NumberEvidenceMissing(field="evidence"))
    if not found:
        source, paper = _source(by), Evidence(typed["evidence"])
        with found.noted(), _journaled(person, by, at), pace(by, at, misses=NumberTaken), transaction.atomic():
            for key in keys:
                identifiers.add(person.pk, key, source=source, evidence=paper, by=by, at=at)
    return ADDED


def _end(typed: Mapping[str, str], person: Citizen, found: Faults, *, by: Actor, at: datetime) -> Text:
    number = _number(typed["key"], person, by)
    with found.noted(), _journaled(person, by, at):
        identifiers.end(person.pk, number, reason=typed["reason"], by=by, at=at)
    return ENDED


def _other(typed: Mapping[str, str], person: Citizen, found: Faults, *, by: Actor, at: datetime) -> Citizen | None:
    """To whom the number is to go; None with everything that is wrong with the form."""
    key = person_typed(typed, found, desk=_desk(by), matter=MATTER, actor=by, at=at)
    if key == person.pk:
        found.add(NumberOwn(field="number"))
    if not typed["reason"]:
        found.add(NumberReasonMissing(field="reason"))
    elif len(typed["reason"]) > LONGEST_REASON:
        found.add(NumberReasonLong(field="reason", limit=LONGEST_REASON))
    return None if found or key is None else Citizen.objects.get(pk=key)


@contextmanager
def _journaled(person: Citizen, by: Actor, at: datetime) -> Iterator[None]:
    """What is refused is in the journal of the desk."""
    desk = _desk(by)
    with refusals_recorded(
        "identity:number", _subject(person), by=by, at=at, facility_id=desk.id if desk else None, kinds=REFUSED
    ):
        yield


def _keys(number: str) -> tuple[Key, ...]:
    """What a typed number or a scanned card names. Raises NumberUnreadable, CardUnreadable, NumberKindWrong."""
    keys = read_asked(number=number or " -").keys
    if not {kind for kind, _ in keys} <= shown.CHANGED:
        raise NumberKindWrong(field="number")
    return keys


def _person(
    person: Citizen, handle: str, typed: Mapping[str, str], found: Faults, actor: Actor, at: datetime
) -> dict[str, object]:
    own, is_department = _own(actor), may_move(actor)
    numbers = shown.listed(identifiers.numbers_of_person(person.pk), own)
    places = shown.Places.of(own, map(shown.facility_of, numbers))
    ending = _number(typed["key"], person, actor) if found and typed["do"] == "end" else None
    lines = [shown.line_of(one, places, token=_token(one, person, actor), is_here=one.key == ending) for one in numbers]

    def others(key: UUID) -> str:
        return handle_of(key, by=actor, at=at)

    return {
        "person": person,
        "handle": handle,
        "typed": typed,
        "faults": found,
        "errors": found.errors,
        "level": assured(level_of(person.pk)),
        "facts": shown.facts_of(person),
        "held": [line for line, one in zip(lines, numbers, strict=True) if one.until is None],
        "before": [line for line, one in zip(lines, numbers, strict=True) if one.until is not None],
        "others": shown.others_of(person.pk, others),
        "links": shown.links_of(person.pk, own, _pairs(person, actor)),
        "decisions": shown.decided(
            person.pk, identifiers.decisions_about(person.pk), _address(others) if is_department else None
        ),
        "papers": shown.PAPER_CHOICES,
        "is_department": is_department,
        "crumbs": [(LIST, reverse("persons"))],
    }


def _move_context(
    person: Citizen,
    handle: str,
    number: Key,
    other: Citizen | None,
    typed: Mapping[str, str],
    found: Faults,
    actor: Actor,
    at: datetime,
) -> dict[str, object]:
    sides = [person, *([other] if other else [])]
    return {
        "person": person,
        "handle": handle,
        "number": shown.number_words(IdentifierKind(number[0]), number[1]),
        "other": other,
        "other_handle": handle_of(other.pk, by=actor, at=at) if other else "",
        "sides": [(one, shown.facts_of(one), assured(level_of(one.pk))) for one in sides],
        "typed": typed,
        "faults": found,
        "errors": found.errors,
        "crumbs": [(LIST, reverse("persons")), (person.full_name, reverse("persons-of", args=[handle]))],
    }


def _address(handle: shown.Handle) -> shown.Handle:
    return lambda key: reverse("persons-of", args=[handle(key)])


def _pairs(person: Citizen, actor: Actor) -> dict[UUID, str]:
    """The pages of the probable pairs that the person is in and the reader decides on."""
    rows = visible_pairs(actor).filter(Q(citizen_id=person.pk) | Q(other_id=person.pk))
    sides = rows.values_list("citizen_id", "other_id")
    return {other if one == person.pk else one: reverse("person-pair", args=[one, other]) for one, other in sides}


def _note_read(person: Citizen, *, by: Actor, at: datetime) -> None:
    desk = _desk(by)
    seen = Event(at, str(by), "identity:read", _subject(person), MATTER.basis, citizen_id=person.pk)
    with transaction.atomic():
        record(seen, facility_id=desk.id if desk else REGISTRY)


def _token(number: Number, person: Citizen, actor: Actor) -> str:
    """A number as a form of this page names it: sealed to the reader and the person; "" for what is not changed here."""
    if number.kind not in shown.CHANGED or not number.value:
        return ""
    sealed = seal_text(":".join(number.key), context=_context(person, actor))
    return base64.urlsafe_b64encode(sealed).decode("ascii")


def _number(token: str, person: Citizen, actor: Actor) -> Key:
    """What `_token` sealed. Raises HandleOver for anything else."""
    try:
        sealed = base64.urlsafe_b64decode(token.encode("ascii"))
        kind, _, value = unseal_text(sealed, context=_context(person, actor)).partition(":")
    except (UnicodeEncodeError, binascii.Error, ValueError, SealBroken, KeyMissing):
        raise HandleOver from None
    return kind, value


def _context(person: Citizen, actor: Actor) -> str:
    return f"number:{person.pk}:{actor}"


def _subject(person: Citizen) -> str:
    return f"citizen:{person.pk}"


def _desk(actor: Actor) -> Facility | None:
    """The facility for whose desk the account works; None for a department's."""
    key = _own(actor)
    return Facility.objects.filter(pk=key).first() if key else None


def _own(actor: Actor) -> UUID | None:
    return next((grant.facility_id for grant in grants_with(actor, WORD) if grant.facility_id), None)


def _source(actor: Actor) -> str:
    own = _own(actor)
    if own is not None:
        return f"facility:{own}"
    return f"department:{next((grant.province_code for grant in grants_with(actor, WORD) if grant.province_code), '')}"


def _is_nobody(found: Faults) -> bool:
    return any(isinstance(one, NobodyFound) for one in found.found)


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").replace("\x00", "").strip()[:1200] for name in FIELDS}
