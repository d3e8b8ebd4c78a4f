"""One place knows the formats: what is sent is recognised, opened, verified and read, whatever it is."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ymach.base.errors import NotFound
from ymach.base.refusal import Refused
from ymach.exchange import contents
from ymach.exchange.channels.contract import Parcel, WrongContent
from ymach.exchange.channels.dossiers import dossiers_in, signed_xml, xml_of
from ymach.exchange.contents import FHIR, XML130, as_fhir, as_xml, dossier_at, dossiers_of, format_of
from ymach.formats.fhir.bundle import open_bundle
from ymach.formats.fhir.names import system
from ymach.formats.fhir.sender import sender_code
from ymach.formats.safexml import parse
from ymach.formats.xml130.envelope import open_envelope
from ymach.trust import detached
from ymach.trust.demo_ca import DemoAuthority, Issued, KeyPool

EXAMPLES = Path(__file__).parent.parent / "data" / "examples"
AT = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
XML = (EXAMPLES / "01-outpatient.xml").read_bytes()
NOTICE = (EXAMPLES / "00-checkin-XML0.xml").read_bytes()


@pytest.fixture(scope="module")
def facility() -> Issued:
    return DemoAuthority(at=AT, keys=KeyPool(1)).issue_facility("0100109106", "Bệnh viện Mẫu")


@pytest.fixture(scope="module")
def bundle(facility: Issued) -> bytes:
    return detached.sign(as_fhir(dossiers_of(XML)[0]), facility.key, facility.certificate, at=AT)


@pytest.fixture(scope="module")
def notice(facility: Issued) -> bytes:
    return detached.sign(as_fhir(dossiers_of(NOTICE)[0]), facility.key, facility.certificate, at=AT)


def parcel(content: bytes) -> Parcel:
    return Parcel("referral", "99001", "visit", "1", 1, b"", lambda: content, created_at=AT)


def test_the_first_characters_tell_the_format(bundle: bytes) -> None:
    assert format_of(XML) is XML130
    assert format_of(b"\xef\xbb\xbf" + XML) is XML130
    assert format_of(XML.decode().encode("utf-16")) is XML130
    assert format_of(bundle) is FHIR
    assert format_of(b'\n {"resourceType": "Bundle"}') is FHIR


def test_both_formats_hold_the_same_dossier_of_the_same_sender(bundle: bytes) -> None:
    assert dossiers_of(bundle) == dossiers_of(XML)
    assert {format_of(one).open(one).facility_code for one in (bundle, XML)} == {"99001"}
    assert dossier_at(bundle, 0) == dossier_at(XML, 0)


@pytest.mark.parametrize("number", [-1, 1])
def test_a_dossier_that_is_not_there_is_not_found(bundle: bytes, number: int) -> None:
    for content in (bundle, XML):
        with pytest.raises(NotFound):
            dossier_at(content, number)


def test_a_bundle_without_signature_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        FHIR.open(as_fhir(dossiers_of(XML)[0]))
    assert refused.value.finding.code == "YM-FHIR-UNSIGNED"


def test_the_signature_covers_the_bytes_that_are_read(bundle: bytes, facility: Issued) -> None:
    evidence = FHIR.open(bundle).verify()
    assert evidence.certificate == facility.certificate
    assert evidence.claimed_at == AT
    other = as_fhir(dossiers_of(NOTICE)[0])
    signature, _ = detached.detach(bundle)
    with pytest.raises(Refused) as refused:
        FHIR.open(detached.attach(signature, other)).verify()
    assert refused.value.finding.code == "YM-SIG-BROKEN"


def test_xml_is_handed_on_untouched_and_fhir_is_written_as_xml(bundle: bytes, notice: bytes) -> None:
    day = date(2026, 11, 20)
    assert as_xml(XML, facility_code="99001", created_on=day) is XML
    written = as_xml(bundle, facility_code="99001", created_on=day)
    assert dossiers_of(written) == dossiers_of(XML)
    assert open_envelope(parse(written)).created_on == day
    assert dossiers_of(as_xml(notice, facility_code="99001", created_on=day)) == dossiers_of(NOTICE)


def test_a_partner_that_goes_by_the_facilitys_signature_gets_no_xml_from_fhir(bundle: bytes) -> None:
    assert signed_xml(parcel(XML)) == XML
    with pytest.raises(WrongContent):
        signed_xml(parcel(bundle))
    assert dossiers_of(xml_of(parcel(bundle))) == dossiers_of(XML)
    assert dossiers_in(bundle) == dossiers_of(XML)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"{}", b"eyJhbGciOiJSUzI1NiJ9.e30.AAAA"])
def test_what_cannot_be_read_is_the_wrong_content(content: bytes) -> None:
    with pytest.raises(WrongContent):
        dossiers_in(content)
    with pytest.raises(Refused):
        contents.dossiers_of(content)


def test_a_bundle_names_its_sender_by_encounter_or_custodian(bundle: bytes) -> None:
    document = json.loads(detached.content_of(bundle))
    encounter = next(e["resource"] for e in document["entry"] if e["resource"]["resourceType"] == "Encounter")
    del encounter["serviceProvider"]
    assert sender(document) == "99001"
    del document["entry"][0]["resource"]["custodian"]
    assert sender(document) == ""
    encounter["serviceProvider"] = {"identifier": {"system": system("facility"), "value": "1"}}
    assert sender(document) == "1"


def sender(document: object) -> str:
    return sender_code(open_bundle(json.dumps(document).encode()))
