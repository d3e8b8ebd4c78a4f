"""A citizen's consents, one's own and of those one acts for: the list, giving with VNeID, a child's yes, withdrawing."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.citizens.links.queries import identities_of
from ymach.citizens.models import IdentifierKind
from ymach.citizens.proxies.actions import born_of
from ymach.citizens.proxies.queries import acting_for
from ymach.citizens.proxies.rules import Scope, is_asked
from ymach.citizens.queries import known_under
from ymach.citizens.requests.models import Request
from ymach.consent import actions, queries
from ymach.consent.actions import Proof
from ymach.consent.denials import deny_consent
from ymach.consent.errors import ConsentNotFound, NotGivenByOneself, SignatureOfSomethingElse
from ymach.consent.models import Channel
from ymach.consent.papers import open_scan
from ymach.consent.queries import Standing
from ymach.consent.receipts import receipt_of
from ymach.consent.rules import Capacity
from ymach.consent.terms import Terms, digest_of
from ymach.consent.words import PURPOSE_WORDS, Why
from ymach.exchange.platform import issuer
from ymach.facilities.queries import names_of
from ymach.trust.openid import Asked, Confirmation, Person, ask, receive
from ymach.web import consenting
from ymach.web.access import actor_of_request, needs
from ymach.web.book import crumbs
from ymach.web.consenting import Typed, read_terms, with_version
from ymach.web.faults import Faults
from ymach.web.sheets import Sheet, page_or_sheet
from ymach.web.shown import consents as shown
from ymach.web.signin import limits
from ymach.web.signin.provider import vneid
from ymach.web.templatetags.ymach import language
from ymach.web.whose import Whose, whose

LIST = Text("Đồng ý chia sẻ", "Consents")
KEPT, READ = "consent-asked", "consent-read"
GIVEN = Text("Đã ghi đồng ý của bạn.", "Your consent is recorded.")
WAITS = Text(
    "Đã ghi. Trẻ từ 7 tuổi: cần trẻ đồng ý nữa mới có hiệu lực.", "Recorded. It holds when the child has agreed too."
)
SIGNED = Text("Bạn đã đồng ý. Từ lúc này có hiệu lực.", "You have agreed. It holds from now on.")
WITHDRAWN = Text("Đã rút. Từ lúc này không ai đọc thêm được.", "Withdrawn. From now on nobody reads under it.")
DENIED = Text(
    "Đã ghi lời bạn. Giấy đó hết hiệu lực từ bây giờ; Sở Y tế sẽ xem ai đã ký và trả lời bạn ở đây.",
    "Your word is recorded. The paper is without force from now on; the department looks into it and answers you here.",
)
WORD = Permission.CONSENT_GIVE_OWN


@needs(WORD)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every consent about the person whose book is open, the newest first."""
    book, at = whose(request), now()
    lines = shown.lines_of(_standings(book, at))

    def context() -> dict[str, object]:
        return {
            "book": book,
            "holding": [one for one in lines if not one.standing.is_over and one.may_withdraw],
            "over": [one for one in lines if one.standing.is_over or not one.may_withdraw],
            "may_give": capacity_of(book, at) is not None,
            "crumbs": crumbs(),
        }

    sheet = Sheet([*shown.HEADS], lambda: (one.cells() for one in lines))
    return page_or_sheet(request, "pages/consents/own.html", context, {"consents": sheet})


@needs(WORD)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """The form; then the text to read; then VNeID. Nothing typed is lost on the way."""
    book, at = whose(request), now()
    if request.method != "POST":
        return _form(request, book, Typed())
    typed = Typed.of(request.POST)
    if request.POST.get("do") == "edit":
        return _form(request, book, typed)
    found = Faults()
    terms = _terms(typed, book, at, found)
    if found:
        return _form(request, book, typed, found)
    typed = with_version(typed, terms)
    request.session[READ] = _kept(terms)
    context = {
        "book": book,
        "lines": consenting.words_of(terms, book.citizen.full_name).to(language()).splitlines(),
        "hidden": list(typed.hidden()),
        "has_vneid": bool(settings.ENVIRONMENT.vneid_url),
        "waits": not book.is_self and is_asked(born_of(book.citizen), vietnam_day(at)),
        "crumbs": [*crumbs(), (LIST, reverse("own-consents"))],
    }
    return render(request, "pages/consents/own_read.html", context)


@needs(WORD)
@never_cache
@require_safe
def sign(request: HttpRequest) -> HttpResponse:
    """Lead to VNeID with what was read; a link, because a form may not lead away from this site."""
    kept = request.session.pop(READ, None)
    if kept is None:
        return redirect("own-consent-new")
    terms = _loaded(kept)
    try:
        return _to_vneid(request, terms, {}, _title(terms))
    except YmachError as error:
        return _back_with(request, error)


