"""Consents at the desk: find the person with their paper in hand, print the text, keep the signed scan; who acts for whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission
from ymach.audit.actions import record
from ymach.audit.chain import Event
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotAllowed, YmachError
from ymach.base.text import Text
from ymach.citizens.links.queries import identities_of
from ymach.citizens.models import Citizen
from ymach.citizens.proxies import actions as proxy_actions
from ymach.citizens.proxies import queries as proxies
from ymach.citizens.proxies.actions import born_of
from ymach.citizens.proxies.errors import PeriodWrong
from ymach.citizens.proxies.rules import EVIDENCE_WORDS, RELATION_WORDS, Evidence, Relation, holds, is_asked, is_child
from ymach.consent import actions, queries
from ymach.consent.actions import Proof
from ymach.consent.errors import ConsentNotFound, NobodySigns, NotGivenByOneself
from ymach.consent.models import Channel, Consent
from ymach.consent.papers import open_scan
from ymach.consent.rules import Capacity
from ymach.consent.terms import Terms, digest_of
from ymach.exchange.reading import at_desk
from ymach.exchange.reading.errors import NobodyFound
from ymach.exchange.reading.handles import handle_of
from ymach.facilities.models import Facility
from ymach.facilities.queries import grants_with
from ymach.web import consenting, formatting
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import read_day, read_id
from ymach.web.at_desk import person_behind, person_typed
from ymach.web.consenting import Typed, paper_of, read_terms, with_version
from ymach.web.faults import Faults
from ymach.web.parts import Fact
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.shown import consents as shown
from ymach.web.templatetags.ymach import language

LIST = Text("Đồng ý của người bệnh", "Patients' consents")
WORD = Permission.CONSENT_RECORD
MOST = 200
SELF = "self"
DONE = Text("Đã ghi. Có hiệu lực từ lần đọc tới.", "Recorded. It counts from the next reading.")
WAITS = Text("Đã ghi, còn chờ trẻ đồng ý.", "Recorded; it waits for the child.")
WITHDRAWN = Text("Đã rút. Không ai đọc thêm được theo đồng ý này.", "Withdrawn. Nobody reads under it any more.")
APPOINTED = Text("Đã ghi người đại diện.", "The proxy is recorded.")
ENDED = Text("Đã chấm dứt việc đại diện.", "The proxy is ended.")
FIELDS = ("number", "full_name", "relation", "evidence", "evidence_number", "until")
PROXY_AT: Mapping[str, str] = {"proxy": "number", "subject": ""}
PAPER_AT: Mapping[str, str] = {"evidence": "paper"}
"""Where the forms ask for what the rules call otherwise."""


@needs(WORD)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The look-up, and what this desk has recorded. By POST: the person with this number and this name."""
    actor, at = actor_of_request(request), now()
    typed = {name: _told(request, name) for name in FIELDS}
    found = Faults()
    if request.method == "POST":
        person = person_typed(typed, found, desk=_desk(actor), actor=actor, at=at)
        if person is not None:
            return redirect("consents-of", handle_of(person, by=actor, at=at))
    lines, is_nobody = _desk_lines(actor, at), any(isinstance(one, NobodyFound) for one in found.found)

    def context() -> dict[str, object]:
        errors = {} if is_nobody else found.errors
        return {"lines": lines, "typed": typed, "faults": found, "errors": errors, "is_nobody": is_nobody}

    heads = [Text("Người bệnh", "Patient"), *shown.HEADS]
    sheet = Sheet(heads, lambda: ((one.person, *one.cells()) for one in lines))
    answer = page_or_sheet(request, "pages/consents/index.html", context, {"consents": sheet})
    answer.status_code = found.status if found and not is_nobody else answer.status_code
    return answer


