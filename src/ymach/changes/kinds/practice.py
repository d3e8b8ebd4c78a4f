"""Where a person practises: joining a facility, other hours, leaving. Law 15/2023/QH15 Art. 36 to 38."""

from __future__ import annotations

from datetime import timedelta

from ymach.base.findings import Finding
from ymach.base.periods import Period
from ymach.base.text import Text
from ymach.base.weekly import parse_schedule
from ymach.changes.contract import FACILITY, PRACTITIONER, Case, Kind
from ymach.changes.errors import FieldWrong
from ymach.changes.fields import Choices, Field, Shape, catalogue, codes, day, fixed, key, matching, text
from ymach.changes.models import SubjectKind
from ymach.changes.subjects import licence_on, registrations_on
from ymach.facilities.models import Facility
from ymach.practitioners.actions import alter_practice, end_practice, publish_practice, register_practice
from ymach.practitioners.models import Licence, PracticeRegistration
from ymach.practitioners.queries import warnings_for

SCHEDULE = Field(
    name="schedule",
    label=Text("Giờ hành nghề trong tuần", "Weekly hours"),
    shape=Shape.HOURS,
    longest=500,
    hint=Text(
        "Ghi như: T2-T6: 07:00 đến 16:30; T7: 07:00 đến 11:00. Bỏ trống nếu không cố định giờ.",
        "Like: T2-T6: 07:00 đến 16:30; T7: 07:00 đến 11:00 (T2 is Monday). Leave blank for no fixed hours.",
    ),
)
PART_TIME = "part"
DAY_HINT = Text("Ngày/tháng/năm, như 01/12/2026.", "Day/month/year, like 01/12/2026.")


def registration_choices(case: Case) -> Choices:
    """The registrations of the person that hold or begin; only those of the facility that asks."""
    if case.subject is None:
        return ()
    mine = registrations_on(case.subject.id, case.on)
    here = [one for one in mine if case.facility is None or one.facility_id == case.facility.pk]
    return [(str(one.pk), _named(one)) for one in here]


def registration_of(case: Case) -> PracticeRegistration:
    """The registration that the values name. Raises FieldWrong where it is none of the person's."""
    rows = PracticeRegistration.objects.select_related("facility", "licence")
    wanted = key(case.values.get("registration"))
    found = rows.filter(pk=wanted, practitioner=case.practitioner).first() if wanted else None
    if found is None:
        raise FieldWrong(field="registration", vi="Chọn nơi hành nghề.", en="Choose the workplace.")
    return found


def place_of_registration(case: Case) -> Facility | None:
    """The facility of the registration named."""
    return registration_of(case).facility if case.values.get("registration") else case.facility


def _named(one: PracticeRegistration) -> Text:
    position = f", {one.position}" if one.position else ""
    return Text(f"{one.facility.name}{position}", f"{one.facility.name}{position}")


def _licence(case: Case) -> Licence:
    starts = day(case.values.get("starts_on")) or case.on
    found = licence_on(case.practitioner.pk, starts)
    if found is None:
        raise FieldWrong(vi="Người này chưa có giấy phép hành nghề.", en="This person holds no licence.")
    return found


def _register(case: Case) -> None:
    starts, last = day(case.values.get("starts_on")), day(case.values.get("last_day"))
    made = register_practice(
        practitioner=case.practitioner,
        facility=case.own_facility,
        licence=_licence(case),
        valid=Period(starts, last + timedelta(days=1) if last else None),
        schedule=parse_schedule(text(case.values.get("schedule"))),
        position=text(case.values.get("position")),
        department=text(case.values.get("department")),
        scopes=codes(case.values.get("scopes")),
        is_full_time=_is_full_time(case),
        by=case.by,
        at=case.at,
    )
    publish(case, made)


def _leave(case: Case) -> None:
    last = day(case.values.get("last_day")) or case.on
    end_practice(
        registration=registration_of(case),
        ends_on=last + timedelta(days=1),
        reason=text(case.values.get("reason")),
        by=case.by,
        at=case.at,
    )


def _alter(case: Case) -> None:
    made = alter_practice(
        registration=registration_of(case),
        from_day=day(case.values.get("starts_on")) or case.on,
        reason=case.decision or "hours of practice changed",
        by=case.by,
        at=case.at,
        schedule=parse_schedule(text(case.values.get("schedule"))),
    )
    publish(case, made)


def publish(case: Case, *made: PracticeRegistration) -> None:
    """What was approved is published on the day the department chose; what is only rehearsed is not."""
    if case.publish_on is not None:
        publish_practice(registrations=made, published_on=case.publish_on, by=case.by, at=case.at)


def _is_full_time(case: Case) -> bool:
    return case.values.get("attendance") != PART_TIME


def _warn_of_joining(case: Case) -> tuple[Finding, ...]:
    return warnings_for(
        case.practitioner,
        on=day(case.values.get("starts_on")) or case.on,
        facility=case.own_facility,
        schedule=parse_schedule(text(case.values.get("schedule"))),
        is_full_time=_is_full_time(case),
    )


