"""Signature wrapping: what is verified must be what is read."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ymach.trust import xmldsig
from ymach.trust.algorithms import DS
from ymach.trust.demo_ca import Issued
from ymach.trust.errors import SignatureRefused

D = f"{{{DS}}}"


def refused(document: bytes | Any) -> str:
    root = etree.fromstring(document) if isinstance(document, bytes) else etree.fromstring(etree.tostring(document))
    with pytest.raises(SignatureRefused) as error:
        xmldsig.verify(root)
    return error.value.code


@pytest.fixture(scope="session")
def by_id(facility: Issued, unsigned: bytes) -> bytes:
    """A dossier whose signature covers the dossier's part by Id, and not the unit's."""
    return facility.signer().sign(unsigned, reference_id="dossier")


def test_a_part_outside_the_reference_is_not_vouched_for(by_id: bytes) -> None:
    assert refused(by_id) == "YM-SIG-COVERS-TOO-LITTLE"


def test_a_second_dossier_beside_the_signed_one_is_refused(by_id: bytes, signed: bytes) -> None:
    for document in (by_id, signed):
        root = etree.fromstring(document)
        second = copy.deepcopy(root.find("THONGTINHOSO"))
        second.attrib.pop("Id")
        root.insert(0, second)
        assert refused(root) == "YM-SIG-WRAPPED"


def test_a_second_dossier_hidden_deep_is_refused(by_id: bytes) -> None:
    root = etree.fromstring(by_id)
    etree.SubElement(root.find("THONGTINDONVI"), "THONGTINHOSO")
    assert refused(root) == "YM-SIG-WRAPPED"


def test_the_signed_part_moved_into_the_signature_is_refused(by_id: bytes) -> None:
    root = etree.fromstring(by_id)
    original = root.find("THONGTINHOSO")
    forged = copy.deepcopy(original)
    forged.attrib.pop("Id")
    root.replace(original, forged)
    etree.SubElement(root.find(f"CHUKYDONVI/{D}Signature"), f"{D}Object").append(original)
    assert refused(root) == "YM-SIG-WRAPPED"


def test_the_signed_part_moved_under_another_name_is_refused(by_id: bytes) -> None:
    root = etree.fromstring(by_id)
    holder = etree.SubElement(root, "BO_SUNG")
    holder.append(root.find("THONGTINHOSO"))
    assert refused(root) == "YM-SIG-WRAPPED"


@pytest.mark.parametrize("name", ["Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id", "{urn:x}Id"])
def test_an_id_used_twice_is_refused(by_id: bytes, name: str) -> None:
    root = etree.fromstring(by_id)
    root.insert(0, etree.Element("KHAC", {name: "dossier"}))
    assert refused(etree.tostring(root)) == "YM-SIG-WRAPPED"


def test_an_id_of_a_strange_kind_is_refused(by_id: bytes) -> None:
    root = etree.fromstring(by_id)
    part = root.find("THONGTINHOSO")
    part.set("{http://www.w3.org/XML/1998/namespace}id", part.attrib.pop("Id"))
    assert refused(root) == "YM-SIG-WRAPPED"


def test_a_reference_to_nothing_is_refused(by_id: bytes) -> None:
    root = etree.fromstring(by_id)
    root.find("THONGTINHOSO").set("Id", "elsewhere")
    assert refused(root) == "YM-SIG-BROKEN"


def test_a_comment_that_splits_a_value_is_refused(signed: bytes) -> None:
    for trick in (b"990<!-- -->01", b"<!-- -->99001", b"99001<!---->"):
        assert refused(signed.replace(b"99001", trick, 1)) == "YM-SIG-WRAPPED"


def test_a_comment_between_elements_is_harmless(signed: bytes) -> None:
    document = signed.replace(b"<THONGTINDONVI", b"<!-- HIS 5.2 --><THONGTINDONVI", 1)
    assert xmldsig.verify(etree.fromstring(document)).covered.whole


def test_an_instruction_in_the_content_is_refused(signed: bytes) -> None:
    assert refused(signed.replace(b"99001", b"990<?x y?>01", 1)) == "YM-SIG-WRAPPED"


def test_a_document_with_its_own_type_is_refused(signed: bytes) -> None:
    declared = b'?>\n<!DOCTYPE GIAMDINHHS [<!ENTITY m "99001">]>'
    assert refused(signed.replace(b"?>", declared, 1)) == "YM-SIG-MALFORMED"


def test_a_dossier_in_a_foreign_namespace_is_not_the_dossier(signed: bytes) -> None:
    changed = signed.replace(b"<THONGTINHOSO ", b'<THONGTINHOSO xmlns="urn:x" ')
    assert refused(changed) == "YM-SIG-WRAPPED"
    prefixed = signed.replace(b"</GIAMDINHHS>", b'<x:THONGTINHOSO xmlns:x="urn:x"/></GIAMDINHHS>')
    assert refused(prefixed) == "YM-SIG-WRAPPED"


def test_a_signature_elsewhere_is_not_looked_at(signed: bytes) -> None:
    root = etree.fromstring(signed)
    holder = etree.SubElement(root, "KHAC")
    holder.append(root.find(f"CHUKYDONVI/{D}Signature"))
    assert refused(root) == "YM-SIG-MISSING"


def test_a_whole_signed_dossier_inside_another_root_is_refused(signed: bytes) -> None:
    inner = etree.fromstring(signed)
    outer = etree.fromstring(b"<GIAMDINHHS><THONGTINDONVI><MACSKCB>99002</MACSKCB></THONGTINDONVI></GIAMDINHHS>")
    outer.append(inner)
    outer.append(copy.deepcopy(inner.find("CHUKYDONVI")))
    assert refused(outer) == "YM-SIG-WRAPPED"


def test_the_signature_of_another_dossier_is_refused(facility: Issued, signed: bytes, unsigned: bytes) -> None:
    other = etree.fromstring(facility.signer().sign(unsigned.replace(b"20261120", b"20261121")))
    root = etree.fromstring(signed)
    root.replace(root.find("CHUKYDONVI"), other.find("CHUKYDONVI"))
    assert refused(root) == "YM-SIG-BROKEN"


def test_a_subtree_cannot_be_verified_as_a_document(signed: bytes) -> None:
    outer = etree.Element("OUTER")
    outer.append(etree.fromstring(signed))
    with pytest.raises(SignatureRefused) as error:
        xmldsig.verify(outer[0])
    assert error.value.code == "YM-SIG-MALFORMED"


def test_a_small_signature_beside_a_whole_one_vouches_for_nothing_more(signed: bytes, by_id: bytes) -> None:
    root = etree.fromstring(signed)
    place = root.find("CHUKYDONVI")
    place.append(copy.deepcopy(etree.fromstring(by_id).find(f"CHUKYDONVI/{D}Signature")))
    assert refused(root) == "YM-SIG-COVERS-TOO-LITTLE"
    for _ in range(3):
        place.append(copy.deepcopy(place[0]))
    assert refused(root) == "YM-SIG-TOO-COMPLEX"


@settings(deadline=None)
@given(data=st.data())
def test_no_changed_byte_of_the_covered_part_verifies(signed: bytes, data: st.DataObject) -> None:
    start, end = signed.index(b"<THONGTINDONVI"), signed.index(b"</THONGTINHOSO>")
    place = data.draw(st.integers(start, end - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != signed[place]))
    changed = signed[:place] + bytes([byte]) + signed[place + 1 :]
    try:
        root = etree.fromstring(changed)
    except etree.XMLSyntaxError:
        return
    if etree.tostring(root, method="c14n") == etree.tostring(etree.fromstring(signed), method="c14n"):
        return  # another spelling of the same XML, e.g. a quote or a line end
    assert refused(changed).startswith("YM-SIG-")