@needs(WORD)
@require_http_methods(["GET", "HEAD", "POST"])
def of_person(request: HttpRequest, handle: str) -> HttpResponse:
    """One person at the desk: consents, who acts for them. By POST: withdraw a consent, take the child's yes, end a proxy."""
    actor, at = actor_of_request(request), now()
    person = person_behind(handle, by=actor, at=at)
    if request.method != "POST":
        return _page(request, handle, person, actor, at)
    try:
        done = _do(request, person, actor, at)
    except YmachError as error:
        return _page(request, handle, person, actor, at, Faults(error))
    messages.success(request, done.to(language()))
    return redirect("consents-of", handle)


@needs(WORD)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, handle: str) -> HttpResponse:
    """A consent on paper: the form; then the text to print and sign, with the place for its scan."""
    actor, at = actor_of_request(request), now()
    person = person_behind(handle, by=actor, at=at)
    if request.method != "POST":
        return _form(request, handle, person, Typed(), at)
    typed = Typed.of(request.POST)
    if request.POST.get("do") == "edit":
        return _form(request, handle, person, typed, at)
    found = Faults()
    giver, terms = _terms(typed, person, at, found)
    if found:
        return _form(request, handle, person, typed, at, found)
    if request.POST.get("do") == "sign":
        row = _sign(request, typed, terms, giver, actor, at, found)
        if row is not None:
            waits = row.needs_child and not typed.child_signed
            messages.success(request, (WAITS if waits else DONE).to(language()))
            return redirect("consents-of", handle)
    return _read(request, handle, person, typed, terms, at, found)


@needs(WORD)
@require_http_methods(["GET", "HEAD", "POST"])
def proxy(request: HttpRequest, handle: str) -> HttpResponse:
    """Who acts for this person: found by number and name, with the paper that shows it."""
    actor, at = actor_of_request(request), now()
    person = person_behind(handle, by=actor, at=at)
    typed = {name: _told(request, name) for name in FIELDS}
    found = Faults()
    if request.method == "POST":
        _appoint(request, typed, person, actor, at, found)
        if not found:
            messages.success(request, APPOINTED.to(language()))
            return redirect("consents-of", handle)
    context = {
        "person": person,
        "handle": handle,
        "typed": typed,
        "faults": found,
        "errors": found.errors,
        "relations": list(RELATION_WORDS.items()),
        "papers": [("", Text("Chọn giấy tờ", "Choose the paper")), *EVIDENCE_WORDS.items()],
        "crumbs": _crumbs(handle, person),
    }
    return render(request, "pages/consents/proxy.html", context, status=found.status)


@needs(WORD)
@require_safe
def paper(request: HttpRequest, handle: str, consent_id: UUID) -> HttpResponse:
    """The scan of a consent that concerns this desk."""
    actor, at = actor_of_request(request), now()
    person, desk = person_behind(handle, by=actor, at=at), _desk(actor)
    row = _row_of(person, consent_id, desk, at)
    return consenting.scan_answer(*open_scan(row, by=actor, at=at, desk=desk))


def _row_of(person: Citizen, key: UUID, desk: Facility, at: datetime) -> Consent:
    """A consent of the person that concerns the desk. Raises ConsentNotFound."""
    ids = identities_of([person.citizen_id])
    for one in queries.standings_of(ids, at=at):
        if one.row.id == key and _concerns(one.row, desk):
            return one.row
    raise ConsentNotFound


def _desk(actor: Actor) -> Facility:
    """The facility for whose desk the account works. Raises NotAllowed for one that works for none."""
    for grant in grants_with(actor, WORD):
        found = Facility.objects.filter(pk=grant.facility_id).first() if grant.facility_id else None
        if found is not None:
            return found
    raise NotAllowed(permission=WORD.value)


def _desk_lines(actor: Actor, at: datetime) -> list[shown.Line]:
    found = queries.of_desk([_desk(actor).id], at=at, most=MOST)
    return shown.lines_of(found, shown.names_of_people(one.row.citizen_id for one in found))


