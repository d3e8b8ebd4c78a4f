"""Incidents: the 72 hours, minutes that are only added to, and the persons an account reached."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.support.journal import AT, CLINIC, DOCTOR, OTHER, PERSON, event, written

from ymach.accounts.permissions import Permission
from ymach.audit.models import AuditEvent
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.base.errors import NotAllowed
from ymach.registers import errors, incidents
from ymach.registers.models import Incident, StepKind
from ymach.registers.rules import TO_TELL, Standing, clock_of

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
AUDITOR = Actor(ActorKind.USER, "auditor", "Kiểm tra", (Grant("auditor", frozenset({Permission.INCIDENT_MANAGE})),))
STRANGER = Actor(ActorKind.USER, "x", "Người lạ")


def opened(**changes: Any) -> Incident:
    values: dict[str, Any] = {
        "kind": "account-misused",
        "summary": "Tài khoản bác sĩ bị người khác dùng.",
        "data_kinds": "Hồ sơ khám bệnh",
        "contact": "Nguyễn Văn Bảo Vệ, 0243 000 000",
        "detected_at": NOW - HOUR,
        "account": DOCTOR,
        "by": AUDITOR,
        "at": NOW,
        **changes,
    }
    return incidents.open_incident(**values)


@given(st.timedeltas(timedelta(0), timedelta(days=9)), st.none() | st.timedeltas(timedelta(0), timedelta(days=9)))
def test_the_clock_of_an_incident_is_72_hours_from_its_detection(seen: timedelta, told: timedelta | None) -> None:
    clock = clock_of(AT, None if told is None else AT + told, AT + seen)
    assert clock.due_at == AT + TO_TELL
    late = (told if told is not None else seen) > timedelta(hours=72)
    assert clock.is_late is late
    assert (clock.standing in {Standing.TOLD, Standing.TOLD_LATE}) is (told is not None)


@pytest.mark.django_db
def test_an_incident_is_written_down_and_is_an_event_of_the_journal() -> None:
    made = opened()
    assert incidents.get(AUDITOR, made.id).kind == "account-misused"
    assert AuditEvent.objects.filter(action="incident:opened", subject=f"incident:{made.id}").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"kind": "other"}, errors.KindUnknown, "kind"),
        ({"summary": " "}, errors.TextMissing, "summary"),
        ({"contact": ""}, errors.TextMissing, "contact"),
        ({"detected_at": None}, errors.TimeWrong, "detected"),
        ({"detected_at": NOW + HOUR}, errors.TimeWrong, "detected"),
        ({"began_at": NOW}, errors.TimeWrong, "began"),
        ({"began_at": NOW - 5 * HOUR, "ended_at": NOW - 6 * HOUR}, errors.TimeWrong, "began"),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused_at_its_field(changes: Any, refusal: Any, field: str) -> None:
    with pytest.raises(refusal) as caught:
        opened(**changes)
    assert caught.value.field == field


@pytest.mark.django_db
def test_only_who_manages_incidents_sees_and_writes_them() -> None:
    made = opened()
    for act in (
        lambda: opened(by=STRANGER),
        lambda: incidents.incidents(STRANGER),
        lambda: incidents.get(STRANGER, made.id),
        lambda: incidents.close(made, text="x", by=STRANGER, at=NOW),
        lambda: incidents.attach_persons(made, actor=DOCTOR, start=AT, end=NOW, by=STRANGER, at=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.django_db
def test_telling_the_authority_stops_the_clock_once() -> None:
    made = opened(detected_at=NOW - 80 * HOUR)
    assert clock_of(made.detected_at, made.told_at, NOW).standing is Standing.OVERDUE
    told = {"kind": StepKind.AUTHORITY_TOLD, "text": "A05, công văn 12", "by": AUDITOR, "at": NOW}
    incidents.write(made, done_at=NOW - 10 * HOUR, **told)
    incidents.write(made, done_at=NOW - HOUR, **told)
    made.refresh_from_db()
    assert made.told_at == NOW - 10 * HOUR
    assert clock_of(made.detected_at, made.told_at, NOW).standing is Standing.TOLD


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "text", "done_at", "refusal"),
    [
        ("closed", "x", NOW, errors.KindUnknown),
        ("noted", "", NOW, errors.TextMissing),
        ("noted", "x", None, errors.TimeWrong),
        ("noted", "x", NOW + HOUR, errors.TimeWrong),
        ("noted", "x", NOW - 2 * HOUR, errors.TimeWrong),
    ],
)
def test_minutes_tell_what_was_done_since_the_detection(kind: str, text: str, done_at: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        incidents.write(opened(), kind=kind, text=text, done_at=done_at, by=AUDITOR, at=NOW)


@pytest.mark.django_db
def test_persons_an_account_reached_are_kept_with_the_incident_and_added_to() -> None:
    written([event(0), event(1, citizen=OTHER), event(2, citizen=None)])
    written([event(3, action="prescription:read")], facility=CLINIC)
    made = opened()
    first = incidents.attach_persons(made, actor=DOCTOR, start=AT, end=AT + timedelta(seconds=2), by=AUDITOR, at=NOW)
    second = incidents.attach_persons(made, actor=DOCTOR, start=AT, end=NOW, by=AUDITOR, at=NOW)
    assert (first, second, incidents.count_persons(made)) == (2, 2, 2)
    person = incidents.persons_of(made)[0]
    assert (person.citizen_id, person.events, person.actions) == (PERSON, 2, ["dossier:read", "prescription:read"])
    with pytest.raises(errors.TimeWrong):
        incidents.attach_persons(made, actor=DOCTOR, start=NOW, end=NOW, by=AUDITOR, at=NOW)


@pytest.mark.django_db
def test_what_was_known_before_stays_in_the_minutes() -> None:
    made = opened()
    incidents.assess(made, cause="Lộ mật khẩu", consequences="", by=AUDITOR, at=NOW)
    incidents.assess(made, cause="Máy nhiễm mã độc", consequences="Lộ chẩn đoán", by=AUDITOR, at=NOW)
    told = " ".join(one.text for one in incidents.steps_of(made))
    assert "Lộ mật khẩu → Máy nhiễm mã độc" in told


@pytest.mark.django_db
def test_an_incident_is_closed_when_it_was_told_or_need_not_be() -> None:
    made = opened()
    with pytest.raises(errors.NotToldYet):
        incidents.close(made, text="Xong", by=AUDITOR, at=NOW)
    incidents.close(made, text="Báo động giả", by=AUDITOR, at=NOW, is_no_notice_due=True)
    with pytest.raises(errors.AlreadyClosed):
        incidents.write(made, kind="noted", text="x", done_at=NOW, by=AUDITOR, at=NOW)
    later = opened()
    assert [one.id for one in incidents.incidents(AUDITOR)] == [later.id, made.id]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registers_incident SET detected_at = now()",
        "DELETE FROM registers_incident",
        "UPDATE registers_incident_step SET text = ''",
        "DELETE FROM registers_incident_person",
    ],
)
def test_the_running_role_takes_nothing_of_an_incident_back(statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)
