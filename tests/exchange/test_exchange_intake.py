"""The way of a submission on real input: what is kept, what is answered, what follows what."""

from __future__ import annotations

import base64
import re
from datetime import date, timedelta

import psycopg
import pytest
from tests.support.factories import BY
from tests.support.intake import AT, Desk, example, open_desk, platform_issuer

from ymach.audit.models import AuditEvent
from ymach.base import pg
from ymach.exchange.models import Delivery, Receipt, Record, Submission, SubmissionContent
from ymach.exchange.queries import content_of
from ymach.facilities.actions import grant_operating_licence
from ymach.trust.jws import verify_receipt
from ymach.trust.platform import jwks

pytestmark = pytest.mark.django_db


def outpatient(desk: Desk, *, replace: tuple[str, str] | None = None) -> bytes:
    """The outpatient example, perhaps with one value changed inside its tables, signed."""
    return desk.sign(changed(example("01-outpatient.xml"), replace))


def changed(content: bytes, replace: tuple[str, str] | None) -> bytes:
    """Replace text inside the Base64 tables."""
    if replace is None:
        return content

    def again(match: re.Match[bytes]) -> bytes:
        table = base64.b64decode(match[1]).replace(replace[0].encode(), replace[1].encode())
        return b"<NOIDUNGFILE>" + base64.b64encode(table) + b"</NOIDUNGFILE>"

    return re.sub(rb"<NOIDUNGFILE>(.*?)</NOIDUNGFILE>", again, content, flags=re.DOTALL)


def outcomes(answer_body: dict) -> dict[str, str]:
    return {record["kind"]: record["outcome"] for record in answer_body["records"]}


def codes(answer_body: dict) -> set[str]:
    of_records = {finding["code"] for record in answer_body["records"] for finding in record["findings"]}
    return of_records | {finding["code"] for finding in answer_body["findings"]}


def test_signed_dossier_gives_a_receipt_that_verifies(desk: Desk) -> None:
    answer = desk.send_one(outpatient(desk))
    assert answer.status == 201
    claims = verify_receipt(answer.body["receipt"], jwks(platform_issuer().key))
    assert claims["sub"] == "99001"
    assert outcomes(claims) == {"visit": "accepted", "prescription": "accepted"}
    assert claims["registry_version"] > 0
    assert claims["catalogue_versions"]["icd10"]


def test_every_shipped_example_is_accepted_without_findings(desk: Desk) -> None:
    for code, name in (("99002", "02-inpatient-referral.xml"), ("99003", "03-prescription-only.xml")):
        other = open_desk(code)
        answer = other.send_one(other.sign(example(name)))
        assert set(outcomes(answer.body).values()) == {"accepted"}, answer.body
    assert desk.send_one(desk.sign(example("00-checkin-XML0.xml"))).body["outcome"] == "accepted"


def test_bytes_are_kept_as_received(desk: Desk) -> None:
    content = outpatient(desk)
    desk.send_one(content)
    submission = Submission.objects.get()
    assert content_of(submission) == content
    assert (
        bytes(submission.digest).hex()
        == verify_receipt(Receipt.objects.get().jws, jwks(platform_issuer().key))["digest"]["value"]
    )


def test_records_are_findable_when_the_answer_returns(desk: Desk) -> None:
    answer = desk.send_one(outpatient(desk))
    record = Record.objects.get(kind="visit")
    assert record.is_current
    assert str(record.id) == answer.body["records"][0]["record_id"]
    assert answer.body["searchable_at"] == "2026-11-22T03:00:00.000Z"


def test_same_content_again_gives_the_same_receipt(desk: Desk) -> None:
    content = outpatient(desk)
    first, second = desk.send_one(content), desk.send_one(content, at=AT + timedelta(hours=1))
    assert (first.status, second.status) == (201, 200)
    assert second.body["receipt"] == first.body["receipt"]
    assert "YM-VER-SAME-CONTENT" in codes(second.body)
    assert Submission.objects.count() == 1


def test_same_content_twice_in_one_batch_is_stored_once(desk: Desk) -> None:
    content = outpatient(desk)
    first, second = desk.send(content, content)
    assert (first.status, second.status) == (201, 200)
    assert first.body["receipt"] == second.body["receipt"]


def test_a_wrong_code_is_told_with_the_name_of_its_list(desk: Desk) -> None:
    wrong = outpatient(desk, replace=("<GIOI_TINH>2<", "<GIOI_TINH>9<"))
    (found,) = desk.send_one(wrong).body["records"][0]["findings"]
    assert (found["code"], found["vi"]) == (
        "YM-COD-UNKNOWN",
        "Mã “9” không có trong danh mục “Giới tính” tại ngày khám.",
    )
    assert "the list “Sex”" in found["en"]


def test_other_content_under_the_same_code_is_a_new_version(desk: Desk) -> None:
    desk.send_one(outpatient(desk))
    answer = desk.send_one(outpatient(desk, replace=("Khám lại tăng", "Tái khám tăng")))
    assert answer.status == 201
    assert "YM-VER-NEW-VERSION" in codes(answer.body)
    assert {record["version"] for record in answer.body["records"]} == {2}
    assert sorted(Record.objects.filter(kind="visit").values_list("version", "is_current")) == [(1, False), (2, True)]


def test_two_versions_in_one_batch_follow_each_other(desk: Desk) -> None:
    first, second = desk.send(outpatient(desk), outpatient(desk, replace=("Khám lại tăng", "Tái khám tăng")))
    assert (first.body["records"][0]["version"], second.body["records"][0]["version"]) == (1, 2)
    assert Record.objects.filter(is_current=True, kind="visit").count() == 1


