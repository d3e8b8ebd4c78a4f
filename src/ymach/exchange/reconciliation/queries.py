"""What we hold of a day, what went to a partner, and what was compared before. Look-ups start from what an actor may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet, Sum

from ymach.accounts.permissions import Permission, require
from ymach.base.actors import Actor
from ymach.base.clock import start_of_day
from ymach.base.errors import NotFound
from ymach.exchange.models import Counter, Delivery, Submission
from ymach.exchange.reconciliation.models import DayCompared, PartnerCompared
from ymach.exchange.reconciliation.partner_rules import Key, Sent
from ymach.exchange.reconciliation.rules import REJECTED, HeldFile
from ymach.facilities.models import Facility
from ymach.facilities.queries import grants_with, rows_reached

DAYS = 14
"""Days that a facility sees at a glance."""
NOT_COMPARED, AGREES, DIFFERS = "not-compared", "agrees", "differs"


@dataclass(frozen=True, slots=True)
class Whose:
    """The deliveries of a facility, of a province's facilities, or (neither given) of all."""

    facility_id: UUID | None = None
    facility_code: str = ""
    province_code: str = ""
    codes: frozenset[str] = frozenset()

    def takes(self, facility_code: str) -> bool:
        """Whether a line about this facility is ours to compare."""
        if self.facility_id is not None:
            return facility_code == self.facility_code
        return not self.province_code or facility_code in self.codes


@dataclass(frozen=True, slots=True)
class DayOfFacility:
    """A facility's day: how many files it sent that were kept, and the last comparison of the day, if there was one."""

    facility_id: UUID
    day: date
    held: int
    last: DayCompared | None = None

    @property
    def state(self) -> str:
        """Compared while more was still coming in is not compared."""
        if self.last is None or self.last.held != self.held:
            return NOT_COMPARED
        return DIFFERS if self.last.missing or self.last.extra or self.last.different else AGREES


def held_on(facility_id: UUID, day: date) -> list[HeldFile]:
    """Everything a facility sent on a day (Viet Nam), what was refused too."""
    start = start_of_day(day)
    rows = Submission.objects.filter(
        facility_id=facility_id, received_at__gte=start, received_at__lt=start + timedelta(days=1)
    )
    return _files(rows.order_by("received_at"))


def held_anywhere(facility_id: UUID, digests: Iterable[str]) -> dict[str, HeldFile]:
    """What a facility ever sent of these digests."""
    wanted = [bytes.fromhex(one) for one in digests]
    rows = Submission.objects.filter(facility_id=facility_id, digest__in=wanted) if wanted else []
    return {one.digest: one for one in _files(rows)}


def days_of_facility(facility: Facility, *, until: date, days: int = DAYS) -> list[DayOfFacility]:
    """The last days of a facility, the newest first."""
    wanted = [until - timedelta(days=back) for back in range(days)]
    sent = _sent(Counter.objects.filter(facility_id=facility.id, day__in=wanted))
    last = _last(DayCompared.objects.filter(facility_id=facility.id, day__in=wanted))
    return [
        DayOfFacility(facility.id, day, sent.get((facility.id, day), 0), last.get((facility.id, day))) for day in wanted
    ]


def facilities_on(by: Actor, day: date) -> list[DayOfFacility]:
    """Every facility an actor may count, that sent something on a day or compared it; in no order."""
    require(by, Permission.COUNTER_SEE)
    sent = _sent(Counter.objects.filter(rows_reached(by, Permission.COUNTER_SEE), day=day))
    last = _last(DayCompared.objects.filter(rows_reached(by, Permission.COUNTER_SEE), day=day))
    keys = {key for key, number in sent.items() if number} | last.keys()
    return [
        DayOfFacility(facility, day, sent.get((facility, day), 0), last.get((facility, day))) for facility, _ in keys
    ]


def get_compared(by: Actor, key: UUID) -> DayCompared:
    """One comparison of a day. Raises NotFound."""
    found = DayCompared.objects.filter(rows_reached(by, Permission.COUNTER_SEE), id=key).first()
    if found is None:
        raise NotFound
    return found


