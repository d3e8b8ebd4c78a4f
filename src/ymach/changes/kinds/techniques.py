"""Techniques beyond the licence, assigned by the facility in writing (Circular 38/2024/TT-BYT Art. 9)."""

from __future__ import annotations

from datetime import timedelta

from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.changes.contract import FACILITY, Case, Kind
from ymach.changes.errors import FieldWrong
from ymach.changes.fields import Choices, Field, Shape, day, text
from ymach.changes.kinds.practice import DAY_HINT
from ymach.changes.models import SubjectKind
from ymach.practitioners.actions import assign_technique, end_technique
from ymach.practitioners.models import TechniqueAssignment

_SOURCE = "Circular 38/2024/TT-BYT Art. 9"


def _assigned(case: Case) -> Choices:
    """What the facility that asks has assigned to the person and has not ended."""
    if case.subject is None:
        return ()
    rows = TechniqueAssignment.objects.filter(practitioner=case.subject.id, period__contains=case.on)
    here = rows.filter(facility=case.facility).order_by("technique")
    return [(str(one.pk), _same(f"{one.technique}, {one.document}")) for one in here]


def _assign(case: Case) -> None:
    starts, last = day(case.values.get("starts_on")) or case.on, day(case.values.get("last_day"))
    assign_technique(
        practitioner=case.practitioner,
        facility=case.own_facility,
        technique=text(case.values.get("technique")).upper(),
        document=text(case.values.get("document")),
        period=Period(starts, last + timedelta(days=1) if last else None),
        by=case.by,
        at=case.at,
    )


def _end(case: Case) -> None:
    rows = TechniqueAssignment.objects.select_related("facility").filter(practitioner=case.practitioner)
    wanted = text(case.values.get("assignment"))
    found = rows.filter(pk=wanted, facility=case.own_facility).first() if wanted else None
    if found is None:
        raise FieldWrong(field="assignment", vi="Chọn kỹ thuật đã giao.", en="Choose the technique assigned.")
    last = day(case.values.get("last_day")) or case.on
    end_technique(assignment=found, ends_on=last + timedelta(days=1), by=case.by, at=case.at)


def _same(words: str) -> Text:
    return Text(words, words)


ASSIGNING = Kind(
    word="technique-assignment",
    title=Text("Giao kỹ thuật ngoài phạm vi giấy phép", "Technique beyond the licence"),
    lede=Text(
        "Ghi vào sổ bộ ngay. Cơ sở chịu trách nhiệm về văn bản giao việc và chứng chỉ đào tạo của người được giao.",
        "Written into the registry at once. The facility answers for its written assignment and the person's training.",
    ),
    subject=SubjectKind.PRACTITIONER,
    proposers=frozenset({FACILITY}),
    is_own_word=True,
    at_facility=True,
    many_at_once=True,
    papers=Text("bản chụp văn bản giao việc, nếu có", "a picture of the assignment, if there is one"),
    fields=(
        Field(
            name="technique",
            label=Text("Mã dịch vụ kỹ thuật", "Code of the technique"),
            is_required=True,
            longest=40,
            hint=Text(
                "Theo danh mục kỹ thuật của cơ sở, như 03.3821.0216.", "As in the list of techniques: 03.3821.0216."
            ),
        ),
        Field(
            name="document",
            label=Text("Số văn bản giao việc", "Number of the assignment"),
            is_required=True,
            longest=100,
        ),
        Field(name="starts_on", label=Text("Từ ngày", "From"), shape=Shape.DAY, is_required=True, hint=DAY_HINT),
        Field(
            name="last_day",
            label=Text("Đến hết ngày", "Until"),
            shape=Shape.DAY,
            hint=Text("Bỏ trống nếu không thời hạn.", "Leave blank for no end."),
        ),
    ),
    apply=_assign,
    source=_SOURCE,
)

ENDING = Kind(
    word="end-of-technique",
    title=Text("Thôi giao kỹ thuật", "End of a technique"),
    lede=Text("Ghi vào sổ bộ ngay.", "Written into the registry at once."),
    subject=SubjectKind.PRACTITIONER,
    proposers=frozenset({FACILITY}),
    is_own_word=True,
    at_facility=True,
    fields=(
        Field(
            name="assignment",
            label=Text("Kỹ thuật đã giao", "Technique assigned"),
            shape=Shape.CHOICE,
            is_required=True,
            choices=_assigned,
        ),
        Field(
            name="last_day", label=Text("Ngày cuối cùng", "Last day"), shape=Shape.DAY, is_required=True, hint=DAY_HINT
        ),
    ),
    apply=_end,
    source=_SOURCE,
)
