"""The envelope of a submission: every shape that real senders use, and each refusal with its own code."""

from __future__ import annotations

from base64 import b64encode
from datetime import date

import pytest
from lxml import etree

from ymach.formats.safexml import parse
from ymach.formats.xml130.envelope import Envelope, EnvelopeRefused, open_envelope
from ymach.formats.xml130.read import read_dossier

VISIT = "<TONG_HOP><MA_LK>L1</MA_LK><MA_CSKCB>99001</MA_CSKCB><HO_TEN>NGUYỄN THỊ MẪU</HO_TEN></TONG_HOP>"


def coded(xml: str = VISIT) -> str:
    return b64encode(xml.encode()).decode()


def table(name: str = "XML1", content: str | None = None) -> str:
    content = coded() if content is None else content
    return f"<FILEHOSO><LOAIHOSO>{name}</LOAIHOSO><NOIDUNGFILE>{content}</NOIDUNGFILE></FILEHOSO>"


def envelope(*dossiers: str, unit: str = "<MACSKCB>99001</MACSKCB>", count: str | None = None, end: str = "") -> str:
    body = "".join(f"<HOSO>{dossier}</HOSO>" for dossier in dossiers)
    count = str(len(dossiers)) if count is None else count
    return (
        f"<GIAMDINHHS><THONGTINDONVI>{unit}</THONGTINDONVI><THONGTINHOSO><NGAYLAP>20261110</NGAYLAP>"
        f"<SOLUONGHOSO>{count}</SOLUONGHOSO><DANHSACHHOSO>{body}</DANHSACHHOSO></THONGTINHOSO>{end}</GIAMDINHHS>"
    )


def opened(xml: str) -> Envelope:
    return open_envelope(parse(xml.encode()))


def codes(found: object) -> list[str]:
    return [finding.code for finding in found]  # type: ignore[attr-defined]


def test_an_envelope_says_who_sends_when_and_how_many() -> None:
    envelope_ = opened(envelope(table(), table(), end="<CHUKYDONVI/>"))
    assert (envelope_.facility_code, envelope_.created_on, envelope_.declared_count) == ("99001", date(2026, 11, 10), 2)
    assert len(envelope_.dossiers) == 2
    assert envelope_.findings == ()
    assert not envelope_.is_check_in


@pytest.mark.parametrize(
    "content",
    [
        coded(),
        "\n  " + "\r\n  ".join(coded()[i : i + 76] for i in range(0, len(coded()), 76)) + "\n",
        VISIT,
        f"\n <!-- clear --> {VISIT}\n",
        f"<![CDATA[<?xml version='1.0' encoding='utf-8'?>{VISIT}]]>",
        coded("\ufeff" + VISIT),
        coded()[:40] + "<!-- cut -->" + coded()[40:],
    ],
    ids=["base64", "wrapped", "clear", "clear-with-comment", "cdata", "bom", "comment-in-base64"],
)
def test_a_table_may_be_base64_or_clear_xml(content: str) -> None:
    reading = read_dossier(opened(envelope(table(content=content))).dossiers[0])
    assert reading.dossier is not None
    assert reading.dossier.visit is not None
    assert reading.dossier.visit.full_name == "NGUYỄN THỊ MẪU"


@pytest.mark.parametrize(
    ("unit", "end"),
    [
        ("<MACSKCB>99001</MACSKCB>", "<CHUKYDONVI>{}</CHUKYDONVI>"),
        ("<MACSKCB>99001</MACSKCB><CHUKYDONVI>{}</CHUKYDONVI>", ""),
    ],
)
def test_the_signature_is_found_at_the_end_or_inside_the_unit(unit: str, end: str) -> None:
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'
    found = opened(envelope(table(), unit=unit.format(signature), end=end.format(signature)))
    assert len(found.signature_elements) == 1


def test_an_envelope_without_signature_place_is_opened() -> None:
    assert opened(envelope(table())).signature_elements == ()


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ("<KHAC/>", "YM-ENV-ROOT"),
        ("<GIAMDINHHS/>", "YM-ENV-FACILITY"),
        (envelope(table(), unit=""), "YM-ENV-FACILITY"),
        (envelope(table(), unit="<MACSKCB>990</MACSKCB>"), "YM-ENV-FACILITY"),
        (envelope(table(), unit="<MACSKCB>９９００１</MACSKCB>"), "YM-ENV-FACILITY"),
        (envelope(), "YM-ENV-EMPTY"),
        ("<CHI_TIEU_TRANG_THAI_KCB/>", "YM-ENV-EMPTY"),
    ],
)
def test_an_envelope_that_cannot_be_opened_is_refused_with_its_own_code(xml: str, code: str) -> None:
    with pytest.raises(EnvelopeRefused) as caught:
        opened(xml)
    assert caught.value.finding.code == code == caught.value.code
    assert caught.value.text.vi


