"""Signing in with VNeID: leading there, and taking the answer."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ymach.accounts.models import User
from ymach.accounts.signin.actions import link_vneid
from ymach.accounts.signin.queries import citizen_accounts, practitioner_accounts
from ymach.accounts.signin.rules import account_of
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import NotSignedIn, YmachError
from ymach.base.text import Text
from ymach.citizens.models import IdentifierKind
from ymach.citizens.own_accounts import IdentityInDoubt, Proven, open_account
from ymach.citizens.queries import known_under
from ymach.practitioners.models import Practitioner
from ymach.trust.openid import Asked, IdentityRefused, Person, ask, receive
from ymach.web.access import public
from ymach.web.reached import reader_address
from ymach.web.signin import events, limits, next_page, ways
from ymach.web.signin.entering import begin_anew, enter
from ymach.web.signin.library import (
    record_authentication,
)
from ymach.web.signin.provider import vneid

KEPT = "vneid"
ANSWER_SECONDS = 10 * 60


class AnswerReplayed(NotSignedIn):
    """The answer belongs to no question of this session, or has been taken already."""

    code: ClassVar[str] = "YM-VNEID-REPLAYED"
    sentence: ClassVar[Text] = Text(
        "Câu trả lời này của VNeID đã dùng rồi, hoặc không phải do trình duyệt này hỏi. Bấm đăng nhập lại từ đầu.",
        "This answer of VNeID has been used already, or was not asked for by this browser. Begin signing in again.",
    )


class NoAccount(NotSignedIn):
    """VNeID says who it is; no account belongs to the person, or several do."""

    code: ClassVar[str] = "YM-VNEID-NO-ACCOUNT"
    sentence: ClassVar[Text] = Text(
        "VNeID đã xác nhận bạn là ai, nhưng chưa có tài khoản Ymạch nào gắn với số định danh của bạn.",
        "VNeID says who you are, but no Ymạch account belongs to your personal number.",
    )


class BirthDateDiffers(NoAccount):
    code: ClassVar[str] = "YM-VNEID-BIRTH-DATE"
    sentence: ClassVar[Text] = Text(
        "Ngày sinh ở VNeID khác ngày sinh trong sổ bộ, nên chưa mở tài khoản.",
        "The birth date at VNeID differs from the registry's, so the account was not opened.",
    )


@public
@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Lead the reader to VNeID."""
    provider = vneid()
    limits.take_vneid(reader_address(request), at=now())
    try:
        address, asked = ask(provider, redirect_uri=_redirect_uri())
    except YmachError as error:
        return _not_in(request, error)
    # Single use: whatever comes back, the question is forgotten with the answer.
    request.session[KEPT] = {**asdict(asked), "next": next_page.wanted(request)}
    return HttpResponseRedirect(address)


@public
@never_cache
@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    """Take VNeID's answer: open the one account of the person, or say what to do."""
    provider, kept = vneid(), request.session.pop(KEPT, None)
    try:
        asked = _asked(request, kept)
        if request.GET.get("error") == "access_denied":
            return redirect("sign-in")
        person = receive(provider, asked, code=request.GET.get("code", ""), redirect_uri=_redirect_uri(), at=now())
        user = _user_of(person)
        is_new = link_vneid(subject=person.subject, user=user, at=now())
    except YmachError as error:
        return _not_in(request, error)
    begin_anew(request)
    if is_new:
        events.vneid_linked(request, user)
    record_authentication(request, user, ways.VNEID)
    return enter(request, user, to=next_page.safe(request, kept["next"]))


def _asked(request: HttpRequest, kept: dict[str, str] | None) -> Asked:
    """The question that the answer at hand belongs to. Raises AnswerReplayed."""
    state = request.GET.get("state", "")
    if not kept or not hmac.compare_digest(state.encode(), kept["state"].encode()):
        raise AnswerReplayed
    # Two requests at once may both have read the session before either forgot the question.
    if not limits.take_once("vneid-state", state, seconds=ANSWER_SECONDS, at=now()):
        raise AnswerReplayed
    return Asked(kept["state"], kept["nonce"], kept["verifier"])


def _user_of(person: Person) -> User:
    """The one account behind the personal number. Raises NoAccount or BirthDateDiffers."""
    if not person.personal_number:
        raise NoAccount
    today = vietnam_day(now())
    practitioners = list(Practitioner.objects.filter(personal_number=person.personal_number))
    citizen = known_under([(IdentifierKind.PERSONAL_NUMBER.value, person.personal_number)]).values()
    found = account_of(
        practitioner_accounts([one.pk for one in practitioners], on=today),
        citizen_accounts([one.citizen_id for one in citizen if one.citizen_id], on=today),
    )
    user = User.objects.filter(pk=found, is_active=True).first() if found else None
    if user is None:
        # A practitioner's account comes by invitation; everybody else has a book of their own from the first sign-in.
        proven = Proven(person.subject, person.personal_number, person.name, person.born)
        user = None if practitioners else open_account(proven, at=now())
    if user is None:
        raise NoAccount
    births: list[date | None] = [one.birth_date for one in practitioners]
    births += [date(*one.born) for one in citizen if all(one.born)]  # type: ignore[arg-type]
    if person.born and any(born and born != person.born for born in births):
        raise BirthDateDiffers
    return user


def _not_in(request: HttpRequest, error: YmachError) -> HttpResponse:
    """The page that says why nobody is signed in, and what to do; written to the journal by its code."""
    why: Any = error.why if isinstance(error, IdentityRefused) else error.code
    events.refused(request, None, how=ways.VNEID, why=why)
    context = {"error": error, "has_no_account": isinstance(error, NoAccount | IdentityInDoubt)}
    return render(request, "pages/vneid_not_in.html", context, status=error.status)


def _redirect_uri() -> str:
    return f"{settings.ENVIRONMENT.base_url}{reverse('vneid-answer')}"
