"""An appointment from the slip to the visit that keeps it, and the reminder before."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.intake import AT, open_desk

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.audit.models import AuditEvent
from ymach.base.actors import Actor, ActorKind, Grant, command
from ymach.base.clock import vietnam_day
from ymach.citizens.models import Citizen
from ymach.clinical.appointment import Appointment as Slip
from ymach.clinical.dossier import Dossier
from ymach.clinical.person import PartialDate
from ymach.exchange.appointments import actions, queries, rules
from ymach.exchange.appointments.errors import AppointmentNotFound, AppointmentOver, DayMissing, ReasonMissing
from ymach.exchange.appointments.following import follow, remind
from ymach.exchange.appointments.keeper import keep_appointments
from ymach.exchange.appointments.models import Appointment, AppointmentReminder
from ymach.exchange.intake.store_sql import Common
from ymach.exchange.living.contract import Placed
from ymach.exchange.models import Record
from ymach.exchange.records import records_of
from ymach.facilities.models import Facility
from ymach.notices.models import Notice

TODAY = vietnam_day(AT)
DAY = TODAY + timedelta(days=3)
db = pytest.mark.django_db


def staff(facility: Facility) -> Actor:
    words = frozenset(word.value for word in ROLE_PERMISSIONS[Role.FACILITY])
    return Actor(ActorKind.USER, "u", "Lễ tân", (Grant(Role.FACILITY, words, facility_id=facility.id),))


def kept(facility: Facility, day: date | None = DAY, *, version: int = 1, code: str = "A1") -> Appointment | None:
    """A dossier with (or without) a slip, as the intake hands it on."""
    slip = Slip(number="GH1", appointed=PartialDate.of(day), diagnosis_text="Tăng huyết áp") if day else None
    dossier = Dossier(code=code, appointment=slip)
    common = Common(facility.id, facility.code, "01", sent_by="machine:x", at=AT, deadline=AT)
    drafts = records_of(dossier, received_at=AT) or records_of(Dossier(code=code, births=("x",)), received_at=AT)  # type: ignore[arg-type]
    citizen = Citizen.objects.first() or Citizen.objects.create(full_name="A", name_folded="a", created_at=AT)
    placed = [Placed(dossier, one, uuid4(), uuid4(), citizen.citizen_id, "accepted", version) for one in drafts]
    keep_appointments(placed, common)
    return Appointment.objects.filter(facility_id=facility.id, dossier_code=code).first()


@pytest.fixture
def facility() -> Facility:
    return open_desk("99001", authors=()).facility


@db
def test_a_slip_stands_in_the_calendar_of_its_facility_alone(facility: Facility) -> None:
    kept(facility)
    assert [one.number for one in queries.between(staff(facility), DAY, DAY)] == ["GH1"]
    other = Facility.objects.exclude(pk=facility.pk).first()
    assert other is not None
    assert queries.between(staff(other), DAY, DAY) == []


@db
def test_it_is_moved_with_a_reason_and_a_later_version_of_the_same_slip_changes_nothing(facility: Facility) -> None:
    row = kept(facility)
    assert row is not None
    with pytest.raises(DayMissing):
        actions.move(appointment_id=row.id, on_day=TODAY - timedelta(days=1), reason="x", by=staff(facility), at=AT)
    with pytest.raises(ReasonMissing):
        actions.move(appointment_id=row.id, on_day=DAY, reason="", by=staff(facility), at=AT)
    later = DAY + timedelta(days=7)
    moved = actions.move(appointment_id=row.id, on_day=later, reason="Bác sĩ nghỉ", by=staff(facility), at=AT)
    assert (moved.on_day, moved.moved_from) == (later, DAY)
    again = kept(facility, version=2)
    assert again is not None
    assert (again.on_day, again.moved_from, again.version) == (later, DAY, 2)
    assert AuditEvent.objects.filter(action="appointment:moved", facility_id=facility.id).count() == 1


@db
def test_a_version_with_another_day_is_a_new_plan_and_one_without_a_slip_cancels(facility: Facility) -> None:
    kept(facility)
    fresh = kept(facility, DAY + timedelta(days=2), version=2)
    assert fresh is not None
    assert (fresh.on_day, fresh.state) == (DAY + timedelta(days=2), "planned")
    gone = kept(facility, None, version=3)
    assert gone is not None
    assert gone.state == "cancelled"


@db
def test_a_cancelled_dossier_cancels_its_appointment_and_what_is_over_stays(facility: Facility) -> None:
    row = kept(facility)
    assert row is not None
    by = staff(facility)
    assert actions.cancel_of_dossier(facility.id, "A1", reason="gửi nhầm", by=by, at=AT)
    assert not actions.cancel_of_dossier(facility.id, "A1", reason="gửi nhầm", by=by, at=AT)
    with pytest.raises(AppointmentOver):
        actions.came(appointment_id=row.id, by=by, at=AT)
    with pytest.raises(AppointmentNotFound):
        actions.came(appointment_id=uuid4(), by=by, at=AT)


@db
def test_what_a_department_releases_comes_into_the_calendar_and_what_it_rejects_is_cancelled(
    facility: Facility,
) -> None:
    first, second = kept(facility), kept(facility, code="A2")
    assert first is not None
    assert second is not None
    Appointment.objects.update(is_held=True)
    by, department = staff(facility), command("department")
    outcomes = {first.record_id: "accepted_with_findings", second.record_id: "rejected"}
    actions.settle_outcomes(facility.id, outcomes, by=department, at=AT)
    assert [one.dossier_code for one in queries.between(by, DAY, DAY)] == ["A1"]
    assert Appointment.objects.get(dossier_code="A2").state == "cancelled"


@db
def test_a_visit_near_the_day_keeps_the_appointment(facility: Facility) -> None:
    row = kept(facility)
    assert row is not None
    visit = Record.objects.create(
        citizen_id=row.citizen_id,
        facility_id=facility.id,
        facility_code=facility.code,
        submission_id=uuid4(),
        dossier_code="A2",
        kind="visit",
        version=1,
        is_current=True,
        outcome="accepted",
        happened_at=AT + timedelta(days=4),
        summary={},
    )
    assert follow(at=AT + timedelta(days=5)) == {"appointments kept": 1}
    row.refresh_from_db()
    assert (row.state, row.came_submission_id, row.check_at) == ("came", visit.submission_id, None)


@db
def test_the_citizen_is_reminded_once_for_a_day(facility: Facility) -> None:
    row = kept(facility)
    assert row is not None
    by = command("test")
    user = create_user(username="dan", full_name="A", password="mot-hai-ba-bon-nam", by=by, at=AT)
    grant_role(user=user, role=Role.CITIZEN, citizen_id=row.citizen_id, by=by, at=AT)
    assert remind(at=AT, days_before=2) == {}
    assert remind(at=AT, days_before=3) == {"reminders": 1}
    assert remind(at=AT, days_before=3) == {}
    assert AppointmentReminder.objects.get().for_day == DAY
    assert f"{DAY:%d/%m/%Y}" in Notice.objects.get(user_id=user.pk).vi
    assert [one.id for one in queries.of_citizens([row.citizen_id], since=TODAY)] == [row.id]


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(-20, 20))
def test_nobody_is_missed_while_a_visit_would_still_keep_it(day: date, off: int) -> None:
    visit = day + timedelta(days=off)
    if day - rules.EARLY <= visit <= day + rules.LATE:
        assert not rules.is_missed("planned", day, visit)
    assert not rules.is_missed("came", day, visit)