def _page(
    request: HttpRequest, handle: str, person: Citizen, actor: Actor, at: datetime, faults: Faults | None = None
) -> HttpResponse:
    ids, today, desk = identities_of([person.citizen_id]), vietnam_day(at), _desk(actor)
    found = [one for one in queries.standings_of(ids, at=at) if _concerns(one.row, desk)]
    held = [one for one in proxies.history_of(ids) if holds(one, today)]
    names = shown.names_of_people(one.proxy_id for one in held)
    seen = Event(
        at, str(actor), "consent:read", f"citizen:{person.citizen_id}", at_desk.BASIS, citizen_id=person.citizen_id
    )
    with transaction.atomic():
        record(seen, facility_id=desk.id)
    context = {
        "person": person,
        "facts": _person_facts(person),
        "handle": handle,
        "lines": shown.lines_of(found),
        "proxies": [(one, shown.proxy_fact(one, names.get(one.proxy_id, "—"))) for one in held],
        "needs_proxy": is_child(born_of(person), today) and not held,
        "faults": faults,
        "crumbs": [(LIST, reverse("consents"))],
    }
    return render(request, "pages/consents/of_person.html", context, status=faults.status if faults else 200)


def _concerns(row: Consent, desk: Facility) -> bool:
    """A desk sees the consents it recorded and those that name it: what others were told is none of its business."""
    return row.facility_id == desk.id or desk.id in row.facilities


def _person_facts(person: Citizen) -> list[Fact]:
    year, month, day = born_of(person)
    born = "/".join(f"{part:02d}" for part in (day, month, year) if part)
    return [Fact(Text("Ngày sinh", "Born"), born or Text("chưa rõ", "unknown"))]


def _do(request: HttpRequest, person: Citizen, actor: Actor, at: datetime) -> Text:
    act, key, desk = _told(request, "do"), _key(request), _desk(actor)
    if act == "end-proxy":
        proxy_actions.end(
            subject_id=person.citizen_id, proxy_row_id=key, reason=_told(request, "reason"), by=actor, at=at
        )
        return ENDED
    row = _row_of(person, key, desk, at)
    if act == "child":
        proof = Proof(Channel.DESK_PAPER, person.full_name, paper=paper_of(request))
        actions.sign_as_child(citizen_id=row.citizen_id, consent_id=key, proof=proof, by=actor, at=at, facility=desk)
        return DONE
    giver = read_id(_told(request, "giver")) or row.citizen_id
    reason = _told(request, "reason")
    actions.withdraw(
        citizen_id=row.citizen_id,
        consent_id=key,
        withdrawn_by_id=giver,
        by=actor,
        at=at,
        reason=reason,
        facility=desk,
    )
    return WITHDRAWN


def _terms(typed: Typed, person: Citizen, at: datetime, found: Faults) -> tuple[UUID, Terms]:
    """Who signs, and what; of use when nothing is found wrong."""
    giver, capacity = person.citizen_id, Capacity.PARENT
    with found.noted():
        giver, capacity = _giver(typed, person, at)
    return giver, read_terms(typed, person.citizen_id, capacity, born=born_of(person), at=at, found=found)


def _sign(
    request: HttpRequest, typed: Typed, terms: Terms, giver: UUID, actor: Actor, at: datetime, found: Faults
) -> Consent | None:
    proof = Proof(Channel.DESK_PAPER, typed.signer, paper=paper_of(request))
    found.add(*actions.faults_of(proof, digest_of(terms)))
    if found:
        return None
    with found.noted(at=PAPER_AT):
        return actions.give(
            terms=terms,
            giver_id=giver,
            proof=proof,
            by=actor,
            at=at,
            facility=_desk(actor),
            child_signed=typed.child_signed,
        )
    return None


