"""What a facility says of itself: hours, how to reach it, where it stands, what it offers, contacts, equipment."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ymach.base.findings import Finding
from ymach.base.text import Text
from ymach.base.weekly import parse_schedule
from ymach.changes.fields import Field, Shape, Values
from ymach.changes.kinds import facility_word
from ymach.facilities import lists
from ymach.facilities.facts import ContactFacts, EquipmentFacts, OpeningHoursFacts, facts_of
from ymach.facilities.models import Contact, Department, Equipment
from ymach.facilities.profile import actions
from ymach.facilities.profile.rules import overdue
from ymach.web.facility.forms import FROM, FacilityForm, Saving, Target, ThingGone, choices

AT_ONCE = Text("Cơ sở tự khai; có hiệu lực ngay khi ghi.", "Stated by the facility itself; it holds at once.")
YEAR = Text("Bốn chữ số, như 2019.", "Four digits, like 2019.")
DAY = Text("Như 20/11/2026.", "Like 20/11/2026.")


def _save_hours(saving: Saving) -> Sequence[Finding]:
    facts = OpeningHoursFacts(parse_schedule(saving.text("schedule")), saving.text("note"))
    actions.set_opening_hours(
        facility=saving.facility, facts=facts, by=saving.by, at=saving.at, on=saving.starts_on, seen=saving.seen
    )
    return ()


def _save_reach(saving: Saving) -> Sequence[Finding]:
    actions.state_details(
        facility=saving.facility,
        by=saving.by,
        at=saving.at,
        seen=saving.seen,
        phone=saving.text("phone"),
        email=saving.text("email"),
        website=saving.text("website"),
    )
    return ()


def _save_place(saving: Saving) -> Sequence[Finding]:
    latitude, longitude = (saving.text(name) for name in ("latitude", "longitude"))
    actions.state_details(
        facility=saving.facility,
        by=saving.by,
        at=saving.at,
        seen=saving.seen,
        latitude=_coordinate(latitude),
        longitude=_coordinate(longitude),
    )
    return ()


def _coordinate(text: str) -> Decimal | None:
    return Decimal(text).quantize(Decimal("0.000001")) if text else None


def _offer_fields(target: Target) -> Sequence[Field]:
    return (
        Field(
            name="services",
            label=Text("Dịch vụ có tại cơ sở", "Offered here"),
            shape=Shape.MANY,
            choices=choices(lists.services()),
        ),
        Field(
            name="languages",
            label=Text("Ngôn ngữ phục vụ", "Languages spoken"),
            shape=Shape.MANY,
            choices=choices(lists.languages()),
        ),
        Field(
            name="is_medical_tourism",
            label=Text("Nhận khách du lịch chữa bệnh", "Receives medical tourists"),
            shape=Shape.YES,
        ),
        Field(name="founded_year", label=Text("Năm thành lập", "Founded in"), digits=4, hint=YEAR),
    )


def _offer(target: Target) -> Values:
    row = target.facility
    return {
        "services": list(row.services),
        "languages": list(row.languages),
        "is_medical_tourism": row.is_medical_tourism,
        "founded_year": str(row.founded_year or ""),
    }


def _save_offer(saving: Saving) -> Sequence[Finding]:
    actions.state_details(
        facility=saving.facility,
        by=saving.by,
        at=saving.at,
        seen=saving.seen,
        services=saving.codes("services"),
        languages=saving.codes("languages"),
        is_medical_tourism=saving.yes("is_medical_tourism"),
        founded_year=saving.whole("founded_year"),
    )
    return ()


def _contact_fields(target: Target) -> Sequence[Field]:
    roles = choices(lists.contact_roles())
    role = Field(name="role", label=Text("Để làm gì", "What for"), shape=Shape.CHOICE, is_required=True, choices=roles)
    return (
        role,
        Field(name="name", label=Text("Người hoặc bộ phận", "Who")),
        Field(name="phone", label=Text("Điện thoại", "Telephone"), longest=30),
        Field(name="email", label=Text("Thư điện tử", "E-mail"), shape=Shape.EMAIL),
        Field(name="is_public", label=Text("Ai cũng xem được", "Everybody may see it"), shape=Shape.YES),
    )


def _contact(target: Target) -> Values:
    if not target.item:
        return {}
    row = Contact.objects.filter(facility=target.facility, item=target.key, valid__contains=target.on).first()
    if row is None:
        raise ThingGone
    return {name: getattr(row, name) for name in ("role", "name", "phone", "email", "is_public")}


def _save_contact(saving: Saving) -> Sequence[Finding]:
    facts = ContactFacts(
        role=saving.text("role"),
        name=saving.text("name"),
        phone=saving.text("phone"),
        email=saving.text("email"),
        is_public=saving.yes("is_public"),
    )
    item = saving.target.key_or_new
    actions.put_contact(facility=saving.facility, facts=facts, by=saving.by, at=saving.at, item=item, seen=saving.seen)
    return ()


def _end_contact(saving: Saving) -> None:
    item = saving.target.key
    actions.end_contact(facility=saving.facility, item=item, by=saving.by, at=saving.at, seen=saving.seen)


def _departments(target: Target) -> dict[str, Text]:
    rows = Department.objects.filter(facility=target.facility, valid__contains=target.on).order_by("code")
    return {code: Text(f"{code} {name}", f"{code} {name}") for code, name in rows.values_list("code", "name")}


def _equipment_fields(target: Target) -> Sequence[Field]:
    kind, state = Text("Loại thiết bị", "Kind"), Text("Tình trạng", "State")
    kinds, states = choices(lists.equipment_kinds()), choices(lists.equipment_states())
    return (
        Field(name="kind", label=kind, shape=Shape.CHOICE, is_required=True, choices=kinds),
        Field(name="name", label=Text("Tên thiết bị", "Name"), is_required=True),
        Field(name="state", label=state, shape=Shape.CHOICE, is_required=True, choices=states),
        Field(
            name="quantity",
            label=Text("Số lượng", "Quantity"),
            shape=Shape.WHOLE,
            is_required=True,
            low=Decimal(0),
            high=Decimal(100_000),
        ),
        Field(name="model", label=Text("Kiểu máy", "Model"), longest=100),
        Field(name="serial", label=Text("Số máy", "Serial number"), longest=100),
        Field(name="maker", label=Text("Hãng sản xuất", "Maker"), longest=100),
        Field(name="made_year", label=Text("Năm sản xuất", "Made in"), digits=4, hint=YEAR),
        Field(name="last_service_on", label=Text("Bảo trì lần cuối", "Last service"), shape=Shape.DAY, hint=DAY),
        Field(name="next_service_on", label=Text("Bảo trì lần tới", "Next service"), shape=Shape.DAY, hint=DAY),
        Field(
            name="inspection_due_on", label=Text("Kiểm định trước ngày", "Inspection due"), shape=Shape.DAY, hint=DAY
        ),
        Field(
            name="department_code",
            label=Text("Đặt tại khoa", "Department"),
            shape=Shape.CHOICE,
            choices=lambda case: list(_departments(target).items()),
        ),
        FROM,
    )


def _equipment(target: Target) -> Values:
    if not target.item:
        return {"state": "working", "quantity": "1"}
    row = Equipment.objects.filter(facility=target.facility, item=target.key, valid__contains=target.on).first()
    if row is None:
        raise ThingGone
    facts = facts_of(EquipmentFacts, row)
    texts = {
        name: getattr(facts, name) for name in ("kind", "name", "state", "model", "serial", "maker", "department_code")
    }
    days = ("last_service_on", "next_service_on", "inspection_due_on")
    told = {name: found.isoformat() for name in days if (found := getattr(facts, name))}
    return {**texts, **told, "quantity": str(facts.quantity), "made_year": str(facts.made_year or "")}


def _save_equipment(saving: Saving) -> Sequence[Finding]:
    texts = ("kind", "name", "state", "model", "serial", "maker", "department_code")
    facts = EquipmentFacts(
        **{name: saving.text(name) for name in texts},
        quantity=saving.whole("quantity") or 0,
        made_year=saving.whole("made_year"),
        last_service_on=saving.day("last_service_on"),
        next_service_on=saving.day("next_service_on"),
        inspection_due_on=saving.day("inspection_due_on"),
    )
    actions.put_equipment(
        facility=saving.facility,
        facts=facts,
        by=saving.by,
        at=saving.at,
        item=saving.target.key_or_new,
        on=saving.starts_on,
        seen=saving.seen,
    )
    return overdue([facts], on=saving.target.on)


def _end_equipment(saving: Saving) -> None:
    item = saving.target.key
    actions.end_equipment(facility=saving.facility, item=item, by=saving.by, at=saving.at, seen=saving.seen)


HOURS = FacilityForm(
    word="hours",
    title=Text("Giờ mở cửa", "Opening hours"),
    lede=AT_ONCE,
    part="hours",
    fields=lambda _target: (*facility_word.HOURS.fields, FROM),
    present=lambda target: facility_word.hours_of(target.facility, target.on),
    save=_save_hours,
)
REACH = FacilityForm(
    word="reach",
    title=Text("Điện thoại, thư điện tử, trang web", "Telephone, e-mail, web site"),
    lede=AT_ONCE,
    part="facts",
    fields=lambda _target: facility_word.CONTACT.fields,
    present=lambda target: facility_word.contact_of(target.facility),
    save=_save_reach,
)
PLACE = FacilityForm(
    word="place",
    title=Text("Vị trí trên bản đồ", "Place on the map"),
    lede=AT_ONCE,
    part="place",
    fields=lambda _target: facility_word.COORDINATES.fields,
    present=lambda target: facility_word.position_of(target.facility),
    save=_save_place,
)
OFFER = FacilityForm(
    word="offer",
    title=Text("Dịch vụ, ngôn ngữ, năm thành lập", "Services, languages, year of founding"),
    lede=AT_ONCE,
    part="offer",
    fields=_offer_fields,
    present=_offer,
    save=_save_offer,
)
CONTACT = FacilityForm(
    word="contact",
    title=Text("Đầu mối liên hệ", "Contact"),
    lede=AT_ONCE,
    part="contacts",
    fields=_contact_fields,
    present=_contact,
    save=_save_contact,
    end=_end_contact,
)
EQUIPMENT = FacilityForm(
    word="equipment",
    title=Text("Thiết bị", "Equipment"),
    lede=AT_ONCE,
    part="equipment",
    fields=_equipment_fields,
    present=_equipment,
    save=_save_equipment,
    end=_end_equipment,
)
FORMS = (HOURS, REACH, PLACE, OFFER, CONTACT, EQUIPMENT)
