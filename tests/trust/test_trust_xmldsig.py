"""Signatures as facilities make them are taken, and the verdict says who signed, when and what."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from cryptography import x509
from lxml import etree

from ymach.trust import xmldsig
from ymach.trust.algorithms import DS, SIGNATURES
from ymach.trust.demo_ca import DemoAuthority, Issued, new_key
from ymach.trust.errors import CertificateRefused, SignatureRefused
from ymach.trust.signing import NotADossier, SignedAlready, is_signed, sign

D = f"{{{DS}}}"


def code(document: bytes) -> str:
    with pytest.raises((SignatureRefused, CertificateRefused)) as refused:
        xmldsig.verify(etree.fromstring(document))
    return refused.value.code


def replaced(document: bytes, old: str, new: str) -> bytes:
    assert old.encode() in document
    return document.replace(old.encode(), new.encode(), 1)


def test_a_vendors_signature_over_the_whole_document_is_taken(signed: bytes, facility: Issued) -> None:
    verified = xmldsig.verify(etree.fromstring(signed))
    assert verified.certificate == facility.certificate
    assert verified.certificate.identity.tax_codes == ("0100109106",)
    assert verified.chain == facility.chain
    assert verified.algorithms == xmldsig.Algorithms("RSA-SHA256", ("SHA-256",), "C14N 1.0")
    assert verified.covered.parts() == ("GIAMDINHHS",)
    assert verified.claimed_at is None


def test_verifying_leaves_the_tree_as_it_was_received(signed: bytes) -> None:
    root = etree.fromstring(signed)
    before = etree.tostring(root)
    xmldsig.verify(root)
    xmldsig.verify(root)
    assert etree.tostring(root) == before


def test_blanks_of_the_document_survive_signing(signed: bytes, unsigned: bytes) -> None:
    root = etree.fromstring(signed)
    root.find("CHUKYDONVI").clear(keep_tail=True)
    assert etree.tostring(root) == etree.tostring(etree.fromstring(unsigned))


def test_the_signing_time_counts_only_when_it_is_signed(facility: Issued, unsigned: bytes, at: datetime) -> None:
    document = facility.signer().sign(unsigned, at=at)
    assert xmldsig.verify(etree.fromstring(document)).claimed_at == at
    assert code(replaced(document, "2026-11-20T14:30:00", "2026-11-19T14:30:00")) == "YM-SIG-BROKEN"


def test_an_unsigned_signing_time_is_not_believed(signed: bytes) -> None:
    root = etree.fromstring(signed)
    holder = etree.SubElement(root.find(f"CHUKYDONVI/{D}Signature"), f"{D}Object")
    etree.SubElement(holder, "SigningTime").text = "2020-01-01T00:00:00Z"
    assert xmldsig.verify(root).claimed_at is None


def test_an_elliptic_curve_signature_is_taken(authority: DemoAuthority, unsigned: bytes) -> None:
    issued = authority.issue_facility("0100109107", "Trạm y tế Mẫu", key=new_key("EC"))
    verified = xmldsig.verify(etree.fromstring(issued.signer().sign(unsigned)))
    assert verified.algorithms.signature == "ECDSA-SHA256"


def test_a_signature_inside_the_units_part_is_found(facility: Issued, unsigned: bytes) -> None:
    moved = replaced(replaced(unsigned, "<CHUKYDONVI/>", ""), "</MACSKCB>", "</MACSKCB><CHUKYDONVI/>")
    assert xmldsig.verify(etree.fromstring(facility.signer().sign(moved))).covered.whole


def test_a_missing_place_for_the_signature_is_made_at_the_end(facility: Issued, unsigned: bytes) -> None:
    document = facility.signer().sign(replaced(unsigned, "<CHUKYDONVI/>", ""))
    assert etree.fromstring(document)[-1].tag == "CHUKYDONVI"
    assert xmldsig.verify(etree.fromstring(document)).covered.whole


def test_a_check_in_file_is_covered_by_its_list(facility: Issued) -> None:
    document = sign(
        b"<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB><TRANG_THAI_KCB/></DSACH_TRANG_THAI_KCB>"
        b"<CHUKYDONVI/></CHI_TIEU_TRANG_THAI_KCB>",
        facility.key,
        facility.certificate,
    )
    root = etree.fromstring(document)
    assert xmldsig.verify(root).covered.covers(root[0][0])


def test_a_part_signed_by_its_id_is_covered_and_the_rest_is_not(facility: Issued) -> None:
    root = etree.fromstring(
        facility.signer().sign(
            b'<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB Id="l"><A/></DSACH_TRANG_THAI_KCB><B/>'
            b"<CHUKYDONVI/></CHI_TIEU_TRANG_THAI_KCB>",
            reference_id="l",
        )
    )
    covered = xmldsig.verify(root).covered
    assert covered.parts() == ("DSACH_TRANG_THAI_KCB",)
    assert covered.covers(root[0][0])
    assert not covered.covers(root.find("B"))
    assert not covered.covers(root)


def test_the_signature_is_not_covered_by_itself(signed: bytes) -> None:
    root = etree.fromstring(signed)
    covered = xmldsig.verify(root).covered
    assert covered.covers(root.find("THONGTINHOSO/NGAYLAP"))
    assert not covered.covers(root.find(f"CHUKYDONVI/{D}Signature/{D}KeyInfo"))
    assert not covered.covers(etree.fromstring(signed).find("THONGTINHOSO"))


def test_a_document_of_unknown_root_must_be_covered_whole(facility: Issued) -> None:
    whole = b'<LUC><A Id="a">1</A><CHUKYDONVI/></LUC>'
    assert xmldsig.verify(etree.fromstring(facility.signer().sign(whole))).covered.whole
    assert code(facility.signer().sign(whole, reference_id="a")) == "YM-SIG-COVERS-TOO-LITTLE"


def test_signing_twice_is_refused(facility: Issued, signed: bytes, unsigned: bytes) -> None:
    assert is_signed(signed)
    assert not is_signed(unsigned)
    with pytest.raises(SignedAlready):
        facility.signer().sign(signed)
    with pytest.raises(NotADossier):
        facility.signer().sign(b"not xml")


def test_missing_signature_is_refused(unsigned: bytes) -> None:
    assert code(unsigned) == "YM-SIG-MISSING"
    assert code(replaced(unsigned, "<CHUKYDONVI/>", "")) == "YM-SIG-MISSING"


def test_changed_content_is_refused(signed: bytes) -> None:
    assert code(replaced(signed, "<MACSKCB>99001<", "<MACSKCB>99002<")) == "YM-SIG-BROKEN"


def test_another_certificate_in_the_same_place_is_refused(
    authority: DemoAuthority, signed: bytes, facility: Issued
) -> None:
    other = authority.issue_facility("0100109108", "Khác", key=new_key())
    root = etree.fromstring(signed)
    root.find(f".//{D}X509Certificate").text = etree.fromstring(other.signer().sign(b"<A/>")).findtext(
        f".//{D}X509Certificate"
    )
    assert code(etree.tostring(root)) == "YM-SIG-BROKEN"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1", "YM-SIG-WEAK"),
        ("2001/04/xmldsig-more#rsa-sha256", "2001/04/xmldsig-more#hmac-sha256", "YM-SIG-WEAK"),
        ("2001/04/xmldsig-more#rsa-sha256", "2001/04/xmldsig-more#rsa-md5", "YM-SIG-WEAK"),
        ("2001/04/xmldsig-more#rsa-sha256", "2001/04/xmldsig-more#ecdsa-sha256", "YM-SIG-MALFORMED"),
        ("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1", "YM-SIG-WEAK"),
        ("2000/09/xmldsig#enveloped-signature", "TR/1999/REC-xslt-19991116", "YM-SIG-NOT-ALLOWED"),
        ("2000/09/xmldsig#enveloped-signature", "TR/1999/REC-xpath-19991116", "YM-SIG-NOT-ALLOWED"),
        ("2000/09/xmldsig#enveloped-signature", "2000/09/xmldsig#base64", "YM-SIG-NOT-ALLOWED"),
    ],
)
def test_weak_and_dangerous_algorithms_are_refused(signed: bytes, old: str, new: str, expected: str) -> None:
    assert code(replaced(signed, old, new)) == expected


@pytest.mark.parametrize("uri", ["file:///etc/passwd", "http://127.0.0.1/", "#xpointer(/)", "other.xml", "#a b"])
def test_outside_references_are_refused(signed: bytes, uri: str) -> None:
    assert code(replaced(signed, 'URI=""', f'URI="{uri}"')) == "YM-SIG-NOT-ALLOWED"


def test_a_reference_without_address_is_malformed(signed: bytes) -> None:
    assert code(replaced(signed, ' URI=""', "")) == "YM-SIG-MALFORMED"


def test_a_manifest_is_refused(signed: bytes) -> None:
    hidden = '<Object><Manifest><Reference URI="file:///etc/passwd"/></Manifest></Object></Signature>'
    assert code(replaced(signed, "</Signature>", hidden)) == "YM-SIG-NOT-ALLOWED"


def test_a_signature_without_certificate_is_refused(signed: bytes) -> None:
    for start, end in (("<X509Data>", "</X509Data>"), ("<KeyInfo>", "</KeyInfo>")):
        text = signed.decode()
        cut = text[: text.index(start)] + text[text.index(end) + len(end) :]
        assert code(cut.encode()) == "YM-SIG-NO-CERTIFICATE"


def test_an_unreadable_certificate_is_refused(signed: bytes) -> None:
    assert code(replaced(signed, "<X509Certificate>", "<X509Certificate>AAAA")) == "YM-CRT-MALFORMED"


def test_missing_parts_are_malformed(signed: bytes) -> None:
    for tag in ("SignedInfo", "SignatureValue", "DigestValue", "SignatureMethod"):
        root = etree.fromstring(signed)
        node = root.find(f".//{D}{tag}")
        node.getparent().remove(node)
        assert code(etree.tostring(root)) == "YM-SIG-MALFORMED", tag


def test_too_many_references_and_transforms_are_refused(signed: bytes) -> None:
    text = signed.decode()
    reference = text[text.index("<Reference ") : text.index("</Reference>") + 12]
    assert code(replaced(signed, reference, reference * 5)) == "YM-SIG-TOO-COMPLEX"
    extra = '<Transform Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>' * 3
    assert code(replaced(signed, "</Transforms>", extra + "</Transforms>")) == "YM-SIG-TOO-COMPLEX"


def test_every_refusal_has_both_sentences_and_says_what_to_do() -> None:
    from ymach.trust.findings import KINDS

    assert len({kind.code for kind in KINDS}) == len(KINDS) > 30
    for kind in KINDS:
        assert kind.text.vi
        assert kind.text.en
        assert kind.action.vi
        assert "!" not in kind.text.vi + kind.action.vi


def test_typed_numbers_are_read_in_any_order_and_case() -> None:
    from ymach.trust.subject import UID_OID, identity

    values = [(UID_OID, "cccd : 079204001234"), (x509.NameOID.COMMON_NAME, "A"), (UID_OID, "MST:0100109106-001")]
    values += [(UID_OID, "MNS:1057777"), (UID_OID, "CMND: 012345678"), (UID_OID, "0100109106")]
    found = identity(x509.Name([x509.NameAttribute(oid, value) for oid, value in values]))
    assert found.citizen_numbers == ("079204001234",)
    assert found.tax_codes == ("0100109106-001",)
    assert found.budget_codes == ("1057777",)
    assert found.old_citizen_numbers == ("012345678",)
    assert found.common_name == "A"


@pytest.mark.parametrize("method", sorted(SIGNATURES))
def test_every_allowed_signature_algorithm_is_taken(
    authority: DemoAuthority, unsigned: bytes, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key("EC") if "ecdsa" in method else None
    signer = authority.issue_facility("0100109109", "Mẫu", key=key).signer()
    monkeypatch.setattr(signer, "_method", method)
    verified = xmldsig.verify(etree.fromstring(signer.sign(unsigned)))
    assert verified.algorithms.signature == SIGNATURES[method]


def test_many_threads_verify_with_one_key(signed: bytes, facility: Issued) -> None:
    broken = signed.replace(b"99001", b"99002", 1)

    def good(number: int) -> bool:
        try:
            xmldsig.verify(etree.fromstring(broken if number % 3 == 0 else signed))
        except SignatureRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(good, range(300))) == [number % 3 != 0 for number in range(300)]


def test_a_root_in_the_bundle_is_never_taken_for_the_signer(authority: DemoAuthority, facility: Issued) -> None:
    signer = xmldsig.Signer(facility.key, facility.certificate, [authority.root])
    root = etree.fromstring(signer.sign(b"<A/>"))
    holder = root.find(f".//{D}X509Data")
    holder.insert(0, holder[1])
    assert xmldsig.verify(root).certificate == facility.certificate
