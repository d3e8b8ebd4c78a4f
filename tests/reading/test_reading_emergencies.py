"""An emergency: a reason, some hours, the person told, and a review by somebody else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from tests.support.factories import make_facility
from tests.support.patients import NOW, doctor, make_patient, make_record
from tests.support.people import make_person, make_proxy

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.audit.models import AuditEvent
from ymach.base.actors import Actor, ActorKind, Grant, command
from ymach.base.errors import NotAllowed, YmachError
from ymach.consent.rules import Purpose
from ymach.exchange.reading import emergencies, gate
from ymach.exchange.reading.emergencies import Terms, Wanted, open_emergency, review
from ymach.exchange.reading.errors import EmergencyUnknown, OwnReview, ReadingRefused, ReviewedAlready
from ymach.exchange.reading.models import Emergency
from ymach.exchange.reading.reminders import remind
from ymach.facilities.models import Facility
from ymach.notices.models import Notice

pytestmark = pytest.mark.django_db
REASON = "Hôn mê sau tai nạn, cần biết thuốc đang dùng."
HOUR = timedelta(hours=1)


@pytest.fixture
def here() -> Facility:
    return make_facility("01001")


@pytest.fixture
def patient() -> UUID:
    """Somebody whose records lie elsewhere, one of them restricted."""
    made, there = make_patient(), make_facility("79001", province_code="79")
    make_record(made, there)
    make_record(made, there, compartment="hiv")
    return made


def opened(patient: UUID, here: Facility, by: Actor | None = None, **changes: object) -> Emergency:
    given = {"kind": "unconscious", "reason": REASON, "terms": Terms(), "at": NOW, **changes}
    return open_emergency(citizen_id=patient, by=by or doctor(here), **given)  # type: ignore[arg-type]


def department(code: str = "01") -> Actor:
    words = frozenset(word.value for word in ROLE_PERMISSIONS[Role.DEPARTMENT])
    return Actor(ActorKind.USER, f"dept-{code}", f"Sở {code}", (Grant(Role.DEPARTMENT, words, province_code=code),))


def read(patient: UUID, here: Facility, at: object) -> gate.Opened:
    return gate.read(patient, purpose=Purpose.TREATMENT, part="summary", by=doctor(here), at=at)  # type: ignore[arg-type]


def test_it_opens_for_some_hours_without_restricted_records_and_then_no_more(patient: UUID, here: Facility) -> None:
    one = opened(patient, here)
    seen = read(patient, here, NOW + HOUR)
    assert (seen.decision.basis, len(seen.entries), seen.withheld) == ("emergency", 1, {"hiv"})
    with pytest.raises(ReadingRefused):
        read(patient, here, one.ends_at)
    with pytest.raises(ReadingRefused):
        read(patient, make_facility("01002"), NOW + HOUR)


@pytest.mark.parametrize(
    ("kind", "reason", "code"),
    [
        ("unconscious", "", "YM-EMERGENCY-REASON"),
        ("unconscious", "      ", "YM-EMERGENCY-REASON"),
        ("unconscious", "1234567890 !!!", "YM-EMERGENCY-REASON"),
        ("unconscious", "cấp cứu", "YM-EMERGENCY-REASON"),
        ("unconscious", "x" * 1001, "YM-EMERGENCY-REASON-LONG"),
        ("", REASON, "YM-EMERGENCY-KIND"),
        ("curiosity", REASON, "YM-EMERGENCY-KIND"),
    ],
)
def test_without_a_kind_and_a_reason_in_words_nothing_opens_and_the_try_is_written(
    patient: UUID, here: Facility, kind: str, reason: str, code: str
) -> None:
    with pytest.raises(YmachError) as refused:
        opened(patient, here, kind=kind, reason=reason)
    assert (refused.value.code, Emergency.objects.count()) == (code, 0)
    told = AuditEvent.objects.get(facility_id=here.id)
    assert (told.action, told.detail["code"]) == ("emergency:open:refused", code)


def test_the_person_is_told_at_once_and_the_facility_asked_to_review(patient: UUID, here: Facility) -> None:
    by = command("test")
    user = create_user(username="lan", full_name="Đặng Thị Ngọc Lan", password="x" * 20, by=by, at=NOW)
    grant_role(user=user, role=Role.CITIZEN, citizen_id=patient, by=by, at=NOW - HOUR)
    one = opened(patient, here)
    assert f"Lý do: {REASON} Việc này" in Notice.objects.get(user_id=user.pk).vi  # one full stop, not two
    assert Notice.objects.get(facility_id=here.id).link == f"/emergencies/{one.id}"
    told = AuditEvent.objects.get(facility_id=here.id, action="emergency:opened")
    assert (told.citizen_id, told.detail) == (patient, {"kind": "unconscious"})


def test_a_childs_mother_is_told(here: Facility) -> None:
    by, mother, child = command("test"), make_person("Lê Thị Mai"), make_person("Trần Bình An", born=(2020, 3, 1))
    make_proxy(child, mother)
    user = create_user(username="mai", full_name="Lê Thị Mai", password="x" * 20, by=by, at=NOW)
    grant_role(user=user, role=Role.CITIZEN, citizen_id=mother.citizen_id, by=by, at=NOW - HOUR)
    opened(child.citizen_id, here)
    assert "người mà bạn đại diện" in Notice.objects.get(user_id=user.pk).vi


def test_asked_twice_by_one_account_it_is_the_same_one(patient: UUID, here: Facility) -> None:
    assert opened(patient, here).id == opened(patient, here, at=NOW + HOUR).id
    assert opened(patient, here, doctor(here, "another")).id != opened(patient, here).id


def test_who_has_not_the_word_opens_nothing(patient: UUID, here: Facility) -> None:
    grant = Grant(Role.FACILITY, frozenset({"record:read"}), facility_id=here.id)
    with pytest.raises(NotAllowed):
        opened(patient, here, Actor(ActorKind.USER, "clerk", "Văn thư", (grant,)))


def test_somebody_else_reviews_it_once(patient: UUID, here: Facility) -> None:
    one = opened(patient, here)
    with pytest.raises(OwnReview):
        review(emergency_id=one.id, verdict="justified", note="đúng", by=doctor(here), at=NOW)
    done = review(emergency_id=one.id, verdict="justified", note="Đúng quy trình", by=department(), at=NOW)
    assert (done.verdict, done.reviewer_label) == ("justified", "Sở 01")
    with pytest.raises(ReviewedAlready):
        review(emergency_id=one.id, verdict="not-justified", note="không", by=doctor(here, "head"), at=NOW)
    assert not Notice.objects.filter(vi__contains="không có lý do").exists()


@pytest.mark.parametrize(("verdict", "note"), [("", "vì sao"), ("maybe", "vì sao"), ("justified", "  ")])
def test_a_review_says_what_and_why(patient: UUID, here: Facility, verdict: str, note: str) -> None:
    one = opened(patient, here)
    with pytest.raises(YmachError) as refused:
        review(emergency_id=one.id, verdict=verdict, note=note, by=department(), at=NOW)
    assert refused.value.field in {"verdict", "note"}


def test_reviewers_see_their_own_and_the_person_sees_the_verdict(patient: UUID, here: Facility) -> None:
    one = opened(patient, here)
    with pytest.raises(EmergencyUnknown):
        emergencies.get_emergency(department("79"), one.id)
    assert [row.id for row in emergencies.listed(department(), Wanted("open", NOW), limit=9)] == [one.id]
    assert emergencies.listed(department(), Wanted("overdue", NOW), limit=9) == []
    late = Wanted("overdue", one.review_due_at + HOUR)
    assert [row.id for row in emergencies.listed(department(), late, limit=9)] == [one.id]
    review(emergency_id=one.id, verdict="not-justified", note="Không phải cấp cứu", by=department(), at=NOW)
    assert [row.verdict for row in emergencies.of_citizens([patient])] == ["not-justified"]


def test_a_reviewer_sees_those_of_their_reach(patient: UUID, here: Facility) -> None:
    one = opened(patient, here)
    words = frozenset(word.value for word in ROLE_PERMISSIONS[Role.AUDITOR])
    auditor = Actor(ActorKind.USER, "auditor", "Kiểm tra", (Grant(Role.AUDITOR, words),))
    assert list(emergencies.visible_to(auditor)) == list(emergencies.visible_to(department("01"))) == [one]
    assert not emergencies.visible_to(department("79")).exists()


def test_a_review_shows_what_was_read(patient: UUID, here: Facility) -> None:
    one = opened(patient, here)
    read(patient, here, NOW + HOUR)
    assert [event.detail["part"] for event in emergencies.what_was_read(one)] == ["summary"]


def test_the_running_role_cannot_change_who_opened_what_and_why(patient: UUID, here: Facility) -> None:
    one = opened(patient, here)
    for change in ({"reason": "khác"}, {"ends_at": NOW + 99 * HOUR}, {"opened_by": "user:khác"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Emergency.objects.filter(id=one.id).update(**change)


def test_a_review_is_asked_for_once_before_it_is_due_and_once_after_with_the_department(
    patient: UUID, here: Facility
) -> None:
    one = opened(patient, here)
    due = one.review_due_at
    told = [dict(remind(at=at)) for at in (NOW + HOUR, due - HOUR, due - HOUR, due, due + HOUR)]
    assert told == [{}, {"review-due": 1}, {"review-due": 0}, {"review-overdue": 1}, {"review-overdue": 0}]
    link = f"/emergencies/{one.id}"
    assert Notice.objects.filter(facility_id=here.id, link=link).count() == 3
    assert Notice.objects.filter(province_code=here.province_code, link=link).count() == 1
