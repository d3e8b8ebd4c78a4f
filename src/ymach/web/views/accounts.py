"""The accounts of a unit: who has one, with which roles; suspending, restoring, ending a role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import Case, Max, Prefetch, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ymach.accounts import actions
from ymach.accounts.errors import AccountNotFound
from ymach.accounts.models import Membership, User
from ymach.accounts.permissions import Permission, Role
from ymach.accounts.queries import (
    in_force,
    limits_of,
    managed_users,
)
from ymach.accounts.rules import MANAGES, manages
from ymach.accounts.signin import forgotten
from ymach.accounts.signin.actions import remove_factors
from ymach.accounts.words import ROLE_WORDS
from ymach.audit.actions import REGISTRY
from ymach.audit.models import AuditEvent
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import Conflict, YmachError
from ymach.base.text import Text
from ymach.base.vietnamese import fold, sort_key
from ymach.web import formatting, units
from ymach.web.access import actor_of_request, needs
from ymach.web.asked import query_of, read_page
from ymach.web.parts import Column, Fact, numbered
from ymach.web.refusals import journaled
from ymach.web.shown.accounts import tabs
from ymach.web.signin import events
from ymach.web.templatetags.ymach import language

PAGE = 50
LOOK_BACK = timedelta(days=90)
ANY = Text("Tất cả", "All")
COLUMNS = [
    Column(Text("Tài khoản", "Account")),
    Column(Text("Vai trò và đơn vị", "Role and unit")),
    Column(Text("Trạng thái", "State")),
    Column(Text("Đăng nhập gần nhất", "Last sign-in")),
]
STATES = {"active": Text("Đang hoạt động", "Active"), "suspended": Text("Tạm ngừng", "Suspended")}
DROPPED = Text("Đã bỏ các lớp xác thực; người này tạo lại khi đăng nhập.", "Second factors removed; to be set up anew.")
WRITTEN = Text(
    "Thư đặt mật khẩu mới đang trên đường tới {email}; liên kết dùng được một lần, trong một giờ.",
    "A letter for a new password is on its way to {email}; its link works once, for one hour.",
)
SUSPENDED = Text(
    "Đã ngừng tài khoản; các phiên đang mở kết thúc ngay.", "The account is suspended; its sessions are over."
)
RESTORED = Text("Tài khoản hoạt động lại.", "The account is active again.")
ENDED = Text("Vai trò đã kết thúc ngay bây giờ.", "The role has ended, as of now.")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the list."""

    q: str = ""
    role: str = ""
    state: str = ""
    page: int = 1

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        query = request.GET
        role, state = query.get("role", ""), query.get("state", "")
        return cls(
            q=query.get("q", "").strip()[:100],
            role=role if role in set(Role) else "",
            state=state if state in STATES else "",
            page=read_page(query.get("page", "")),
        )

    def address(self, **changes: str) -> str:
        values = {"q": self.q, "role": self.role, "state": self.state, **changes}
        return query_of(values)


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role of an account as a list shows it."""

    membership: Membership
    role: Text
    unit: Text | str
    is_lent: bool


@dataclass(frozen=True, slots=True)
class Line:
    user: User
    roles: Sequence[RoleLine]
    href: str
    signed_in_at: datetime | None


def _page_of(found: QuerySet[User], page: int) -> QuerySet[User]:
    """One page in the order of given names, which the database cannot sort by: an administrator manages few accounts."""
    named = sorted(found.values_list("pk", "full_name"), key=lambda one: (sort_key(one[1]), one[0]))
    keys = [key for key, _ in named[(page - 1) * PAGE : page * PAGE]]
    places = [When(pk=key, then=place) for place, key in enumerate(keys)]
    return User.objects.filter(pk__in=keys).order_by(Case(*places, default=PAGE))


@needs(Permission.ACCOUNT_MANAGE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The accounts of the units the reader manages, fifty a page."""
    actor, asked, today = actor_of_request(request), Asked.of(request), vietnam_day(now())
    found = _narrowed(managed_users(actor, **units.reach(actor)), asked, today)
    count = found.count()
    held = Prefetch("memberships", in_force(today).select_related("delegated_from__user"), "present")
    users = _page_of(found, asked.page).prefetch_related(held)
    context = {
        "asked": asked,
        "tabs": tabs(actor, "accounts"),
        "columns": COLUMNS,
        "count": count,
        "lines": _lines(users, today),
        "roles": [("", ANY), *((role.value, ROLE_WORDS[role]) for role in _managed_roles(actor))],
        "states": [("", ANY), *STATES.items()],
        "chips": _chips(asked),
        "pages": numbered(asked.page, count, PAGE, lambda page: asked.address(page=str(page))),
    }
    return render(request, "pages/accounts/index.html", context)


