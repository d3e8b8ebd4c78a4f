"""Invitations: a role offered to an e-mail address, by a link that is a secret, works once and ends.

Only the SHA-256 of the link's token is kept. The letter with the link forgets it once it is sent.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet

from ymach.accounts import errors
from ymach.accounts.actions import check_password_strength, create_user, grant_role
from ymach.accounts.models import Invitation, Membership, User
from ymach.accounts.permissions import Role
from ymach.accounts.queries import in_force, limits_of
from ymach.accounts.rules import (
    INVITATION_LENGTH_BYTES,
    MOST_SENDS,
    MOST_WRONG_NUMBERS,
    NOWHERE,
    Home,
    Limits,
    may_invite,
    same_number,
    words_given,
)
from ymach.base.actors import Actor, ActorKind
from ymach.base.clock import print_moment, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id
from ymach.base.refusals import refused_as
from ymach.base.text import Text
from ymach.notices.actions import withdraw_letter, write_letter

SUBJECT = Text("Thư mời mở tài khoản Ymạch", "Your invitation to Ymạch")
BODY = Text(
    "{inviter} mời bạn mở tài khoản trên Ymạch, sổ bộ và trục dữ liệu y tế quốc gia, với vai trò: {role}{unit}.\n\n"
    "Mở liên kết dưới đây trước {expires}, gõ họ tên và đặt mật khẩu. Liên kết chỉ dùng được một lần; không chuyển cho ai.\n"
    "Nếu bạn không biết vì sao nhận thư này, hãy bỏ qua: không có gì xảy ra.",
    "{inviter} invites you to open an account on Ymạch, the national health registry and exchange, as: {role}{unit}.\n\n"
    "Open the link below before {expires}, type your name and choose a password. The link works once; do not pass it on.\n"
    "If you do not know why you received this letter, ignore it: nothing will happen.",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation and its link (a path with the secret), which nobody can learn again."""

    invitation: Invitation
    link: str


@dataclass(frozen=True, slots=True)
class Terms:
    """How the offer reads and how long it stands: the words of role and unit, the validity of the link."""

    role: Text
    unit: Text | None = None
    lasts: timedelta = timedelta(days=7)


def invite(
    *,
    email: str,
    limits: Limits,
    terms: Terms,
    by: Actor,
    at: datetime,
    home: Home = NOWHERE,
    full_name: str = "",
) -> Sent:
    """Offer the role `limits` to `email` and write the letter.

    What a delegate offers manages no accounts. home: where the facility or practitioner belongs. full_name: what the
    accept page suggests. Raises OutsideReach, EmailWrong, AlreadyInvited, AlreadyMember.
    """
    if not may_invite(by, limits, home):
        raise errors.OutsideReach
    for fault in faults_of(email=email):
        raise fault
    address, today = email.strip().casefold(), vietnam_day(at)
    if _holds(limits, today).filter(user__email=address).exists():
        raise errors.AlreadyMember(field="email")
    token = secrets.token_urlsafe(INVITATION_LENGTH_BYTES)
    invitation = _new(address, full_name, limits, token, by, at, at + terms.lasts)
    words = words_given(by, limits, home)
    invitation.words = sorted(words) if words is not None else None
    twice = {"invitation_offered_once_at_a_time": lambda: errors.AlreadyInvited(field="email")}
    with refused_as(twice), attributed(by=by, reason="account invited", at=at):
        _withdraw_expired(address, limits, by, at)
        link = _write(invitation, token, terms, at)
        invitation.save(force_insert=True)
    return Sent(invitation, link)


def faults_of(*, email: str) -> Iterator[YmachError]:
    """Everything in a form that `invite` would refuse: EmailWrong."""
    try:
        validate_email(email.strip().casefold())
    except ValidationError:
        yield errors.EmailWrong(field="email")


def send_again(*, invitation: Invitation, terms: Terms, by: Actor, at: datetime, home: Home = NOWHERE) -> Sent:
    """A new link with a new term; the old one is dead at once.

    Raises OutsideReach, NotSettledAnyMore, SentTooOften.
    """
    with attributed(by=by, reason="invitation sent again", at=at):
        fresh = _locked_open(invitation, by, home)
        if fresh.times_sent >= MOST_SENDS:
            raise errors.SentTooOften(most=MOST_SENDS, retry_after=None)
        if fresh.letter_id:
            withdraw_letter(fresh.letter_id, at=at)
        token = secrets.token_urlsafe(INVITATION_LENGTH_BYTES)
        fresh.token_digest, fresh.expires_at = digest_of(token), at + terms.lasts
        fresh.sent_at, fresh.times_sent = at, fresh.times_sent + 1
        link = _write(fresh, token, terms, at)
        fresh.save()
    return Sent(fresh, link)


