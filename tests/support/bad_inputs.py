"""The list of bad inputs: what is sent, and with which status and code it must come back. Data of tests/hostile."""

from __future__ import annotations

import copy
import dataclasses
import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from lxml import etree

from tests.support.factories import BY, make_licence, make_registration
from tests.support.hostile import Edit, envelope, with_code, with_values
from tests.support.intake import AT, AUTHORS, TAX_CODES, Desk, authority, example, open_desk
from ymach.base.periods import Period
from ymach.facilities.actions import end_certificate
from ymach.facilities.models import FacilityCertificate
from ymach.trust import queries as trust_queries
from ymach.trust.actions import load_revocation_list
from ymach.trust.demo_ca import Issued, KeyPool, foreign_authority, new_key

DS = "{http://www.w3.org/2000/09/xmldsig#}"
PRESCRIBER = "0099901/BYT-CCHN"
OTHER_AUTHORS = tuple(one for one in AUTHORS if one != PRESCRIBER)
Sent = tuple[Desk, bytes]
Make = Callable[[Desk], Sent]
"""Given a desk of 99001: from where it is sent (perhaps another desk), and what."""


@dataclass(frozen=True)
class Refusal:
    """Something that must be refused, leaving nothing behind but the recorded refusal."""

    name: str
    make: Make
    status: int
    code: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """Something that is taken, with a finding and the outcome that follows from it for each record."""

    name: str
    make: Make
    code: str
    visit: str
    prescription: str


def raw(content: bytes) -> Make:
    """Bytes as they are."""
    return lambda desk: (desk, content)


def large(make: Callable[[], bytes]) -> Make:
    """Bytes as they are, made when they are sent."""
    return lambda desk: (desk, make())


def signed(content: bytes) -> Make:
    """Content signed by the facility, as it should be."""

    return lambda desk: (desk, desk.sign(content))


def changed_after(edit: Edit) -> Make:
    """The outpatient dossier, changed after it was signed."""

    def make(desk: Desk) -> Sent:
        root = etree.fromstring(desk.sign(example("01-outpatient.xml")))
        edit(root)
        return desk, bytes(etree.tostring(root))

    return make


def by(issue: Callable[[], Issued]) -> Make:
    """The outpatient dossier, signed with a certificate of its own making."""

    def make(desk: Desk) -> Sent:
        issued = issue()
        ca, later = authority(), AT + timedelta(minutes=1)
        load_revocation_list(content=ca.crl(at=later), issuer=ca.issuing, by=BY, at=later)  # with what was just revoked
        # The store keeps what it read by its version, and a version that was rolled back comes again.
        trust_queries._kept.clear()
        return desk, issued.signer().sign(example("01-outpatient.xml"))

    return make


def by_author(title: str = "a", *, content: bytes = b"", registered: bool = True, **wrong: Any) -> Make:
    """The outpatient dossier whose prescriber is as told; the desk is one of OTHER_AUTHORS."""

    def make(desk: Desk) -> Sent:
        licence = make_licence(PRESCRIBER, title=title, **({"valid": Period(date(2020, 1, 1), None)} | wrong))
        if registered:
            make_registration(licence, desk.facility)
        return desk, desk.sign(content or example("01-outpatient.xml"))

    return make


def own(name: str = "Cơ sở 99001", **details: Any) -> Issued:
    return authority().issue_facility(TAX_CODES["99001"], name, **details)


def remove(path: str) -> Edit:
    def edit(root: Any) -> None:
        node = root.find(path)
        node.getparent().remove(node)

    return edit


def put(path: str, text: str) -> Edit:
    def edit(root: Any) -> None:
        root.find(path).text = text

    return edit


def repeat(path: str) -> Edit:
    def edit(root: Any) -> None:
        node = root.find(path)
        node.addnext(copy.deepcopy(node))

    return edit


def only(*names: str) -> bytes:
    """The outpatient dossier with these tables alone."""

    def edit(root: Any) -> None:
        for file in list(root.iter("FILEHOSO")):
            if file.findtext("LOAIHOSO") not in names:
                file.getparent().remove(file)

    return envelope(edit)


