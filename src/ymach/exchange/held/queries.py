"""Looking at the queue. A department sees its province, a facility its own; figures come from the tally, never counted."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from ymach.accounts.permissions import Permission, require
from ymach.base.actors import Actor
from ymach.exchange.held.errors import HeldNotFound
from ymach.exchange.held.models import HeldItem, HeldTally, State
from ymach.exchange.models import Submission
from ymach.facilities.queries import rows_reached

PAGE = 50
OVERDUE, TODAY, LATER = "overdue", "today", "later"
Numbered = tuple[str, date, int]
"""A state, a last day, how many."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; blank leaves out nothing. due: "overdue", "today" or "later".

    after: the key of the last line before: its moment (of arrival, or of the decision) and its id.
    """

    state: str = State.WAITING
    facility: str = ""
    kind: str = ""
    cause: str = ""
    due: str = ""
    after: tuple[datetime, UUID] | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """How many wait, how many of these are late or due today, and how many were returned to their facility."""

    waiting: int = 0
    overdue: int = 0
    today: int = 0
    returned: int = 0


def visible_to(actor: Actor, word: Permission = Permission.HELD_DECIDE) -> QuerySet[HeldItem]:
    """The items an actor may see with `word`: of its province, or of its facility."""
    return HeldItem.objects.filter(rows_reached(actor, word))


def get_item(actor: Actor, facility_id: UUID, item_id: UUID) -> HeldItem:
    """One item of the actor's province. Raises HeldNotFound."""
    found = visible_to(actor).filter(facility_id=facility_id, id=item_id).first()
    if found is None:
        raise HeldNotFound
    return found


def queue(
    actor: Actor, wanted: Wanted, *, on: date, limit: int = PAGE, word: Permission = Permission.HELD_DECIDE
) -> list[HeldItem]:
    """What waits, the oldest first; or what became of the others, the last first. on: today in Viet Nam."""
    rows = visible_to(actor, word).filter(state=wanted.state)
    if wanted.facility:
        rows = rows.filter(facility_code=wanted.facility)
    if wanted.kind:
        rows = rows.filter(record_kinds__contains=[wanted.kind])
    if wanted.cause:
        rows = rows.filter(causes__contains=[wanted.cause])
    if wanted.due:
        rows = rows.filter(_due(wanted.due, on))
    return list(_from(rows, wanted)[:limit])


def moment_of(item: HeldItem) -> datetime:
    """The moment by which an item stands in its list."""
    return item.received_at if item.state == State.WAITING else item.changed_at


def figures(actor: Actor, *, on: date, word: Permission = Permission.HELD_DECIDE) -> Figures:
    """The figures of everything the actor may see with `word`. on: today in Viet Nam."""
    rows = _grouped(HeldTally.objects.filter(rows_reached(actor, word)))
    return _figures(((state, due, number) for _, state, due, number in rows), on)


def figures_by_province(actor: Actor, *, on: date) -> Mapping[str, Figures]:
    """The figures of every province in which something waits or is returned. Raises NotAllowed."""
    require(actor, Permission.COUNTER_SEE_COUNTRY)
    found: dict[str, list[Numbered]] = defaultdict(list)
    for province, state, due, number in _grouped(HeldTally.objects.all()):
        found[province].append((state, due, number))
    return {province: _figures(rows, on) for province, rows in found.items()}


def items_of_submission(submission: Submission) -> QuerySet[HeldItem]:
    """What of a submission is or was held, whoever asks: the submission itself is already visible."""
    mine = HeldItem.objects.filter(facility_id=submission.facility_id, submission_id=submission.id)
    return mine.order_by("dossier_code", "dossier_kind")


def _from(rows: QuerySet[HeldItem], wanted: Wanted) -> QuerySet[HeldItem]:
    """In order, after the last line of the page before."""
    if wanted.state == State.WAITING:
        if wanted.after is not None:
            at, key = wanted.after
            rows = rows.filter(Q(received_at__gt=at) | Q(received_at=at, id__gt=key))
        return rows.order_by("received_at", "id")
    if wanted.after is not None:
        at, key = wanted.after
        rows = rows.filter(Q(changed_at__lt=at) | Q(changed_at=at, id__gt=key))
    return rows.order_by("-changed_at", "id")


def _due(due: str, on: date) -> Q:
    return {OVERDUE: Q(due_on__lt=on), TODAY: Q(due_on=on), LATER: Q(due_on__gt=on)}.get(due, Q())


def _grouped(rows: QuerySet[HeldTally]) -> Iterable[tuple[str, str, date, int]]:
    """A line for each province, state and last day: as many as there are days open, however many items."""
    open_days = rows.filter(number__gt=0).values_list("province_code", "state", "due_on")
    return open_days.annotate(total=Sum("number")).order_by("province_code")


def _figures(rows: Iterable[Numbered], on: date) -> Figures:
    total: Tally[str] = Tally()
    for state, due, number in rows:
        total[state] += number
        if state == State.WAITING:
            total["overdue"] += number * (due < on)
            total["today"] += number * (due == on)
    return Figures(total[State.WAITING], total["overdue"], total["today"], total[State.RETURNED])
