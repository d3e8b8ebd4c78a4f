"""Looking at referrals. Every look-up starts from the facilities whose records the actor may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from ymach.accounts.permissions import Permission
from ymach.base.actors import Actor
from ymach.exchange.referrals import rules
from ymach.exchange.referrals.errors import ReferralNotFound
from ymach.exchange.referrals.models import Referral, ReferralStep
from ymach.facilities.queries import grants_with

IN, OUT = "in", "out"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to. state: one, or "open" for all in which the receiver has something to do; "" for any.

    overdue_at: only what is past its term at this moment (aware). before: sent earlier than this, for older pages.
    """

    state: str = ""
    is_urgent: bool | None = None
    overdue_at: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Referrals of which the receiver has not said whether it takes the patient. late: those past their term."""

    waiting: int
    late: int


def facilities_of(actor: Actor) -> list[UUID]:
    """The facilities for which the actor reads records; a grant without a facility reads none."""
    return [grant.facility_id for grant in grants_with(actor, Permission.RECORD_READ) if grant.facility_id is not None]


def incoming(actor: Actor) -> QuerySet[Referral]:
    """Those sent to the actor's facility, once no department holds them."""
    return Referral.objects.filter(receiver_id__in=facilities_of(actor), is_held=False)


def outgoing(actor: Actor) -> QuerySet[Referral]:
    """Those the actor's facility sent."""
    return Referral.objects.filter(facility_id__in=facilities_of(actor))


def unanswered(actor: Actor, at: datetime) -> Unanswered:
    """How many wait for the answer of the actor's facility at `at` (aware)."""
    rows = incoming(actor).filter(state__in=[rules.SENT, rules.SEEN])
    return Unanswered(**rows.aggregate(waiting=Count("id"), late=Count("id", filter=Q(due_at__lt=at))))


def listed(actor: Actor, direction: str, wanted: Wanted, *, limit: int = PAGE) -> list[Referral]:
    """One side's referrals, the newest first. direction: "in" or "out"."""
    rows = incoming(actor) if direction == IN else outgoing(actor)
    if wanted.state == "open":
        rows = rows.filter(state__in=sorted(rules.OPEN))
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.is_urgent is not None:
        rows = rows.filter(is_urgent=wanted.is_urgent)
    if wanted.overdue_at is not None:
        rows = rows.filter(due_at__lt=wanted.overdue_at)
    if wanted.before is not None:
        rows = rows.filter(sent_at__lt=wanted.before)
    return list(rows.order_by("-sent_at", "-id")[:limit])


def get_referral(by: Actor, referral_id: UUID) -> tuple[Referral, str]:
    """One referral and on which side the actor stands ("in" or "out"). Raises ReferralNotFound."""
    mine = facilities_of(by)
    seen = Q(receiver_id__in=mine, is_held=False) | Q(facility_id__in=mine)
    found = Referral.objects.filter(seen, id=referral_id).first()
    if found is None:
        raise ReferralNotFound
    return found, OUT if found.facility_id in mine else IN


def steps_of(referral: Referral) -> list[ReferralStep]:
    """What happened to it, in order."""
    rows = ReferralStep.objects.filter(facility_id=referral.facility_id, referral_id=referral.id)
    return list(rows.order_by("at", "id"))


def referral_of_dossier(facility_id: UUID, dossier_code: str) -> Referral | None:
    """The referral of a facility's dossier, if it holds one; whoever asks."""
    return Referral.objects.filter(facility_id=facility_id, dossier_code=dossier_code).first()
