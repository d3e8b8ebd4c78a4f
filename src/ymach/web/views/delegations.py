"""Lending one's role to a colleague for a time, and taking it back."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ymach.accounts import actions
from ymach.accounts.errors import AccountNotFound, DelegationTerm, DelegationTooMuch, NotColleagues
from ymach.accounts.models import Membership
from ymach.accounts.permissions import Permission, Role, may
from ymach.accounts.queries import colleagues, delegations_of, in_force, managed_memberships, own_memberships
from ymach.accounts.rules import lendable_words
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.errors import YmachError
from ymach.base.text import Text
from ymach.base.vietnamese import sort_key
from ymach.web import units
from ymach.web.access import actor_of_request, signed_in
from ymach.web.asked import read_day
from ymach.web.formatting import day as shown_day
from ymach.web.parts import Column
from ymach.web.refusals import journaled
from ymach.web.shown.accounts import tabs
from ymach.web.templatetags.ymach import language
from ymach.web.words import PERMISSION_WORDS

SHOWN = 100
COLUMNS = [
    Column(Text("Người nhận", "Lent to")),
    Column(Text("Vai trò và đơn vị", "Role and unit")),
    Column(Text("Từ ngày đến ngày", "From and until")),
    Column(Text("Trạng thái", "State")),
    Column(Text("Việc", "Acts")),
]
LENT = Text("Đã ủy quyền; hết hạn thì tự kết thúc.", "The role is lent; it ends by itself.")
ENDED = Text("Ủy quyền đã chấm dứt ngay bây giờ.", "The delegation has ended, as of now.")
TAKEN_BACK = "taken back"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """What the reader lent and was lent, and the form to lend."""
    if request.method != "POST":
        return _page(request)
    with journaled(request, "delegation:give", f"user:{request.POST.get('to', '')[:36]}"):
        try:
            _lend(request)
        except YmachError as refusal:
            if refusal.field is None or refusal.status != 422:
                raise
            return _page(request, refusal)
    messages.success(request, LENT.to(language()))
    return redirect("delegations")


@signed_in
@require_POST
def end(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """End one at once: by who lent it, or by who manages the accounts of the unit."""
    by, at = actor_of_request(request), now()
    with journaled(request, "delegation:end", f"membership:{membership_id}"):
        lent = next((one for one in _shown(by) if one.pk == membership_id), None)
        if lent is None:
            raise AccountNotFound
        homes = units.homes_of([lent], on=vietnam_day(at))
        actions.end_membership(membership=lent, reason=TAKEN_BACK, by=by, at=at, homes=homes)
    messages.success(request, ENDED.to(language()))
    return redirect("delegations")


def _lend(request: HttpRequest) -> None:
    by, at, typed = actor_of_request(request), now(), request.POST
    start, last = read_day(typed.get("start", "")), read_day(typed.get("end", ""))
    if start is None or last is None:
        raise DelegationTerm(field="start" if start is None else "end")
    own = {str(one.pk): one for one in own_memberships(by, on=vietnam_day(at))}
    membership = own.get(typed.get("role", ""))
    if membership is None:
        raise DelegationTooMuch
    to = {str(one.pk): one for one in colleagues(by, on=vietnam_day(at))}.get(typed.get("to", ""))
    if to is None:
        raise NotColleagues
    words = frozenset(typed.getlist("words")) or None
    # People name the last day on which it holds; periods end before their end.
    until = last + timedelta(days=1)
    actions.delegate(membership=membership, to=to, words=words, start=start, end=until, by=by, at=at)


def _page(request: HttpRequest, refusal: YmachError | None = None) -> HttpResponse:
    by, today = actor_of_request(request), vietnam_day(now())
    own = [one for one in own_memberships(by, on=today) if lendable_words(Role(one.role), one.words)]
    names = units.unit_names(own, on=today)
    manages = may(by, Permission.ACCOUNT_MANAGE)
    context = {
        "tabs": tabs(by, "delegations") if manages else [],
        "columns": COLUMNS,
        "lines": _lines(by, today),
        "own": [(str(one.pk), _named(one, names)) for one in own],
        "colleagues": [
            (str(one.pk), one.full_name)
            for one in sorted(colleagues(by, on=today), key=lambda one: sort_key(one.full_name))
        ],
        "lendable": _words(own),
        "chosen": set(request.POST.getlist("words")),
        "typed": request.POST,
        "start": request.POST.get("start", shown_day(today)),
        "errors": {refusal.field: refusal.text.to(language())} if refusal else {},
    }
    return render(request, "pages/accounts/delegations.html", context, status=refusal.status if refusal else 200)


def _shown(by: Actor) -> list[Membership]:
    """Those of the reader, and all of the unit for who manages its accounts."""
    mine = list(delegations_of(by)[:SHOWN])
    if not may(by, Permission.ACCOUNT_MANAGE):
        return mine
    unit = managed_memberships(by, **units.reach(by)).exclude(delegated_from=None)
    unit = unit.exclude(pk__in=[one.pk for one in mine]).select_related("user", "delegated_from__user")
    return [*mine, *unit.order_by("-valid_from", "-id")[:SHOWN]]


def _lines(by: Actor, today: date) -> list[dict[str, object]]:
    lent = _shown(by)
    names, present = (
        units.unit_names(lent, on=today),
        {one.pk for one in in_force(today).filter(pk__in=[o.pk for o in lent])},
    )
    return [
        {
            "one": one,
            "role": units.role_words(one),
            "unit": names[one.pk],
            "words": [PERMISSION_WORDS[Permission(word)] for word in one.words or ()],
            "last": one.valid_to - timedelta(days=1) if one.valid_to else None,
            "state": _state(one, today, is_present=one.pk in present),
            "may_end": one.ended_at is None
            and (one.valid_to is None or one.valid_to > today)
            and str(one.user_id) != by.key,
        }
        for one in lent
    ]


def _state(lent: Membership, today: date, *, is_present: bool) -> tuple[str, Text]:
    if is_present:
        return "accepted", Text("Đang hiệu lực", "In force")
    if lent.ended_at:
        return "held", Text("Đã chấm dứt", "Ended")
    if lent.valid_from > today:
        return "waiting", Text("Chưa bắt đầu", "Not begun")
    if lent.valid_to and lent.valid_to <= today:
        return "held", Text("Hết hạn", "Expired")
    return "held", Text("Người giao không còn vai trò", "The lender no longer holds it")


def _named(one: Membership, names: dict[UUID, Text | str]) -> Text:
    role, unit = units.role_words(one), names[one.pk]
    place = unit if isinstance(unit, Text) else Text(unit, unit)
    return Text(f"{role.vi}, {place.vi}", f"{role.en}, {place.en}")


def _words(own: list[Membership]) -> list[tuple[str, Text]]:
    """Every word the reader could lend, in the order of Permission."""
    held = frozenset[str]().union(*(lendable_words(Role(one.role), one.words) for one in own))
    return [(word.value, PERMISSION_WORDS[word]) for word in Permission if word.value in held]