@needs(WORD)
@never_cache
@require_safe
def agree(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """A child of seven or older says yes to what a parent has signed: with VNeID."""
    book, at = whose(request), now()
    one = _found(book, consent_id, at)
    if not book.is_self or one.why is not Why.WAITING:
        raise ConsentNotFound
    terms = consenting.terms_of(one.row)
    try:
        return _to_vneid(request, terms, {"consent": str(consent_id), "digest": one.row.digest}, _title(terms))
    except YmachError as error:
        return _back_with(request, error)


@needs(WORD)
@never_cache
@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """VNeID's answer: the consent is recorded if the very same text was confirmed by the very same person."""
    book, at, kept = whose(request), now(), request.session.pop(KEPT, None)
    if request.GET.get("error") == "access_denied":
        return redirect("own-consents")
    try:
        person = _answer(request, kept, at)
        if "consent" in kept:
            return _signed_by_child(request, book, UUID(kept["consent"]), person, at)
        terms = _loaded(kept["terms"])
        row = actions.give(
            terms=terms, giver_id=book.reader_id, proof=_proof(person), by=actor_of_request(request), at=at
        )
    except YmachError as error:
        return _back_with(request, error)
    messages.success(request, (WAITS if row.needs_child else GIVEN).to(language()))
    return redirect("own-consent", row.id)


@needs(WORD)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """One consent with its text, to print and keep. By POST: withdraw it, decline what waits, say that it was not signed."""
    book, at, actor = whose(request), now(), actor_of_request(request)
    found = _found(book, consent_id, at)
    if request.method == "POST":
        try:
            if request.POST.get("do") == "deny":
                made = _deny(book, found, actor, at)
                messages.success(request, DENIED.to(language()))
                return redirect("own-request", made.id)
            _withdraw(request, book, found, actor, at)
            messages.success(request, WITHDRAWN.to(language()))
            return redirect("own-consent", consent_id)
        except YmachError as error:
            return _one(request, book, _found(book, consent_id, at), Faults(error))
    return _one(request, book, found, Faults())


@needs(WORD)
@require_safe
def receipt(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The signed receipt, a file to keep."""
    found = _found(whose(request), consent_id, now())
    sign = issuer()
    answer = HttpResponse(receipt_of(found.row, issuer=sign.name, key=sign.key), content_type="application/jose")
    answer["Content-Disposition"] = f'attachment; filename="dong-y-{consent_id}.jws"'
    return answer


@needs(WORD)
@require_safe
def paper(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The scan of what was signed at a desk."""
    found = _found(whose(request), consent_id, now())
    return consenting.scan_answer(*open_scan(found.row, by=actor_of_request(request), at=now()))


def _back_with(request: HttpRequest, error: YmachError) -> HttpResponse:
    messages.error(request, error.text.to(language()))
    return redirect("own-consents")


def capacity_of(book: Whose, at: datetime) -> Capacity | None:
    """In which capacity the reader may consent for the person of the open book; None where not at all."""
    if book.is_self:
        return Capacity.SELF
    for one in acting_for(book.reader_id, on=vietnam_day(at)):
        if one.subject_id == book.citizen.citizen_id and Scope.CONSENT in one.scope:
            return Capacity(one.relation.value)
    return None


def _terms(typed: Typed, book: Whose, at: datetime, found: Faults) -> Terms:
    capacity = capacity_of(book, at)
    if capacity is None:
        found.add(NotGivenByOneself())
    born, subject = born_of(book.citizen), book.citizen.citizen_id
    return read_terms(typed, subject, capacity or Capacity.MANDATE, born=born, at=at, found=found)


def _form(request: HttpRequest, book: Whose, typed: Typed, found: Faults | None = None) -> HttpResponse:
    context = {
        **consenting.form_context(typed, consenting.places_of([book.citizen.citizen_id])),
        "book": book,
        "faults": found,
        "errors": found.errors if found else {},
        "crumbs": [*crumbs(), (LIST, reverse("own-consents"))],
    }
    return render(request, "pages/consents/own_form.html", context, status=found.status if found else 200)


def _one(request: HttpRequest, book: Whose, found: Standing, faults: Faults) -> HttpResponse:
    (line,) = shown.lines_of([found])
    names = names_of([found.row.facility_id])
    people = shown.names_of_people([found.row.giver_id])
    place = next(iter(names.values()), "")
    context = {
        "book": book,
        "line": line,
        "facts": shown.facts_of(line, people.get(found.row.giver_id, ""), place),
        "lines": shown.text_of(found, book.citizen.full_name, language()),
        "may_agree": book.is_self and found.why is Why.WAITING and line.may_withdraw,
        "has_vneid": bool(settings.ENVIRONMENT.vneid_url),
        "faults": faults,
        "crumbs": [*crumbs(), (LIST, reverse("own-consents"))],
    }
    return render(request, "pages/consents/own_one.html", context, status=faults.status)


def _withdraw(request: HttpRequest, book: Whose, found: Standing, actor: Actor, at: datetime) -> None:
    actions.withdraw(
        citizen_id=found.row.citizen_id,
        consent_id=found.row.id,
        withdrawn_by_id=book.reader_id,
        by=actor,
        at=at,
        reason=request.POST.get("reason", "").replace("\x00", ""),
    )


def _deny(book: Whose, found: Standing, actor: Actor, at: datetime) -> Request:
    key = {"citizen_id": found.row.citizen_id, "consent_id": found.row.id}
    return deny_consent(**key, denied_by_id=book.reader_id, by=actor, at=at)


def _standings(book: Whose, at: datetime) -> list[Standing]:
    """The consents about the person, for a proxy without those that name a compartment the proxy may not know of."""
    found = queries.standings_of(identities_of([book.citizen.citizen_id]), at=at)
    if book.is_self:
        return found
    acting = [
        one for one in acting_for(book.reader_id, on=vietnam_day(at)) if one.subject_id == book.citizen.citizen_id
    ]
    known = frozenset[str]().union(*(one.compartments for one in acting))
    return [one for one in found if known.issuperset(one.row.compartments)]


def _found(book: Whose, consent_id: UUID, at: datetime) -> Standing:
    for found in _standings(book, at):
        if found.row.id == consent_id:
            return found
    raise ConsentNotFound


def _to_vneid(request: HttpRequest, terms: Terms, kept: dict[str, Any], title: str) -> HttpResponse:
    limits.take_vneid(str(actor_of_request(request).key), at=now())
    digest = kept.get("digest") or digest_of(terms)
    address, asked = ask(vneid(), redirect_uri=_back(), confirm=Confirmation(title, digest))
    # Single use: whatever comes back, the question is forgotten with the answer.
    request.session[KEPT] = {**kept, "terms": _kept(terms), "digest": digest, "asked": asdict(asked)}
    return HttpResponseRedirect(address)


def _answer(request: HttpRequest, kept: dict[str, Any] | None, at: datetime) -> Person:
    """Who confirmed, if it is the reader and what was asked. Raises SignatureOfSomethingElse, ProviderAway."""
    state = request.GET.get("state", "")
    if not kept or not hmac.compare_digest(state.encode(), kept["asked"]["state"].encode()):
        raise SignatureOfSomethingElse
    asked = Asked(**kept["asked"])
    person = receive(vneid(), asked, code=request.GET.get("code", ""), redirect_uri=_back(), at=at)
    known = known_under([(IdentifierKind.PERSONAL_NUMBER.value, person.personal_number)]).values()
    me = {grant.citizen_id for grant in actor_of_request(request).grants if grant.citizen_id}
    if person.confirmed != kept["digest"] or not any(one.citizen_id in _all_of(me) for one in known):
        raise SignatureOfSomethingElse
    return person


def _all_of(ids: set[UUID]) -> set[UUID]:
    return set(identities_of(ids))


def _signed_by_child(request: HttpRequest, book: Whose, consent_id: UUID, person: Person, at: datetime) -> HttpResponse:
    found = _found(book, consent_id, at)
    actions.sign_as_child(
        citizen_id=found.row.citizen_id,
        consent_id=consent_id,
        proof=_proof(person),
        by=actor_of_request(request),
        at=at,
    )
    messages.success(request, SIGNED.to(language()))
    return redirect("own-consent", consent_id)


def _proof(person: Person) -> Proof:
    return Proof(Channel.VNEID, person.name or "VNeID", transaction=person.statement, digest=person.confirmed)


def _title(terms: Terms) -> str:
    return f"Đồng ý chia sẻ hồ sơ sức khỏe: {PURPOSE_WORDS[terms.purpose].vi}"


def _kept(terms: Terms) -> dict[str, Any]:
    return {
        "subject_id": str(terms.subject_id),
        "purpose": terms.purpose,
        "capacity": terms.capacity.value,
        "facilities": sorted(str(one) for one in terms.facilities),
        "is_for_treating": terms.is_for_treating,
        "kinds": sorted(terms.kinds) if terms.kinds is not None else None,
        "compartments": sorted(terms.compartments),
        "since": terms.since.isoformat(),
        "until": terms.until.isoformat() if terms.until else None,
        "text_version": terms.text_version,
    }


def _loaded(kept: dict[str, Any]) -> Terms:
    return Terms(
        subject_id=UUID(kept["subject_id"]),
        purpose=kept["purpose"],
        capacity=Capacity(kept["capacity"]),
        facilities=frozenset(UUID(one) for one in kept["facilities"]),
        is_for_treating=kept["is_for_treating"],
        kinds=frozenset(kept["kinds"]) if kept["kinds"] is not None else None,
        compartments=frozenset(kept["compartments"]),
        since=datetime.fromisoformat(kept["since"]),
        until=datetime.fromisoformat(kept["until"]) if kept["until"] else None,
        text_version=kept["text_version"],
    )


def _back() -> str:
    return f"{settings.ENVIRONMENT.base_url}{reverse('own-consent-confirmed')}"
