"""Putting a case together: from a form's address, or from a request that was made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from ymach.base.actors import SYSTEM, Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import YmachError
from ymach.base.findings import Finding
from ymach.base.text import Text
from ymach.changes.contract import Case, Kind
from ymach.changes.errors import FieldWrong, FormWrong, NothingChanged
from ymach.changes.fields import Value, Values, read
from ymach.changes.kinds import kind_named
from ymach.changes.models import ChangeRequest, Evidence, SubjectKind
from ymach.changes.rules import changed
from ymach.changes.subjects import Subject, find_subject, province_of_practitioner
from ymach.facilities.models import Facility


def new_case(
    kind: Kind, *, subject_id: UUID | None, facility_id: UUID | None, by: Actor, at: datetime, lock: bool = False
) -> Case:
    """A case without values. facility_id: the facility it concerns, where the subject is a person.

    Raises SubjectNotFound.
    """
    subject = find_subject(kind.subject, subject_id, lock=lock) if subject_id else None
    facility = Facility.objects.filter(pk=facility_id).first() if facility_id else None
    if subject is not None and isinstance(subject.row, Facility):
        facility = subject.row
    return Case(kind=kind, subject=subject, facility=facility, values={}, by=by, at=at, on=vietnam_day(at))


def case_of(request: ChangeRequest, *, by: Actor, at: datetime, lock: bool = False, decision: str = "") -> Case:
    """The case of a request, with the values it proposes and its papers. Raises SubjectNotFound."""
    kind = kind_named(request.kind)
    case = new_case(kind, subject_id=request.subject_id, facility_id=request.facility_id, by=by, at=at, lock=lock)
    papers = tuple(Evidence.objects.filter(request=request).order_by("id").values_list("id", flat=True))
    return replace(case, values=request.proposed, evidence=papers, decision=decision, request_id=request.pk)


def read_form(case: Case, raw: Mapping[str, Sequence[str]]) -> dict[str, Value]:
    """The values in what a form sent. Raises FormWrong, which names every field that is wrong."""
    values: dict[str, Value] = {}
    errors: dict[str, YmachError] = {}
    for field in case.kind.fields:
        try:
            values[field.name] = read(field, raw.get(field.name, ()), case)
        except YmachError as error:
            errors[field.name] = error
    if errors:
        raise FormWrong(errors)
    return values


def check(case: Case) -> dict[str, Value]:
    """The values of before, if the registry would take those of the case: applying them is rehearsed and undone.

    Raises FormWrong, with the error beside its field, NothingChanged, and what the action raises for the whole.
    """
    before = dict(case.kind.present(case))
    moved = changed(before, case.values)
    # A reason or a day from when is no change by itself.
    if not (any(name in before for name in moved) if before else moved):
        raise NothingChanged
    try:
        _rehearse(case)
    except YmachError as error:
        if error.field is None or case.kind.field_named(error.field) is None:
            raise
        raise FormWrong({error.field: error}) from error
    return before


def warnings_of(case: Case) -> list[dict[str, str]]:
    """What is worth saying about the case, as it is kept with a request: `code`, `vi`, `en`. Nothing is refused for it."""
    return [{"code": one.code, "vi": one.text.vi, "en": one.text.en} for one in _days_together(case.kind.warn(case))]


def _days_together(found: Iterable[Finding]) -> list[Finding]:
    """Findings that differ by nothing but the day of the week as one, which names all its days."""
    same: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        apart = {name: value for name, value in one.values.items() if name != "day"}
        same.setdefault((one.code, repr(apart)), []).append(one)
    return [_on_all_days(group) for group in same.values()]


def _on_all_days(group: Sequence[Finding]) -> Finding:
    if len(group) == 1:
        return group[0]
    days = ", ".join(dict.fromkeys(str(one.values["day"]) for one in group))
    return replace(group[0], values={**group[0].values, "day": days})


def with_values(case: Case, values: Values, evidence: Sequence[UUID] = ()) -> Case:
    """The case with values and papers, at the facility that the values name."""
    case = replace(case, values=values, evidence=tuple(evidence))
    return replace(case, facility=case.kind.place(case))


def _rehearse(case: Case) -> None:
    with transaction.atomic():
        point = transaction.savepoint()
        case.kind.apply(replace(case, by=SYSTEM))
        transaction.savepoint_rollback(point)


def province_of(case: Case) -> str:
    """The department that decides. Raises FieldWrong where nobody is responsible yet."""
    facility, subject = case.facility, case.subject
    if case.kind.at_facility and facility is not None:
        return facility.province_code
    found = _of_subject(subject, case.on) or (facility.province_code if facility is not None else None)
    if found is None:
        raise FieldWrong(vi=_NOBODY.vi, en=_NOBODY.en)
    return found


def _of_subject(subject: Subject | None, day: date) -> str | None:
    if subject is None:
        return None
    if isinstance(subject.row, Facility):
        return subject.row.province_code
    return province_of_practitioner(subject.id, day) if subject.kind == SubjectKind.PRACTITIONER else None


_NOBODY = Text(
    "Người này chưa đăng ký hành nghề ở đâu và giấy phép không do Sở cấp. Nhờ cơ sở nơi sẽ làm việc gửi yêu cầu.",
    "This person is registered nowhere and no department issued the licence. Ask the future workplace to send it.",
)
