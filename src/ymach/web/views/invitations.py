"""Inviting people to accounts, what became of the invitations, and accepting one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ymach.accounts import invitations
from ymach.accounts.errors import AccountNotFound, InvitationError, OutsideReach
from ymach.accounts.models import Invitation, User
from ymach.accounts.permissions import Permission, Role
from ymach.accounts.queries import limits_of, managed_invitations
from ymach.accounts.rules import DEPARTMENTS, Home, Limits, invitable_roles, may_invite
from ymach.accounts.signin import limits
from ymach.accounts.words import ROLE_WORDS
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import Invalid, TooMany, YmachError
from ymach.base.licence_numbers import number_key
from ymach.base.text import Text
from ymach.facilities import queries as facilities
from ymach.facilities.models import Facility
from ymach.notices.models import Letter
from ymach.places.queries import provinces
from ymach.practitioners import queries as practitioners
from ymach.practitioners.models import Licence, Practitioner
from ymach.web import units
from ymach.web.access import actor_of_request, needs, public
from ymach.web.faults import Faults
from ymach.web.parts import Column, Tab
from ymach.web.reached import reader_address
from ymach.web.refusals import journaled
from ymach.web.shown.accounts import tabs
from ymach.web.templatetags.ymach import language

SHOWN = 200
COLUMNS = [
    Column(Text("Gửi tới", "Sent to")),
    Column(Text("Vai trò và đơn vị", "Role and unit")),
    Column(Text("Trạng thái", "State")),
    Column(Text("Thư", "Letter")),
    Column(Text("Việc", "Acts")),
]
STATES = {
    "open": ("waiting", Text("Chờ mở", "Waiting to be opened")),
    "expired": ("stuck", Text("Hết hạn", "Expired")),
    "accepted": ("accepted", Text("Đã dùng", "Used")),
    "withdrawn": ("held", Text("Đã rút", "Withdrawn")),
    "void": ("rejected", Text("Bị hủy", "Void")),
}
LETTER_STATES = {
    "waiting": Text("thư chờ gửi", "letter waiting"),
    "sending": Text("đang gửi thư", "letter on its way"),
    "sent": Text("thư đã gửi", "letter sent"),
    "failed": Text("thư không tới được", "letter could not be delivered"),
    "withdrawn": Text("thư không gửi nữa", "letter not sent"),
}
INVITED = Text("Đã mời {email}. Thư đi trong ít phút.", "{email} is invited. The letter leaves within minutes.")
SENT_AGAIN = Text("Đã gửi lại; liên kết cũ không dùng được nữa.", "Sent again; the old link no longer works.")
WITHDRAWN = Text("Đã rút thư mời; liên kết không dùng được nữa.", "Withdrawn; the link no longer works.")
WELCOME = Text("Tài khoản đã sẵn sàng. Đăng nhập để bắt đầu.", "Your account is ready. Sign in to begin.")
ADDED = Text("Vai trò mới đã thêm vào tài khoản.", "The new role has been added to your account.")
VISITS, VISITS_SECONDS = 60, 600


class NoRegisteredAddress(Invalid):
    code = "YM-INVITATION-NO-ADDRESS"
    sentence = Text(
        "Sổ bộ chưa có thư điện tử của cơ sở này. Bổ sung vào hồ sơ cơ sở trước, rồi mời.",
        "The registry has no e-mail address of this facility. Add it to the facility's profile first, then invite.",
    )


class NotInRegistry(Invalid):
    code = "YM-INVITATION-NOT-IN-REGISTRY"
    sentence = Text(
        "Không thấy trong phạm vi của bạn. Xem lại mã cơ sở hoặc số giấy phép.",
        "Not found within your reach. Check the facility's code or the licence number.",
    )


@needs(Permission.ACCOUNT_MANAGE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The invitations of the reader's units, the newest first."""
    actor, at = actor_of_request(request), now()
    found = list(managed_invitations(actor, **units.reach(actor)).order_by("-sent_at", "-id")[:SHOWN])
    context = {"tabs": tabs(actor, "invitations"), "columns": COLUMNS, "lines": _lines(actor, found)}
    return render(request, "pages/accounts/invitations.html", {**context, "at": at})