def test_a_comment_does_not_hide_part_of_the_facility_code() -> None:
    with pytest.raises(EnvelopeRefused):
        opened(envelope(table(), unit="<MACSKCB>99001<!-- -->2</MACSKCB>"))


def test_a_wrong_count_or_day_is_a_warning_only() -> None:
    found = opened(envelope(table(), count="7").replace("20261110", "2026-11-10"))
    assert codes(found.findings) == ["YM-ENV-DATE", "YM-ENV-COUNT"]
    assert found.created_on is None
    assert len(found.dossiers) == 1


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        (table() + table("XML99"), "YM-ENV-TABLE-NAME"),
        (table() + table(""), "YM-ENV-TABLE-NAME"),
        (table() + table("XML13_QD4750"), "YM-ENV-TABLE-NAME"),
        (table() + table(), "YM-ENV-TABLE-TWICE"),
        (table() + table("XML2", "@@@"), "YM-ENV-TABLE-UNDECODABLE"),
        (table() + table("XML2", coded()[:-3]), "YM-ENV-TABLE-UNDECODABLE"),
        (table() + table("XML2", coded("<a><b></a>")), "YM-ENV-TABLE-UNDECODABLE"),
        (table() + table("XML2", coded("<!DOCTYPE a><a/>")), "YM-ENV-TABLE-UNDECODABLE"),
        (table() + table("XML2", ""), "YM-ENV-TABLE-UNDECODABLE"),
        (table() + table("XML2", "Nguyễn"), "YM-ENV-TABLE-UNDECODABLE"),
        (table() + table("XML2", coded("<KHAC/>")), "YM-FMT-TABLE-ROOT"),
    ],
)
def test_a_bad_table_is_a_finding_of_its_dossier_and_the_rest_is_read(tables: str, code: str) -> None:
    good, bad = opened(envelope(table(), tables)).dossiers
    reading = read_dossier(bad)
    assert code in codes(reading.findings)
    assert reading.has_errors
    assert reading.dossier is not None
    assert read_dossier(good).dossier == reading.dossier


def test_a_dossier_without_tables_is_a_finding_not_a_crash() -> None:
    reading = read_dossier(opened(envelope("")).dossiers[0])
    assert reading.dossier is None
    assert codes(reading.findings) == ["YM-ENV-EMPTY"]


def test_a_check_in_document_is_one_dossier_a_row() -> None:
    row = "<TRANG_THAI_KCB><MA_LK>{}</MA_LK><MA_CSKCB>99001</MA_CSKCB></TRANG_THAI_KCB>"
    rows = row.format("L<!-- x -->1") + row.format("L2")
    found = opened(
        f"<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB>{rows}</DSACH_TRANG_THAI_KCB></CHI_TIEU_TRANG_THAI_KCB>"
    )
    assert found.is_check_in
    assert found.facility_code == "99001"
    assert [read_dossier(raw).dossier.code for raw in found.dossiers] == ["L1", "L2"]  # type: ignore[union-attr]


def test_only_dossiers_that_a_signature_covers_are_taken() -> None:
    root = parse(envelope(table(), table()).encode())
    first = root.find(".//HOSO")
    found = open_envelope(root, covered=[first])
    assert (len(found.dossiers), found.uncovered) == (1, 1)
    assert len(open_envelope(root, covered=[root]).dossiers) == 2
    with pytest.raises(EnvelopeRefused) as caught:
        open_envelope(root, covered=[])
    assert caught.value.finding.code == "YM-ENV-NOT-COVERED"


def test_opening_and_reading_never_changes_the_tree() -> None:
    root = parse(envelope(table(content=VISIT), table()).encode())
    before = etree.tostring(root, method="c14n")
    for raw in open_envelope(root).dossiers:
        read_dossier(raw)
    assert etree.tostring(root, method="c14n") == before