def compared_with_partners(by: Actor) -> QuerySet[PartnerCompared]:
    """The comparisons with partners an actor may see, the newest first."""
    return PartnerCompared.objects.filter(rows_reached(by, Permission.DELIVERY_SEE)).order_by("-compared_at")


def get_partner_compared(by: Actor, key: UUID) -> PartnerCompared:
    """One comparison with a partner. Raises NotFound."""
    found = compared_with_partners(by).filter(id=key).first()
    if found is None:
        raise NotFound
    return found


def whose_for(by: Actor) -> Whose:
    """What an actor compares with a partner: the widest of what it may see. Raises NotAllowed."""
    require(by, Permission.DELIVERY_SEE)
    grants = list(grants_with(by, Permission.DELIVERY_SEE))
    if any(one.facility_id is None and one.province_code is None for one in grants):
        return Whose()
    province = next((one.province_code for one in grants if one.province_code), "")
    if province:
        return whose_province(province)
    facility = Facility.objects.get(id=next(one.facility_id for one in grants if one.facility_id))
    return Whose(facility.id, facility.code, facility.province_code)


def whose_province(province_code: str) -> Whose:
    """All facilities of a province."""
    codes = Facility.objects.filter(province_code=province_code).values_list("code", flat=True)
    return Whose(province_code=province_code, codes=frozenset(codes))


def sent_between(whose: Whose, destination: str, first: date, last: date) -> dict[Key, Sent]:
    """The last version of each dossier that went, or is to go, to a destination. Check-ins are not among them."""
    start = start_of_day(first)
    end = start_of_day(last) + timedelta(days=1)
    rows = Delivery.objects.filter(
        destination=destination, dossier_kind="visit", created_at__gte=start, created_at__lt=end
    )
    if whose.facility_id is not None:
        rows = rows.filter(facility_id=whose.facility_id)
    elif whose.province_code:
        rows = rows.filter(facility_code__in=whose.codes)
    found: dict[Key, Sent] = {}
    fields = ("facility_id", "facility_code", "submission_id", "state", "version", "partner_reference")
    batch = list(rows.order_by("created_at", "id").values_list(*fields))
    codes = _codes(batch)
    for _, facility, submission, state, version, reference in batch:
        for code in codes.get(submission, ()):
            before = found.get((facility, code))
            earlier = before.earlier | ({before.reference} - {""}) if before else frozenset()
            found[facility, code] = Sent(facility, code, state, version, reference, str(submission), frozenset(earlier))
    return found


def _codes(batch: Iterable[tuple[UUID, str, UUID, str, int, str]]) -> dict[UUID, list[str]]:
    """The dossiers in each submission: a file may hold several."""
    submissions: dict[UUID, list[UUID]] = defaultdict(list)
    for facility, _, submission, *_ in batch:
        submissions[facility].append(submission)
    found: dict[UUID, list[str]] = {}
    for facility, keys in submissions.items():
        rows = Submission.objects.filter(facility_id=facility, id__in=keys)
        found.update(rows.values_list("id", "dossier_codes"))
    return found


def _files(rows: Iterable[Submission] | QuerySet[Submission]) -> list[HeldFile]:
    if not isinstance(rows, QuerySet):
        return []
    found = rows.values_list("digest", "id", "received_at", "outcome").iterator()
    return [HeldFile(bytes(digest).hex(), key, at, outcome) for digest, key, at, outcome in found]


def _sent(rows: QuerySet[Counter]) -> dict[tuple[UUID, date], int]:
    """Submissions that were kept, by facility and day, from the counters."""
    kept = rows.filter(subject="submission").exclude(state=REJECTED)
    grouped = kept.values("facility_id", "day").annotate(total=Sum("number"))
    return {(row["facility_id"], row["day"]): row["total"] for row in grouped}


def _last(rows: QuerySet[DayCompared]) -> dict[tuple[UUID, date], DayCompared]:
    """The last comparison of each facility and day; without its lists."""
    found = rows.order_by("facility_id", "day", "-compared_at", "-id").distinct("facility_id", "day").defer("found")
    return {(one.facility_id, one.day): one for one in found}
