"""Looking a person up by their number, so that a program enters nobody twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Body, Router, Schema
from pydantic import StringConstraints

from ymach.api import change_schemas as schemas
from ymach.api.signin import machine_of
from ymach.base.clock import iso, now
from ymach.changes.persons import PURPOSE
from ymach.population.channel import PopulationChannel, configured
from ymach.population.contract import SOURCE
from ymach.practitioners.identification import Claimed, Identified, Said, lookup
from ymach.practitioners.models import Licence

router = Router(tags=["Yêu cầu thay đổi · Change requests"])
Typed = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]


class Asked(Schema):
    """Whose number it is asked about, and what is known of the person; what is not known stays out.

    A facility is told of a citizen who is in no registry only with the full name given.
    """

    personal_number: Annotated[str, StringConstraints(max_length=20, pattern=r"^[^\x00]*$")]
    full_name: Typed = ""
    birth_date: date | None = None
    sex: Annotated[str, StringConstraints(pattern=r"^[123]?$")] = ""


@router.post("/people/lookup", openapi_extra=schemas.LOOKUP, summary="Who has this personal number?")
def look_up(request: HttpRequest, asked: Body[Asked]) -> HttpResponse:
    """The registry first, then the national population database. At most 60 an hour; each is in the audit journal."""
    actor, at = machine_of(request), now()
    claimed = Claimed(asked.full_name.strip(), asked.birth_date, asked.sex)
    with asking() as channel:
        found = lookup(
            number=asked.personal_number.strip(), claimed=claimed, by=actor, purpose=PURPOSE, at=at, channel=channel
        )
    answer = HttpResponse(orjson.dumps(_told(found)), content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer


@contextmanager
def asking() -> Iterator[PopulationChannel | None]:
    """The population database of the settings, closed at the end; None where none is set."""
    channel = configured(settings.ENVIRONMENT)
    try:
        yield channel
    finally:
        if channel is not None:
            channel.close()


def _told(found: Identified) -> dict[str, Any]:
    is_here = found.said is Said.REGISTERED
    asked_there = found.said in {Said.MATCH, Said.MISMATCH, Said.UNKNOWN}
    held = Licence.objects.filter(practitioner=found.practitioner_id).order_by("-valid").first() if is_here else None
    return {
        "outcome": found.said.value,
        "source": "registry" if is_here else SOURCE if asked_there else None,
        "at": iso(found.at),
        "practitioner": str(found.practitioner_id) if found.practitioner_id else None,
        "licence": held.number if held is not None else None,
        "person": dict(found.known),
        "fields": {name: one.value for name, one in found.fields.items()},
    }
