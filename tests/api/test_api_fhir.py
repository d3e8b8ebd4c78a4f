"""FHIR in and out of the API: the same ten steps, the same record, the same receipt as for XML."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client
from tests.api.test_api_submissions import machine, signed_in  # noqa: F401 - a fixture
from tests.support.intake import Desk, example, open_desk

from ymach.audit.models import AuditEvent
from ymach.base.clock import now
from ymach.exchange.contents import as_fhir, dossiers_of
from ymach.exchange.models import Delivery, Record, Submission, SubmissionContent
from ymach.exchange.platform import platform_key
from ymach.trust import detached
from ymach.trust.jws import verify_receipt
from ymach.trust.platform import jwks

pytestmark = pytest.mark.django_db
XML = example("01-outpatient.xml")
BUNDLE = as_fhir(dossiers_of(XML)[0])


def signed(desk: Desk, bundle: bytes = BUNDLE) -> bytes:
    issued = desk.issued
    return detached.sign(bundle, issued.key, issued.certificate, chain=issued.chain, at=now() - timedelta(minutes=1))


def post(machine: Client, body: bytes, media_type: str, **headers: str) -> HttpResponse:  # noqa: F811
    return machine.post("/api/v1/submissions", body, content_type=media_type, headers=headers)


@pytest.fixture
def token(desk: Desk) -> Iterator[bytes]:
    return signed(desk)


def codes(answer: HttpResponse) -> set[str]:
    body = answer.json()
    return {one["code"] for one in [*body["findings"], *(f for r in body["records"] for f in r["findings"])]}


def test_a_signed_bundle_becomes_the_records_that_its_xml_would(machine: Client, desk: Desk, token: bytes) -> None:  # noqa: F811
    answer = post(machine, token, "application/jose")
    assert answer.status_code == 201, answer.content
    as_xml = machine.post("/api/v1/submissions?dry_run=1", desk.sign(XML), content_type="application/xml").json()
    assert [one["kind"] for one in answer.json()["records"]] == [one["kind"] for one in as_xml["records"]]
    assert answer.json()["outcome"] == as_xml["outcome"]
    assert "YM-FHIR-NOT-FOR-INSURANCE" in codes(answer)
    assert Submission.objects.get().format == "fhir"


def test_the_receipt_is_over_the_bytes_that_were_signed(machine: Client, token: bytes) -> None:  # noqa: F811
    receipt = post(machine, token, "application/jose").json()["receipt"]
    claims = verify_receipt(receipt, jwks(platform_key()))
    assert claims["size"] == len(token)
    assert claims["signature"]["algorithm"] == "RSA-SHA256"
    assert claims["signature"]["covers"] == ["Bundle"]
    assert SubmissionContent.objects.count() == 1


def test_detached_or_not_it_is_the_same_submission(machine: Client, token: bytes) -> None:  # noqa: F811
    signature, body = detached.detach(token)
    first = post(machine, body, "application/fhir+json", **{"X-JWS-Signature": signature})
    assert first.status_code == 201, first.content
    again = post(machine, token, "application/jose")
    assert again.status_code == 200
    assert again.json()["receipt"] == first.json()["receipt"]


def test_a_batch_and_a_form_take_a_bundle_like_any_file(machine: Client, token: bytes) -> None:  # noqa: F811
    line = orjson.dumps({"id": "a", "content": base64.b64encode(token).decode()})
    answer = machine.post("/api/v1/submissions:batch", line, content_type="application/x-ndjson")
    assert orjson.loads(b"".join(answer.streaming_content))["status"] == 201
    form = machine.post(
        "/api/v1/submissions",
        f"fileHSBase64={base64.b64encode(token).decode().replace('+', '%2B')}",
        content_type="application/x-www-form-urlencoded",
    )
    assert form.status_code == 200


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "YM-FHIR-UNSIGNED"),
        ({"X-JWS-Signature": "abc"}, "YM-SIG-MALFORMED"),
        ({"X-JWS-Signature": "e30..AAAA"}, "YM-SIG-WEAK"),
    ],
)
def test_a_bundle_whose_signature_is_missing_or_wrong_is_refused(
    machine: Client,  # noqa: F811
    headers: dict[str, str],
    code: str,
) -> None:
    answer = post(machine, BUNDLE, "application/fhir+json", **headers)
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert Record.objects.count() == 0


def test_a_bundle_changed_after_signing_is_refused(machine: Client, token: bytes) -> None:  # noqa: F811
    signature, body = detached.detach(token)
    answer = post(machine, body + b" ", "application/fhir+json", **{"X-JWS-Signature": signature})
    assert answer.json()["code"] == "YM-SIG-BROKEN"


def test_another_facilitys_bundle_and_another_facilitys_certificate_are_refused(machine: Client, desk: Desk) -> None:  # noqa: F811
    other = open_desk("99002")
    answer = post(machine, signed(desk, BUNDLE.replace(b'"99001"', b'"99002"')), "application/jose")
    assert answer.json()["code"] == "YM-SND-NOT-YOURS"
    assert post(machine, signed(other), "application/jose").json()["code"] == "YM-SND-CERTIFICATE-OF-OTHER"


def test_fhir_goes_everywhere_but_to_the_insurance_portal(machine: Client, desk: Desk, token: bytes) -> None:  # noqa: F811
    assert post(machine, token, "application/jose").status_code == 201
    assert not Delivery.objects.filter(destination="insurance").exists()
    newer = machine.post("/api/v1/submissions", desk.sign(XML), content_type="application/xml")
    assert newer.status_code == 201
    assert any("NEW-VERSION" in one for one in codes(newer))
    assert Delivery.objects.filter(destination="insurance").exists()


def test_either_origin_reads_out_as_either_format(machine: Client, desk: Desk, token: bytes) -> None:  # noqa: F811
    for content, media_type in ((token, "application/jose"), (desk.sign(XML), "application/xml")):
        sent = post(machine, content, media_type).json()["id"]
        address = f"/api/v1/submissions/{sent}/content"
        original, xml, fhir = (machine.get(f"{address}?format={name}") for name in ("original", "xml", "fhir"))
        assert original.content == content
        assert original.headers["Content-Type"] == media_type
        assert original.headers["Ymach-Signed-By"] == "facility"
        assert dossiers_of(xml.content) == dossiers_of(content)
        assert xml.headers["Ymach-Signed-By"] == ("none" if media_type == "application/jose" else "facility")
        assert fhir.content == BUNDLE
        assert fhir.headers["Content-Type"] == "application/fhir+json"


def test_content_is_its_senders_alone_and_of_one_of_three_forms(machine: Client, token: bytes) -> None:  # noqa: F811
    sent = post(machine, token, "application/jose").json()["id"]
    address = f"/api/v1/submissions/{sent}/content"
    assert machine.get(f"{address}?format=pdf").status_code == 422
    assert machine.get(f"{address}?format=fhir&dossier=khong-co").status_code == 404
    assert signed_in(open_desk("99002")).get(address).status_code == 404
    assert Client().get(address).status_code == 401


def test_reading_out_is_in_the_journal(machine: Client, token: bytes) -> None:  # noqa: F811
    sent = post(machine, token, "application/jose").json()["id"]
    machine.get(f"/api/v1/submissions/{sent}/content?format=fhir")
    read = AuditEvent.objects.get(action="dossier:read")
    assert read.subject == f"submission:{sent}"
    assert read.citizen_id == Record.objects.first().citizen_id  # type: ignore[union-attr]


def test_a_dry_run_of_a_bundle_leaves_nothing(machine: Client, token: bytes) -> None:  # noqa: F811
    answer = machine.post("/api/v1/submissions?dry_run=1", token, content_type="application/jose")
    assert answer.status_code == 200
    assert Submission.objects.count() == 0