def _covers_too_little(desk: Desk) -> Sent:
    root = etree.fromstring(example("01-outpatient.xml"))
    root.find("THONGTINHOSO").set("Id", "part")
    return desk, desk.issued.signer().sign(root, reference_id="part")


def _wrapped(root: Any) -> None:
    second = copy.deepcopy(root.find("THONGTINHOSO"))
    second.find(".//NOIDUNGFILE").text = "PGEvPg=="
    root.insert(0, second)


def _weak_key() -> Issued:
    return own(key=new_key(bits=1024))


def _sha1(root: Any) -> None:
    root.find(f".//{DS}SignatureMethod").set("Algorithm", "http://www.w3.org/2000/09/xmldsig#rsa-sha1")


def _unknown_authority() -> Issued:
    return foreign_authority(at=AT, keys=KeyPool(1)).issue_facility(TAX_CODES["99001"], "Cơ sở 99001")


def _foreign_root() -> Issued:
    """A certificate that brings the whole chain up to a root nobody here trusts."""
    ca = foreign_authority(at=AT, keys=KeyPool(1))
    issued = ca.issue_facility(TAX_CODES["99001"], "Cơ sở 99001")
    return dataclasses.replace(issued, chain=(*issued.chain, ca.root))


def _of_other(desk: Desk) -> Sent:
    other = open_desk("99002", authors=())
    return desk, other.sign(example("01-outpatient.xml"))


def _ended(desk: Desk) -> Sent:
    bound = FacilityCertificate.objects.get(fingerprint=desk.issued.certificate.fingerprint)
    end_certificate(certificate=bound, reason="lost", by=BY, at=AT)
    return desk, desk.sign(example("01-outpatient.xml"))


def _unlicensed(_desk: Desk) -> Sent:
    desk = open_desk("99002", licensed=False)
    return desk, desk.sign(example("02-inpatient-referral.xml"))


def _signature_of_another_file(desk: Desk) -> Sent:
    """The signature of one file put into another of the same facility."""
    donor = etree.fromstring(desk.sign(example("01-outpatient.xml")))
    root = etree.fromstring(with_code("OTHER"))
    place = root.find(".//CHUKYDONVI")
    holder = etree.SubElement(root, "CHUKYDONVI") if place is None else place
    holder.append(donor.find(f".//{DS}Signature"))
    return desk, bytes(etree.tostring(root))


def _two_codes(root: Any) -> None:
    listed = root.find("THONGTINHOSO/DANHSACHHOSO")
    listed.append(copy.deepcopy(listed[0]))
    root.find("THONGTINHOSO/SOLUONGHOSO").text = "2"


def _check_in_as_dossier() -> bytes:
    """The rows of a check-in notice inside GIAMDINHHS, where no table is."""
    root = etree.fromstring(example("01-outpatient.xml"))
    hoso = root.find("THONGTINHOSO/DANHSACHHOSO/HOSO")
    for file in list(hoso):
        hoso.remove(file)
    hoso.append(etree.fromstring(example("00-checkin-XML0.xml")).find(".//TRANG_THAI_KCB"))
    return bytes(etree.tostring(root))


def _dossier_as_check_in() -> bytes:
    """A whole GIAMDINHHS inside a check-in notice."""
    root = etree.fromstring(example("00-checkin-XML0.xml"))
    row = root.find("DSACH_TRANG_THAI_KCB/TRANG_THAI_KCB")
    row.getparent().replace(row, etree.fromstring(example("01-outpatient.xml")))
    return bytes(etree.tostring(root))


def _gzip_bomb() -> bytes:
    return gzip.compress(bytes(101 * 2**20), 1)


_TABLE = "THONGTINHOSO/DANHSACHHOSO/HOSO/FILEHOSO/NOIDUNGFILE"
_TABLE_2 = "THONGTINHOSO/DANHSACHHOSO/HOSO/FILEHOSO[2]/NOIDUNGFILE"
_BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><GIAMDINHHS>&c;</GIAMDINHHS>'
_FUTURE = with_values({"NGAY_VAO": "209901010800", "NGAY_RA": "209901010900"})
_BACKWARDS = with_values({"NGAY_VAO": "202611100900", "NGAY_RA": "202611100800"})

