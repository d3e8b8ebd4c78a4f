"""What must hold of the facts of a profile before they are written. Plain functions; `check_…` raise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

from ymach.base.clock import print_day
from ymach.base.findings import Finding
from ymach.facilities import errors, lists
from ymach.facilities.facts import ContactFacts, DepartmentFacts, EquipmentFacts, LegalPersonFacts, TechniqueFacts
from ymach.facilities.findings import EQUIPMENT_INSPECTION_OVERDUE

_DEPARTMENT_CODE = re.compile(r"K[0-9]{2}[0-9A-Z]*(\.[0-9A-Z]{1,6}){0,2}\Z")
_ENTERPRISE_NUMBER = re.compile(r"[0-9]{10}(-[0-9]{3})?\Z")
_PHONE = re.compile(r"\+?[0-9][0-9 .()/-]{1,28}\Z")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+\Z")
_WEBSITE = re.compile(r"https?://[^\s/]+\.[^\s]+\Z")
_SPECIAL_BEDS = ("beds_icu", "beds_emergency", "beds_newborn", "beds_negative_pressure")
_COUNTS = ("exam_tables", "beds_planned", "beds_actual", *_SPECIAL_BEDS, "operating_tables", "delivery_tables")


def check_coordinates(latitude: Decimal | None, longitude: Decimal | None) -> None:
    """Both known and within Viet Nam (mainland, islands, Hoàng Sa, Trường Sa), or both unknown. Raises CoordinatesWrong."""
    if latitude is None and longitude is None:
        return
    inside = (
        latitude is not None
        and longitude is not None
        and lists.limit("coordinates", "south") <= latitude <= lists.limit("coordinates", "north")
        and lists.limit("coordinates", "west") <= longitude <= lists.limit("coordinates", "east")
    )
    if not inside:
        raise errors.CoordinatesWrong(field="latitude", latitude=latitude, longitude=longitude)


def check_founded_year(year: int | None, *, on: date) -> None:
    """Unknown, or not before the oldest and not in the future. Raises FoundedYearWrong."""
    first = lists.limits()["years"]["founded_from"]
    if year is not None and not first <= year <= on.year:
        raise errors.FoundedYearWrong(field="founded_year", year=year, first=first, last=on.year)


def check_not_before_founding(day: date, founded_year: int | None, *, field: str = "valid_from") -> None:
    """Nothing of a facility is older than the facility. Raises BeforeFounding."""
    if founded_year is not None and day.year < founded_year:
        raise errors.BeforeFounding(field=field, day=print_day(day), founded=founded_year)


def check_website(website: str) -> None:
    """Blank or an address of the web. Raises WebsiteWrong."""
    if website and not _WEBSITE.match(website):
        raise errors.WebsiteWrong(field="website")


def check_phone(phone: str) -> None:
    """Blank or a telephone number. Raises PhoneWrong."""
    if phone and (not _PHONE.match(phone) or sum(map(str.isdigit, phone)) < 3):
        raise errors.PhoneWrong(field="phone")


def check_email(email: str) -> None:
    """Blank or an e-mail address. Raises EmailWrong."""
    if email and not _EMAIL.match(email):
        raise errors.EmailWrong(field="email")


def check_choices(field: str, codes: Iterable[str], known: Collection[str]) -> None:
    """All codes are on the list, each once. Raises ChoiceUnknown, Twice."""
    for code, count in Counter(codes).items():
        if code not in known:
            raise errors.ChoiceUnknown(field=field, value=code)
        if count > 1:
            raise errors.Twice(field=field, value=code)


def check_legal_person(facts: LegalPersonFacts) -> None:
    """A name; numbers in the form of enterprise and tax codes if given. Raises TextMissing, EnterpriseNumberWrong."""
    check_named("name", facts.name)
    for field in ("enterprise_number", "tax_code"):
        number = getattr(facts, field)
        if number and not _ENTERPRISE_NUMBER.match(number):
            raise errors.EnterpriseNumberWrong(field=field, number=number)


def check_department(facts: DepartmentFacts) -> None:
    """A K-code (also one our partial list does not know), a name, and numbers that fit together.

    Special beds are part of the actual ones. Raises DepartmentCodeWrong, TextMissing, BedsWrong.
    """
    if not _DEPARTMENT_CODE.match(facts.code) or len(facts.code) > 20:
        raise errors.DepartmentCodeWrong(field="code", department=facts.code)
    check_named("name", facts.name)
    most = lists.limits()["beds"]["most_of_a_department"]
    for field in _COUNTS:
        count, limit = getattr(facts, field), facts.beds_actual if field in _SPECIAL_BEDS else most
        if not 0 <= count <= limit:
            raise _beds_wrong(field, facts, count, limit)
    both = facts.beds_icu + facts.beds_emergency
    if both > facts.beds_actual:
        raise _beds_wrong("beds_emergency", facts, both, facts.beds_actual)


def check_techniques(techniques: Sequence[TechniqueFacts]) -> None:
    """Codes named once, each with its decision. Raises TooLong, TextMissing, Twice."""
    most = lists.limits()["techniques"]["most"]
    if len(techniques) > most:
        raise errors.TooLong(field="codes", count=len(techniques), most=most)
    for facts in techniques:
        check_named("code", facts.code)
        check_named("decision", facts.decision)
    check_once("code", (facts.code for facts in techniques))


def check_equipment(facts: EquipmentFacts, *, on: date) -> None:
    """Known kind and state, a name, some quantity, years and days in order.

    Raises ChoiceUnknown, TextMissing, EquipmentWrong.
    """
    check_choices("kind", [facts.kind], lists.equipment_kinds())
    check_choices("state", [facts.state], lists.equipment_states())
    check_named("name", facts.name)
    oldest = lists.limits()["years"]["made_from"]
    if not 1 <= facts.quantity <= 100_000:
        raise _equipment_wrong("quantity", facts, "số lượng phải từ 1 trở lên", "the quantity has to be one or more")
    if facts.made_year is not None and not oldest <= facts.made_year <= on.year:
        raise _equipment_wrong("made_year", facts, "năm sản xuất chưa đúng", "the year of manufacture is wrong")
    if facts.last_service_on is not None and facts.last_service_on > on:
        raise _equipment_wrong(
            "last_service_on", facts, "ngày bảo trì ở tương lai", "the last service is in the future"
        )
    if _is_before(facts.next_service_on, facts.last_service_on):
        why = "lần bảo trì tới phải sau lần trước", "the next service has to follow the last one"
        raise _equipment_wrong("next_service_on", facts, *why)


def check_contact(facts: ContactFacts) -> None:
    """A known role and a way to reach somebody. Raises ChoiceUnknown, ContactUnreachable, PhoneWrong, EmailWrong."""
    check_choices("role", [facts.role], lists.contact_roles())
    if not facts.phone and not facts.email:
        raise errors.ContactUnreachable(field="phone")
    check_phone(facts.phone)
    check_email(facts.email)


def check_named(field: str, text: str) -> None:
    """Not blank. Raises TextMissing."""
    if not text.strip():
        raise errors.TextMissing(field=field)


def check_once(field: str, keys: Iterable[str]) -> None:
    """No key twice. Raises Twice."""
    for key, count in Counter(keys).items():
        if count > 1:
            raise errors.Twice(field=field, value=key)


def overdue(equipment: Iterable[EquipmentFacts], *, on: date) -> tuple[Finding, ...]:
    """Devices in use whose inspection was due before the day `on`."""
    return tuple(
        EQUIPMENT_INSPECTION_OVERDUE.at(value=print_day(one.inspection_due_on), what=one.name)
        for one in equipment
        if one.inspection_due_on is not None and one.inspection_due_on < on and one.state == "working"
    )


def _is_before(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day < other


def _beds_wrong(field: str, facts: DepartmentFacts, count: int, most: int) -> errors.BedsWrong:
    return errors.BedsWrong(field=field, department=facts.code, beds=count, actual=facts.beds_actual, most=most)


def _equipment_wrong(field: str, facts: EquipmentFacts, why: str, why_en: str) -> errors.EquipmentWrong:
    return errors.EquipmentWrong(field=field, name=facts.name, why=why, why_en=why_en)
