"""Queries that only pages need: what a list shows beside each of its lines, in one statement each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.clock import now, vietnam_day
from ymach.base.licence_numbers import number_key
from ymach.base.text import Text
from ymach.catalogues.models import Catalogue
from ymach.catalogues.queries import lookup
from ymach.exchange.models import Cancellation, Delivery, Submission
from ymach.exchange.prescriptions import rules as prescribed
from ymach.exchange.queries import SubmissionFilter, claims_of_all, list_submissions
from ymach.facilities.errors import FacilityNotFound
from ymach.facilities.models import Facility
from ymach.facilities.queries import visible_to
from ymach.places.queries import province
from ymach.practitioners.models import Licence
from ymach.web.parts import Words
from ymach.web.shown import submissions as shown


def own_facility(actor: Actor) -> Facility | None:
    """The facility an account works for, if it works for one."""
    ids = [grant.facility_id for grant in actor.grants if grant.facility_id]
    return visible_to(actor).filter(pk__in=ids).first() if ids else None


def is_counter(facility: Facility | None) -> bool:
    """Whether it only sells medicines on prescription: a pharmacy sends no dossiers and has no beds."""
    return facility is not None and prescribed.whose(facility.form) is prescribed.Whose.ANY


def unit_of(actor: Actor, own: Facility | None = None) -> tuple[Words, Words] | None:
    """The name and the note of the unit an account works for: its facility, or its province's department.

    own: the account's facility, where it is known already.
    """
    facility = own or own_facility(actor)
    if facility is not None:
        return facility.name, Text(f"Mã {facility.code}", f"Code {facility.code}")
    codes = [grant.province_code for grant in actor.grants if grant.province_code]
    unit = province(codes[0], vietnam_day(now())) if codes else None
    if unit is None:
        return None
    return Text(f"Sở Y tế {unit.name('vi')}", f"Department of Health, {unit.name('en')}"), ""


def facility_of(actor: Actor, code: str) -> Facility:
    """The present holder of a code, or the last, of those the actor may see. Raises FacilityNotFound."""
    found = visible_to(actor).filter(code=code).order_by("-valid").first()
    if found is None:
        raise FacilityNotFound(facility=code)
    return found


def at_facility(actor: Actor, facility: Facility) -> Actor:
    """The actor with those of its grants that reach `facility` and see submissions, each held to that facility."""
    reaching = (
        grant
        for grant in actor.grants
        if may(replace(actor, grants=(grant,)), Permission.SUBMISSION_SEE, facility=facility)
    )
    return replace(actor, grants=tuple(replace(grant, facility_id=facility.id) for grant in reaching))


def is_of_one_facility(actor: Actor) -> bool:
    """Whether everything the actor sees is of one facility, so that its name need not stand in every line."""
    return bool(actor.grants) and all(grant.facility_id for grant in actor.grants)


def catalogue_names(catalogue: str, codes: Iterable[str], on: date) -> dict[str, Text]:
    """The names of some codes of a small catalogue on the day `on`; a code that is not in it names itself."""
    found = {code: lookup(catalogue, code, on) for code in set(codes) if code}
    return {
        code: Text(entry.name_vi, entry.name_en or entry.name_vi) if entry else Text(code, code)
        for code, entry in found.items()
    }


def holder_names(numbers: Iterable[str]) -> dict[str, str]:
    """Who holds each licence number; a number that several people hold names nobody."""
    asked = {one: number_key(one) for one in numbers if one}
    held = Licence.objects.filter(number_key__in=set(asked.values()))
    found: dict[str, set[str]] = defaultdict(set)
    for key, name in held.values_list("number_key", "practitioner__full_name"):
        found[key].add(name)
    return {number: next(iter(found[key])) for number, key in asked.items() if len(found[key]) == 1}


def list_names(codes: Iterable[str]) -> dict[str, Text]:
    """What code lists are called, by code."""
    found = Catalogue.objects.filter(pk__in=list(codes))
    return {one.code: Text(one.name_vi, one.name_en) for one in found}


def rows(actor: Actor, wanted: SubmissionFilter, limit: int) -> list[shown.Row]:
    """A page of submissions with the first sentence of their receipts and the state of their deliveries."""
    submissions = list_submissions(actor, wanted, limit=limit)
    claims = _claims([one for one in submissions if one.finding_codes])
    deliveries = _deliveries(submissions)
    names, cancelled = _facility_names(actor, submissions), _cancelled(submissions)
    return [
        shown.row(one, claims.get(one.id), deliveries[one.id], names.get(one.facility_id, ""), cancelled[one.id])
        for one in submissions
    ]


def sender_name(actor: Actor, submission: Submission) -> str:
    """The name of who sent it, for those who may see the facility."""
    return visible_to(actor).filter(pk=submission.facility_id).values_list("name", flat=True).first() or ""


def _facility_names(actor: Actor, submissions: Sequence[Submission]) -> dict[UUID, str]:
    if is_of_one_facility(actor):
        return {}
    ids = {one.facility_id for one in submissions}
    return dict(visible_to(actor).filter(pk__in=ids).values_list("id", "name"))


def _claims(submissions: Sequence[Submission]) -> Mapping[UUID, dict[str, object]]:
    return claims_of_all(submissions)


def _deliveries(submissions: Sequence[Submission]) -> dict[object, list[Delivery]]:
    found: dict[object, list[Delivery]] = defaultdict(list)
    for delivery in Delivery.objects.filter(**_keys(submissions)).defer("answer"):
        found[delivery.submission_id].append(delivery)
    return found


def _cancelled(submissions: Sequence[Submission]) -> dict[object, list[Cancellation]]:
    found: dict[object, list[Cancellation]] = defaultdict(list)
    for one in Cancellation.objects.filter(**_keys(submissions)).defer("jws").order_by("cancelled_at", "id"):
        found[one.submission_id].append(one)
    return found


def _keys(submissions: Sequence[Submission]) -> dict[str, list[object]]:
    return {
        "facility_id__in": list({one.facility_id for one in submissions}),
        "submission_id__in": [one.id for one in submissions],
    }