def withdraw(*, invitation: Invitation, by: Actor, at: datetime, home: Home = NOWHERE) -> None:
    """Take an open invitation back. Raises OutsideReach, NotSettledAnyMore."""
    with attributed(by=by, reason="invitation withdrawn", at=at):
        fresh = _locked_open(invitation, by, home)
        if fresh.letter_id:
            withdraw_letter(fresh.letter_id, at=at)
        _settle(fresh, Invitation.State.WITHDRAWN, str(by), at)


def open_invitation(token: str, *, at: datetime) -> Invitation:
    """The invitation behind a link that may be accepted now.

    Raises InvitationUnknown, InvitationUsed, InvitationWithdrawn, InvitationVoid, InvitationExpired.
    """
    found = Invitation.objects.filter(token_digest=digest_of(token)).first()
    return _usable(found, at)


def account_of(invitation: Invitation) -> User | None:
    """The account that an accepted invitation would join, if its address has one."""
    return User.objects.filter(email=invitation.email).order_by("created_at").first()


def accept(
    *,
    token: str,
    full_name: str,
    password: str,
    at: datetime,
    stated_number: str = "",
    registered_number: str = "",
    signed_in: User | None = None,
) -> User:
    """Make the account of an invitation, or add its role to the account `signed_in` of the same address.

    stated_number: the personal number a practitioner types; registered_number: the one of the registry. Raises the
    errors of `open_invitation`, WrongPersonalNumber (counted, also when this call fails), SignInFirst, OtherAccount,
    NameMissing, PasswordWeak.
    """
    invitation = open_invitation(token, at=at)
    account = _account_for(invitation, signed_in)
    name = " ".join(full_name.split())[:200]
    if account is None:
        for fault in accept_faults(invitation, full_name=name, password=password):
            raise fault
    _require_number(invitation, stated_number, registered_number, at)
    key = account.pk if account else new_id()
    by = Actor(ActorKind.USER, str(key), name)
    with refused_as({"user_email_once": errors.SignInFirst}), attributed(by=by, reason="invitation accepted", at=at):
        fresh = _usable(Invitation.objects.select_for_update().filter(pk=invitation.pk).first(), at, token)
        user = account or create_user(
            username=_free_username(fresh.email),
            full_name=name,
            password=password,
            by=by,
            at=at,
            email=fresh.email,
            key=key,
        )
        _give(user, fresh, at)
        fresh.user = user
        _settle(fresh, Invitation.State.ACCEPTED, str(by), at)
    return user


def accept_faults(invitation: Invitation, *, full_name: str, password: str) -> Iterator[YmachError]:
    """Everything in a form that `accept` would refuse for a new account: NameMissing, PasswordWeak.

    The personal number is not looked at: every look at it counts.
    """
    name = " ".join(full_name.split())[:200]
    if not name:
        yield errors.NameMissing(field="full_name")
    try:
        check_password_strength(password, User(username=invitation.email, full_name=name))
    except errors.PasswordWeak as weak:
        yield weak


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _usable(found: Invitation | None, at: datetime, token: str | None = None) -> Invitation:
    if found is None or (token is not None and found.token_digest != digest_of(token)):
        raise errors.InvitationUnknown
    state = found.state_at(at)
    if state == Invitation.State.ACCEPTED:
        raise errors.InvitationUsed
    if state == Invitation.State.WITHDRAWN:
        raise errors.InvitationWithdrawn
    if state == Invitation.State.VOID:
        raise errors.InvitationVoid(most=MOST_WRONG_NUMBERS)
    if state == Invitation.State.EXPIRED:
        raise errors.InvitationExpired(expired=print_moment(found.expires_at))
    return found