def _giver(typed: Typed, person: Citizen, at: datetime) -> tuple[UUID, Capacity]:
    """Who signs: the person, or one of those who act for them."""
    if not typed.giver:
        raise NobodySigns(field="giver")
    if typed.giver == SELF:
        return person.citizen_id, Capacity.SELF
    for one in proxies.proxies_of(person.citizen_id, on=vietnam_day(at)):
        if str(one.id) == typed.giver:
            return one.proxy_id, Capacity(one.relation.value)
    raise NotGivenByOneself(field="giver")


def _givers(person: Citizen, at: datetime) -> list[tuple[str, str]]:
    today = vietnam_day(at)
    held = proxies.proxies_of(person.citizen_id, on=today)
    names = shown.names_of_people(one.proxy_id for one in held)
    own = [] if is_child(born_of(person), today) else [(SELF, person.full_name)]
    return [*own, *((str(one.id), _named(names.get(one.proxy_id, "—"), one.relation)) for one in held)]


def _named(name: str, relation: Relation) -> str:
    return f"{name} ({RELATION_WORDS[relation].to(language())})"


def _form(
    request: HttpRequest, handle: str, person: Citizen, typed: Typed, at: datetime, found: Faults | None = None
) -> HttpResponse:
    desk = _desk(actor_of_request(request))
    context = {
        **consenting.form_context(typed, [desk]),
        "person": person,
        "handle": handle,
        "desk": desk,
        "givers": _givers(person, at),
        "faults": found,
        "errors": found.errors if found else {},
        "crumbs": _crumbs(handle, person),
    }
    return render(request, "pages/consents/form.html", context, status=found.status if found else 200)


def _read(
    request: HttpRequest,
    handle: str,
    person: Citizen,
    typed: Typed,
    terms: Terms,
    at: datetime,
    found: Faults,
) -> HttpResponse:
    typed = with_version(typed, terms)
    context = {
        "person": person,
        "handle": handle,
        "typed": typed,
        "lines": consenting.words_of(terms, person.full_name).to(language()).splitlines(),
        "version": terms.text_version,
        "hidden": list(typed.hidden()),
        "needs_child": terms.capacity is not Capacity.SELF and is_asked(born_of(person), vietnam_day(at)),
        "day": formatting.day(vietnam_day(at)),
        "desk": _desk(actor_of_request(request)),
        "faults": found,
        "errors": found.errors,
        "crumbs": _crumbs(handle, person),
    }
    return render(request, "pages/consents/read.html", context, status=found.status)


def _appoint(
    request: HttpRequest, typed: Mapping[str, str], person: Citizen, actor: Actor, at: datetime, found: Faults
) -> None:
    """Appoint, or everything that is wrong with the form in `found`."""
    proxy_id, until = person_typed(typed, found, desk=_desk(actor), actor=actor, at=at), read_day(typed["until"])
    relation = Relation(typed["relation"]) if typed["relation"] in set(Relation) else None
    evidence = Evidence(typed["evidence"]) if typed["evidence"] in set(Evidence) else None
    said: Any = {
        "proxy_id": proxy_id,
        "relation": relation,
        "evidence": evidence,
        "evidence_number": typed["evidence_number"],
        "until": until,
        "at": at,
    }
    found.add(*proxy_actions.faults_of(subject=person, **said), at=PROXY_AT)
    if typed["until"] and until is None:
        found.add(PeriodWrong(field="until"))
    if not found:
        with found.noted(at={**PROXY_AT, **PAPER_AT}):
            paper, desk = paper_of(request), _desk(actor)
            proxy_actions.appoint(subject_id=person.citizen_id, **said, paper=paper, facility=desk, by=actor)


def _key(request: HttpRequest) -> UUID:
    key = read_id(_told(request, "key"))
    if key is None:
        raise ConsentNotFound
    return key


def _told(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()[:1000]


def _crumbs(handle: str, person: Citizen) -> list[tuple[Text | str, str]]:
    return [(LIST, reverse("consents")), (person.full_name, reverse("consents-of", args=[handle]))]
