"""Queries that only pages need: what a list shows beside each of its lines, in one statement each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.text import Text
from ymach.exchange.models import Delivery, Receipt, Submission
from ymach.exchange.queries import SubmissionFilter, list_submissions
from ymach.exchange.receipts.claims import claims_of
from ymach.facilities.models import Facility
from ymach.facilities.queries import visible_to
from ymach.places.queries import province
from ymach.web import shown
from ymach.web.parts import Words


def own_facility(actor: Actor) -> Facility | None:
    """The facility an account works for, if it works for one."""
    ids = [grant.facility_id for grant in actor.grants if grant.facility_id]
    return visible_to(actor).filter(pk__in=ids).first() if ids else None


def unit_of(actor: Actor) -> tuple[Words, Words] | None:
    """The name and the note of the unit an account works for: its facility, or its province's department."""
    facility = own_facility(actor)
    if facility is not None:
        return facility.name, Text(f"Mã {facility.code}", f"Code {facility.code}")
    codes = [grant.province_code for grant in actor.grants if grant.province_code]
    unit = province(codes[0], vietnam_day(now())) if codes else None
    if unit is None:
        return None
    return Text(f"Sở Y tế {unit.name('vi')}", f"Department of Health, {unit.name('en')}"), ""


def rows(actor: Actor, wanted: SubmissionFilter, limit: int) -> list[shown.Row]:
    """A page of submissions with the first sentence of their receipts and the state of their deliveries."""
    submissions = list_submissions(actor, wanted, limit=limit)
    claims = _claims([one for one in submissions if one.finding_codes])
    deliveries = _deliveries(submissions)
    return [shown.row(one, claims.get(one.id), deliveries[one.id]) for one in submissions]


def _claims(submissions: Sequence[Submission]) -> dict[object, dict[str, object]]:
    found = Receipt.objects.filter(**_keys(submissions))
    return {receipt.submission_id: claims_of(receipt.jws) for receipt in found}


def _deliveries(submissions: Sequence[Submission]) -> dict[object, list[Delivery]]:
    found: dict[object, list[Delivery]] = defaultdict(list)
    for delivery in Delivery.objects.filter(**_keys(submissions)).defer("answer"):
        found[delivery.submission_id].append(delivery)
    return found


def _keys(submissions: Sequence[Submission]) -> dict[str, list[object]]:
    return {
        "facility_id__in": list({one.facility_id for one in submissions}),
        "submission_id__in": [one.id for one in submissions],
    }
