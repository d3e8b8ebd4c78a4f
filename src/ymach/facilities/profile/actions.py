"""Writing what belongs to a facility's profile. A change closes the row in force and opens a new one from the day `on`.

`on` (Viet Nam) is today unless given. by, at: go into the history; seen: the revision of the profile that the change was
made from (None: not from a form), Conflict when it has moved on. Facts of its own word are written by the facility or its
department; verified ones by the department of its province alone. Everybody else gets NotAllowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict, Unpack
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.ids import new_id
from ymach.facilities import changing, dated, lists
from ymach.facilities.dated import Changed
from ymach.facilities.facts import (
    ContactFacts,
    DepartmentFacts,
    EquipmentFacts,
    LegalPersonFacts,
    OpeningHoursFacts,
    TechniqueFacts,
)
from ymach.facilities.models import (
    Contact,
    Department,
    Equipment,
    Facility,
    LegalPerson,
    OpeningHours,
    Technique,
)
from ymach.facilities.profile import rules


class OwnDetails(TypedDict, total=False):
    """What a facility says of itself in its own row. latitude and longitude: degrees, given together or both None."""

    phone: str
    email: str
    website: str
    languages: Sequence[str]
    services: Sequence[str]
    is_medical_tourism: bool
    founded_year: int | None
    latitude: Decimal | None
    longitude: Decimal | None


def state_details(
    *,
    facility: Facility,
    by: Actor,
    at: datetime,
    seen: int | None = None,
    reason: str = "stated by the facility",
    **details: Unpack[OwnDetails],
) -> Facility:
    """Own word: how to reach the facility, where it stands, what it offers.

    Raises NotAllowed, Conflict, PhoneWrong, EmailWrong, WebsiteWrong, ChoiceUnknown, Twice, FoundedYearWrong,
    CoordinatesWrong.
    """
    rules.check_phone(details.get("phone", ""))
    rules.check_email(details.get("email", ""))
    rules.check_website(details.get("website", ""))
    rules.check_choices("languages", details.get("languages", ()), lists.languages())
    rules.check_choices("services", details.get("services", ()), lists.services())
    rules.check_founded_year(details.get("founded_year"), on=vietnam_day(at))
    with changing.own_word(facility, reason=reason, by=by, at=at, seen=seen) as fresh:
        for column, value in details.items():
            setattr(fresh, column, list(value) if column in {"languages", "services"} else value)  # type: ignore[call-overload]
        rules.check_coordinates(fresh.latitude, fresh.longitude)
        fresh.save(update_fields=list(details))
    return fresh


def confirm_profile(*, facility: Facility, by: Actor, at: datetime, seen: int | None = None) -> Facility:
    """The facility says that its profile is right as it stands. Raises NotAllowed, Conflict."""
    with changing.confirmed(facility, reason="profile confirmed", by=by, at=at, seen=seen) as fresh:
        fresh.confirmed_at, fresh.confirmed_by = at, by.label
        fresh.save(update_fields=["confirmed_at", "confirmed_by"])
    return fresh


def set_opening_hours(
    *,
    facility: Facility,
    facts: OpeningHoursFacts,
    by: Actor,
    at: datetime,
    on: date | None = None,
    seen: int | None = None,
) -> OpeningHours:
    """Own word: weekly opening hours. Raises NotAllowed, Conflict, LaterChange, BeforeFounding."""
    with changing.own_word(facility, reason="opening hours", by=by, at=at, seen=seen) as fresh:
        return dated.put(OpeningHours, fresh.pk, facts, on=_day(fresh, on, at))


def put_contact(
    *,
    facility: Facility,
    facts: ContactFacts,
    by: Actor,
    at: datetime,
    item: UUID | None = None,
    on: date | None = None,
    seen: int | None = None,
) -> Contact:
    """Own word: a new contact, or (with `item`) a change of one.

    Raises NotAllowed, Conflict, ChoiceUnknown, ContactUnreachable, PhoneWrong, EmailWrong, LaterChange, BeforeFounding.
    """
    rules.check_contact(facts)
    with changing.own_word(facility, reason="contact", by=by, at=at, seen=seen) as fresh:
        return dated.put(Contact, fresh.pk, facts, thing=item or new_id(), on=_day(fresh, on, at))


def end_contact(
    *, facility: Facility, item: UUID, by: Actor, at: datetime, on: date | None = None, seen: int | None = None
) -> None:
    """Own word: a contact is no more. Raises NotAllowed, Conflict, FactNotFound, LaterChange."""
    with changing.own_word(facility, reason="contact ended", by=by, at=at, seen=seen) as fresh:
        dated.end(Contact, fresh.pk, thing=item, on=_day(fresh, on, at))


def put_equipment(
    *,
    facility: Facility,
    facts: EquipmentFacts,
    by: Actor,
    at: datetime,
    item: UUID | None = None,
    on: date | None = None,
    seen: int | None = None,
) -> Equipment:
    """Own word: new equipment, or (with `item`) a change of it, e.g. of its state.

    Raises NotAllowed, Conflict, ChoiceUnknown, TextMissing, EquipmentWrong, LaterChange, BeforeFounding.
    """
    rules.check_equipment(facts, on=vietnam_day(at))
    with changing.own_word(facility, reason="equipment", by=by, at=at, seen=seen) as fresh:
        return dated.put(Equipment, fresh.pk, facts, thing=item or new_id(), on=_day(fresh, on, at))


def end_equipment(
    *, facility: Facility, item: UUID, by: Actor, at: datetime, on: date | None = None, seen: int | None = None
) -> None:
    """Own word: equipment is gone. Raises NotAllowed, Conflict, FactNotFound, LaterChange."""
    with changing.own_word(facility, reason="equipment ended", by=by, at=at, seen=seen) as fresh:
        dated.end(Equipment, fresh.pk, thing=item, on=_day(fresh, on, at))


def set_legal_person(
    *,
    facility: Facility,
    facts: LegalPersonFacts,
    by: Actor,
    at: datetime,
    on: date | None = None,
    seen: int | None = None,
) -> LegalPerson:
    """Verified: who owns the facility.

    Raises NotAllowed, Conflict, TextMissing, EnterpriseNumberWrong, LaterChange, BeforeFounding.
    """
    rules.check_legal_person(facts)
    with changing.verified(facility, reason="legal person", by=by, at=at, seen=seen) as fresh:
        return dated.put(LegalPerson, fresh.pk, facts, on=_day(fresh, on, at))


def put_department(
    *,
    facility: Facility,
    facts: DepartmentFacts,
    by: Actor,
    at: datetime,
    on: date | None = None,
    seen: int | None = None,
) -> Department:
    """Verified: a department with its beds, new or changed (by its code).

    Raises NotAllowed, Conflict, DepartmentCodeWrong, TextMissing, BedsWrong, LaterChange, BeforeFounding.
    """
    rules.check_department(facts)
    with changing.verified(facility, reason="department", by=by, at=at, seen=seen) as fresh:
        return dated.put(Department, fresh.pk, facts, thing=facts.code, on=_day(fresh, on, at))


def end_department(
    *, facility: Facility, code: str, by: Actor, at: datetime, on: date | None = None, seen: int | None = None
) -> None:
    """Verified: a department is no more. Raises NotAllowed, Conflict, FactNotFound, LaterChange."""
    with changing.verified(facility, reason="department ended", by=by, at=at, seen=seen) as fresh:
        dated.end(Department, fresh.pk, thing=code, on=_day(fresh, on, at))


def replace_technique_list(
    *,
    facility: Facility,
    codes: Iterable[str],
    release: str,
    decision: str,
    approved_on: date,
    by: Actor,
    at: datetime,
    on: date | None = None,
    seen: int | None = None,
) -> Changed:
    """Verified: the approved techniques are exactly `codes`; those that stay keep the decision they were approved by.

    codes: of the technique catalogue's release `release`; on: from when (without it: from `approved_on`). Codes that the
    release does not know are kept too: the catalogue held here is partial. Several thousand codes are usual.
    Raises NotAllowed, Conflict, TooLong, TextMissing, Twice, LaterChange, BeforeFounding.
    """
    techniques = [TechniqueFacts(code.strip(), release, decision, approved_on) for code in codes]
    rules.check_techniques(techniques)
    wanted = {one.code: one for one in techniques}
    with changing.verified(facility, reason=f"technique list {decision}", by=by, at=at, seen=seen) as fresh:
        day = _day(fresh, on or approved_on, at)
        return dated.replace(Technique, fresh.pk, wanted, on=day, same=("code", "release"))


def _day(facility: Facility, on: date | None, at: datetime) -> date:
    day = on or vietnam_day(at)
    rules.check_not_before_founding(day, facility.founded_year)
    return day
