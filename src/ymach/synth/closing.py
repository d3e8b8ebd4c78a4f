"""Days that facilities of the demonstration have closed: most agree, some differ, some are left; and an insurer's list."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from random import Random

from ymach.accounts.queries import machine_actor
from ymach.base.actors import command
from ymach.base.clock import vietnam_day
from ymach.exchange.models import Submission
from ymach.exchange.reconciliation.actions import compare_day, compare_partner
from ymach.exchange.reconciliation.partner_rules import TAKEN, Line
from ymach.exchange.reconciliation.queries import held_on, sent_between, whose_province
from ymach.facilities.models import Facility

DAYS, INSURED_DAYS = 7, 7
_AGREE, _DIFFER = 0.6, 0.8


def make_closings(*, at: datetime, province_code: str = "40") -> int:
    """Close the last days before `at` (aware), and compare the week with the insurer; how many days were closed."""
    rng, closed = Random(7), 0  # noqa: S311 - not a secret
    today = vietnam_day(at)
    for back in range(1, DAYS + 1):
        day = today - timedelta(days=back)
        for facility in _senders(day, at):
            closed += _close(facility, day, rng, at)
    _compare_with_insurer(province_code, today, at)
    return closed


def _senders(day: date, at: datetime) -> list[Facility]:
    recent = Submission.objects.filter(received_at__gte=at - timedelta(days=DAYS + 2)).exclude(outcome="rejected")
    keys = set(recent.values_list("facility_id", flat=True))
    return [one for one in Facility.objects.filter(id__in=keys).order_by("code") if held_on(one.id, day)]


def _close(facility: Facility, day: date, rng: Random, at: datetime) -> bool:
    chance = rng.random()
    if chance > _DIFFER:
        return False
    digests = sorted({one.digest for one in held_on(facility.id, day)})
    if chance > _AGREE:
        digests = [*digests[1:], sha256(f"{facility.code} {day}".encode()).hexdigest()]
    by = machine_actor(facility.code, facility.id)
    compare_day(facility=facility, day=day, digests=frozenset(digests), by=by, at=at)
    return True


def _compare_with_insurer(province_code: str, today: date, at: datetime) -> None:
    """What the insurer might say: nearly all of ours, one it has not, one that we have not."""
    whose = whose_province(province_code)
    first, last = today - timedelta(days=INSURED_DAYS), today - timedelta(days=1)
    sent = list(sent_between(whose, "insurance", first, last).values())
    if not sent:
        return
    lines = [Line(one.facility, one.code, one.state, one.reference) for one in sent[1:] if one.state == TAKEN]
    lines.append(Line(sent[0].facility, "HS-0000", TAKEN, "GD-0000"))
    compare_partner(lines, whose=whose, first=first, last=last, by=command("demo"), at=at)
