"""The list of techniques a facility is approved for: what is added and what is taken out; verified by the department."""

from __future__ import annotations

import re

from ymach.base.text import Text
from ymach.changes.contract import FACILITY, Case, Kind
from ymach.changes.errors import FieldWrong
from ymach.changes.fields import Field, Shape, Value, day, text
from ymach.changes.kinds.facility_verified import STANDS_FOR
from ymach.changes.models import SubjectKind
from ymach.facilities.models import Technique
from ymach.facilities.profile.actions import replace_technique_list

LONGEST = 400_000
_APART = re.compile(r"[\s,;]+")
RELEASE = Field(
    name="release",
    label=Text("Bản danh mục", "Release of the catalogue"),
    is_required=True,
    longest=30,
    hint=Text(
        "Như 23/2024/TT-BYT. Khác bản đang dùng thì mọi mã được ghi lại theo quyết định này.",
        "Like 23/2024/TT-BYT. Another release than now: every code is written again under this decision.",
    ),
)
DECISION = Field(
    name="decision",
    label=Text("Số quyết định phê duyệt", "Decision of approval"),
    is_required=True,
    longest=100,
    hint=Text("Khi duyệt, số quyết định của Sở thay cho số này.", "The department's number takes its place."),
)
APPROVED_ON = Field(
    name="approved_on",
    label=Text("Áp dụng từ ngày", "In force from"),
    shape=Shape.DAY,
    is_required=True,
    hint=Text("Như 20/11/2026.", "Like 20/11/2026."),
)


def codes_in(given: str) -> list[str]:
    """Codes apart by blanks, commas, semicolons or lines, each once, in the order given."""
    return list(dict.fromkeys(code for code in _APART.split(given) if code))


def merged(present: list[str], added: list[str], removed: list[str]) -> list[str]:
    """The list that comes out. Raises FieldWrong for a code that is added and taken out, or taken out and not there."""
    both, unknown = set(added) & set(removed), [code for code in removed if code not in set(present)]
    if both:
        raise _wrong("added", f"{min(both)} vừa thêm vừa bỏ.", f"{min(both)} is added and removed.")
    if unknown:
        raise _wrong("removed", f"{unknown[0]} không có trong danh mục.", f"{unknown[0]} is not on the list.")
    gone = set(removed)
    return list(dict.fromkeys([*(code for code in present if code not in gone), *added]))


def _wrong(name: str, vi: str, en: str) -> FieldWrong:
    return FieldWrong(field=name, vi=vi, en=en)


def _write(case: Case) -> None:
    values = case.values
    approved_on = day(values.get("approved_on")) or case.on
    held = Technique.objects.filter(facility=case.own_facility, valid__contains=approved_on)
    added, removed = (codes_in(text(values.get(name))) for name in ("added", "removed"))
    if not added and not removed:
        raise _wrong("added", "Ghi ít nhất một mã.", "Give at least one code.")
    present = list(held.order_by("code").values_list("code", "release"))
    releases = {release for _, release in present}
    release = text(values.get("release")) or (min(releases) if releases else "")
    replace_technique_list(
        facility=case.own_facility,
        codes=merged([code for code, _ in present], added, removed),
        release=release,
        decision=case.decision or text(values.get("decision")),
        approved_on=approved_on,
        by=case.by,
        at=case.at,
    )


def _present(case: Case) -> dict[str, Value]:
    return {"added": "", "removed": ""}


TECHNIQUES = Kind(
    word="technique-list",
    title=Text("Danh mục kỹ thuật", "List of techniques"),
    lede=STANDS_FOR,
    subject=SubjectKind.FACILITY,
    proposers=frozenset({FACILITY}),
    clock="verification",
    papers=Text("hồ sơ đề nghị phê duyệt danh mục kỹ thuật", "the application for the list of techniques"),
    papers_required=True,
    fields=(
        Field(
            name="added",
            label=Text("Thêm các mã", "Codes to add"),
            shape=Shape.AREA,
            longest=LONGEST,
            hint=Text("Cách nhau bằng dấu cách hoặc xuống dòng.", "Apart by blanks or lines."),
        ),
        Field(name="removed", label=Text("Bỏ các mã", "Codes to take out"), shape=Shape.AREA, longest=LONGEST),
        RELEASE,
        DECISION,
        APPROVED_ON,
    ),
    present=_present,
    apply=_write,
    source="Circular 23/2024/TT-BYT",
)
