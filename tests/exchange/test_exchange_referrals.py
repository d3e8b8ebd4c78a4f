"""A referral from the signed dossier to the answer the sender reads."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.factories import make_facility
from tests.support.intake import AT, RECEIVER, Desk, example, open_desk
from tests.support.settled import settled_together

from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.audit.models import AuditEvent
from ymach.base import pg
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.base.errors import YmachError
from ymach.base.periods import Period
from ymach.exchange.appointments.keeper import keep_appointments
from ymach.exchange.contents import dossiers_of
from ymach.exchange.intake.store_sql import Common
from ymach.exchange.living.contract import Placed
from ymach.exchange.models import Record
from ymach.exchange.records import records_of
from ymach.exchange.referrals import actions, queries, reading, rules
from ymach.exchange.referrals.errors import NothingToRead, NotInThisState, NotYourStep, ReasonMissing, ReferralNotFound
from ymach.exchange.referrals.following import follow
from ymach.exchange.referrals.keeper import keep_referrals
from ymach.exchange.referrals.models import Referral
from ymach.facilities.models import Facility
from ymach.notices.models import Notice

pytestmark = pytest.mark.django_db


def staff(facility: Facility) -> Actor:
    words = frozenset(word.value for word in ROLE_PERMISSIONS[Role.FACILITY])
    grant = Grant(Role.FACILITY, words, facility_id=facility.id)
    return Actor(ActorKind.USER, facility.code, f"Nhân viên {facility.code}", (grant,))


def changed(name: str, *pairs: tuple[str, str]) -> bytes:
    """An example with other words in its tables, which are Base64."""

    def again(found: re.Match[bytes]) -> bytes:
        table = base64.b64decode(found[1]).decode()
        for before, after in pairs:
            table = table.replace(before, after)
        return b"<NOIDUNGFILE>" + base64.b64encode(table.encode()) + b"</NOIDUNGFILE>"

    return re.sub(rb"<NOIDUNGFILE>([^<]*)</NOIDUNGFILE>", again, example(name))


@dataclass
class Pair:
    desk: Desk
    hospital: Facility

    @property
    def clinic_staff(self) -> Actor:
        return staff(self.desk.facility)

    @property
    def hospital_staff(self) -> Actor:
        return staff(self.hospital)

    def refer(self, *pairs: tuple[str, str]) -> Referral:
        self.desk.send_one(self.desk.sign(changed("02-inpatient-referral.xml", *pairs)))
        return Referral.objects.get(facility_id=self.desk.facility.id)


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    return open_desk("99002")


@pytest.fixture
def pair(desk: Desk) -> Pair:
    return Pair(desk, Facility.objects.get(code=RECEIVER))


def test_a_signed_dossier_with_a_referral_reaches_the_receivers_list(pair: Pair) -> None:
    sent = pair.refer()
    assert (sent.receiver_id, sent.state, sent.is_held) == (pair.hospital.id, "sent", False)
    assert [one.id for one in queries.listed(pair.hospital_staff, "in", queries.Wanted(state="open"))] == [sent.id]
    assert Notice.objects.get(facility_id=pair.hospital.id).link == f"/referrals/{sent.id}"


def test_every_step_is_written_told_and_in_the_senders_journal(pair: Pair) -> None:
    sent, by = pair.refer(), pair.hospital_staff
    actions.see(referral_id=sent.id, by=by, at=AT)
    actions.see(referral_id=sent.id, by=by, at=AT + timedelta(hours=1))
    actions.accept(referral_id=sent.id, by=by, at=AT, note="Khoa Hồi sức chờ")
    actions.arrive(referral_id=sent.id, by=by, at=AT)
    actions.answer(referral_id=sent.id, text="Viêm phổi nặng, đã thở máy", by=by, at=AT)
    actions.close(referral_id=sent.id, by=pair.clinic_staff, at=AT)
    steps = [step.state for step in queries.steps_of(sent)]
    assert steps == ["sent", "seen", "accepted", "arrived", "answered", "closed"]
    events = AuditEvent.objects.filter(facility_id=sent.facility_id, action__startswith="referral:")
    told = [(one.action, one.subject) for one in events.order_by("number")]
    assert told == [(f"referral:{state}", f"submission:{sent.submission_id}") for state in steps[1:]]
    assert all("SO_CCCD" not in str(one.detail) for one in events)
    assert Notice.objects.filter(facility_id=sent.facility_id, link=f"/referrals/{sent.id}").count() == 3


def test_a_decline_says_why_and_names_a_working_facility_or_none(pair: Pair) -> None:
    sent, by = pair.refer(), pair.hospital_staff
    with pytest.raises(ReasonMissing):
        actions.decline(referral_id=sent.id, reason=" ", by=by, at=AT)
    with pytest.raises(YmachError) as refused:
        actions.decline(referral_id=sent.id, reason="Hết giường", suggested_code="00000", by=by, at=AT)
    assert refused.value.code == "YM-REF-SUGGESTION-UNKNOWN"
    row = actions.decline(referral_id=sent.id, reason="Hết giường", suggested_code="99002", by=by, at=AT)
    assert (row.state, row.declined_why, row.suggested_code, row.due_at) == ("declined", "Hết giường", "99002", None)
    with pytest.raises(NotInThisState):
        actions.accept(referral_id=sent.id, by=by, at=AT)


def test_only_the_receiver_moves_it_and_nobody_else_sees_it(pair: Pair) -> None:
    sent = pair.refer()
    with pytest.raises(NotYourStep):
        actions.accept(referral_id=sent.id, by=pair.clinic_staff, at=AT)
    with pytest.raises(ReferralNotFound):
        queries.get_referral(staff(make_facility("99009")), sent.id)


def test_a_corrected_version_keeps_the_state_and_another_receiver_begins_anew(pair: Pair) -> None:
    first = pair.refer()
    actions.accept(referral_id=first.id, by=pair.hospital_staff, at=AT)
    again = pair.refer(("Khó thở", "Khó thở nhiều"), ("khó thở", "khó thở nhiều"), ("</CHI_TIEU", " </CHI_TIEU"))
    assert (again.id, again.version, again.state) == (first.id, 2, "accepted")
    elsewhere = make_facility("99778", province_code="79")
    moved = pair.refer(("99777", "99778"))
    assert (moved.id, moved.state, moved.receiver_id) == (first.id, "sent", elsewhere.id)
    told = Notice.objects.filter(facility_id=pair.hospital.id).order_by("id").last()
    assert told is not None
    assert "rút giấy chuyển" in told.vi


def test_a_cancelled_dossier_withdraws_its_referral_unless_the_patient_is_there(pair: Pair) -> None:
    sent = pair.refer()
    facility, code = sent.facility_id, sent.dossier_code
    assert actions.withdraw_of_dossier(facility, code, reason="nhầm người", by=pair.clinic_staff, at=AT)
    assert not actions.withdraw_of_dossier(facility, code, reason="nhầm người", by=pair.clinic_staff, at=AT)
    sent.refresh_from_db()
    assert sent.state == "withdrawn"
    assert not rules.may_move("arrived", "withdrawn")


def test_a_held_referral_is_not_seen_by_its_receiver_until_it_is_released(pair: Pair) -> None:
    sent = pair.refer()
    Referral.objects.filter(id=sent.id).update(is_held=True)
    assert queries.listed(pair.hospital_staff, "in", queries.Wanted()) == []
    actions.settle_outcomes(sent.facility_id, {sent.record_id: "accepted_with_findings"}, by=pair.clinic_staff, at=AT)
    assert len(queries.listed(pair.hospital_staff, "in", queries.Wanted())) == 1


def test_the_receivers_own_dossier_of_the_patient_is_an_arrival(pair: Pair) -> None:
    sent = pair.refer()
    referring = Record.objects.get(citizen_id=sent.citizen_id, kind="visit")
    Record.objects.create(
        citizen_id=sent.citizen_id,
        facility_id=pair.hospital.id,
        facility_code="99777",
        submission_id=referring.submission_id,
        dossier_code="99777.1",
        kind="visit",
        version=1,
        is_current=True,
        outcome="accepted",
        happened_at=sent.referred_at + timedelta(hours=3),
        summary={},
    )
    assert follow(at=AT) == {"arrivals": 1, "visits linked": 1}
    assert follow(at=AT + timedelta(minutes=5)) == {}
    sent.refresh_from_db()
    assert (sent.state, sent.arrival_dossier_code, sent.check_at) == ("arrived", "99777.1", None)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("99779", "UNKNOWN"),
        ("99780", "CLOSED"),
        ("99781", "SUSPENDED"),
        ("99782", "UNLICENSED"),
        ("99783", "PHARMACY"),
        ("99002", "IS-SENDER"),
    ],
)
def test_a_receiver_that_takes_nobody_is_a_finding_and_the_paper_is_kept(pair: Pair, code: str, found: str) -> None:
    with settled_together():
        make_facility("99780", valid=Period(date(2020, 1, 1), date(2026, 1, 1)), licensed=False)
        make_facility("99781", suspended=Period(date(2026, 1, 1), None))
        make_facility("99782", licensed=False)
        make_facility("99783", form="DRUG_COUNTER")
    answer = pair.desk.send_one(pair.desk.sign(changed("02-inpatient-referral.xml", ("99777", code))))
    paper = next(one for one in answer.body["records"] if one["kind"] == "referral")
    assert paper["outcome"] == "accepted_with_findings"
    assert [one["code"] for one in paper["findings"]] == [f"YM-REF-RECEIVER-{found}"]
    kept = Referral.objects.get(facility_id=pair.desk.facility.id)
    assert (kept.receiver_id is None) == (found in {"UNKNOWN", "CLOSED", "IS-SENDER"})


def test_what_is_done_moves_the_term_and_a_look_does_not() -> None:
    assert rules.due_at("sent", is_urgent=True, since=AT) == AT + timedelta(hours=2)
    assert rules.due_at("accepted", is_urgent=False, since=AT) == AT + timedelta(days=14)
    assert rules.due_at("declined", is_urgent=True, since=AT) is None


@given(st.sampled_from(sorted(rules.MOVES)), st.sampled_from(sorted(rules.MOVES)))
def test_no_state_can_be_left_and_come_back_to_but_by_a_new_paper(before: str, after: str) -> None:
    assert not (rules.may_move(before, after) and rules.may_move(after, before))


def test_a_dossier_without_a_paper_or_a_slip_costs_the_intake_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = dossiers_of(example("01-outpatient.xml"))[0]
    common = Common(uuid4(), "99001", "01", sent_by="machine:99001", at=AT, deadline=AT)
    drafts = records_of(dossier, received_at=AT)
    placed = [Placed(dossier, one, uuid4(), uuid4(), uuid4(), "accepted", 1) for one in drafts]
    monkeypatch.setattr(pg, "ask", lambda *asked: pytest.fail(f"asked {asked[0]}"))
    keep_referrals(placed, common)
    keep_appointments(placed, common)
    assert {one.kind for one in drafts} == {"visit", "prescription"}


def test_the_sender_reads_the_receivers_visit_only_where_the_answer_lets_it(desk: Desk) -> None:
    clinic, hospital = desk, open_desk("99001")
    clinic.send_one(clinic.sign(changed("02-inpatient-referral.xml", ("99777", "99001"))))
    hospital.send_one(hospital.sign(example("01-outpatient.xml")))
    visit = Record.objects.get(facility_id=hospital.facility.id, kind="visit")
    Referral.objects.update(citizen_id=visit.citizen_id)  # the same person, whom the examples make two
    assert follow(at=AT) == {"arrivals": 1, "visits linked": 1}
    key, ours, theirs = Referral.objects.get().id, staff(clinic.facility), staff(hospital.facility)
    actions.answer(referral_id=key, text="Ổn định", by=theirs, at=AT)
    with pytest.raises(NothingToRead):
        reading.open_for_sender(key, by=ours, at=AT)
    Referral.objects.update(may_read_visit=True)
    opened = reading.open_for_sender(key, by=ours, at=AT)
    assert opened.dossier is not None
    assert opened.dossier.code == visit.dossier_code
    read = AuditEvent.objects.get(facility_id=hospital.facility.id, action="dossier:read")
    assert (read.subject, read.detail["part"]) == (f"submission:{visit.submission_id}", "visit")


def test_reading_ends_a_while_after_the_answer_and_with_a_decline(pair: Pair) -> None:
    sent, by = pair.refer(), pair.hospital_staff
    actions.accept(referral_id=sent.id, by=by, at=AT)
    actions.answer(referral_id=sent.id, text="Ổn định", by=by, at=AT)
    assert reading.open_for_receiver(sent.id, part="records", by=by, at=AT + timedelta(days=29)).dossier is not None
    with pytest.raises(NothingToRead):
        reading.open_for_receiver(sent.id, part="records", by=by, at=AT + timedelta(days=31))
    Referral.objects.update(state="declined", answered_at=None)
    with pytest.raises(NothingToRead):
        reading.open_for_receiver(sent.id, part="records", by=by, at=AT)
