"""Lists: what is read from a file or a paste, what is refused, and the verdict of each line."""

import io
import zipfile
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from tests.support.factories import AT, BY, make_licence, make_practitioner

from ymach.base.actors import command
from ymach.base.errors import NotFound
from ymach.base.periods import Period
from ymach.publication.lists import ListEmpty, ListRefused, ListTooBig, ListWithFormulas, read_file, read_text
from ymach.publication.many import MOST_LINES, Line, Result, keep_list, kept_list, lists_of, verdicts_of
from ymach.publication.models import CheckList

ON = date(2026, 6, 1)
EXPECTED = [Line("000123/HCM-GPHN", "Trần Minh Đức"), Line("0001234/BYT-CCHN", "Lê Thị Hoa")]


def workbook(*rows: list[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "000123/HCM-GPHN, Trần Minh Đức\n0001234/BYT-CCHN, Lê Thị Hoa",
        "Trần Minh Đức\t000123/HCM-GPHN\n\nLê Thị Hoa\t0001234/BYT-CCHN\n",
        "STT;Họ tên;Số giấy phép\n1;Trần Minh Đức;000123/HCM-GPHN\n2;Lê Thị Hoa;0001234/BYT-CCHN",
    ],
)
def test_number_and_name_are_told_apart_in_any_order_of_columns(text: str) -> None:
    assert read_text(text) == EXPECTED
    assert read_file(text.encode("utf-8-sig")) == EXPECTED


def test_a_workbook_is_read() -> None:
    rows: list[list[object]] = [["STT", "Họ tên", "Số GPHN"], [1, "Trần Minh Đức", "000123/HCM-GPHN"]]
    assert read_file(workbook(*rows, [2, "Lê Thị Hoa", "0001234/BYT-CCHN"])) == EXPECTED


def test_a_workbook_with_a_formula_is_refused_and_names_the_cell() -> None:
    with pytest.raises(ListWithFormulas) as refused:
        read_file(workbook(["000123/HCM-GPHN", "=1+1"]))
    assert "B1" in refused.value.text.vi


def test_an_archive_that_unpacks_to_far_more_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * 1024 * 1024))
    with pytest.raises(ListTooBig):
        read_file(out.getvalue())


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"PK\x03\x04 no archive", ListRefused),
        (b"\xff\xfe0\x000\x00", ListRefused),
        (b"a\x00b", ListRefused),
        (b"chi co chu, khong co so", ListEmpty),
        (b"", ListEmpty),
        (b"000123/HCM-GPHN\n" * (MOST_LINES + 1), ListTooBig),
        (b"0" * (3 * 1024 * 1024), ListTooBig),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(content: bytes, error: type[ListRefused]) -> None:
    with pytest.raises(error):
        read_file(content)


def test_entities_in_a_workbook_are_not_followed() -> None:
    whole, out = zipfile.ZipFile(io.BytesIO(workbook(["000123/HCM-GPHN"]))), io.BytesIO()
    bomb = b'<!DOCTYPE workbook [<!ENTITY a "aaaa">]>'
    with zipfile.ZipFile(out, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            archive.writestr(name, bomb + content if name == "xl/workbook.xml" else content)
    with pytest.raises(ListRefused):
        read_file(out.getvalue())


def test_a_workbook_damaged_on_its_way_is_refused() -> None:
    content = bytearray(workbook(["000123/HCM-GPHN"]))
    start = content.index(b"PK\x03\x04", 1) + 60
    content[start : start + 40] = b"\xff" * 40
    with pytest.raises(ListRefused):
        read_file(bytes(content))


@given(content=st.binary(max_size=300))
def test_no_bytes_are_an_error_of_ours(content: bytes) -> None:
    try:
        read_file(content)
    except ListRefused:
        return


@pytest.mark.django_db
def test_each_line_has_its_verdict() -> None:
    make_licence("000123/HCM-GPHN", practitioner=make_practitioner("Trần Minh Đức"))
    make_licence("000124/HCM-GPHN", suspended=Period(date(2026, 5, 1), date(2026, 8, 1)))
    part = Period(date(2026, 5, 1), date(2026, 8, 1))
    make_licence("000125/HCM-GPHN", suspended=part, suspended_scopes=("V",))
    lines = [
        Line("000123/hcm-gphn", "tran minh duc"),
        Line("000123/HCM-GPHN", "Trần Minh Đúc"),
        Line("000124/HCM-GPHN"),
        Line("000125/HCM-GPHN"),
        Line("999999/HCM-GPHN"),
        Line("", "Ai"),
    ]
    assert [one.result for one in verdicts_of(lines, on=ON)] == [
        Result.IN_ORDER,
        Result.OTHER_NAME,
        Result.STOPPED,
        Result.IN_PART,
        Result.UNKNOWN,
        Result.BLANK,
    ]


@pytest.mark.django_db
def test_a_list_is_kept_for_its_asker_alone_and_for_a_month() -> None:
    key = keep_list(EXPECTED, by=BY, at=AT)
    assert kept_list(key, by=BY) == (EXPECTED, AT)
    for other, wanted in ((command("other"), key), (BY, uuid4())):
        with pytest.raises(NotFound):
            kept_list(wanted, by=other)
    keep_list(EXPECTED, by=BY, at=AT + timedelta(days=31))
    assert not CheckList.objects.filter(id=key).exists()
    assert len(lists_of(BY)) == 1
