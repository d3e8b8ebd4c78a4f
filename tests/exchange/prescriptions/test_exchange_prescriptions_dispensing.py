"""Dispensing: in parts, never more than prescribed, once under its key, by a pharmacist in order."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from tests.exchange.prescriptions.conftest import AT, ISSUED
from tests.support.factories import BY
from tests.support.intake import Desk, example
from tests.support.prescriptions import EXAMPLE, Counter, open_pharmacy, prescribe, rewritten

from ymach.audit.models import AuditEvent
from ymach.base.actors import Actor
from ymach.base.errors import NotAllowed, TooMany
from ymach.base.periods import Period
from ymach.exchange.channels.contract import Parcel
from ymach.exchange.channels.prescriptions.dispensings import stored_body
from ymach.exchange.models import Counter as Tally
from ymach.exchange.models import Delivery, Record
from ymach.exchange.prescriptions import access, actions, errors, queries
from ymach.exchange.prescriptions.actions import Dispensed, cancel_of_dossier
from ymach.exchange.prescriptions.models import Dispensing, Prescription
from ymach.exchange.prescriptions.rules import Part
from ymach.practitioners.actions import suspend_licence
from ymach.practitioners.models import Licence

pytestmark = pytest.mark.django_db


def dispense(counter: Counter, one: Prescription, quantity: str, key: str = "1", **given: object) -> Dispensed:
    values = {"code": one.code, "pharmacist": counter.pharmacist, "by": counter.by, "at": AT, **given}
    return actions.dispense(lines=[Part(1, Decimal(quantity))], key=key, **values)  # type: ignore[arg-type]


def events(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


def test_a_prescription_is_dispensed_in_parts_at_two_pharmacies(prescription: Prescription, counter: Counter) -> None:
    other = open_pharmacy("99102")
    dispense(counter, prescription, "10.5")
    seen = queries.look_up(prescription.code.upper(), by=other.by, at=AT)
    assert (seen.state, seen.lines[0].left) == ("partly-dispensed", Decimal("17.5"))
    assert dispense(other, prescription, "17.5").dispensing.state_after == "dispensed"
    with pytest.raises(errors.PrescriptionDispensed):
        queries.look_up(prescription.code, by=counter.by, at=AT)
    with pytest.raises(errors.PrescriptionDispensed):
        dispense(counter, prescription, "0.001", key="2")


def test_more_than_prescribed_is_refused_and_says_what_is_left(prescription: Prescription, counter: Counter) -> None:
    dispense(counter, prescription, "20")
    with pytest.raises(errors.MoreThanPrescribed) as caught:
        dispense(counter, prescription, "8.001", key="2")
    assert "8 " in caught.value.text.en
    assert caught.value.field == "quantity-1"
    assert Dispensing.objects.count() == 1


def test_the_same_key_answers_the_same_and_dispenses_once(prescription: Prescription, counter: Counter) -> None:
    first, again = (dispense(counter, prescription, "20") for _ in range(2))
    assert (again.dispensing.id, again.lines, again.is_replay) == (first.dispensing.id, first.lines, True)
    with pytest.raises(errors.KeyUsed):
        dispense(counter, prescription, "19")
    assert [part.quantity for part in queries.parts_of(prescription.code)] == [Decimal(20)]


def test_every_reason_not_to_dispense_has_its_own_code(prescription: Prescription, counter: Counter) -> None:
    wrong: list[tuple[type[Exception], dict[str, object]]] = [
        (errors.CodeWrong, {"code": "99003-c"}),
        (errors.PrescriptionUnknown, {"code": "99003zzzzzzz-c"}),
        (errors.KeyMissing, {"key": " "}),
        (errors.PharmacistMissing, {"pharmacist": ""}),
        (errors.PharmacistNotInOrder, {"pharmacist": "123456/XX-CCHND"}),
        (errors.PrescriptionExpired, {"at": ISSUED + timedelta(days=5, hours=15)}),
        (NotAllowed, {"by": Actor(counter.by.kind, "x", "x")}),
    ]
    for error, given in wrong:
        with pytest.raises(error):
            dispense(counter, prescription, "1", **given)  # type: ignore[arg-type]
    assert dispense(counter, prescription, "1", at=ISSUED + timedelta(days=5, hours=14, minutes=29))


def test_lines_are_checked_before_anything_is_written(prescription: Prescription, counter: Counter) -> None:
    given = {"code": prescription.code, "pharmacist": counter.pharmacist, "key": "1", "by": counter.by, "at": AT}
    for error, lines in (
        (errors.NothingAsked, []),
        (errors.LineTwice, [Part(1, Decimal(1)), Part(1, Decimal(1))]),
        (errors.QuantityWrong, [Part(1, Decimal(0))]),
        (errors.QuantityWrong, [Part(1, Decimal("0.0001"))]),
        (errors.UnknownLine, [Part(2, Decimal(1))]),
    ):
        with pytest.raises(error):
            actions.dispense(lines=lines, **given)  # type: ignore[arg-type]
    assert not Dispensing.objects.exists()


def test_a_suspended_pharmacist_dispenses_nothing(prescription: Prescription, counter: Counter) -> None:
    licence = Licence.objects.get(number=counter.pharmacist)
    period = Period(date(2026, 11, 1), date(2027, 1, 1))
    suspend_licence(licence=licence, period=period, reason="x", decision="9/QĐ-SYT", by=BY, at=AT)
    with pytest.raises(errors.PharmacistSuspended) as caught:
        dispense(counter, prescription, "1")
    assert "9/QĐ-SYT" in caught.value.text.vi


def test_a_hospital_dispenses_its_own_prescriptions_alone(prescription: Prescription, desk: Desk) -> None:
    other = open_pharmacy("99102", form="HOSP_GEN")
    with pytest.raises(errors.NotADispenser):
        queries.look_up(prescription.code, by=other.by, at=AT)
    assert events("prescription:look-up:refused")[0].facility_id == other.facility.id
    assert queries.look_up(prescription.code, by=desk.sender.by, at=AT).lines


def test_a_look_up_is_in_the_journal_with_the_person(prescription: Prescription, counter: Counter) -> None:
    queries.look_up(prescription.code, by=counter.by, at=AT)
    (event,) = events("prescription:looked-up")
    assert (event.facility_id, event.citizen_id) == (counter.facility.id, prescription.citizen_id)


def test_codes_cannot_be_guessed(prescription: Prescription, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "UNKNOWN", 3)
    for number in range(3):
        with pytest.raises(errors.PrescriptionUnknown):
            queries.look_up(f"99003000000{number}-c", by=counter.by, at=AT)
    with pytest.raises(TooMany):
        queries.look_up(prescription.code, by=counter.by, at=AT)


def test_a_dispensing_is_undone_with_a_reason_on_its_own_day(prescription: Prescription, counter: Counter) -> None:
    done = dispense(counter, prescription, "28").dispensing
    given = {"code": prescription.code, "dispensing_id": done.id, "by": counter.by}
    with pytest.raises(errors.UndoReasonMissing):
        actions.undo(reason=" ", at=AT, **given)  # type: ignore[arg-type]
    with pytest.raises(errors.UndoTooLate):
        actions.undo(reason="trả thuốc", at=AT + timedelta(days=1), **given)  # type: ignore[arg-type]
    with pytest.raises(errors.DispensingUnknown):
        actions.undo(reason="trả thuốc", at=AT, **{**given, "by": open_pharmacy("99102").by})  # type: ignore[arg-type]
    for _ in range(2):
        assert actions.undo(reason="trả thuốc", at=AT, **given).dispensing.undone_why == "trả thuốc"  # type: ignore[arg-type]
    assert queries.look_up(prescription.code, by=counter.by, at=AT).lines[0].left == Decimal(28)
    assert len(events("prescription:dispensing-undone")) == 2  # in the journals of both facilities, once


def test_what_happened_is_in_the_journals_of_both_facilities(
    prescription: Prescription, counter: Counter, desk: Desk
) -> None:
    done = dispense(counter, prescription, "28").dispensing
    found = events("prescription:dispensed")
    assert {event.facility_id for event in found} == {desk.facility.id, counter.facility.id}
    assert found[0].detail == {"prescription": prescription.code, "dispensing": str(done.id), "pharmacy": "99101"}


def test_a_cancelled_dossier_cancels_its_prescriptions(prescription: Prescription, counter: Counter) -> None:
    given = {"reason": "nhập nhầm người bệnh", "by": BY, "at": AT}
    key = (prescription.facility_id, prescription.dossier_code)
    assert [cancel_of_dossier(*key, **given) for _ in range(2)] == [1, 0]  # type: ignore[arg-type]
    with pytest.raises(errors.PrescriptionCancelled):
        dispense(counter, prescription, "1")


def test_what_a_department_holds_is_not_dispensed(prescription: Prescription, counter: Counter) -> None:
    for outcome, error in (("held", errors.PrescriptionHeld), ("rejected", errors.PrescriptionCancelled)):
        Record.objects.filter(id=prescription.record_id).update(outcome=outcome)
        with pytest.raises(error):
            dispense(counter, prescription, "1")


def test_the_running_role_cannot_rewrite_a_prescription(prescription: Prescription) -> None:
    from django.db import ProgrammingError

    with pytest.raises(ProgrammingError, match="permission denied"):
        Prescription.objects.filter(code=prescription.code).update(body={})


def test_the_same_care_told_again_keeps_the_code(desk: Desk, prescription: Prescription, counter: Counter) -> None:
    dispense(counter, prescription, "4")
    paid = rewritten(example(EXAMPLE), {"<DIEN_THOAI>": "<DIEN_THOAI>0"})
    again = prescribe(desk, paid, AT + timedelta(hours=1))
    assert (again.code, again.version, again.state) == (prescription.code, 2, "partly-dispensed")
    assert Prescription.objects.count() == 1


def test_a_correction_is_a_new_prescription_in_place_of_the_old(
    desk: Desk, prescription: Prescription, counter: Counter
) -> None:
    later = AT + timedelta(hours=1)
    dispense(counter, prescription, "4")
    new = prescribe(desk, rewritten(example(EXAMPLE), {"28 ngày": "14 ngày"}), later)
    old = Prescription.objects.get(code=prescription.code)
    assert (old.state, old.replaced_by, new.state) == ("replaced", new.code, "issued")
    with pytest.raises(errors.PrescriptionReplaced):
        dispense(counter, prescription, "1", key="2", at=later)
    assert queries.numbered_of("99003", new.submission_id, new.dossier_code) == [(0, new.code, old.code)]
    ((_, filled),) = queries.look_up(new.code, by=counter.by, at=later).earlier
    assert [part.quantity for part in filled.parts] == [Decimal(4)]


def test_a_version_without_medicines_ends_the_prescription(desk: Desk, prescription: Prescription) -> None:
    before, _, rest = example(EXAMPLE).rpartition(b"<FILEHOSO>")
    bare = before + rest.partition(b"</FILEHOSO>")[2]
    assert desk.send_one(desk.sign(bare, at=AT), at=AT + timedelta(hours=1)).body["outcome"] != "rejected"
    one = Prescription.objects.get(code=prescription.code)
    assert (one.state, one.replaced_by) == ("replaced", "")


def test_a_dossier_that_names_a_prescription_replaces_it(desk: Desk, prescription: Prescription) -> None:
    named = {
        "Uống thuốc đều": f"Thay thế đơn {prescription.code.upper()}",
        prescription.dossier_code: "99003.26.0000099",
    }
    new = prescribe(desk, rewritten(example(EXAMPLE), named), AT + timedelta(hours=1))
    assert Prescription.objects.get(code=prescription.code).replaced_by == new.code


def test_hiv_care_names_nobody(desk: Desk, counter: Counter) -> None:
    one = prescribe(desk, rewritten(example(EXAMPLE), {"<MA_BENH_CHINH>I10": "<MA_BENH_CHINH>B20"}), AT)
    seen = queries.look_up(one.code, by=counter.by, at=AT)
    patient = seen.prescription.body["patient"]
    assert (patient["is_withheld"], patient["birth"]) == (True, "1975")
    assert "LÝ THỊ" not in str(seen.prescription.body)


def test_a_dispensing_is_told_to_the_national_system_where_there_is_a_way(
    prescription: Prescription, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispense(counter, prescription, "4")
    monkeypatch.setattr(settings.ENVIRONMENT, "prescriptions_url", "https://donthuoc.example")
    monkeypatch.setattr(settings.ENVIRONMENT, "prescriptions_app_name", "ymach")
    done = dispense(counter, prescription, "10", key="2").dispensing
    (delivery,) = Delivery.objects.filter(destination__startswith="dispensing:")
    assert delivery.destination == f"dispensing:{done.id}"
    assert Tally.objects.get(subject="delivery", name="dispensing", state="waiting").number == 1
    parcel = Parcel(delivery.destination, "99003", "visit", delivery.dossier_code, 1, b"", load=lambda: b"")
    body = stored_body(parcel)
    assert body is not None
    assert (body["ma_don_thuoc"], body["thong_tin_don_thuoc"][0]["so_luong_ban"]) == (prescription.code, "10")
    actions.undo(code=prescription.code, dispensing_id=done.id, reason="trả thuốc", by=counter.by, at=AT)
    assert stored_body(parcel) is None
