"""A newborn's wristband: the mother is found by her own wristband, her card, or the wristband of a twin."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.citizens.actions import settle
from ymach.citizens.identify import How, resolve
from ymach.citizens.links import actions as links
from ymach.citizens.links.evidence import Kind as Shows
from ymach.citizens.provisional import codes
from ymach.citizens.provisional.actions import give
from ymach.citizens.provisional.details import Details, Kind
from ymach.citizens.provisional.errors import CodeMistyped, SomebodyElses
from ymach.citizens.provisional.queries import Band, scanned
from ymach.citizens.provisional.shown import read_shown
from ymach.citizens.provisional.turns import turn
from ymach.citizens.queries import known_under, lookup_keys
from ymach.facilities.models import Facility


def give_to_newborn(*, mother: str, details: Details, facility: Facility, form: UUID, by: Actor, at: datetime) -> Band:
    """As `actions.give`. mother: what was scanned of her, or of a twin; blank while she is not known.

    A card that nobody met before makes the mother's identity too. Raises as `give`, `scanned` and `read_shown` do, always of
    the field `mother` where it is she who was not found.
    """
    with turn("wristband", facility.id, by=by, at=at), transaction.atomic():
        mother_id = _mother(mother.strip(), facility, form, by, at) if mother.strip() else None
        return give(kind=Kind.NEWBORN, details=details, facility=facility, form=form, mother_id=mother_id, by=by, at=at)


def check_mother(text: str, *, on: date) -> None:
    """Whether `text` can be a wristband or a card at all; nobody is looked for. on: today in Viet Nam.

    Raises CodeMistyped, CardUnreadable of the field `mother`.
    """
    try:
        if not codes.has_shape(text):
            read_shown(Shows.CITIZEN_CARD, {"scan": text}, on=on)
        elif codes.tidy_code(text) is None:
            raise CodeMistyped
    except YmachError as error:
        error.field = "mother"
        raise


def _mother(text: str, facility: Facility, form: UUID, by: Actor, at: datetime) -> UUID | None:
    try:
        if codes.has_shape(text):
            band = scanned(text, by=by)
            return band.mother_id if band.kind is Kind.NEWBORN else band.citizen_id
        return _by_card(text, facility, form, by, at)
    except YmachError as error:
        error.field = "mother"
        raise


def _by_card(text: str, facility: Facility, form: UUID, by: Actor, at: datetime) -> UUID:
    shown = read_shown(Shows.CITIZEN_CARD, {"scan": text}, on=vietnam_day(at))
    claim = shown.claim(facility.id, codes.code_of(form))
    found = resolve(claim, known_under(lookup_keys(claim)))
    if found.how is How.CONFLICT:
        raise SomebodyElses
    (citizen_id,) = settle([found], at=at)
    links.assure(citizen_id, evidence=shown.evidence, by=by, at=at)
    return citizen_id
