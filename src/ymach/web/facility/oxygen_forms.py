"""Forms of medical oxygen: a source by the fields of its kind, and what was used in a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from ymach.base.findings import Finding
from ymach.base.numbers import number_text
from ymach.base.text import Text
from ymach.changes.errors import FieldWrong
from ymach.changes.fields import Field, Shape, Value, Values
from ymach.facilities.facts import ConsumptionFacts, OxygenSourceFacts
from ymach.facilities.models import OxygenConsumption, OxygenSource
from ymach.facilities.oxygen import actions
from ymach.facilities.oxygen import kinds as oxygen
from ymach.facilities.oxygen.units import units
from ymach.web.facility.forms import FROM, FacilityForm, Saving, Target, ThingGone, choices
from ymach.web.facility.own_word import AT_ONCE, DAY

STATES: Mapping[str, Text] = {
    "working": Text("Đang chạy", "Working"),
    "standby": Text("Dự phòng", "Standing by"),
    "down": Text("Dừng, hỏng", "Down"),
}
_SHAPES = {"number": Shape.NUMBER, "whole": Shape.WHOLE, "day": Shape.DAY, "choice": Shape.CHOICE}


def source_kinds(target: Target) -> Mapping[str, Text]:
    """The kinds of sources."""
    return {code: kind.text for code, kind in oxygen.kinds().items()}


def _used_kinds(target: Target) -> Mapping[str, Text]:
    return {code: kind.text for code, kind in oxygen.kinds().items() if kind.units}


def _kind_of(target: Target) -> str:
    """The kind of the source the form is about. Raises ThingGone."""
    if target.item:
        return _held(target).kind
    if target.kind not in oxygen.kinds():
        raise ThingGone
    return target.kind


def _held(target: Target) -> OxygenSource:
    rows = OxygenSource.objects.filter(facility=target.facility, item=target.key, valid__contains=target.on)
    found = rows.first()
    if found is None:
        raise ThingGone
    return found


def _source_fields(target: Target) -> Sequence[Field]:
    details = oxygen.kind(_kind_of(target)).fields.values()
    reasons = choices(oxygen.down_reasons())
    return (
        Field(
            name="name",
            label=Text("Tên gọi tại cơ sở", "What it is called here"),
            hint=Text("Như “Bồn số 1”, “Máy PSA nhà A”.", "Like “Tank 1”, “PSA of building A”."),
        ),
        *map(_detail, details),
        Field(
            name="state",
            label=Text("Tình trạng", "State"),
            shape=Shape.CHOICE,
            is_required=True,
            choices=choices(STATES),
        ),
        Field(
            name="down_reason",
            label=Text("Vì sao dừng", "Why it is down"),
            shape=Shape.CHOICE,
            choices=reasons,
            hint=Text("Chỉ chọn khi nguồn đang dừng.", "Only for a source that is down."),
        ),
        Field(name="note", label=Text("Ghi chú", "Note"), longest=500),
        FROM,
    )


def _detail(one: oxygen.Field) -> Field:
    unit = one.unit
    label = Text(f"{one.text.vi} ({unit.vi})", f"{one.text.en} ({unit.en})") if unit else one.text
    return Field(
        name=one.name,
        label=label,
        shape=_SHAPES.get(one.type, Shape.TEXT),
        is_required=one.is_required,
        low=one.least,
        high=one.most,
        choices=choices(one.choices) if one.choices else None,
        hint=_hint(one),
    )


def _hint(one: oxygen.Field) -> Text | None:
    if one.type == "day":
        return DAY
    vi, en = [], []
    if one.least is not None and one.most is not None:
        least, most = number_text(one.least), number_text(one.most)
        vi.append(f"Từ {least.vi} đến {most.vi}.")
        en.append(f"From {least.en} to {most.en}.")
    usual = _usual(one)
    if usual is not None:
        vi.append(f"Thường {usual.vi}.")
        en.append(f"Usually {usual.en}.")
    return Text(" ".join(vi), " ".join(en)) if vi else None


def _usual(one: oxygen.Field) -> Text | None:
    low, high = (number_text(end) if end is not None else None for end in (one.usual_least, one.usual_most))
    if low and high:
        return Text(f"{low.vi}–{high.vi}", f"{low.en}–{high.en}")
    if low:
        return Text(f"≥ {low.vi}", f"≥ {low.en}")
    return Text(f"≤ {high.vi}", f"≤ {high.en}") if high else None


def _source(target: Target) -> Values:
    if not target.item:
        return {"state": "working"}
    row = _held(target)
    values: dict[str, Value] = {**row.details}
    return {**values, **{name: getattr(row, name) for name in ("name", "state", "down_reason", "note")}}


def _save_source(saving: Saving) -> Sequence[Finding]:
    code = _kind_of(saving.target)
    details = {name: saving.text(name) for name in oxygen.kind(code).fields}
    for name, one in oxygen.kind(code).fields.items():
        if one.type == "whole":
            saving.whole(name)
    own = {name: saving.text(name) for name in ("name", "state", "down_reason", "note")}
    row = actions.put_oxygen_source(
        facility=saving.facility,
        facts=OxygenSourceFacts(kind=code, details=details, **own),
        by=saving.by,
        at=saving.at,
        item=saving.target.key_or_new,
        on=saving.starts_on,
        seen=saving.seen,
    )
    return oxygen.unusual(code, row.details)


def _end_source(saving: Saving) -> None:
    item = saving.target.key
    actions.end_oxygen_source(facility=saving.facility, item=item, by=saving.by, at=saving.at, seen=saving.seen)


def _used_fields(target: Target) -> Sequence[Field]:
    if target.kind not in _used_kinds(target):
        raise ThingGone
    known = {code: units()[code].text for code in oxygen.kind(target.kind).units}
    return (
        Field(
            name="month",
            label=Text("Tháng", "Month"),
            is_required=True,
            hint=Text(
                "Như 10/2026. Ghi lại tháng cũ là sửa con số cũ.", "Like 10/2026. A month entered again is corrected."
            ),
        ),
        Field(
            name="quantity",
            label=Text("Lượng đã dùng", "Used"),
            shape=Shape.NUMBER,
            is_required=True,
            low=Decimal(0),
            high=Decimal(10**11),
        ),
        Field(name="unit", label=Text("Đơn vị", "Unit"), shape=Shape.CHOICE, is_required=True, choices=choices(known)),
    )


def _used(target: Target) -> Values:
    month = _month(target.item) or (target.on.replace(day=1) - timedelta(days=1)).replace(day=1)
    row = OxygenConsumption.objects.filter(facility=target.facility, month=month, source_kind=target.kind).first()
    kept = {"quantity": f"{row.quantity.normalize():f}", "unit": row.unit} if row else {}
    return {"month": month.strftime("%m/%Y"), **kept}


def _save_used(saving: Saving) -> Sequence[Finding]:
    month = _month(saving.text("month"))
    if month is None:
        raise FieldWrong(field="month", vi="Viết tháng như 10/2026.", en="Write the month like 10/2026.")
    facts = ConsumptionFacts(month, saving.target.kind, Decimal(saving.text("quantity")), saving.text("unit"))
    actions.record_oxygen_consumption(
        facility=saving.facility, facts=facts, by=saving.by, at=saving.at, seen=saving.seen
    )
    return ()


def _month(text: str) -> date | None:
    number, _, year = text.strip().partition("/")
    if not (number.isdecimal() and year.isdecimal() and len(year) == 4 and 1 <= int(number) <= 12):
        return None
    return date(int(year), int(number), 1) if int(year) > 1900 else None


SOURCE = FacilityForm(
    word="oxygen-source",
    title=Text("Nguồn oxy", "Oxygen source"),
    lede=AT_ONCE,
    part="oxygen",
    fields=_source_fields,
    present=_source,
    save=_save_source,
    end=_end_source,
    kinds=source_kinds,
)
USED = FacilityForm(
    word="oxygen-use",
    title=Text("Oxy đã dùng trong tháng", "Oxygen used in a month"),
    lede=AT_ONCE,
    part="oxygen",
    fields=_used_fields,
    present=_used,
    save=_save_used,
    kinds=_used_kinds,
)
FORMS = (SOURCE, USED)
