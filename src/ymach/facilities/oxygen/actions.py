"""Writing oxygen sources and consumption: own word of the facility, dated as everything of its profile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.ids import new_id
from ymach.facilities import changing, dated
from ymach.facilities.facts import ConsumptionFacts, OxygenSourceFacts
from ymach.facilities.models import Facility, OxygenConsumption, OxygenSource
from ymach.facilities.oxygen import rules
from ymach.facilities.oxygen.kinds import read_details
from ymach.facilities.oxygen.units import normal_m3
from ymach.facilities.profile.rules import check_not_before_founding


def put_oxygen_source(
    *,
    facility: Facility,
    facts: OxygenSourceFacts,
    by: Actor,
    at: datetime,
    item: UUID | None = None,
    on: date | None = None,
    seen: int | None = None,
) -> OxygenSource:
    """A new source, or (with `item`) a change of one, e.g. its level, or that it is down and why. From `on` (today) on.

    Details are read by the fields of the kind (`oxygen.kinds`). Ask `oxygen.kinds.unusual` for warnings.
    Raises NotAllowed, Conflict, OxygenKindUnknown, OxygenDetailWrong, OxygenStateWrong, LaterChange, BeforeFounding.
    """
    rules.check_state(facts)
    facts = replace(facts, details=read_details(facts.kind, facts.details))
    with changing.own_word(facility, reason="oxygen source", by=by, at=at, seen=seen) as fresh:
        day = on or vietnam_day(at)
        check_not_before_founding(day, fresh.founded_year)
        return dated.put(OxygenSource, fresh.pk, facts, thing=item or new_id(), on=day)


def end_oxygen_source(
    *, facility: Facility, item: UUID, by: Actor, at: datetime, on: date | None = None, seen: int | None = None
) -> None:
    """A source is gone from `on` (today) on. Raises NotAllowed, Conflict, FactNotFound, LaterChange."""
    with changing.own_word(facility, reason="oxygen source ended", by=by, at=at, seen=seen) as fresh:
        dated.end(OxygenSource, fresh.pk, thing=item, on=on or vietnam_day(at))


def record_oxygen_consumption(
    *, facility: Facility, facts: ConsumptionFacts, by: Actor, at: datetime, seen: int | None = None
) -> OxygenConsumption:
    """What was used in a month from one kind of source; a second time corrects the figure. Converted exactly into Nm³.

    Raises NotAllowed, Conflict, OxygenKindUnknown, OxygenUnitWrong, OxygenMonthWrong, QuantityWrong.
    """
    rules.check_consumption(facts, on=vietnam_day(at))
    values = {
        "quantity": facts.quantity,
        "unit": facts.unit,
        "normal_m3": normal_m3(facts.quantity, facts.unit),
    }
    with changing.own_word(facility, reason="oxygen consumption", by=by, at=at, seen=seen) as fresh:
        row, _ = OxygenConsumption.objects.update_or_create(
            facility=fresh, month=facts.month, source_kind=facts.source_kind, defaults=values
        )
    return row
