"""“This is …”: from evidence at the desk to the person it shows, a preview of what is joined, the link, and its undoing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ymach.base.actors import Actor
from ymach.base.errors import NotAllowed
from ymach.citizens.actions import settle
from ymach.citizens.identify import Born, How, Identity, resolve
from ymach.citizens.links import actions as links
from ymach.citizens.links.errors import AlreadyJoined, LinkNotFound, SameIdentity, TwoPersons
from ymach.citizens.links.evidence import Kind
from ymach.citizens.links.levels import Level
from ymach.citizens.links.models import Link
from ymach.citizens.links.queries import history_of, identities_of, level_of
from ymach.citizens.matching.queries import are_two_persons
from ymach.citizens.models import Citizen
from ymach.citizens.provisional.access import WORD, reaches
from ymach.citizens.provisional.actions import note_seen
from ymach.citizens.provisional.errors import SomebodyElses
from ymach.citizens.provisional.models import Provisional
from ymach.citizens.provisional.queries import Band, scanned
from ymach.citizens.provisional.shown import Shown
from ymach.citizens.provisional.turns import turn
from ymach.citizens.provisional.wearers import check_born, check_may_be_one
from ymach.citizens.queries import known_under, lookup_keys

ASSURES_BOTH = frozenset({Kind.CITIZEN_CARD, Kind.POPULATION_DATABASE})
"""Evidence about the papers themselves: the identity under the number is surer too."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom the evidence shows. citizen_id: None for somebody not met before, whom linking will make.

    identities: everybody joined with them now; level: how sure we are of them before this.
    """

    citizen_id: UUID | None
    full_name: str
    born: Born
    sex: str | None
    level: Level | None
    identities: tuple[UUID, ...] = ()


def preview(band: Band, shown: Shown, *, by: Actor, at: datetime) -> Preview:
    """Whom the evidence shows; both persons find in their journal that it was looked at.

    Raises NotAllowed, TooMany, SameIdentity, AlreadyJoined, OfOneBirth, NotTheWearer, SomebodyElses, and for another
    wristband as `queries.scanned` does.
    """
    with turn(f"citizen:{band.citizen_id}", band.facility_id, by=by, at=at):
        _require_reach(band, by)
        seen = _seen(band, shown, by)
    note_seen(band, "previewed", by=by, at=at, evidence=shown.kind.value, other=str(seen.citizen_id or ""))
    if seen.citizen_id is not None:
        other = {"other": str(band.citizen_id), "evidence": shown.kind.value}
        links.note(seen.citizen_id, "previewed", other, facility_id=band.facility_id, by=by, at=at)
    return seen


def confirm(band: Band, shown: Shown, *, reason: str, by: Actor, at: datetime) -> Link:
    """Link the wristband's identity with whom the evidence shows, made now if nobody met them before.

    Raises as `preview` and `links.actions.link` do; TwoPersons.
    """
    with turn(f"citizen:{band.citizen_id}", band.facility_id, by=by, at=at), transaction.atomic():
        _require_reach(band, by)
        links.one_after_another()
        if shown.kind is Kind.WRISTBAND:
            other = scanned(shown.code, by=by).citizen_id
        else:
            (other,) = settle([_identity(band, shown)], at=at)
        if other == band.citizen_id:
            raise SameIdentity
        _check_persons(band, other, by)
        if shown.kind in ASSURES_BOTH:
            links.assure(other, evidence=shown.evidence, by=by, at=at)
        return links.link(band.citizen_id, other, evidence=shown.evidence, reason=reason, by=by, at=at)


def undo(band: Band, link_id: UUID, *, reason: str, by: Actor, at: datetime) -> Link:
    """Take apart what a link of the wristband's identity joined. Raises NotAllowed, LinkNotFound and as `unlink` does."""
    _require_reach(band, by)
    held = next((one for one in history_of([band.citizen_id]) if one.id == link_id and one.undone_at is None), None)
    if held is None:
        raise LinkNotFound
    return links.unlink(held.citizen_id, held.to_citizen_id, reason=reason, by=by, at=at)


def _seen(band: Band, shown: Shown, by: Actor) -> Preview:
    if shown.kind is Kind.WRISTBAND:
        return _known(band, scanned(shown.code, by=by).citizen_id)
    identity = _identity(band, shown)
    if identity.citizen_id is not None:
        return _known(band, identity.citizen_id)
    check_born(identities_of([band.citizen_id]), [identity.claim.born])
    return Preview(None, shown.full_name, identity.claim.born, shown.sex, None)


def _known(band: Band, citizen_id: UUID) -> Preview:
    if citizen_id == band.citizen_id:
        raise SameIdentity
    identities = tuple(identities_of([citizen_id]))
    if band.citizen_id in identities:
        raise AlreadyJoined
    check_may_be_one(identities_of([band.citizen_id]), identities)
    one = Citizen.objects.get(pk=citizen_id)
    born = (one.birth_year, one.birth_month, one.birth_day)
    return Preview(citizen_id, one.full_name, born, one.sex, level_of(citizen_id), identities)


def _identity(band: Band, shown: Shown) -> Identity:
    claim = shown.claim(band.facility_id, band.code)
    found = resolve(claim, known_under(lookup_keys(claim)))
    if found.how is How.CONFLICT:
        raise SomebodyElses(field="number")
    return found


def _check_persons(band: Band, other: UUID, by: Actor) -> None:
    """A desk joins no two persons by way of a wristband: who is one of them would read the other. Nobody, a department
    neither, joins a mother and her child, twins, or a child's wristband and a grown-up."""
    some, others = identities_of([band.citizen_id]), identities_of([other])
    if band.citizen_id not in others:
        check_may_be_one(some, others)
    is_desk = any(grant.facility_id for grant in by.grants)
    if is_desk and are_two_persons(some, others):
        raise TwoPersons


def _require_reach(band: Band, by: Actor) -> None:
    row = Provisional(facility_id=band.facility_id, province_code=band.province_code)
    if not reaches(by, row):
        raise NotAllowed(permission=WORD.value)
