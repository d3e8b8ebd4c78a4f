"""What a department verifies of a facility: name, form, level; the technical head; the operating licence's scopes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ymach.base.text import Text
from ymach.changes.contract import FACILITY, Case, Kind
from ymach.changes.errors import FieldWrong
from ymach.changes.fields import MOST_FOUND, Choices, Field, Shape, Value, catalogue, codes, day, key, text
from ymach.changes.kinds.practice import DAY_HINT, publish
from ymach.changes.models import SubjectKind
from ymach.facilities.actions import correct_facility, end_operating_licence, grant_operating_licence
from ymach.facilities.models import OperatingLicence
from ymach.practitioners.actions import alter_practice
from ymach.practitioners.models import PracticeRegistration
from ymach.practitioners.queries import StaffFilter, staff

VERIFIED = ("name", "form", "level", "address")
STANDS_FOR = Text("Sở Y tế xem xét rồi mới ghi vào sổ bộ.", "Written into the registry once the department agrees.")


def _identity(case: Case) -> dict[str, Value]:
    return {name: str(getattr(case.own_facility, name)) for name in VERIFIED}


def _correct(case: Case) -> None:
    before = _identity(case)
    right: dict[str, Any] = {name: text(case.values.get(name)) for name in VERIFIED}
    changed = {name: value for name, value in right.items() if value != before[name]}
    reason = case.decision or text(case.values.get("reason"))
    correct_facility(facility=case.own_facility, reason=reason, by=case.by, at=case.at, **changed)


def _staff(case: Case, words: str) -> Choices:
    rows = staff(case.own_facility, on=case.on, only=StaffFilter(text=words))[:MOST_FOUND]
    return [(str(one.pk), _named(one)) for one in rows]


def _staff_named(case: Case, chosen: Sequence[str]) -> Choices:
    keys = [found for one in chosen if (found := key(one)) is not None]
    here = PracticeRegistration.objects.select_related("practitioner", "licence")
    rows = here.filter(pk__in=keys, facility=case.own_facility)
    return [(str(one.pk), _named(one)) for one in rows]


def _named(one: PracticeRegistration) -> Text:
    said = ", ".join(filter(None, (one.practitioner.full_name, one.licence.number, one.position)))
    return Text(said, said)


def _head(case: Case) -> dict[str, Value]:
    held = _heads(case).first()
    return {"head": str(held.pk) if held else ""}


def _heads(case: Case) -> Any:
    here = PracticeRegistration.objects.filter(facility=case.own_facility, is_technical_head=True)
    return here.filter(valid__contains=case.on)


def _appoint(case: Case) -> None:
    wanted, old = key(case.values.get("head")), _heads(case).first()
    here = PracticeRegistration.objects.filter(facility=case.own_facility)
    new = here.filter(pk=wanted).first() if wanted else None
    if new is None:
        raise FieldWrong(field="head", vi="Chọn người trong danh sách.", en="Choose somebody of the list.")
    starts = day(case.values.get("starts_on")) or case.on
    reason = case.decision or "technical head appointed"
    if old is not None and old.pk != new.pk:
        publish(case, _alter(case, old, starts, reason, is_head=False))
    publish(case, _alter(case, new, starts, reason, is_head=True))


def _alter(case: Case, one: PracticeRegistration, starts: date, reason: str, *, is_head: bool) -> PracticeRegistration:
    return alter_practice(
        registration=one, from_day=starts, reason=reason, by=case.by, at=case.at, is_technical_head=is_head
    )


def _licence(case: Case) -> OperatingLicence | None:
    return OperatingLicence.objects.filter(facility=case.own_facility, valid__contains=case.on).first()


def _scopes(case: Case) -> dict[str, Value]:
    held = _licence(case)
    return {"scopes": list(held.scopes) if held else [], "number": held.number if held else ""}


def _grant(case: Case) -> None:
    old, starts = _licence(case), day(case.values.get("starts_on")) or case.on
    reason = case.decision or "operating licence changed"
    if old is not None:
        end_operating_licence(licence=old, ends_on=starts, reason=reason, by=case.by, at=case.at)
    grant_operating_licence(
        facility=case.own_facility,
        number=text(case.values.get("number")),
        issued_on=starts,
        issuer=old.issuer if old is not None else "Sở Y tế",
        scopes=codes(case.values.get("scopes")),
        by=case.by,
        at=case.at,
    )


STARTS = Field(name="starts_on", label=Text("Từ ngày", "From"), shape=Shape.DAY, is_required=True, hint=DAY_HINT)

IDENTITY = Kind(
    word="facility-identity",
    title=Text("Tên, hình thức, cấp chuyên môn", "Name, form, level"),
    lede=STANDS_FOR,
    subject=SubjectKind.FACILITY,
    proposers=frozenset({FACILITY}),
    clock="verification",
    papers=Text("quyết định đổi tên hoặc xếp cấp", "the decision on name or level"),
    papers_required=True,
    fields=(
        Field(name="name", label=Text("Tên cơ sở", "Name"), is_required=True),
        Field(
            name="form",
            label=Text("Hình thức tổ chức", "Form"),
            shape=Shape.CHOICE,
            is_required=True,
            choices=catalogue("facility_form"),
        ),
        Field(
            name="level",
            label=Text("Cấp chuyên môn", "Level"),
            shape=Shape.CHOICE,
            choices=catalogue("facility_level"),
        ),
        Field(name="address", label=Text("Địa chỉ", "Address"), longest=300),
        Field(name="reason", label=Text("Lý do", "Reason"), shape=Shape.AREA, is_required=True, longest=500),
    ),
    present=_identity,
    apply=_correct,
    source="Decree 96/2023/NĐ-CP Art. 39; Law 15/2023/QH15 Art. 104",
)

HEAD = Kind(
    word="technical-head",
    title=Text("Người chịu trách nhiệm chuyên môn", "Technical head"),
    lede=STANDS_FOR,
    subject=SubjectKind.FACILITY,
    proposers=frozenset({FACILITY}),
    clock="publication",
    papers=Text("quyết định phân công", "the appointment"),
    papers_required=True,
    fields=(
        Field(
            name="head",
            label=Text("Người được phân công", "Who"),
            shape=Shape.CHOICE,
            is_required=True,
            named=_staff_named,
            find=_staff,
            hint=Text("Hành nghề toàn thời gian tại đây, đủ 36 tháng.", "Full-time here, with 36 months of practice."),
        ),
        STARTS,
    ),
    present=_head,
    is_published=True,
    apply=_appoint,
    source="Decree 96/2023/NĐ-CP Art. 40(4)",
)

LICENCE = Kind(
    word="operating-licence",
    title=Text("Phạm vi giấy phép hoạt động", "Scopes of the operating licence"),
    lede=STANDS_FOR,
    subject=SubjectKind.FACILITY,
    proposers=frozenset({FACILITY}),
    clock="verification",
    papers=Text("đơn đề nghị và danh mục kỹ thuật", "the application and the list of techniques"),
    papers_required=True,
    fields=(
        Field(name="number", label=Text("Số giấy phép", "Licence number"), is_required=True, longest=40),
        Field(
            name="scopes",
            label=Text("Phạm vi hoạt động", "Scopes"),
            shape=Shape.MANY,
            is_required=True,
            choices=catalogue("practice_scope"),
        ),
        STARTS,
    ),
    present=_scopes,
    apply=_grant,
    source="Law 15/2023/QH15 Art. 49; Decree 96/2023/NĐ-CP Art. 59",
)
