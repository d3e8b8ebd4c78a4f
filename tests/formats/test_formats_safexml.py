"""Strangers' XML: what is refused, with which code, and what stays exactly as sent."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ymach.formats.safexml import Limits, XmlRefused, parse, parse_content

BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>"""
)
SMALL = Limits(max_bytes=10_000, max_depth=5, max_elements=50, max_namespaces=5)


def refusal(raw: bytes, limits: Limits = SMALL) -> str:
    with pytest.raises(XmlRefused) as caught:
        parse(raw, limits)
    assert str(caught.value) == caught.value.finding.code
    return caught.value.finding.code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "YM-XML-NOT-XML"),
        (b"not xml", "YM-XML-NOT-XML"),
        (b"<a><b></a>", "YM-XML-NOT-XML"),
        (b"<a>\x00</a>" + b" " * 300, "YM-XML-ENCODING"),
        (b"<a>" + b" " * 300 + b"\x00</a>", "YM-XML-NOT-XML"),
        (b"<a>\x01</a>", "YM-XML-NOT-XML"),
        (b"<!DOCTYPE a><a/>", "YM-XML-DTD"),
        (b'<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd"><a/>', "YM-XML-DTD"),
        (BOMB, "YM-XML-ENTITY"),
        (b"<a>&boom;</a>", "YM-XML-ENTITY"),
        (b"<a>" * 6 + b"</a>" * 6, "YM-XML-TOO-DEEP"),
        (b"<a>" * 600 + b"</a>" * 600, "YM-XML-TOO-MANY"),
        (b"<a>" + b"<b/>" * 50 + b"</a>", "YM-XML-TOO-MANY"),
        (b"<a " + b" ".join(b'x%d=""' % n for n in range(60)) + b"/>", "YM-XML-TOO-MANY"),
        (b"<a " + b" ".join(b'xmlns:n%d="u"' % n for n in range(6)) + b"/>", "YM-XML-TOO-MANY"),
        (b"<a>" + b"x" * 10_000 + b"</a>", "YM-XML-TOO-BIG"),
        (b"<a>\xff</a>", "YM-XML-ENCODING"),
        ("<a>ế</a>".encode("utf-16-le"), "YM-XML-ENCODING"),
        (b'<?xml version="1.0" encoding="windows-1258"?><a/>', "YM-XML-ENCODING"),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "YM-XML-ENCODING"),
        (b'<?xml version="1.0" encoding="utf-16"?><a/>', "YM-XML-ENCODING"),
        ("<a/>".encode("utf-16"), "YM-XML-ENCODING"),
        (b"\xff\xfe<", "YM-XML-ENCODING"),
    ],
)
def test_hostile_xml_is_refused_with_its_own_code(raw: bytes, code: str) -> None:
    assert refusal(raw) == code


def test_very_deep_xml_is_refused_before_the_tree_is_walked() -> None:
    assert refusal(b"<a>" * 50_000 + b"</a>" * 50_000, Limits()) == "YM-XML-TOO-DEEP"


def test_a_doctype_hidden_in_utf16_is_refused() -> None:
    raw = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16")
    assert refusal(raw) == "YM-XML-DTD"


@pytest.mark.parametrize(
    "raw",
    [
        "<a>Nguyễn</a>".encode(),
        b"\xef\xbb\xbf" + "<a>Nguyễn</a>".encode(),
        b"\xef\xbb\xbf" + '<?xml version="1.0" encoding="UTF-8"?><a>Nguyễn</a>'.encode(),
        '<?xml version="1.0" encoding="utf-8"?>\n<a>Nguyễn</a>'.encode(),
        '<?xml version="1.0" encoding="UTF-16"?><a>Nguyễn</a>'.encode("utf-16"),
    ],
)
def test_utf8_and_declared_utf16_are_read(raw: bytes) -> None:
    assert parse(raw).text == "Nguyễn"


def test_the_tree_keeps_whitespace_comments_and_prefixes() -> None:
    raw = b'<a xmlns:p="urn:u">\n  <p:b  x="1"> \t y</p:b><!-- c -->\n</a>'
    assert etree.tostring(parse(raw), method="c14n", with_comments=True) == raw.replace(b"  x=", b" x=")


def test_content_parsing_lets_no_comment_cut_a_value() -> None:
    assert parse_content(b"<a>079<!-- x -->204<?p i?>001</a>").text == "079204001"


def test_a_large_document_within_limits_is_read() -> None:
    raw = b"<a>" + (b"<b>" + b"A" * 1_000_000 + b"</b>") * 20 + b"</a>"
    assert len(parse(raw)) == 20


@given(st.binary(max_size=300))
def test_any_bytes_are_either_parsed_or_refused(raw: bytes) -> None:
    with suppress(XmlRefused):
        assert parse(raw, SMALL) is not None
