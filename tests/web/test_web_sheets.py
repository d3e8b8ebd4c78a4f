"""Tables as files."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.text import Text
from ymach.web.sheets import LIMIT, Sheet, address_of, page_or_sheet, written


def _never() -> dict[str, object]:
    raise AssertionError("the page is not made when the file is asked for")


def _file(rf: RequestFactory, sheet: Sheet, path: str = "/?format=csv") -> HttpResponse:
    request: HttpRequest = rf.get(path)
    return page_or_sheet(request, "no-such-page.html", _never, {"things": sheet})


def test_a_file_begins_with_the_mark_that_tells_utf_8(rf: RequestFactory) -> None:
    answer = _file(rf, Sheet([Text("Tên", "Name")], lambda: [["Nguyễn Thị Hạnh"]]))
    assert answer.content == "\ufeffTên\r\nNguyễn Thị Hạnh\r\n".encode()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="ymach-things.csv"'


def test_a_file_ends_after_its_greatest_number_of_lines(rf: RequestFactory) -> None:
    taken = []

    def without_end() -> Iterator[list[int]]:
        while True:
            taken.append(1)
            yield [1]

    answer = _file(rf, Sheet(["n"], without_end))
    assert answer.content.count(b"\r\n") == LIMIT + 1
    assert len(taken) == LIMIT


def test_a_table_that_the_page_does_not_have_is_answered_with_the_first(rf: RequestFactory) -> None:
    assert b"n" in _file(rf, Sheet(["n"], list), "/?format=csv&table=others").content


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " ="])
def test_text_that_a_sheet_would_calculate_is_kept_text(start: str) -> None:
    assert written(f"{start}1+1").startswith("'")


@given(st.text())
def test_no_text_begins_with_a_sign_of_calculation(text: str) -> None:
    assert not written(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1284906, "1284906"),
        (-5, "-5"),
        (Decimal("12.50"), "12.50"),
        (date(2026, 11, 20), "2026-11-20"),
        (datetime(2026, 11, 20, 17, 30, tzinfo=UTC), "2026-11-21 00:30:00"),
        (Text("có", "yes"), "có"),
        (None, ""),
    ],
)
def test_a_cell_is_written_without_separators_in_the_time_of_viet_nam(cell: object, text: str) -> None:
    assert written(cell) == text


def test_the_address_of_a_file_keeps_the_filters_and_forgets_the_page(rf: RequestFactory) -> None:
    address = address_of(rf.get("/?outcome=held&page=3&before=x&q=a+b"), "things")
    assert address == "?outcome=held&q=a+b&format=csv&table=things"
