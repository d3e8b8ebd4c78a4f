"""What a facility says of itself: written at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from ymach.base.text import Text
from ymach.base.weekly import parse_schedule, print_schedule
from ymach.changes.contract import FACILITY, Case, Kind
from ymach.changes.fields import Choices, Field, Shape, Value, codes, text
from ymach.changes.kinds.person import AT_ONCE
from ymach.changes.kinds.practice import SCHEDULE
from ymach.changes.models import SubjectKind
from ymach.facilities.facts import OpeningHoursFacts
from ymach.facilities.lists import languages, services
from ymach.facilities.models import Facility, OpeningHours
from ymach.facilities.profile.actions import set_opening_hours, state_details


def _services(case: Case) -> Choices:
    return list(services().items())


def _languages(case: Case) -> Choices:
    return list(languages().items())


def _state(case: Case, **details: Any) -> None:
    state_details(facility=case.own_facility, by=case.by, at=case.at, **details)


def contact_of(facility: Facility) -> dict[str, Value]:
    """How the facility is reached, as its form shows it."""
    return {"phone": facility.phone, "email": facility.email, "website": facility.website}


def _edit_contact(case: Case) -> None:
    _state(case, **{name: text(case.values.get(name)) for name in ("phone", "email", "website")})


def hours_of(facility: Facility, on: date) -> dict[str, Value]:
    """Its opening hours of a day, as its form shows them."""
    held = OpeningHours.objects.filter(facility=facility, valid__contains=on).first()
    return {"schedule": print_schedule(held.schedule) if held else "", "note": held.note if held else ""}


def _edit_hours(case: Case) -> None:
    facts = OpeningHoursFacts(parse_schedule(text(case.values.get("schedule"))), text(case.values.get("note")))
    set_opening_hours(facility=case.own_facility, facts=facts, by=case.by, at=case.at)


def position_of(facility: Facility) -> dict[str, Value]:
    """Where it stands, in decimal degrees, as its form shows it."""
    here = {"latitude": facility.latitude, "longitude": facility.longitude}
    return {name: "" if value is None else f"{value.normalize():f}" for name, value in here.items()}


def _edit_position(case: Case) -> None:
    typed = {name: text(case.values.get(name)) for name in ("latitude", "longitude")}
    _state(case, **{name: Decimal(value) if value else None for name, value in typed.items()})


CONTACT = Kind(
    word="facility-contact",
    title=Text("Điện thoại, thư, trang web của cơ sở", "Telephone, e-mail, web site"),
    lede=AT_ONCE,
    subject=SubjectKind.FACILITY,
    proposers=frozenset({FACILITY}),
    is_own_word=True,
    fields=(
        Field(name="phone", label=Text("Điện thoại", "Telephone"), shape=Shape.PHONE, longest=30),
        Field(
            name="email",
            label=Text("Thư điện tử", "E-mail"),
            shape=Shape.EMAIL,
            hint=Text(
                "Thư của sổ bộ và thư mời tài khoản đi tới địa chỉ này.",
                "Letters of the registry and invitations to accounts go to this address.",
            ),
        ),
        Field(
            name="website",
            label=Text("Trang web", "Web site"),
            hint=Text("Bắt đầu bằng https://", "Begins with https://"),
        ),
    ),
    present=lambda case: contact_of(case.own_facility),
    apply=_edit_contact,
)

HOURS = Kind(
    word="facility-hours",
    title=Text("Giờ mở cửa", "Opening hours"),
    lede=AT_ONCE,
    subject=SubjectKind.FACILITY,
    proposers=frozenset({FACILITY}),
    is_own_word=True,
    fields=(
        Field(
            name="schedule",
            label=Text("Giờ trong tuần", "Weekly hours"),
            shape=Shape.HOURS,
            longest=500,
            hint=SCHEDULE.hint,
        ),
        Field(name="note", label=Text("Ngày lễ và ghi chú", "Holidays and notes"), longest=300),
    ),
    present=lambda case: hours_of(case.own_facility, case.on),
    apply=_edit_hours,
    source="Decree 96/2023/NĐ-CP Art. 2",
)

SERVICES = Kind(
    word="facility-services",
    title=Text("Dịch vụ", "Services"),
    lede=AT_ONCE,
    subject=SubjectKind.FACILITY,
    proposers=frozenset({FACILITY}),
    is_own_word=True,
    fields=(
        Field(name="services", label=Text("Dịch vụ có tại cơ sở", "Offered here"), shape=Shape.MANY, choices=_services),
    ),
    present=lambda case: {"services": list(case.own_facility.services)},
    apply=lambda case: _state(case, services=codes(case.values.get("services"))),
)

LANGUAGES = Kind(
    word="facility-languages",
    title=Text("Ngôn ngữ phục vụ", "Languages spoken"),
    lede=AT_ONCE,
    subject=SubjectKind.FACILITY,
    proposers=frozenset({FACILITY}),
    is_own_word=True,
    fields=(Field(name="languages", label=Text("Ngôn ngữ", "Languages"), shape=Shape.MANY, choices=_languages),),
    present=lambda case: {"languages": list(case.own_facility.languages)},
    apply=lambda case: _state(case, languages=codes(case.values.get("languages"))),
)

COORDINATES = Kind(
    word="facility-coordinates",
    title=Text("Vị trí trên bản đồ", "Place on the map"),
    lede=AT_ONCE,
    subject=SubjectKind.FACILITY,
    proposers=frozenset({FACILITY}),
    is_own_word=True,
    fields=(
        Field(
            name="latitude",
            label=Text("Vĩ độ", "Latitude"),
            shape=Shape.NUMBER,
            low=Decimal(6),
            high=Decimal(24),
            hint=Text("Độ thập phân, như 21.0285. Lấy từ bản đồ trên điện thoại.", "Decimal degrees, like 21.0285."),
        ),
        Field(
            name="longitude",
            label=Text("Kinh độ", "Longitude"),
            shape=Shape.NUMBER,
            low=Decimal(102),
            high=Decimal(118),
            hint=Text("Độ thập phân, như 105.8542. Lấy từ bản đồ trên điện thoại.", "Decimal degrees, like 105.8542."),
        ),
    ),
    present=lambda case: position_of(case.own_facility),
    apply=_edit_position,
)