@needs(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """The form for one role, chosen by its address; sent, the letter is on its way."""
    actor = actor_of_request(request)
    if request.method != "POST":
        return _form(request, _role_asked(actor, request.GET.get("role", "")))
    with journaled(request, "account:invite", f"role:{request.POST.get('role', '')[:30]}"):
        try:
            role = Role(request.POST.get("role", ""))
        except ValueError as error:
            raise OutsideReach from error
        try:
            sent = _invite(request, actor, role)
        except YmachError as refusal:
            if refusal.status not in {409, 422}:
                raise
            return _form(request, role, _faults(request, refusal, asks_facility=_asks_facility(actor, role)))
    messages.success(request, INVITED.format(email=sent.invitation.email).to(language()))
    return redirect("invitations")


@needs(Permission.ACCOUNT_MANAGE)
@require_POST
def send_again(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """A new letter with a new link."""
    by, at = actor_of_request(request), now()
    with journaled(request, "invitation:send-again", f"invitation:{invitation_id}"):
        one = _managed(by, invitation_id)
        terms, home = terms_of(one), units.home_of(one, on=vietnam_day(at))
        invitations.send_again(invitation=one, terms=terms, by=by, at=at, home=home)
    messages.success(request, SENT_AGAIN.to(language()))
    return redirect("invitations")


@needs(Permission.ACCOUNT_MANAGE)
@require_POST
def withdraw(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    by, at = actor_of_request(request), now()
    with journaled(request, "invitation:withdraw", f"invitation:{invitation_id}"):
        one = _managed(by, invitation_id)
        invitations.withdraw(invitation=one, by=by, at=at, home=units.home_of(one, on=vietnam_day(at)))
    messages.success(request, WITHDRAWN.to(language()))
    return redirect("invitations")


@public
@never_cache
@sensitive_post_parameters("password", "personal_number")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a letter: name and password, and for practitioners their personal number."""
    _count_visit(request)
    invitation = None
    try:
        with journaled(request, "invitation:accept", f"invitation:{invitations.digest_of(token)[:16]}"):
            invitation = invitations.open_invitation(token, at=now())
            if request.method == "POST":
                _accept(request, invitation, token)
    except InvitationError as refusal:
        if invitation is None or refusal.field is None:
            return _no_way(request, refusal)
        return _accept_page(request, invitation, Faults(refusal))
    except Invalid as refusal:
        if invitation is None:
            raise
        typed = {name: request.POST.get(name, "") for name in ("full_name", "password")}
        return _accept_page(request, invitation, Faults(*invitations.accept_faults(invitation, **typed), refusal))
    if request.method != "POST":
        return _accept_page(request, invitation)
    messages.success(request, (ADDED if request.user.is_authenticated else WELCOME).to(language()))
    return redirect("home" if request.user.is_authenticated else "sign-in")


def terms_of(held: Invitation) -> invitations.Terms:
    """How the offer reads in the letter, and how long it stands."""
    name = units.unit_names([held], on=vietnam_day(now()))[held.pk]
    unit = name if isinstance(name, Text) else Text(name, name)
    return invitations.Terms(ROLE_WORDS[Role(held.role)], unit, timedelta(days=settings.ENVIRONMENT.invitation_days))


def _invite(request: HttpRequest, by: Actor, role: Role) -> invitations.Sent:
    """What the form asks for. Whose unit it is for follows from the reader's own, wherever it can."""
    today, email = vietnam_day(now()), request.POST.get("email", "")
    offer, home = Limits(role) if role in {Role.MINISTRY, Role.AUDITOR} else None, Home()
    if role in DEPARTMENTS:
        offer = Limits(role, province_code=_province(request, by, today))
    elif role is Role.FACILITY:
        facility, email = _facility(request, by, email)
        offer, home = Limits(role, facility_id=facility.pk), Home(facility.province_code, frozenset({facility.pk}))
    elif role is Role.PRACTITIONER:
        person = _practitioner(request, by)
        offer, home = Limits(role, practitioner_id=person.pk), units.home_of_practitioner(person.pk, on=today)
    if offer is None:
        raise OutsideReach
    return invitations.invite(
        email=email,
        limits=offer,
        terms=terms_of(Invitation(role=role.value, **_columns(offer))),
        by=by,
        at=now(),
        home=home,
        full_name=request.POST.get("full_name", ""),
    )


def _columns(offer: Limits) -> dict[str, Any]:
    return {name: getattr(offer, name) for name in ("province_code", "facility_id", "practitioner_id")}


def _province(request: HttpRequest, by: Actor, today: date) -> str:
    """The form's, checked later against the reader's reach; without one, the reader's own."""
    own = next((grant.province_code for grant in by.grants if grant.province_code), "")
    wanted = request.POST.get("province", "") or own or ""
    if wanted not in {unit.code for unit in provinces(today)}:
        raise NotInRegistry(field="province")
    return wanted


def _facility(request: HttpRequest, by: Actor, email: str) -> tuple[Facility, str]:
    """Colleagues of one's own facility by their address; another facility by the address the registry has of it."""
    own = next((grant.facility_id for grant in by.grants if grant.facility_id), None)
    code = request.POST.get("facility", "").strip().upper()
    seen = facilities.visible_to(by)
    if own is not None:
        return seen.get(pk=own), email
    facility = seen.filter(gln=code).first() if len(code) == 13 else None
    facility = facility or seen.filter(code=code, valid__contains=vietnam_day(now())).first()
    if facility is None:
        raise NotInRegistry(field="facility")
    if not facility.email:
        raise NoRegisteredAddress(field="facility")
    return facility, facility.email


def _practitioner(request: HttpRequest, by: Actor) -> Practitioner:
    number = request.POST.get("licence", "")
    held = Licence.objects.filter(number_key=number_key(number)) if number.strip() else Licence.objects.none()
    found = practitioners.visible_to(by).filter(pk__in=held.values("practitioner")).first()
    if found is None:
        raise NotInRegistry(field="licence")
    return found


def _faults(request: HttpRequest, refusal: YmachError, *, asks_facility: bool) -> Faults:
    """The refusal and what else is wrong with the form; an address that the registry has, at its facility."""
    found = Faults()
    found.add(refusal, at={"email": "facility"} if asks_facility else None)
    if not asks_facility:
        found.add(*invitations.faults_of(email=request.POST.get("email", "")))
    return found


def _asks_facility(actor: Actor, role: Role | None) -> bool:
    return role is Role.FACILITY and not any(grant.facility_id for grant in actor.grants)


def _form(request: HttpRequest, role: Role | None, faults: Faults | None = None) -> HttpResponse:
    actor, today, faults = actor_of_request(request), vietnam_day(now()), faults or Faults()
    roles = invitable_roles(actor)
    is_country = not any(grant.province_code or grant.facility_id for grant in actor.grants)
    context = {
        "role": role,
        "choices": [Tab(ROLE_WORDS[one], f"?role={one.value}", one is role) for one in roles],
        "provinces": [(unit.code, unit.name(language())) for unit in provinces(today)] if is_country else [],
        "asks_province": role in DEPARTMENTS and is_country,
        "asks_facility": _asks_facility(actor, role),
        "asks_licence": role is Role.PRACTITIONER,
        "typed": request.POST or request.GET,
        "faults": faults,
        "errors": faults.errors,
        "days": settings.ENVIRONMENT.invitation_days,
    }
    return render(request, "pages/accounts/invite.html", context, status=faults.status)


def _role_asked(actor: Actor, text: str) -> Role | None:
    roles = invitable_roles(actor)
    return next((role for role in roles if role.value == text), roles[0] if roles else None)


def _managed(by: Actor, invitation_id: UUID) -> Invitation:
    found = managed_invitations(by, **units.reach(by)).filter(pk=invitation_id).first()
    if found is None:
        raise AccountNotFound
    return found


def _lines(actor: Actor, found: list[Invitation]) -> Iterable[dict[str, object]]:
    at = now()
    today = vietnam_day(at)
    homes, names = units.homes_of(found, on=today), units.unit_names(found, on=today)
    letters = Letter.objects.in_bulk([one.letter_id for one in found if one.letter_id])
    for one in found:
        state = one.state_at(at)
        badge, word = STATES[state]
        key = one.facility_id or one.practitioner_id
        letter = letters.get(one.letter_id)
        home = homes.get(key, Home()) if key else Home()
        is_open = state in {"open", "expired"}
        yield {
            "invitation": one,
            "role": units.role_words(one),
            "unit": names[one.pk],
            "badge": badge,
            "word": word,
            "letter": LETTER_STATES[letter.state] if letter else "—",
            "letter_error": letter.last_error if letter and letter.state == "failed" else "",
            "may_act": is_open and may_invite(actor, limits_of(one), home),
        }


def _accept(request: HttpRequest, invitation: Invitation, token: str) -> None:
    person = Practitioner.objects.filter(pk=invitation.practitioner_id).first() if invitation.practitioner_id else None
    invitations.accept(
        token=token,
        full_name=request.POST.get("full_name", ""),
        password=request.POST.get("password", ""),
        at=now(),
        stated_number=request.POST.get("personal_number", ""),
        registered_number=(person.personal_number or person.passport_number) if person else "",
        signed_in=request.user if isinstance(request.user, User) else None,
    )


def _accept_page(request: HttpRequest, invitation: Invitation, faults: Faults | None = None) -> HttpResponse:
    faults = faults or Faults()
    known = invitations.account_of(invitation)
    reader = request.user if isinstance(request.user, User) else None
    context = {
        "invitation": invitation,
        "role": units.role_words(invitation),
        "unit": units.unit_names([invitation], on=vietnam_day(now()))[invitation.pk],
        "asks_number": invitation.role == Role.PRACTITIONER.value,
        "joins": reader if reader and known and known.pk == reader.pk else None,
        "must_sign_in": known is not None and reader is None,
        "is_other": reader is not None and (known is None or known.pk != reader.pk),
        "full_name": request.POST.get("full_name", invitation.full_name),
        "faults": faults,
        "errors": faults.errors,
    }
    return render(request, "pages/accounts/accept.html", context, status=faults.status)


def _no_way(request: HttpRequest, refusal: InvitationError) -> HttpResponse:
    return render(request, "pages/accounts/no_way.html", {"refusal": refusal}, status=refusal.status)


def _count_visit(request: HttpRequest) -> None:
    """Links are guessed in vain (256 bits); this keeps a guesser from filling the journal."""
    address = reader_address(request)
    if limits.take("invitation", address, allowed=VISITS, seconds=VISITS_SECONDS, at=now()) <= 0:
        raise TooMany(retry_after=limits.seconds_until_free("invitation", address, at=now()))
