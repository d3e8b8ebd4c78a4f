"""Reading provisional identities: by the code of the wristband, by desk, by mother."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any
from uuid import UUID

import orjson

from ymach.base import sealing
from ymach.base.actors import Actor
from ymach.citizens.models import Citizen
from ymach.citizens.provisional import codes
from ymach.citizens.provisional.access import reached_by, reaches
from ymach.citizens.provisional.details import Details, Kind, from_json
from ymach.citizens.provisional.errors import CodeElsewhere, CodeMistyped, CodeUnknown, NotACode
from ymach.citizens.provisional.models import Provisional
from ymach.facilities.models import Facility


@dataclass(frozen=True, slots=True)
class Band:
    """A wristband with the identity under it. birth: year, month, day as far as known."""

    code: str
    citizen_id: UUID
    facility_id: UUID
    facility_code: str
    province_code: str
    kind: Kind
    name: str
    details: Details
    mother_id: UUID | None
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class BandFilter:
    """kind: of one kind only. since, before: made from, and before (aware)."""

    kind: Kind | None = None
    since: datetime | None = None
    before: datetime | None = None


def scanned(text: str, *, by: Actor) -> Band:
    """The wristband behind what a scanner or a person typed, for somebody whose desk it belongs to.

    Raises NotACode, CodeMistyped, CodeUnknown, CodeElsewhere.
    """
    code = codes.tidy_code(text)
    if code is None:
        raise (CodeMistyped if codes.has_shape(text) else NotACode)(field="code")
    row = Provisional.objects.filter(code=code).first()
    if row is None:
        raise CodeUnknown(field="code")
    if not reaches(by, row):
        raise CodeElsewhere(field="code", facility=_name_of(row.facility_id))
    return _bands([row])[0]


def bands_at(by: Actor, wanted: BandFilter, *, limit: int) -> list[Band]:
    """The wristbands within the reach of `by`, the newest first."""
    found = Provisional.objects.filter(reached_by(by))
    limits: dict[str, Any] = {"kind": wanted.kind, "made_at__gte": wanted.since, "made_at__lt": wanted.before}
    found = found.filter(**{name: value for name, value in limits.items() if value is not None})
    return _bands(found.order_by("-made_at", "code")[:limit])


def bands_of(citizen_ids: Iterable[UUID]) -> list[Band]:
    """The wristbands that any of the identities was given, the newest first."""
    return _bands(Provisional.objects.filter(citizen_id__in=list(citizen_ids)).order_by("-made_at"))


def children_of(mother_ids: Iterable[UUID], *, by: Actor) -> list[Band]:
    """The newborns within the reach of `by` whose mother is any of the identities, in the order of birth."""
    found = Provisional.objects.filter(reached_by(by), mother_id__in=list(mother_ids))
    return _bands(found.order_by("birth_order", "made_at"))


def are_of_one_birth(some: Collection[UUID], others: Collection[UUID]) -> bool:
    """Whether somebody of one group is the mother of a newborn of the other, or they are twins: of one mother, born one
    after another. Two wristbands of one child have one order of birth, or none."""
    found = Provisional.objects.filter(citizen_id__in=[*some, *others], mother_id__isnull=False)
    born = list(found.values_list("citizen_id", "mother_id", "birth_order"))
    first, second = ([row for row in born if row[0] in group] for group in (some, others))
    if any(row[1] in others for row in first) or any(row[1] in some for row in second):
        return True
    pairs = [(one, other) for one, other in product(first, second) if one[1] == other[1]]
    return any(one[2] != other[2] for one, other in pairs if one[2] and other[2])


def context_of(code: str) -> str:
    """What the sealed details of a row are bound to."""
    return f"citizens_provisional:{code}"


def _bands(rows: Iterable[Provisional]) -> list[Band]:
    kept = list(rows)
    people = Citizen.objects.filter(pk__in=[row.citizen_id for row in kept])
    names = dict(people.values_list("citizen_id", "full_name"))
    return [_band(row, names.get(row.citizen_id, "")) for row in kept]


def _band(row: Provisional, name: str) -> Band:
    plain = sealing.unseal(bytes(row.details), context=context_of(row.code))
    return Band(
        code=row.code,
        citizen_id=row.citizen_id,
        facility_id=row.facility_id,
        facility_code=row.facility_code,
        province_code=row.province_code,
        kind=Kind(row.kind),
        name=name,
        details=from_json(orjson.loads(plain)),
        mother_id=row.mother_id,
        made_at=row.made_at,
        made_by=row.made_by,
    )


def _name_of(facility_id: UUID) -> str:
    return Facility.objects.filter(pk=facility_id).values_list("name", flat=True).first() or "—"
