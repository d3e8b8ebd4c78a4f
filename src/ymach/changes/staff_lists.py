"""A staff list of a facility as many requests: each line is checked as a form would be, looked at, then sent.

Checking and sending go line by line in short slices, so that a page can show how far it is, and going on after a break
does nothing twice: a line and the request it became are written in one transaction.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ymach.base.actors import Actor
from ymach.base.errors import Invalid, NotFound, TooMany, YmachError
from ymach.base.text import Text
from ymach.base.vietnamese import fold
from ymach.changes import access, actions
from ymach.changes.cases import check, new_case, read_form, warnings_of, with_values
from ymach.changes.contract import Case
from ymach.changes.errors import FieldMissing, FieldWrong, FormWrong
from ymach.changes.kinds.practice import JOINING
from ymach.changes.models import StaffLine, StaffList
from ymach.facilities.models import Facility
from ymach.practitioners.identification import registered_as
from ymach.practitioners.models import Licence, Practitioner
from ymach.practitioners.queries import find_practitioner_by_licence

MOST_LINES = 2000
SLICE = 1.5
"""Seconds of work of one look at the page."""
LONGEST_CELL = 500

COLUMNS: Mapping[str, Text] = {
    "licence": Text("Số giấy phép", "Licence number"),
    "personal_number": Text("Số định danh cá nhân", "Personal number"),
    "name": Text("Họ và tên", "Full name"),
    "position": Text("Vị trí chuyên môn", "Position"),
    "department": Text("Khoa, phòng", "Department"),
    "schedule": Text("Giờ hành nghề trong tuần", "Weekly hours"),
    "attendance": Text("Thời gian làm việc", "Full-time or part-time"),
    "scopes": Text("Phạm vi hành nghề", "Scope"),
    "starts_on": Text("Làm việc từ ngày", "Works from"),
    "last_day": Text("Đến hết ngày", "Until"),
}
NEEDED = ("position", "starts_on")
NAMING = ("licence", "personal_number")
"""Columns by which a line names its person; a list needs one of them."""
OTHER_NAME = Text(
    "Số này của người khác. Xem lại số và họ tên.", "This number is somebody else's. Compare number and name."
)
NOT_BY_NUMBER = Text(
    "Sổ bộ không có ai mang số định danh và họ tên này. Người chưa có trong sổ bộ: dùng “Thêm người hành nghề mới”.",
    "The registry has nobody with this number and name. Who is not in the registry is entered as a new practitioner.",
)
OTHER_NUMBER = Text(
    "Số giấy phép và số định danh là của hai người khác nhau.",
    "Licence number and personal number are those of two people.",
)
NOBODY = Text("Sổ bộ không có số này.", "The registry has no such number.")
TWICE = Text("Người này đã có ở dòng {number}.", "This person stands in line {number} already.")
State = StaffLine.State


class StaffListRefused(Invalid):
    """The list has no head of columns, no lines, or too many."""

    code = "YM-CHANGE-LIST"
    sentence = Text(
        "Dòng đầu cần tên các cột, ít nhất: Số giấy phép (hoặc Số định danh cá nhân), Vị trí chuyên môn, Làm việc từ ngày; "
        "sau đó 1 đến {most} dòng.",
        "The first row names the columns, at least Licence number (or Personal number), Position, Works from; then 1 to "
        "{most} lines.",
    )


def take(rows: Iterable[Sequence[str]], *, facility: Facility, name: str, by: Actor, at: datetime) -> StaffList:
    """Keep a list to be checked. rows: the cells, the first row the names of the columns in either language.

    Raises StaffListRefused, NotYours.
    """
    access.require_proposer_at(by, JOINING, facility)
    lines = _lines(rows)
    with transaction.atomic():
        kept = StaffList.objects.create(
            facility_id=facility.pk, name=name[:100], made_by=str(by), made_by_label=by.label, made_at=at
        )
        StaffLine.objects.bulk_create(
            StaffLine(staff_list=kept, number=number, cells=cells) for number, cells in enumerate(lines, 1)
        )
    return kept


def lists_of(by: Actor) -> list[StaffList]:
    """The lists of the facilities `by` asks for, the newest first, at most twenty."""
    return list(StaffList.objects.filter(facility_id__in=_own(by)).order_by("-made_at")[:20])


def get(by: Actor, key: UUID) -> StaffList:
    """A list of a facility `by` asks for. Raises NotFound."""
    found = StaffList.objects.filter(pk=key, facility_id__in=_own(by)).first()
    if found is None:
        raise NotFound
    return found


def go_on(kept: StaffList, *, by: Actor, at: datetime, seconds: float = SLICE) -> int:
    """Check, or send, as many lines as `seconds` allow; how many are left. One reader at a time works on a list."""
    ends = time.monotonic() + seconds
    state = State.READY if kept.is_sending else State.NEW
    waiting = StaffLine.objects.filter(staff_list=kept, state=state).order_by("number")
    while time.monotonic() < ends:
        with transaction.atomic():
            line = waiting.select_for_update(skip_locked=True).first()
            if line is None:
                break
            (_send if kept.is_sending else _check)(line, kept, by, at)
            line.save()
    return waiting.count()


def begin_sending(kept: StaffList) -> None:
    """From now on lines without errors are sent."""
    StaffList.objects.filter(pk=kept.pk).update(is_sending=True)
    kept.is_sending = True


def _check(line: StaffLine, kept: StaffList, by: Actor, at: datetime) -> None:
    try:
        case = _case(line, kept, by, at)
        values = read_form(case, raw_of(line.cells))
        case = with_values(case, values)
        check(case)
    except YmachError as error:
        line.state, line.errors = State.WRONG, _errors(error)
        return
    line.state, line.values, line.warnings, line.errors = State.READY, values, warnings_of(case), []


def _case(line: StaffLine, kept: StaffList, by: Actor, at: datetime) -> Case:
    person = _person(line, kept, by, at)
    line.practitioner_id, line.who = person.pk, person.full_name
    case = new_case(JOINING, subject_id=person.pk, facility_id=kept.facility_id, by=by, at=at)
    access.require_proposer(by, JOINING, case.subject, case.facility)
    return case


def _person(line: StaffLine, kept: StaffList, by: Actor, at: datetime) -> Practitioner:
    """The profile a line names: by licence, by personal number and name, or by both, which must agree."""
    number, name = line.cells.get("licence", ""), line.cells.get("name", "")
    personal = re.sub(r"[\s.\-]", "", line.cells.pop("personal_number", ""))
    if not number and not personal:
        raise FieldMissing(field="licence")
    person = find_practitioner_by_licence(number) if number else None
    if person is None and personal:
        person = _by_personal_number(personal, name, by, at)
        line.cells["licence"] = number or _licence_of(person)
    elif person is None:
        raise FieldWrong(field="licence", vi=NOBODY.vi, en=NOBODY.en)
    elif personal and person.personal_number != personal:
        raise FieldWrong(field="personal_number", vi=OTHER_NUMBER.vi, en=OTHER_NUMBER.en)
    if name and fold(name).split() != fold(person.full_name).split():
        raise FieldWrong(field="name", vi=OTHER_NAME.vi, en=OTHER_NAME.en)
    earlier = StaffLine.objects.filter(staff_list=kept, practitioner_id=person.pk, number__lt=line.number)
    if (first := earlier.order_by("number").first()) is not None:
        twice = TWICE.format(number=first.number)
        raise FieldWrong(field="licence", vi=twice.vi, en=twice.en)
    return person


def _by_personal_number(number: str, name: str, by: Actor, at: datetime) -> Practitioner:
    """Who has the number and the name; the number alone tells nothing."""
    if not name:
        raise FieldMissing(field="name")
    try:
        person = registered_as(number=number, full_name=name, by=by, at=at)
    except TooMany as refusal:
        raise FieldWrong(field="personal_number", vi=refusal.text.vi, en=refusal.text.en) from refusal
    if person is None:
        raise FieldWrong(field="personal_number", vi=NOT_BY_NUMBER.vi, en=NOT_BY_NUMBER.en)
    return person


def _licence_of(person: Practitioner) -> str:
    return Licence.objects.filter(practitioner=person).order_by("-valid").values_list("number", flat=True).first() or ""


def _send(line: StaffLine, kept: StaffList, by: Actor, at: datetime) -> None:
    try:
        request = actions.propose(
            kind=JOINING.word,
            subject_id=line.practitioner_id,
            facility_id=kept.facility_id,
            values=line.values,
            by=by,
            at=at,
        )
    except YmachError as error:
        line.state, line.errors = State.WRONG, _errors(error)
        return
    line.state, line.request_id = State.SENT, request.pk


def raw_of(cells: Mapping[str, str]) -> dict[str, list[str]]:
    """The cells of a line as a form would send them."""
    raw = {name: [text] for name, text in cells.items() if name not in {"name", *NAMING}}
    raw["scopes"] = [one.strip() for one in cells.get("scopes", "").replace(",", ";").split(";") if one.strip()]
    for name in ("starts_on", "last_day"):
        raw[name] = [cells.get(name, "").removesuffix(" 00:00:00")]  # how a workbook's days are read
    raw["attendance"] = [_attendance(cells.get("attendance", ""))]
    return raw


def _attendance(text: str) -> str:
    """The code of what people write: “bán thời gian”, “Part-time”, “part”; what is neither stays, and is refused."""
    field = JOINING.field_named("attendance")
    choices = field.choices(None) if field and field.choices else ()  # type: ignore[arg-type]
    wanted = fold(text)
    return next((code for code, words in choices if wanted in {fold(words.vi), fold(words.en), code}), text)


def _errors(error: YmachError) -> list[list[str]]:
    if isinstance(error, FormWrong):
        return [[name, one.text.vi, one.text.en] for name, one in error.errors.items()]
    return [[error.field or "", error.text.vi, error.text.en]]


def _lines(rows: Iterable[Sequence[str]]) -> list[dict[str, str]]:
    filled = [cells for cells in ([cell.strip() for cell in row] for row in rows) if any(cells)]
    columns = [_column(cell) for cell in filled[0]] if filled else []
    if not set(NEEDED) <= set(columns) or not set(NAMING) & set(columns) or not 1 < len(filled) <= MOST_LINES + 1:
        raise StaffListRefused(field="file", most=MOST_LINES)
    return [_cells(columns, row) for row in filled[1:]]


def _cells(columns: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    pairs = zip(columns, row, strict=False)
    return {name: cell.replace("\x00", "")[:LONGEST_CELL] for name, cell in pairs if name}


def _column(head: str) -> str:
    wanted = fold(head)
    return next((name for name, words in COLUMNS.items() if wanted in {fold(words.vi), fold(words.en), name}), "")


def _own(by: Actor) -> list[Any]:
    return [grant.facility_id for grant in by.grants if grant.facility_id and access.asks(grant, JOINING.word)]
