"""Bytes changed at random, under the signature and inside it: always an answer with a code, never an exception."""

from __future__ import annotations

import base64
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.support.intake import Desk, example

from ymach.exchange.intake.answer import Answer
from ymach.exchange.verification import verify_counters

pytestmark = pytest.mark.django_db
BOUNDED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PIECES = st.one_of(
    st.binary(max_size=3),
    st.sampled_from(
        [b"<", b">", b"&", b"&#0;", b"]]>", b"<!--", b"</", b"'", b'"', b"\x00", b"\xff", b"9" * 400, b"-", b";"]
    ),
)
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), PIECES), min_size=1, max_size=6)
"""Each: where (a share of the length), how many bytes go, what comes in their place."""
NAMES = ("01-outpatient.xml", "00-checkin-XML0.xml")


@cache
def tables() -> tuple[bytes, ...]:
    root = etree.fromstring(example("01-outpatient.xml"))
    return tuple(base64.b64decode(node.text) for node in root.iter("NOIDUNGFILE"))


def changed(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for share, gone, piece in changes:
        place = int(share * len(content))
        content = content[:place] + piece + content[place + gone :]
    return content


def is_answer(answer: Answer) -> None:
    assert answer.status in {200, 201, 400, 403, 413, 422}
    if answer.is_refusal:
        assert answer.body["code"].startswith("YM-")
        assert answer.body["detail"] != answer.body["detail_en"]
    assert answer.body["receipt"]


@BOUNDED
@given(name=st.sampled_from(NAMES), changes=CHANGES)
def test_signed_file_with_changed_bytes_has_an_answer(
    desk: Desk, name: str, changes: list[tuple[float, int, bytes]]
) -> None:
    is_answer(desk.send_one(changed(desk.sign(example(name)), changes)))


@BOUNDED
@given(place=st.integers(0, 4), changes=CHANGES)
def test_table_with_changed_bytes_signed_anew_has_an_answer(
    desk: Desk, place: int, changes: list[tuple[float, int, bytes]]
) -> None:
    root = etree.fromstring(example("01-outpatient.xml"))
    place %= len(tables())
    list(root.iter("NOIDUNGFILE"))[place].text = base64.b64encode(changed(tables()[place], changes)).decode()
    is_answer(desk.send_one(desk.sign(etree.tostring(root))))


TAGS = sorted({node.tag for table in tables() for node in etree.fromstring(table).iter() if len(node) == 0})
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40) | st.sampled_from(
    ["0", "-1", "1e9", "000000000000"]
)


@BOUNDED
@given(values=st.dictionaries(st.sampled_from(TAGS), WORDS, min_size=1, max_size=8))
def test_any_text_in_any_field_has_an_answer(desk: Desk, values: dict[str, str]) -> None:
    root = etree.fromstring(example("01-outpatient.xml"))
    for node in root.iter("NOIDUNGFILE"):
        inner = etree.fromstring(base64.b64decode(node.text))
        for tag, text in values.items():
            for found in inner.iter(tag):
                found.text = "".join(char for char in text if char not in "\ufffe\uffff")
        node.text = base64.b64encode(etree.tostring(inner)).decode()
    is_answer(desk.send_one(desk.sign(etree.tostring(root))))
    assert verify_counters().holds
