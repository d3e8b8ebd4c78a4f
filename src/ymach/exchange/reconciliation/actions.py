"""Comparing a list with what we hold, and keeping who compared which day with which result."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from django.db import transaction

from ymach.accounts.permissions import Located, Permission, require
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.exchange.deliveries.names import INSURANCE
from ymach.exchange.reconciliation import partner_rules, queries, rules
from ymach.exchange.reconciliation.models import DayCompared, PartnerCompared
from ymach.exchange.reconciliation.partner_rules import Line, PartnerFound, Sort
from ymach.exchange.reconciliation.queries import Whose
from ymach.exchange.reconciliation.rules import DayFound


class Named(Located, Protocol):
    """A facility with its code."""

    @property
    def code(self) -> str: ...


def compare_day(
    *, facility: Named, day: date, digests: frozenset[str], by: Actor, at: datetime
) -> tuple[DayCompared, DayFound]:
    """A facility's list of one day (Viet Nam) against what it sent us that day. digests: SHA-256, hex, lower case.

    Raises NotAllowed unless `by` sends for the facility.
    """
    require(by, Permission.SUBMISSION_SEND, facility=facility)
    with transaction.atomic():
        held = queries.held_on(facility.id, day)
        known = {one.digest for one in held}
        elsewhere = queries.held_anywhere(facility.id, digests - known)
        found = rules.compare(digests, held, elsewhere)
        kept = DayCompared.objects.create(
            facility_id=facility.id,
            facility_code=facility.code,
            province_code=facility.province_code,
            day=day,
            compared_at=at,
            compared_by=str(by),
            theirs=found.theirs,
            held=found.held,
            matched=found.matched,
            missing=len(found.missing),
            extra=len(found.extra),
            different=len(found.different),
            found=found.as_json(rules.KEPT),
        )
    return kept, found


def compare_partner(
    lines: list[Line], *, whose: Whose, first: date, last: date, by: Actor, at: datetime, destination: str = INSURANCE
) -> tuple[PartnerCompared, PartnerFound]:
    """A partner's list against our deliveries of the submissions of `first` to `last` (Viet Nam, both included).

    Raises PeriodWrong. The caller has asked whether `by` may see the deliveries of `whose`.
    """
    partner_rules.check_period(first, last, today=vietnam_day(at))
    mine = [one for one in lines if whose.takes(one.facility)]
    sent = queries.sent_between(whose, destination, first, last)
    found = partner_rules.compare(mine, sent)
    kept = PartnerCompared.objects.create(
        destination=destination,
        facility_id=whose.facility_id,
        facility_code=whose.facility_code,
        province_code=whose.province_code,
        first_day=first,
        last_day=last,
        compared_at=at,
        compared_by=str(by),
        lines=found.lines,
        compared=found.compared,
        agreed=found.agreed,
        missing_there=found.count(Sort.MISSING_THERE),
        missing_here=found.count(Sort.MISSING_HERE),
        other_version=found.count(Sort.OTHER_VERSION),
        other_state=found.count(Sort.OTHER_STATE),
        found=[one.as_json() for one in found.differences[: partner_rules.KEPT]],
    )
    return kept, found
