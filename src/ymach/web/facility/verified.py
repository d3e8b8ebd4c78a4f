"""What the department writes itself of a facility: name and form, legal person, departments. Facilities ask for these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ymach.base.findings import Finding
from ymach.base.text import Text
from ymach.changes.fields import Field, Shape, Values, catalogue
from ymach.changes.kinds import facility_departments as departments
from ymach.changes.kinds import facility_legal as legal
from ymach.facilities.actions import correct_facility
from ymach.facilities.facts import LegalPersonFacts
from ymach.facilities.models import Department, LegalPerson
from ymach.facilities.profile.actions import end_department, put_department, set_legal_person
from ymach.places.queries import communes_of
from ymach.web.facility.forms import FROM, FacilityForm, Saving, Target, ThingGone

BY_DEPARTMENT = Text(
    "Thông tin Sở Y tế xác minh; ghi kèm lý do hoặc căn cứ.", "Verified by the department; written with its reason."
)
OWN_ROW = ("name", "form", "sector", "level", "route", "hospital_class", "commune_code", "address", "tax_code", "gln")


def _choice(name: str, vi: str, en: str, code: str, *, is_required: bool = False) -> Field:
    label = Text(vi, en)
    return Field(name=name, label=label, shape=Shape.CHOICE, choices=catalogue(code), is_required=is_required)


def commune_field(province_code: str) -> Field:
    """The commune, among those of the province on the day."""
    return Field(
        name="commune_code",
        label=Text("Xã, phường", "Commune"),
        shape=Shape.CHOICE,
        choices=lambda case: [
            (unit.code, Text(unit.name("vi"), unit.name("en"))) for unit in communes_of(province_code, case.on)
        ],
    )


def class_fields() -> Sequence[Field]:
    """Form, sector and level."""
    return (
        _choice("form", "Hình thức tổ chức", "Form", "facility_form", is_required=True),
        _choice("sector", "Loại hình", "Sector", "provider_sector", is_required=True),
        _choice("level", "Cấp chuyên môn", "Level", "facility_level"),
    )


def _identity_fields(target: Target) -> Sequence[Field]:
    return (
        Field(name="name", label=Text("Tên cơ sở", "Name"), is_required=True, longest=300),
        *class_fields(),
        _choice("hospital_class", "Hạng", "Class", "hospital_class"),
        _choice("route", "Tuyến cũ", "Former route", "facility_route_legacy"),
        commune_field(target.facility.province_code),
        Field(name="address", label=Text("Địa chỉ", "Address"), longest=300),
        Field(name="tax_code", label=Text("Mã số thuế", "Tax code"), longest=14),
        Field(name="gln", label=Text("Mã GLN", "GLN"), digits=13),
        Field(name="reason", label=Text("Lý do, căn cứ", "Reason"), shape=Shape.AREA, is_required=True, longest=500),
    )


def _identity(target: Target) -> Values:
    return {name: getattr(target.facility, name) or "" for name in OWN_ROW}


def _save_identity(saving: Saving) -> Sequence[Finding]:
    before = _identity(saving.target)
    changed: dict[str, Any] = {name: saving.text(name) for name in OWN_ROW if saving.text(name) != before[name]}
    if "gln" in changed:
        changed["gln"] = changed["gln"] or None
    correct_facility(
        facility=saving.facility, reason=saving.text("reason"), by=saving.by, at=saving.at, seen=saving.seen, **changed
    )
    return ()


def _legal(target: Target) -> Values:
    held = LegalPerson.objects.filter(facility=target.facility, valid__contains=target.on).first()
    return {name: getattr(held, name) if held else "" for name in legal.NAMES}


def _save_legal(saving: Saving) -> Sequence[Finding]:
    facts = LegalPersonFacts(**{name: saving.text(name) for name in legal.NAMES})
    set_legal_person(
        facility=saving.facility, facts=facts, by=saving.by, at=saving.at, on=saving.starts_on, seen=saving.seen
    )
    return ()


def _department(target: Target) -> Values:
    if not target.item:
        return {}
    row = Department.objects.filter(facility=target.facility, code=target.item, valid__contains=target.on).first()
    if row is None:
        raise ThingGone
    return departments.values_of(row)


def _save_department(saving: Saving) -> Sequence[Finding]:
    facts = departments.facts_in(dict(saving.values))
    put_department(
        facility=saving.facility, facts=facts, by=saving.by, at=saving.at, on=saving.starts_on, seen=saving.seen
    )
    return ()


def _end_department(saving: Saving) -> None:
    end_department(facility=saving.facility, code=saving.target.item, by=saving.by, at=saving.at, seen=saving.seen)


IDENTITY = FacilityForm(
    word="identity",
    title=Text("Tên, hình thức, địa chỉ", "Name, form, address"),
    lede=BY_DEPARTMENT,
    part="facts",
    fields=_identity_fields,
    present=_identity,
    save=_save_identity,
    decides=True,
    source="Decree 96/2023/NĐ-CP Art. 39; Law 15/2023/QH15 Art. 104",
)
LEGAL = FacilityForm(
    word="legal-person",
    title=Text("Pháp nhân sở hữu cơ sở", "Legal person that owns the facility"),
    lede=BY_DEPARTMENT,
    part="facts",
    fields=lambda target: (*legal.FIELDS, FROM),
    present=_legal,
    save=_save_legal,
    decides=True,
    source=legal.LEGAL_PERSON.source,
)
DEPARTMENT = FacilityForm(
    word="department",
    title=Text("Khoa và giường bệnh", "Department and beds"),
    lede=BY_DEPARTMENT,
    part="departments",
    fields=lambda target: (*departments.FIELDS, FROM),
    present=_department,
    save=_save_department,
    end=_end_department,
    end_label=Text("Khoa này giải thể từ hôm nay", "Close this department from today"),
    decides=True,
    source=departments.DEPARTMENT.source,
)
FORMS = (IDENTITY, LEGAL, DEPARTMENT)
