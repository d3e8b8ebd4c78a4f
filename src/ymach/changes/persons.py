"""Nobody is entered twice: who is asked for as new is looked up by their number first, in the registry and beyond."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ymach.base.actors import Actor
from ymach.changes.contract import Case, Kind
from ymach.changes.fields import Field, Value, day, text
from ymach.changes.models import ChangeRequest
from ymach.population.actions import AsksForPersons
from ymach.population.models import PopulationCheck
from ymach.population.rules import Claim
from ymach.practitioners.errors import PersonKnown
from ymach.practitioners.identification import Identified, Said, checked_claim, identify
from ymach.practitioners.models import Licence

PURPOSE = "enrol"


def number_field(kind: Kind) -> Field | None:
    """The field by which the person of such a request is looked up; None for kinds about somebody who is here."""
    return next((one for one in kind.fields if one.finds_person), None)


def require_unknown(
    case: Case, values: Mapping[str, Value], *, by: Actor, at: datetime, channel: AsksForPersons | None
) -> Identified | None:
    """Look up who is asked for as new; what the population database says is kept for those who decide.

    None where there is nothing to look up: another kind, no number, not everything typed. A population database that
    does not answer stops nothing. Call it outside a transaction. Raises PersonKnown, TooMany, PersonalNumberWrong.
    """
    asked = _claim(case.kind, values)
    if asked is None:
        return None
    number, claim = asked
    found = identify(number=number, claim=claim, by=by, purpose=PURPOSE, at=at, channel=channel)
    if found.said is Said.REGISTERED and found.practitioner_id is not None:
        held = Licence.objects.filter(practitioner=found.practitioner_id).order_by("-valid").first()
        words = [found.known["full_name"], *([held.number] if held else [])]
        raise PersonKnown(found.practitioner_id, ", ".join(words))
    return found


def is_identified(request: ChangeRequest, kind: Kind) -> bool:
    """Whether it asks for a person who has a personal number."""
    return _claim(kind, request.proposed) is not None


def check_of(request: ChangeRequest, kind: Kind) -> PopulationCheck | None:
    """What the population database said about the person it asks for, as they were typed; None: they are not checked."""
    asked = _claim(kind, request.proposed)
    return checked_claim(*asked) if asked is not None else None


def _claim(kind: Kind, values: Mapping[str, Value]) -> tuple[str, Claim] | None:
    field = number_field(kind)
    number = text(values.get(field.name)) if field is not None else ""
    name, born, sex = text(values.get("full_name")), day(values.get("birth_date")), text(values.get("sex"))
    return (number, Claim(name, born, sex)) if number and name and born and sex else None
