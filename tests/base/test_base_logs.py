"""Lines of the log tell what happened and never anybody's number."""

import json
import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.ids import new_id
from ymach.base.logs import FIELDS, REQUEST, JsonLines, Lines, request_id, without_numbers

DIGITS = st.text("0123456789", min_size=9, max_size=15)
AROUND = st.text(st.characters(codec="utf-8", exclude_categories=("Nd", "Cs")), max_size=20)


def line(form: logging.Formatter, message: str, **extra: object) -> str:
    record = logging.LogRecord("ymach.test", logging.INFO, "x.py", 1, message, (), None)
    record.__dict__.update(extra)
    return form.format(record)


@given(AROUND, DIGITS, AROUND)
def test_no_run_of_nine_digits_or_more_comes_through(before: str, number: str, after: str) -> None:
    for told in (without_numbers(before + number + after), line(JsonLines(), before + number + after)):
        assert number not in told
        assert not re.search(r"[0-9]{9}", told)


@pytest.mark.parametrize(
    "number",
    [
        "HT4790123456789",
        "ht 4 79 01 2345 6789",
        "HT-4-79-0123456789",
        "079 204 001 234",
        "079.204.001.234",
        "0912 345 678",
        "0912.345.678",
    ],
)
def test_numbers_as_people_write_them_are_hidden(number: str) -> None:
    assert without_numbers(f"card {number} refused").count("•") == 3
    assert not set(re.findall(r"[0-9]{3,}", without_numbers(f"card {number} refused")))


@given(st.uuids())
def test_our_own_ids_stay_readable(key: object) -> None:
    assert without_numbers(f"submission:{key} stored") == f"submission:{key} stored"


def test_a_trace_is_without_numbers_too() -> None:
    try:
        int("079204001234?")
    except ValueError as error:
        record = logging.LogRecord(
            "ymach", logging.ERROR, "x.py", 1, "failed", (), (ValueError, error, error.__traceback__)
        )
    for form in (JsonLines(), Lines()):
        told = form.format(record)
        assert "ValueError" in told
        assert "079204001234" not in told


def test_a_line_of_a_request_is_one_object_with_its_id() -> None:
    token = REQUEST.set("0190-abc-def")
    said = json.loads(line(JsonLines(), "answered\nnext", method="GET", route="status", status=200, ms=3.2))
    REQUEST.reset(token)
    assert {name: said[name] for name in FIELDS} == {"method": "GET", "route": "status", "status": 200, "ms": 3.2}
    assert (said["request_id"], said["message"], said["level"]) == ("0190-abc-def", "answered\nnext", "INFO")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", said["time"])


@pytest.mark.parametrize(
    "given", ["", "short", "a b c d e f g", "x" * 65, "né-0190-abcdef", "citizen-079204001234", "a\nb-0190-abcdef"]
)
def test_an_id_that_is_not_plain_or_holds_a_number_is_replaced(given: str) -> None:
    assert request_id(given) != given
    assert len(request_id(given)) == 36


def test_an_id_of_the_senders_own_is_kept() -> None:
    for own in ("his-2026-11-23-a17", str(new_id())):
        assert request_id(own) == own
