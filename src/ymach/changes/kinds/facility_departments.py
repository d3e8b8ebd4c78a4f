"""A department of a facility with its beds: new, changed or ended; verified by the health department."""

from __future__ import annotations

from decimal import Decimal

from ymach.base.text import Text
from ymach.changes.contract import FACILITY, Case, Kind
from ymach.changes.fields import Field, Shape, Value, day, text
from ymach.changes.kinds.facility_verified import STANDS_FOR, STARTS
from ymach.changes.models import SubjectKind
from ymach.facilities.facts import DepartmentFacts
from ymach.facilities.models import Department
from ymach.facilities.profile.actions import end_department, put_department

MOST = Decimal(3000)
COUNTS = {
    "exam_tables": Text("Bàn khám", "Examination tables"),
    "beds_planned": Text("Giường kế hoạch", "Planned beds"),
    "beds_actual": Text("Giường thực kê", "Actual beds"),
    "beds_icu": Text("trong đó hồi sức tích cực", "of these intensive care"),
    "beds_emergency": Text("trong đó cấp cứu", "of these emergency"),
    "beds_newborn": Text("trong đó sơ sinh", "of these for the newborn"),
    "beds_negative_pressure": Text("trong đó áp lực âm", "of these with negative pressure"),
    "operating_tables": Text("Bàn mổ", "Operating tables"),
    "delivery_tables": Text("Bàn đẻ", "Delivery tables"),
}
CODE = Field(
    name="code",
    label=Text("Mã khoa", "Code"),
    is_required=True,
    longest=20,
    hint=Text("Như K02, K03.1. Mã đã có là sửa khoa đó.", "Like K02, K03.1. A code in use changes that department."),
)
FIELDS = (
    CODE,
    Field(name="name", label=Text("Tên khoa", "Name"), is_required=True),
    *(
        Field(name=name, label=label, shape=Shape.WHOLE, low=Decimal(0), high=MOST, longest=6)
        for name, label in COUNTS.items()
    ),
)
ENDS = Field(
    name="ends", label=Text("Khoa này giải thể từ ngày trên", "It is closed from that day on"), shape=Shape.YES
)


def values_of(row: Department) -> dict[str, Value]:
    """A department as a form holds it."""
    return {"code": row.code, "name": row.name, **{name: str(getattr(row, name)) for name in COUNTS}}


def facts_in(values: object) -> DepartmentFacts:
    """The facts in the values of a form."""
    given = values if isinstance(values, dict) else {}
    counts = {name: int(text(given.get(name)) or 0) for name in COUNTS}
    return DepartmentFacts(code=text(given.get("code")).upper(), name=text(given.get("name")), **counts)


def _present(case: Case) -> dict[str, Value]:
    code = text(case.values.get("code")).upper()
    row = Department.objects.filter(facility=case.own_facility, code=code, valid__contains=case.on).first()
    return {**values_of(row), "ends": False} if code and row else {}


def _write(case: Case) -> None:
    facts, on = facts_in(dict(case.values)), day(case.values.get("starts_on"))
    if case.values.get("ends") is True:
        end_department(facility=case.own_facility, code=facts.code, by=case.by, at=case.at, on=on)
    else:
        put_department(facility=case.own_facility, facts=facts, by=case.by, at=case.at, on=on)


DEPARTMENT = Kind(
    word="facility-department",
    title=Text("Khoa và giường bệnh", "Department and beds"),
    lede=STANDS_FOR,
    subject=SubjectKind.FACILITY,
    proposers=frozenset({FACILITY}),
    many_at_once=True,
    clock="verification",
    papers=Text("quyết định về khoa hoặc về số giường", "the decision on the department or its beds"),
    papers_required=True,
    fields=(*FIELDS, STARTS, ENDS),
    present=_present,
    apply=_write,
    source="Circular 12/2026/TT-BTC",
)