def _require_number(invitation: Invitation, stated: str, registered: str, at: datetime) -> None:
    """Counts a wrong number for good, in a transaction of its own, under a lock: guesses side by side all count."""
    if invitation.role != Role.PRACTITIONER.value:
        return
    by = Actor(ActorKind.USER, "nobody", "—")
    with attributed(by=by, reason="personal number stated", at=at):
        fresh = _usable(Invitation.objects.select_for_update().filter(pk=invitation.pk).first(), at)
        if same_number(stated, registered):
            return
        fresh.wrong_numbers += 1
        left = MOST_WRONG_NUMBERS - fresh.wrong_numbers
        if left > 0:
            fresh.save(update_fields=["wrong_numbers"])
        else:
            _settle(fresh, Invitation.State.VOID, str(by), at)
    if left <= 0:
        raise errors.InvitationVoid(most=MOST_WRONG_NUMBERS)
    raise errors.WrongPersonalNumber(field="personal_number", left=left)


def _account_for(invitation: Invitation, signed_in: User | None) -> User | None:
    known = account_of(invitation)
    if signed_in is None:
        if known is not None:
            raise errors.SignInFirst
        return None
    if known is None or known.pk != signed_in.pk or not known.is_active:
        raise errors.OtherAccount
    return known


def _give(user: User, invitation: Invitation, at: datetime) -> None:
    if _holds(limits_of(invitation), vietnam_day(at)).filter(user=user).exists():
        return
    grant_role(
        user=user,
        role=Role(invitation.role),
        by=Actor(ActorKind.USER, str(user.pk), user.full_name),
        at=at,
        province_code=invitation.province_code,
        facility_id=invitation.facility_id,
        practitioner_id=invitation.practitioner_id,
        given_by=invitation.created_by,
        words=invitation.words,
    )


def _new(
    address: str, full_name: str, limits: Limits, token: str, by: Actor, at: datetime, expires_at: datetime
) -> Invitation:
    return Invitation(
        email=address,
        full_name=" ".join(full_name.split())[:200],
        role=limits.role.value,
        province_code=limits.province_code,
        facility_id=limits.facility_id,
        practitioner_id=limits.practitioner_id,
        token_digest=digest_of(token),
        created_at=at,
        created_by=str(by),
        created_by_label=by.label,
        sent_at=at,
        expires_at=expires_at,
    )


def _write(invitation: Invitation, token: str, terms: Terms, at: datetime) -> str:
    link, until = f"/invitations/{token}", print_moment(invitation.expires_at)
    unit = terms.unit or Text("", "")
    body = Text(
        BODY.vi.format(inviter=invitation.created_by_label, role=terms.role.vi, unit=_after(unit.vi), expires=until),
        BODY.en.format(inviter=invitation.created_by_label, role=terms.role.en, unit=_after(unit.en), expires=until),
    )
    letter = write_letter(address=invitation.email, subject=SUBJECT, body=body, link=link, at=at, is_link_secret=True)
    invitation.letter_id = letter.pk
    return link


def _withdraw_expired(address: str, limits: Limits, by: Actor, at: datetime) -> None:
    """An offer that ended by itself does not stand in the way of a new one."""
    same = Invitation.objects.filter(
        email=address,
        role=limits.role.value,
        province_code=limits.province_code,
        facility_id=limits.facility_id,
        practitioner_id=limits.practitioner_id,
    )
    same.filter(outcome="", expires_at__lte=at).update(
        outcome=Invitation.State.WITHDRAWN, settled_at=at, settled_by=str(by)
    )


def _locked_open(invitation: Invitation, by: Actor, home: Home) -> Invitation:
    fresh = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not may_invite(by, limits_of(fresh), home):
        raise errors.OutsideReach
    if fresh.outcome:
        raise errors.NotSettledAnyMore
    return fresh


def _settle(invitation: Invitation, outcome: str, by: str, at: datetime) -> None:
    invitation.outcome, invitation.settled_at, invitation.settled_by = outcome, at, by
    invitation.save(update_fields=["outcome", "settled_at", "settled_by", "user", "wrong_numbers"])


def _holds(limits: Limits, today: date) -> QuerySet[Membership]:
    held = in_force(today).filter(role=limits.role.value, province_code=limits.province_code, delegated_from=None)
    return held.filter(facility_id=limits.facility_id, practitioner_id=limits.practitioner_id)


def _free_username(email: str) -> str:
    """The address itself; an account of that name with another address keeps its name."""
    name = email[:140]
    return name if not User.objects.filter(username=name).exists() else f"{name[:120]}.{secrets.token_hex(4)}"


def _after(unit: str) -> str:
    return f", {unit}" if unit else ""