def _warn_of_hours(case: Case) -> tuple[Finding, ...]:
    held = registration_of(case)
    return warnings_for(
        case.practitioner,
        on=day(case.values.get("starts_on")) or case.on,
        facility=held.facility,
        schedule=parse_schedule(text(case.values.get("schedule"))),
        is_full_time=held.is_full_time,
        instead_of=held,
    )


JOINING = Kind(
    word="practice-registration",
    title=Text("Đăng ký hành nghề", "Practice registration"),
    lede=Text(
        "Người hành nghề xác nhận, rồi Sở Y tế công bố trong 5 ngày làm việc. Chỉ hành nghề sau khi được công bố.",
        "The practitioner confirms, then the department publishes within 5 working days. Practice begins after that.",
    ),
    subject=SubjectKind.PRACTITIONER,
    proposers=frozenset({FACILITY}),
    only_staff=False,
    at_facility=True,
    needs=("practitioner",),
    clock="publication",
    reported_within="joining",
    begins="starts_on",
    papers=Text("hợp đồng hoặc quyết định tuyển dụng, nếu có", "the contract or appointment, if there is one"),
    fields=(
        Field(
            name="starts_on",
            label=Text("Làm việc từ ngày", "Works from"),
            shape=Shape.DAY,
            is_required=True,
            hint=DAY_HINT,
        ),
        Field(
            name="last_day",
            label=Text("Đến hết ngày", "Until"),
            shape=Shape.DAY,
            hint=Text("Bỏ trống nếu không thời hạn.", "Leave blank for no end."),
        ),
        SCHEDULE,
        Field(
            name="attendance",
            label=Text("Thời gian làm việc", "Full-time or part-time"),
            shape=Shape.CHOICE,
            choices=fixed(
                ("full", Text("Toàn thời gian", "Full-time")), (PART_TIME, Text("Bán thời gian", "Part-time"))
            ),
            hint=Text("Bỏ trống là toàn thời gian.", "Blank means full-time."),
        ),
        Field(name="position", label=Text("Vị trí chuyên môn", "Position"), is_required=True),
        Field(name="department", label=Text("Khoa, phòng", "Department")),
        Field(
            name="scopes",
            label=Text("Phạm vi hành nghề tại đây", "Scope of practice here"),
            shape=Shape.MANY,
            choices=catalogue("practice_scope"),
        ),
    ),
    by_software=True,
    apply=_register,
    warn=_warn_of_joining,
    is_published=True,
    source="Law 15/2023/QH15 Art. 36 to 38; Decree 96/2023/NĐ-CP Art. 27, 29",
)

REGISTRATION = Field(
    name="registration",
    label=Text("Nơi hành nghề", "Workplace"),
    shape=Shape.CHOICE,
    is_required=True,
    choices=registration_choices,
    find=lambda case, words: matching(registration_choices(case), words),
)

HOURS = Kind(
    word="schedule-change",
    title=Text("Đổi giờ hành nghề", "Other hours of practice"),
    lede=Text(
        "Người hành nghề xác nhận, rồi Sở Y tế công bố trong 5 ngày làm việc.",
        "The practitioner confirms, then the department publishes within 5 working days.",
    ),
    subject=SubjectKind.PRACTITIONER,
    proposers=frozenset({FACILITY, PRACTITIONER}),
    at_facility=True,
    needs=("practitioner",),
    clock="publication",
    fields=(
        REGISTRATION,
        Field(
            name="starts_on",
            label=Text("Áp dụng từ ngày", "From"),
            shape=Shape.DAY,
            is_required=True,
            hint=DAY_HINT,
        ),
        SCHEDULE,
    ),
    place=place_of_registration,
    by_software=True,
    apply=_alter,
    warn=_warn_of_hours,
    is_published=True,
    source="Law 15/2023/QH15 Art. 37, 38",
)

LEAVING = Kind(
    word="end-of-practice",
    title=Text("Thôi hành nghề tại cơ sở", "End of practice"),
    lede=Text(
        "Ghi vào sổ bộ ngay. Luật yêu cầu báo trong 3 ngày làm việc từ ngày nghỉ.",
        "Written into the registry at once. The law asks for the report within 3 working days of leaving.",
    ),
    subject=SubjectKind.PRACTITIONER,
    proposers=frozenset({FACILITY, PRACTITIONER}),
    is_own_word=True,
    at_facility=True,
    clock="leaving",
    reported_within="leaving",
    begins="last_day",
    fields=(
        REGISTRATION,
        Field(
            name="last_day",
            label=Text("Ngày làm việc cuối cùng", "Last working day"),
            shape=Shape.DAY,
            is_required=True,
            hint=DAY_HINT,
        ),
        Field(
            name="reason",
            label=Text("Lý do", "Reason"),
            shape=Shape.AREA,
            is_required=True,
            longest=500,
        ),
    ),
    place=place_of_registration,
    by_software=True,
    apply=_leave,
    source="Decree 96/2023/NĐ-CP Art. 29",
)
