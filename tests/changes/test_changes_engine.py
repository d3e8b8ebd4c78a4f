"""The way of a request: asked, confirmed, decided; and everything that must not happen on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.support.changing import (
    AT,
    department_of,
    identity_of,
    joining,
    paper,
    png,
    ready,
    registrations,
    renaming,
    self_of,
    staff_of,
)
from tests.support.factories import make_facility, make_licence, make_practitioner, make_registration

from ymach.audit.models import AuditEvent
from ymach.base.errors import Conflict, NotAllowed
from ymach.base.history.models import HistoryEntry
from ymach.changes import actions, bulk, errors, queries
from ymach.changes.evidence.actions import keep
from ymach.changes.models import ChangeRequest, ChangeStep, Evidence, State
from ymach.facilities.actions import correct_facility
from ymach.facilities.models import Facility
from ymach.facilities.profile.actions import state_details
from ymach.notices.models import Notice
from ymach.practitioners.models import PracticeRegistration, Practitioner

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility() -> Facility:
    return make_facility("01001")


@pytest.fixture
def person() -> Practitioner:
    return make_licence(issuer_province_code="01").practitioner


def steps(request: ChangeRequest) -> list[str]:
    return list(ChangeStep.objects.filter(request=request).order_by("id").values_list("act", flat=True))


def refused(action: str) -> list[str]:
    """Codes of the refusals in the journal."""
    events = AuditEvent.objects.filter(action=f"{action}:refused")
    return [event.detail["code"] for event in events]


def test_own_word_applies_at_once_and_is_attributed(person: Practitioner) -> None:
    person.refresh_from_db()
    values = {"phone": "0901 234 567", "email": ""}
    change = actions.propose(
        kind="practitioner-contact",
        subject_id=person.pk,
        values=values,
        by=self_of(person),
        at=AT,
        seen=person.revision,
    )
    person.refresh_from_db()
    assert (change.state, person.phone) == (State.APPLIED, "0901 234 567")
    assert HistoryEntry.objects.filter(row_id=str(person.pk)).latest("id").actor == str(self_of(person))


def test_a_verified_change_waits_and_changes_nothing(facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    facility.refresh_from_db()
    assert (change.state, facility.name) == (State.SUBMITTED, "Bệnh viện Đa khoa Thử nghiệm")


def test_approving_writes_the_change_and_names_the_decider(facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    done = actions.approve(request_id=change.pk, by=department_of(), at=AT, decision_number="12/QĐ-SYT")
    facility.refresh_from_db()
    assert (done.state, done.decision_number, facility.name) == (State.APPROVED, "12/QĐ-SYT", "Bệnh viện Mới")
    entry = HistoryEntry.objects.filter(row_id=str(facility.pk)).latest("id")
    assert (entry.actor, entry.reason) == (str(department_of()), "12/QĐ-SYT")
    assert steps(change) == ["propose", "submit", "approve"]


def test_the_practitioner_confirms_before_the_department_sees_it_as_ready(
    person: Practitioner, facility: Facility
) -> None:
    change = joining(person, facility)
    wanted = queries.Wanted()
    assert queries.worklist(department_of(), wanted, on=date(2026, 11, 23), limit=9) == []
    with pytest.raises(errors.NotReady):
        actions.approve(request_id=change.pk, by=department_of(), at=AT)
    actions.confirm(request_id=change.pk, by=self_of(person), at=AT)
    assert queries.worklist(department_of(), wanted, on=date(2026, 11, 23), limit=9) == [change]
    actions.approve(request_id=change.pk, by=department_of(), at=AT)
    assert [one.facility for one in registrations(person)] == [facility]


def test_the_term_begins_when_the_request_is_ready_and_steps_over_holidays(
    person: Practitioner, facility: Facility
) -> None:
    change = ready(person, facility)
    assert change.due_on == date(2026, 12, 1)  # five working days after Monday 23/11, of which the 24th is none


def test_nobody_but_the_person_confirms(person: Practitioner, facility: Facility) -> None:
    change = joining(person, facility)
    other = make_practitioner("Người Khác")
    for by in (staff_of(facility), department_of(), self_of(other)):
        with pytest.raises((NotAllowed, errors.ChangeNotFound)):
            actions.confirm(request_id=change.pk, by=by, at=AT)
    assert len(refused("change:confirm")) == 3


def test_declining_returns_the_request_with_the_reason(person: Practitioner, facility: Facility) -> None:
    change = joining(person, facility)
    actions.decline(request_id=change.pk, by=self_of(person), at=AT, reason="Tôi không làm ở đó")
    change.refresh_from_db()
    assert (change.state, change.note) == (State.RETURNED, "Tôi không làm ở đó")


@pytest.mark.parametrize("act", [actions.give_back, actions.reject])
def test_returning_and_rejecting_need_a_reason(facility: Facility, act: Callable[..., Any]) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    with pytest.raises(errors.ReasonMissing) as missing:
        act(request_id=change.pk, by=department_of(), at=AT, reason="  ")
    assert missing.value.field == "reason"


def test_a_returned_request_is_completed_and_sent_again(facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    actions.give_back(request_id=change.pk, by=department_of(), at=AT, reason="Thiếu quyết định")
    by = staff_of(facility)
    values = {**identity_of(facility), "name": "Bệnh viện Mới hơn", "reason": "Bổ sung"}
    again = actions.submit(request_id=change.pk, values=values, evidence=[paper(by)], by=by, at=AT)
    assert (again.state, again.proposed["name"], again.evidence.count()) == (State.SUBMITTED, "Bệnh viện Mới hơn", 2)
    assert steps(change) == ["propose", "submit", "return", "submit"]


def test_a_department_outside_its_province_is_refused_and_noted(facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    stranger = department_of("79", "Sở khác")
    for act in (
        lambda: actions.approve(request_id=change.pk, by=stranger, at=AT),
        lambda: actions.give_back(request_id=change.pk, by=stranger, at=AT, reason="x"),
        lambda: actions.reject(request_id=change.pk, by=stranger, at=AT, reason="x"),
        lambda: queries.get(stranger, change.pk, at=AT),
    ):
        with pytest.raises(errors.ChangeNotFound):
            act()
    facility.refresh_from_db()
    assert facility.name == "Bệnh viện Đa khoa Thử nghiệm"
    assert [len(refused(f"change:{act}")) for act in ("approve", "return", "reject", "see")] == [1, 1, 1, 1]


def test_a_facility_never_decides_its_own_request(facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    with pytest.raises(NotAllowed):
        actions.approve(request_id=change.pk, by=staff_of(facility), at=AT)
    assert refused("change:approve") == ["YM-NOT-ALLOWED"]


def test_who_asked_does_not_decide(facility: Facility) -> None:
    by = department_of()
    values = {
        "full_name": "Lê Văn Mới",
        "birth_date": "1990-02-03",
        "sex": "1",
        "personal_number": "001090000001",
        "passport_number": "",
        "nationality": "",
        "generation": "licence",
        "number": "777001/HN-GPHN",
        "title": "a",
        "scopes": ["V"],
        "issuer": "Sở Y tế",
        "issuer_province": "01",
        "issued_on": "2025-01-02",
        "licence_last_day": None,
    }
    change = actions.propose(
        kind="enrol-practitioner",
        subject_id=None,
        facility_id=facility.pk,
        values=values,
        evidence=[paper(by)],
        by=by,
        at=AT,
    )
    with pytest.raises(errors.OwnRequest):
        actions.approve(request_id=change.pk, by=by, at=AT)
    done = actions.approve(request_id=change.pk, by=department_of(name="Đồng nghiệp"), at=AT)
    assert Practitioner.objects.get(pk=done.subject_id).licences.get().number == "777001/HN-GPHN"


def test_a_facility_asks_only_for_itself_and_its_own_people(person: Practitioner, facility: Facility) -> None:
    elsewhere = make_facility("79001", province_code="79")
    values = {**identity_of(elsewhere), "name": "X", "reason": "x"}
    with pytest.raises(errors.NotYours):
        actions.propose(kind="facility-identity", subject_id=elsewhere.pk, values=values, by=staff_of(facility), at=AT)
    with pytest.raises(errors.NotYours):
        joining(person, elsewhere, by=staff_of(facility))
    with pytest.raises(errors.NotYours):
        actions.propose(
            kind="cme", subject_id=person.pk, facility_id=facility.pk, values={}, by=staff_of(facility), at=AT
        )
    assert refused("change:propose") == ["YM-CHANGE-NOT-YOURS"] * 3


def test_a_practitioner_speaks_only_for_themselves(person: Practitioner) -> None:
    with pytest.raises(errors.NotYours):
        actions.propose(
            kind="practitioner-contact",
            subject_id=make_practitioner().pk,
            values={"phone": "0900000000", "email": ""},
            by=self_of(person),
            at=AT,
        )


def test_a_stale_form_is_a_conflict(facility: Facility) -> None:
    seen = facility.revision
    state_details(facility=facility, by=staff_of(facility), at=AT, phone="024 3333 4444")
    with pytest.raises(Conflict):
        renaming(facility, "Bệnh viện Mới", seen=seen)


def test_a_profile_moved_in_another_field_is_no_conflict(facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    state_details(facility=facility, by=staff_of(facility), at=AT, phone="024 3333 4444")
    assert actions.approve(request_id=change.pk, by=department_of(), at=AT).state == State.APPROVED


def test_a_profile_moved_in_the_same_field_shows_both_and_waits_for_a_second_look(facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    correct_facility(facility=facility, name="Bệnh viện Khác", reason="x", by=department_of(), at=AT)
    with pytest.raises(errors.SubjectMoved) as moved:
        actions.approve(request_id=change.pk, by=department_of(), at=AT)
    assert list(moved.value.fields) == ["name"]
    case = queries.case_for(change, by=department_of(), at=AT)
    line = next(one for one in queries.lines_of(change, case, sees_private=True) if one.field.name == "name")
    assert (line.before.vi, line.now and line.now.vi, line.proposed.vi) == (
        *("Bệnh viện Đa khoa Thử nghiệm", "Bệnh viện Khác", "Bệnh viện Mới"),
    )
    known = Facility.objects.get(pk=facility.pk).revision
    actions.approve(request_id=change.pk, by=department_of(), at=AT, known_revision=known)


def test_what_the_registry_would_refuse_is_refused_beside_its_field_when_it_is_asked(
    person: Practitioner, facility: Facility
) -> None:
    other = make_facility("01002")
    make_registration(person.licences.get(), other, schedule="T2-T6: 07:00 đến 16:30")
    with pytest.raises(errors.FormWrong) as wrong:
        joining(person, facility, schedule="T2: 08:00 đến 12:00")
    assert wrong.value.errors["schedule"].code == "YM-REGISTRATION-OVERLAPS"
    assert not ChangeRequest.objects.exists()


def test_rules_are_checked_again_when_it_is_approved(person: Practitioner, facility: Facility) -> None:
    change = ready(person, facility, schedule="T2: 08:00 đến 12:00")
    make_registration(person.licences.get(), make_facility("01002"), schedule="T2-T6: 07:00 đến 16:30")
    with pytest.raises(Conflict):
        actions.approve(request_id=change.pk, by=department_of(), at=AT)
    change.refresh_from_db()
    assert (change.state, steps(change)[-1]) == (State.SUBMITTED, "confirm")


def test_asking_for_nothing_new_is_refused(facility: Facility) -> None:
    with pytest.raises(errors.NothingChanged):
        renaming(facility, facility.name)


def test_the_same_change_waits_only_once(facility: Facility) -> None:
    renaming(facility, "Bệnh viện Mới")
    with pytest.raises(errors.AskedAlready):
        renaming(facility, "Bệnh viện Mới nữa")


def test_needed_papers_are_asked_for(facility: Facility) -> None:
    with pytest.raises(errors.EvidenceMissing) as missing:
        actions.propose(
            kind="facility-identity",
            subject_id=facility.pk,
            values={**identity_of(facility), "name": "Mới", "reason": "x"},
            by=staff_of(facility),
            at=AT,
        )
    assert missing.value.field == "evidence"


def test_papers_of_somebody_else_are_not_given(facility: Facility) -> None:
    foreign = paper(staff_of(make_facility("01002"), "Người lạ"))
    with pytest.raises(errors.EvidenceMissing):
        actions.propose(
            kind="facility-identity",
            subject_id=facility.pk,
            values={**identity_of(facility), "name": "Mới", "reason": "x"},
            evidence=[foreign],
            by=staff_of(facility),
            at=AT,
        )
    assert Evidence.objects.get(pk=foreign).request_id is None


def test_leaving_applies_at_once_and_a_late_report_is_shown(person: Practitioner, facility: Facility) -> None:
    registration = make_registration(person.licences.get(), facility)
    change = actions.propose(
        kind="end-of-practice",
        subject_id=person.pk,
        facility_id=facility.pk,
        values={"registration": str(registration.pk), "last_day": "2026-11-13", "reason": "Chuyển công tác"},
        by=staff_of(facility),
        at=AT,
    )
    registration.refresh_from_db()
    term = queries.term_of(change, on=date(2026, 11, 23))
    assert (registration.valid.upper, change.state) == (date(2026, 11, 14), State.APPLIED)
    assert term is not None
    assert (term.standing, term.due_on) == ("met_late", date(2026, 11, 18))


def test_withdrawing_ends_a_request_for_its_makers_only(facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    with pytest.raises(errors.NotYours):
        actions.withdraw(request_id=change.pk, by=department_of(), at=AT)
    colleague = staff_of(facility, "Đồng nghiệp")
    assert actions.withdraw(request_id=change.pk, by=colleague, at=AT).state == State.WITHDRAWN


def test_a_settled_request_moves_no_more(facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    actions.approve(request_id=change.pk, by=department_of(), at=AT)
    with pytest.raises(errors.NotInThisState) as moved:
        actions.reject(request_id=change.pk, by=department_of(), at=AT, reason="x")
    assert "Nguyễn Thị Thu" in moved.value.text.vi
    change.state = State.SUBMITTED
    with pytest.raises(IntegrityError), transaction.atomic():
        change.save()


@pytest.mark.parametrize("table", ["changes_step", "changes_evidence_content"])
def test_the_running_role_cannot_rewrite_steps_and_papers(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('ymach_app', %s, 'UPDATE')", [table])
        assert cursor.fetchone() == (False,)


def test_one_bad_request_never_stops_the_others(person: Practitioner, facility: Facility) -> None:
    good = renaming(facility, "Bệnh viện Mới")
    waiting = joining(person, facility)
    foreign = renaming(make_facility("79001", province_code="79"), "Lạ")
    rows = bulk.approve_many([waiting.pk, foreign.pk, good.pk], by=department_of(), at=AT)
    assert [row.error.code if row.error else None for row in rows] == [
        *("YM-CHANGE-NOT-READY", "YM-CHANGE-NOT-FOUND", None),
    ]


def test_every_move_is_told_to_whom_it_concerns(person: Practitioner, facility: Facility) -> None:
    change = joining(person, facility)
    actions.confirm(request_id=change.pk, by=self_of(person), at=AT)
    actions.approve(request_id=change.pk, by=department_of(), at=AT)
    mine = Notice.objects.filter(link=f"/changes/{change.pk}")
    assert mine.filter(practitioner_id=person.pk).count() == 2  # asked to confirm, approved
    assert mine.filter(facility_id=facility.pk).count() == 2  # confirmed, approved
    assert mine.filter(province_code="01").count() == 1


def test_a_draft_is_kept_and_sent_later(facility: Facility) -> None:
    by = staff_of(facility)
    values = {**identity_of(facility), "name": "Nháp", "reason": ""}
    draft = actions.propose(
        kind="facility-identity", subject_id=facility.pk, values=values, by=by, at=AT, as_draft=True
    )
    assert draft.state == State.DRAFT
    sent = actions.submit(request_id=draft.pk, values={**values, "reason": "x"}, evidence=[paper(by)], by=by, at=AT)
    assert sent.state == State.SUBMITTED


def test_papers_open_only_to_who_may_see_the_request(facility: Facility) -> None:
    change = renaming(facility, "Bệnh viện Mới")
    given = change.evidence.get()
    queries.open_paper(department_of(), given.pk, at=AT)
    for stranger in (department_of("79", "Sở khác"), staff_of(make_facility("01002"), "Khác")):
        with pytest.raises(errors.ChangeNotFound):
            queries.open_paper(stranger, given.pk, at=AT)
    assert len(refused("evidence:open")) == 2
    assert AuditEvent.objects.filter(action="evidence:opened").count() == 1


def test_head_of_a_facility_changes_by_decision(person: Practitioner, facility: Facility) -> None:
    registration = make_registration(person.licences.get(), facility, schedule="T2-T6: 07:00 đến 16:30")
    by = staff_of(facility)
    change = actions.propose(
        kind="technical-head",
        subject_id=facility.pk,
        values={"head": str(registration.pk), "starts_on": "2027-02-01"},
        evidence=[paper(by)],
        by=by,
        at=AT,
    )
    actions.approve(request_id=change.pk, by=department_of(), at=AT, decision_number="3/QĐ")
    assert PracticeRegistration.objects.get(is_technical_head=True).valid.lower == date(2027, 2, 1)


def test_continuing_education_counts_once_the_paper_was_seen(person: Practitioner, facility: Facility) -> None:
    by = self_of(person)
    values = {"provider": "Bệnh viện X", "topic": "Hồi sức", "hours": "24", "on": "2026-10-01"}
    given = [keep(content=png(50, 50), name="a.png", by=by, at=AT).pk]
    change = actions.propose(kind="cme", subject_id=person.pk, values=values, evidence=given, by=by, at=AT)
    assert not person.cme_activities.exists()
    actions.approve(request_id=change.pk, by=department_of(), at=AT)
    assert person.cme_activities.get().verified_by == str(department_of())