def test_check_in_is_no_version_of_the_visit_that_follows(desk: Desk) -> None:
    desk.send_one(desk.sign(example("00-checkin-XML0.xml")))
    answer = desk.send_one(outpatient(desk))
    assert answer.body["records"][0]["version"] == 1
    assert set(Record.objects.filter(is_current=True).values_list("kind", flat=True)) == {
        "check-in",
        "visit",
        "prescription",
    }


def test_bad_dossier_in_a_batch_takes_no_good_one_down(desk: Desk) -> None:
    good = outpatient(desk)
    answers = desk.send(b"<not-xml", good, b"<GIAMDINHHS/>", good.replace(b"PD94", b"PD95", 1))
    assert [answer.status for answer in answers] == [400, 201, 422, 422]
    assert [answer.body.get("code") for answer in answers] == [
        "YM-XML-NOT-XML",
        None,
        "YM-ENV-FACILITY",
        "YM-SIG-BROKEN",
    ]


def test_refusal_leaves_only_the_recorded_refusal(desk: Desk) -> None:
    answer = desk.send_one(example("01-outpatient.xml"))
    assert (answer.status, answer.body["code"]) == (422, "YM-SIG-MISSING")
    assert verify_receipt(answer.body["receipt"], jwks(platform_issuer().key))["outcome"] == "rejected"
    assert Submission.objects.get().outcome == "rejected"
    kept = (SubmissionContent, Record, Delivery)
    assert [model.objects.count() for model in kept] == [0, 0, 0]
    assert AuditEvent.objects.get().action == "submission:refused"


def test_refused_content_may_be_sent_again_once_the_cause_is_gone(desk: Desk) -> None:
    unlicensed = open_desk("99003", licensed=False)
    content = unlicensed.sign(example("03-prescription-only.xml"))
    assert unlicensed.send_one(content).body["code"] == "YM-STA-FACILITY-UNLICENSED"
    grant_operating_licence(
        facility=unlicensed.facility, number="7/SYT-GPHĐ", issued_on=date(2024, 1, 1), issuer="Sở Y tế", by=BY, at=AT
    )
    assert unlicensed.send_one(content).status == 201


def test_dry_run_answers_the_same_and_writes_nothing(desk: Desk) -> None:
    content = outpatient(desk)
    answer = desk.try_out(content)
    assert (answer.status, answer.body["receipt"]) == (200, None)
    assert outcomes(answer.body) == {"visit": "accepted", "prescription": "accepted"}
    assert Submission.objects.count() == AuditEvent.objects.count() == 0
    assert desk.try_out(example("01-outpatient.xml")).body["code"] == "YM-SIG-MISSING"


def test_account_of_another_facility_cannot_send(desk: Desk) -> None:
    other = open_desk("99002", authors=())
    answer = other.send_one(outpatient(desk))
    assert (answer.status, answer.body["code"]) == (403, "YM-SND-NOT-YOURS")


def test_certificate_of_another_facility_is_refused(desk: Desk) -> None:
    other = open_desk("99002", authors=())
    answer = desk.send_one(other.sign(example("01-outpatient.xml")))
    assert (answer.status, answer.body["code"]) == (403, "YM-SND-CERTIFICATE-OF-OTHER")


def test_one_person_keeps_one_identity_through_versions_and_kinds(desk: Desk) -> None:
    desk.send_one(desk.sign(example("00-checkin-XML0.xml")))
    desk.send_one(outpatient(desk))
    desk.send_one(outpatient(desk, replace=("Khám lại tăng", "Tái khám tăng")))
    assert Record.objects.values("citizen_id").distinct().count() == 1


def test_number_of_somebody_else_makes_a_provisional_identity(desk: Desk) -> None:
    desk.send_one(outpatient(desk))
    stranger = changed(example("01-outpatient.xml"), ("NGUYỄN THỊ MẪU", "PHẠM VĂN KHÁC"))
    stranger = changed(changed(stranger, ("196803150000", "199001010000")), ("99001.26.0001234", "99001.26.0009999"))
    body = desk.send_one(desk.sign(stranger)).body
    assert "YM-IDN-CONFLICT" in codes(body)
    assert Record.objects.values("citizen_id").distinct().count() == 2


def test_impossible_time_is_refused(desk: Desk) -> None:
    answer = desk.send_one(outpatient(desk, replace=("<NGAY_RA>202611100910", "<NGAY_RA>202611100700")))
    assert (answer.status, answer.body["code"]) == (422, "YM-TIM-IMPOSSIBLE")


def test_statements_of_the_intake_do_not_grow_with_the_batch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.send_one(outpatient(desk))
    alone = desk.sign(changed(example("01-outpatient.xml"), ("99001.26.0001234", "A-1")))
    batch = [desk.sign(changed(example("01-outpatient.xml"), ("99001.26.0001234", f"B-{n}"))) for n in range(10)]
    sent: list[object] = []
    execute, ask = psycopg.Cursor.execute, pg.ask
    monkeypatch.setattr(psycopg.Cursor, "execute", lambda *args, **kw: sent.append(args[1]) or execute(*args, **kw))
    monkeypatch.setattr(pg, "ask", lambda *args: sent.append(args[0]) or ask(*args))
    desk.send_one(alone)
    single = len(sent)
    desk.send(*batch)
    assert len(sent) - single <= single <= 12, sent
