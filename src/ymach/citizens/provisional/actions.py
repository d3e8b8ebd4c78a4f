"""Giving wristbands: an identity at once, under a code, for somebody without papers.

One transaction: the identity, its code among the identifiers (so that the intake finds it), the wristband, and an event in
the facility's journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson
from django.db import transaction

from ymach.audit.actions import REGISTRY, Journal, day_of
from ymach.audit.chain import Event
from ymach.base import sealing
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.ids import new_id
from ymach.base.vietnamese import fold
from ymach.citizens.identify import Key
from ymach.citizens.keeping import blind_key, sealed_number, sealed_value
from ymach.citizens.links.actions import BASIS
from ymach.citizens.links.errors import IdentityNotFound
from ymach.citizens.links.levels import Level
from ymach.citizens.models import Citizen, Identifier
from ymach.citizens.provisional import codes
from ymach.citizens.provisional.access import require_desk
from ymach.citizens.provisional.details import Details, Kind, faults, name_of, tidied
from ymach.citizens.provisional.errors import DetailsWrong, FormUsed
from ymach.citizens.provisional.models import Provisional
from ymach.citizens.provisional.queries import Band, bands_of, context_of
from ymach.facilities.models import Facility

_COMPARED = frozenset({Kind.FOREIGNER, Kind.CHILD})
"""Kinds whose name is their own, so that comparing it with others makes sense."""


def give(
    *,
    kind: Kind,
    details: Details,
    facility: Facility,
    form: UUID,
    by: Actor,
    at: datetime,
    mother_id: UUID | None = None,
) -> Band:
    """A wristband and the identity under it. form: drawn when the form was shown; sent twice, it gives one wristband.

    mother_id: a newborn's mother, any of her identities. Raises NotAllowed, NotAtAFacility, DetailsWrong, IdentityNotFound,
    FormUsed.
    """
    require_desk(by, facility)
    known = tidied(details)
    wrong = faults(kind, known, has_mother=mother_id is not None, on=vietnam_day(at))
    if wrong:
        raise DetailsWrong(wrong)
    code = codes.code_of(form)
    with transaction.atomic():
        journal = Journal(facility.id, day_of(at))  # one desk after another: a form sent twice meets itself here
        if (given := Provisional.objects.filter(code=code).first()) is not None:
            return _again(given, kind, facility)
        citizen = _identity(kind, known, _mother_name(mother_id), facility, at)
        _keep_keys(citizen, code, known, facility, at)
        row = Provisional(
            code=code, citizen_id=citizen.citizen_id, facility_id=facility.id, facility_code=facility.code
        )
        row.province_code, row.kind, row.mother_id = facility.province_code, kind.value, mother_id
        row.birth_order, row.made_at, row.made_by = known.birth_order, at, str(by)
        row.details = sealing.seal(orjson.dumps(known.as_json()), context=context_of(code))
        row.save(force_insert=True)
        journal.add([event_of("made", citizen.citizen_id, by=by, at=at, code=code, kind=kind.value)])
    return bands_of([row.citizen_id])[0]


def note_seen(band: Band, act: str, *, by: Actor, at: datetime, **detail: str) -> None:
    """An event that somebody looked: "opened", "printed", "previewed"."""
    with transaction.atomic():
        event = event_of(act, band.citizen_id, by=by, at=at, code=band.code, **detail)
        Journal(band.facility_id, day_of(at)).add([event])


def note_listed(bands: Sequence[Band], *, by: Actor, at: datetime) -> None:
    """An event that somebody looked at a list of wristbands, in the journal of their desk."""
    place = next((grant.facility_id for grant in by.grants if grant.facility_id), None)
    detail = {"count": len(bands)}
    with transaction.atomic():
        event = Event(at, str(by), "identity:wristbands-listed", "wristbands:given", BASIS, detail=detail)
        Journal(place or REGISTRY, day_of(at)).add([event])


def event_of(act: str, citizen_id: UUID, *, by: Actor, at: datetime, **detail: str) -> Event:
    """An event of the desk about one identity; the detail names no person."""
    subject = f"citizen:{citizen_id}"
    return Event(at, str(by), f"identity:{act}", subject, BASIS, citizen_id=citizen_id, detail=dict(detail))


def _again(given: Provisional, kind: Kind, facility: Facility) -> Band:
    if (given.facility_id, given.kind) != (facility.id, kind.value):
        raise FormUsed
    return next(one for one in bands_of([given.citizen_id]) if one.code == given.code)


def _mother_name(mother_id: UUID | None) -> str:
    if mother_id is None:
        return ""
    mother = Citizen.objects.filter(pk=mother_id).first()
    if mother is None:
        raise IdentityNotFound(field="mother")
    return mother.full_name if mother.name_folded else ""


def _identity(kind: Kind, known: Details, mother: str, facility: Facility, at: datetime) -> Citizen:
    """Whoever has no name of their own is found by nobody's name: the folded one is empty, and they are not compared."""
    name, citizen_id = name_of(kind, known, mother=mother), new_id()
    year, month, day = (known.birth.year, known.birth.month, known.birth.day) if known.birth else (None, None, None)
    return Citizen.objects.create(
        citizen_id=citizen_id,
        full_name=name,
        name_folded=fold(known.full_name),
        birth_year=year,
        birth_month=month,
        birth_day=day,
        sex=known.sex or None,
        assurance=(Level.PROVISIONAL if known.full_name or kind is not Kind.UNKNOWN else Level.UNKNOWN).value,
        created_at=at,
        guardian_folded=fold(known.guardian_name) or None,
        number_sealed=sealed_number(known.passport, citizen_id) if known.passport else None,
        facility_id=facility.id,
        compared_at=None if kind in _COMPARED and known.full_name else at,
    )


def _keep_keys(citizen: Citizen, code: str, known: Details, facility: Facility, at: datetime) -> None:
    """The code, and a passport that nobody else holds."""
    keys: list[Key] = [("provisional", code)]
    if known.passport:
        keys.append(("passport", known.passport))
    rows = []
    for key in keys:
        kind, value = blind_key(key)
        row = Identifier(
            kind=kind, value=value, citizen_id=citizen.citizen_id, since=at, source=f"facility:{facility.id}"
        )
        row.sealed = sealed_value(key, value)
        rows.append(row)
    Identifier.objects.bulk_create(rows, ignore_conflicts=True)