REFUSALS = (
    Refusal("nothing", raw(b"  \n"), 400, "YM-RCV-EMPTY"),
    Refusal("not XML", raw(b"PK\x03\x04 zip"), 400, "YM-XML-NOT-XML"),
    Refusal("HTML", raw(b"<!doctype html><p>x"), 400, "YM-XML-NOT-XML"),
    Refusal("JSON", raw(b'{"a": 1}'), 422, "YM-FHIR-UNSIGNED"),
    Refusal("NUL", raw(b"<GIAMDINHHS>\x00</GIAMDINHHS>"), 400, "YM-XML-ENCODING"),
    Refusal("foreign encoding", raw(b'<?xml version="1.0" encoding="ebcdic-cp-us"?><a/>'), 400, "YM-XML-ENCODING"),
    Refusal("DTD", raw(b"<!DOCTYPE a><GIAMDINHHS/>"), 400, "YM-XML-DTD"),
    Refusal("outside entity", raw(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'), 400, "YM-XML-DTD"),
    Refusal("entity bomb", raw(_BOMB), 400, "YM-XML-ENTITY"),
    Refusal("undeclared entity", raw(b"<a>&xxe;</a>"), 400, "YM-XML-ENTITY"),
    Refusal("too deep", raw(b"<a>" * 40 + b"</a>" * 40), 400, "YM-XML-TOO-DEEP"),
    Refusal("far too deep", raw(b"<a>" * 9000), 400, "YM-XML-TOO-DEEP"),
    Refusal("too long a text", large(lambda: b"<a>" + b"x" * 10_000_001 + b"</a>"), 413, "YM-XML-TOO-BIG"),
    Refusal("too many elements", large(lambda: b"<a>" + b"<b/>" * 500_001 + b"</a>"), 400, "YM-XML-TOO-MANY"),
    Refusal(
        "gzip within gzip",
        raw(gzip.compress(gzip.compress(b"<a/>"))),
        400,
        "YM-XML-ENCODING",
        {"Content-Encoding": "gzip"},
    ),
    Refusal(
        "gzip bomb",
        large(lambda: gzip.compress(bytes(101 * 2**20), 1)),
        413,
        "YM-RCV-TOO-BIG",
        {"Content-Encoding": "gzip"},
    ),
    Refusal(
        "truncated gzip", raw(gzip.compress(bytes(999))[:-9]), 400, "YM-RCV-COMPRESSION", {"Content-Encoding": "gzip"}
    ),
    Refusal("another root", signed(b"<HOSO><CHUKYDONVI/></HOSO>"), 400, "YM-ENV-ROOT"),
    Refusal("no unit", signed(envelope(remove("THONGTINDONVI"))), 422, "YM-ENV-FACILITY"),
    Refusal("no facility", signed(envelope(remove("THONGTINDONVI/MACSKCB"))), 422, "YM-ENV-FACILITY"),
    Refusal("no dossier", signed(envelope(remove("THONGTINHOSO/DANHSACHHOSO/HOSO"))), 422, "YM-ENV-EMPTY"),
    Refusal("no list", signed(envelope(remove("THONGTINHOSO"))), 422, "YM-ENV-EMPTY"),
    Refusal("unknown facility", signed(envelope(put("THONGTINDONVI/MACSKCB", "98765"))), 403, "YM-SND-NOT-YOURS"),
    Refusal("undecodable table", signed(envelope(put(_TABLE_2, "@@@"))), 422, "YM-ENV-TABLE-UNDECODABLE"),
    Refusal("undecodable visit", signed(envelope(put(_TABLE, "@@@"))), 422, "YM-FMT-NOTHING-READABLE"),
    Refusal("no visit", signed(only("XML3")), 422, "YM-FMT-NOTHING-READABLE"),
    Refusal("one dossier twice", signed(envelope(_two_codes)), 422, "YM-ENV-DOSSIER-TWICE"),
    Refusal("check-in inside a dossier", signed(_check_in_as_dossier()), 422, "YM-FMT-NOTHING-READABLE"),
    Refusal("dossier inside a check-in", signed(_dossier_as_check_in()), 422, "YM-ENV-EMPTY"),
    Refusal(
        "a table twice", signed(envelope(repeat("THONGTINHOSO/DANHSACHHOSO/HOSO/FILEHOSO"))), 422, "YM-ENV-TABLE-TWICE"
    ),
    Refusal("unsigned", raw(example("01-outpatient.xml")), 422, "YM-SIG-MISSING"),
    Refusal("changed after signing", changed_after(put("THONGTINHOSO/NGAYLAP", "20261111")), 422, "YM-SIG-BROKEN"),
    Refusal("signature of another file", _signature_of_another_file, 422, "YM-SIG-BROKEN"),
    Refusal("covers too little", _covers_too_little, 422, "YM-SIG-COVERS-TOO-LITTLE"),
    Refusal("wrapped", changed_after(_wrapped), 422, "YM-SIG-WRAPPED"),
    Refusal("weak algorithm", changed_after(_sha1), 422, "YM-SIG-WEAK"),
    Refusal("weak key", by(_weak_key), 422, "YM-CRT-WEAK-KEY"),
    Refusal("no certificate", changed_after(remove(f".//{DS}KeyInfo")), 422, "YM-SIG-NO-CERTIFICATE"),
    Refusal("expired", by(lambda: authority().issue_expired(TAX_CODES["99001"], "X")), 422, "YM-CRT-EXPIRED"),
    Refusal("not yet valid", by(lambda: authority().issue_not_yet(TAX_CODES["99001"], "X")), 422, "YM-CRT-NOT-YET"),
    Refusal("revoked", by(lambda: authority().issue_revoked(TAX_CODES["99001"], "X")), 422, "YM-CRT-REVOKED"),
    Refusal("foreign authority", by(_foreign_root), 422, "YM-CRT-FOREIGN"),
    Refusal("unknown authority", by(_unknown_authority), 422, "YM-CRT-UNKNOWN"),
    Refusal("certificate of another facility", _of_other, 403, "YM-SND-CERTIFICATE-OF-OTHER"),
    Refusal("certificate ended", _ended, 403, "YM-SND-CERTIFICATE-ENDED"),
    Refusal("unlicensed facility", _unlicensed, 422, "YM-STA-FACILITY-UNLICENSED"),
    Refusal("visit in the future", signed(_FUTURE), 422, "YM-TIM-FUTURE"),
    Refusal("ended before it began", signed(_BACKWARDS), 422, "YM-TIM-IMPOSSIBLE"),
    Refusal("born after the visit", signed(with_values({"NGAY_SINH": "202612010000"})), 422, "YM-TIM-BORN-AFTER-VISIT"),
)

_JUNE = Period(date(2026, 6, 1), date(2026, 12, 1))
FINDINGS = "accepted_with_findings"
FAULTS = (
    Fault("unknown author", signed(example("01-outpatient.xml")), "YM-STA-AUTHOR-UNKNOWN", "held", "rejected"),
    Fault("suspended author", by_author(suspended=_JUNE), "YM-STA-AUTHOR-SUSPENDED", "held", "rejected"),
    Fault("revoked author", by_author(revoked=date(2026, 6, 1)), "YM-STA-AUTHOR-REVOKED", "held", "rejected"),
    Fault(
        "author out of scope",
        by_author("c", scopes=("XII",)),
        "YM-STA-AUTHOR-OUT-OF-SCOPE",
        FINDINGS,
        FINDINGS,
    ),
    Fault(
        "unregistered author",
        by_author(registered=False),
        "YM-STA-AUTHOR-NOT-REGISTERED",
        FINDINGS,
        FINDINGS,
    ),
    Fault("wrong code", by_author(content=with_values({"GIOI_TINH": "9"})), "YM-COD-UNKNOWN", FINDINGS, FINDINGS),
    Fault("wrong number", by_author(content=with_values({"CAN_NANG": "1e400"})), "YM-FMT-NUMBER", FINDINGS, FINDINGS),
)