@needs(Permission.ACCOUNT_MANAGE)
@require_safe
def one(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One account: its roles past and present, and what the reader may do about it."""
    with journaled(request, "account:see", f"user:{user_id}"):
        return _page(request, _managed_user(actor_of_request(request), user_id))


@needs(Permission.ACCOUNT_MANAGE)
@require_POST
def suspend(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Suspend the account, with a reason."""
    return _act(request, user_id, "account:suspend", SUSPENDED, reason=request.POST.get("reason", ""))


@needs(Permission.ACCOUNT_MANAGE)
@require_POST
def restore(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Let it sign in again."""
    return _act(request, user_id, "account:restore", RESTORED)


@needs(Permission.ACCOUNT_MANAGE)
@require_POST
def end_role(request: HttpRequest, user_id: UUID, membership_id: UUID) -> HttpResponse:
    """End one of its roles, with a reason."""
    reason = request.POST.get("reason", "")
    return _act(request, user_id, "account:end-role", ENDED, reason=reason, membership_id=membership_id)


@needs(Permission.ACCOUNT_MANAGE)
@require_POST
def drop_factors(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Remove the second factors of somebody who has lost them; they set them up anew. Told to the journal and to them."""
    by, at = actor_of_request(request), now()
    user, refusal = _administered(request, user_id, "account:drop-factors", by=by, at=at)
    if refusal is not None:
        return refusal
    remove_factors(user=user, by=by, at=at)
    events.factors_removed(request, user, by=by)
    messages.success(request, DROPPED.to(language()))
    return redirect("account", user_id=user_id)


@needs(Permission.ACCOUNT_MANAGE)
@require_POST
def send_password_letter(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Send the letter for a new password to somebody who has forgotten theirs, at the address of the account."""
    by, at = actor_of_request(request), now()
    user, refusal = _administered(request, user_id, "account:password-letter", by=by, at=at)
    if refusal is not None:
        return refusal
    try:
        forgotten.send_password_letter(user=user, at=at)
    except forgotten.NoAddress as reason:
        return _page(request, user, reason)
    events.noted(request, user, action="password:letter-sent", by=by)
    messages.success(request, WRITTEN.format(email=user.email).to(language()))
    return redirect("account", user_id=user_id)


def _administered(
    request: HttpRequest, user_id: UUID, action: str, *, by: Actor, at: datetime
) -> tuple[User, HttpResponse | None]:
    """The account, and the page that says why `by` may not do this to it, where that is so."""
    with journaled(request, action, f"user:{user_id}"):
        user = _managed_user(by, user_id)
        homes = units.homes_of(user.memberships.all(), on=vietnam_day(at))
        try:
            actions.require_management(user=user, by=by, at=at, homes=homes)
        except Conflict as refusal:
            return user, _page(request, user, refusal)
    return user, None


def _act(
    request: HttpRequest,
    user_id: UUID,
    action: str,
    done: Text,
    *,
    reason: str | None = None,
    membership_id: UUID | None = None,
) -> HttpResponse:
    """Carry out one act on an account of the reader's unit, then show it; a refusal is shown on the page."""
    by, at = actor_of_request(request), now()
    with journaled(request, action, f"user:{user_id}"):
        user = _managed_user(by, user_id)
        held = list(user.memberships.all())
        homes = units.homes_of(held, on=vietnam_day(at))
        try:
            if membership_id is not None:
                membership = next((one for one in held if one.pk == membership_id), None)
                if membership is None:
                    raise AccountNotFound
                actions.end_membership(membership=membership, reason=reason or "", by=by, at=at, homes=homes)
            elif reason is not None:
                actions.suspend(user=user, reason=reason, by=by, at=at, homes=homes)
            else:
                actions.restore(user=user, by=by, at=at, homes=homes)
        except YmachError as refusal:
            if refusal.status not in {409, 422}:
                raise
            user.refresh_from_db()
            return _page(request, user, refusal)
    messages.success(request, done.to(language()))
    return redirect("account", user_id=user_id)


def _page(request: HttpRequest, user: User, refusal: YmachError | None = None) -> HttpResponse:
    actor, today = actor_of_request(request), vietnam_day(now())
    held = list(user.memberships.select_related("delegated_from__user").order_by("-valid_from", "-id"))
    homes, present = units.homes_of(held, on=today), {one.pk for one in in_force(today).filter(user=user)}
    names = units.unit_names(held, on=today)
    managed = {one.pk for one in held if manages(actor, limits_of(one), actions.home_of(one, homes))}
    is_self = str(user.pk) == actor.key
    own = [one for one in held if one.pk in present and one.delegated_from_id is None]
    context = {
        "account": user,
        "facts": _facts(user),
        "is_self": is_self,
        "may_suspend": bool(own) and not is_self and all(one.pk in managed for one in own),
        "roles": [
            {
                "line": _role_line(one, names),
                "is_present": one.pk in present,
                "may_end": one.pk in present and one.pk in managed and not is_self,
                "given_by": _label(one.given_by),
                "dialog": f"end-{one.pk}",
            }
            for one in held
            if one.pk in managed or is_self
        ],
        "has_others": any(one.pk not in managed for one in own) and not is_self,
        "refusal": refusal,
    }
    return render(request, "pages/accounts/one.html", context, status=refusal.status if refusal else 200)


def _facts(user: User) -> list[Fact]:
    facts = [
        Fact(Text("Tên đăng nhập", "User name"), user.username),
        Fact(Text("Thư điện tử", "E-mail"), user.email or "—"),
        Fact(Text("Lập ngày", "Made on"), formatting.day(user.created_at)),
        Fact(Text("Đăng nhập gần nhất", "Last sign-in"), _last(user)),
    ]
    if user.suspended_at:
        since = formatting.day(user.suspended_at)
        why = Text(f"{user.suspended_why} ({since})", f"{user.suspended_why} ({since})")
        facts.append(Fact(Text("Vì sao ngừng", "Why suspended"), why, tone="bad"))
    return facts


def _last(user: User) -> Text | str:
    at = last_sign_ins([user.pk]).get(user.pk)
    return formatting.moment(at) if at else Text("chưa, trong 90 ngày qua", "not in the last 90 days")


def _label(actor: str) -> str:
    """The name of the account that gave a role, where an account did."""
    kind, _, key = actor.partition(":")
    if kind != "user":
        return f"ymach {key}" if key else "—"
    return User.objects.filter(pk=key).values_list("full_name", flat=True).first() or "—"


def _managed_user(by: Actor, user_id: UUID) -> User:
    found = managed_users(by, **units.reach(by)).filter(pk=user_id).first()
    if found is None:
        raise AccountNotFound
    return found


def _managed_roles(by: Actor) -> list[Role]:
    found = {role for grant in by.grants for role in MANAGES.get(Role(grant.role), ())}
    return [role for role in Role if role in found]


def _narrowed(users: QuerySet[User], asked: Asked, today: date) -> QuerySet[User]:
    if asked.q:
        users = users.filter(
            Q(full_name__icontains=asked.q) | Q(username__icontains=fold(asked.q)) | Q(email__icontains=asked.q)
        )
    if asked.role:
        users = users.filter(pk__in=in_force(today).filter(role=asked.role).values("user"))
    return users.filter(is_active=asked.state == "active") if asked.state else users


def _lines(users: Iterable[User], today: date) -> list[Line]:
    shown = [(user, list[Membership](user.present)) for user in users]  # type: ignore[attr-defined]
    names = units.unit_names([one for _, held in shown for one in held], on=today)
    last = last_sign_ins([user.pk for user, _ in shown])
    return [
        Line(user, [_role_line(one, names) for one in held], reverse("account", args=[user.pk]), last.get(user.pk))
        for user, held in shown
    ]


def last_sign_ins(users: Iterable[UUID]) -> dict[UUID, datetime]:
    """When accounts signed in last, as the journal has it; nothing for one that has not for three months."""
    subjects = {f"account:{key}": key for key in users}
    done = AuditEvent.objects.filter(facility_id=REGISTRY, subject__in=subjects, action="sign-in:done")
    recent = done.filter(at__gte=now() - LOOK_BACK).values_list("subject").annotate(last=Max("at"))
    return {subjects[subject]: at for subject, at in recent}


def _role_line(membership: Membership, names: dict[UUID, Text | str]) -> RoleLine:
    is_lent = membership.delegated_from_id is not None
    return RoleLine(membership, units.role_words(membership), names.get(membership.pk, "—"), is_lent)


def _chips(asked: Asked) -> list[tuple[object, str]]:
    chips: list[tuple[object, str]] = []
    if asked.q:
        chips.append((asked.q, asked.address(q="")))
    if asked.role:
        chips.append((ROLE_WORDS[Role(asked.role)], asked.address(role="")))
    if asked.state:
        chips.append((STATES[asked.state], asked.address(state="")))
    return chips
