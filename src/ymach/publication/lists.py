"""Reading a list that somebody uploads or pastes: CSV or Excel, which cell is the number, which the name.

A file is somebody else's: its size is bounded before and after unpacking, and a workbook with formulas is refused.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ymach.base.errors import Invalid
from ymach.base.text import Text
from ymach.publication.many import MOST_LINES, Line

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 200
MOST_COLUMNS = 30
_CELL = 200
_NUMBER = re.compile(r"\d{3,}\s*[/-]?\s*[^\W\d]|\d{4,}")


class ListRefused(Invalid):
    """The list cannot be read."""

    code = "YM-LST-FORMAT"
    sentence = Text(
        "Không đọc được danh sách. Dùng tệp CSV (UTF-8) hoặc Excel .xlsx, mỗi dòng một số giấy phép và họ tên.",
        "The list cannot be read. Use CSV (UTF-8) or Excel .xlsx, a licence number and a name in each row.",
    )


class ListTooBig(ListRefused):
    code = "YM-LST-TOO-BIG"
    sentence = Text(
        "Danh sách quá lớn: tối đa {most} dòng, tệp tối đa 2 MB. Chia thành nhiều tệp.",
        "The list is too large: at most {most} rows, a file of at most 2 MB. Split it.",
    )


class ListWithFormulas(ListRefused):
    code = "YM-LST-FORMULA"
    sentence = Text(
        "Tệp Excel có công thức ở ô {cell}. Dán lại dưới dạng giá trị rồi tải lên.",
        "The workbook has a formula in cell {cell}. Paste it as values, then upload again.",
    )


class ListEmpty(ListRefused):
    code = "YM-LST-EMPTY"
    sentence = Text(
        "Không thấy số giấy phép nào trong danh sách.",
        "There is no licence number in the list.",
    )


def read_text(text: str) -> list[Line]:
    """The lines somebody pasted: number, then name, apart by a tab, a comma or a semicolon. Raises ListRefused."""
    if len(text) > MOST_BYTES:
        raise ListTooBig(most=MOST_LINES)
    return _lines(re.split(r"[\t;,]", line) for line in text.splitlines())


def read_file(content: bytes) -> list[Line]:
    """The lines of an uploaded CSV or workbook, told apart by their first bytes. Raises ListRefused."""
    return _lines(read_rows(content))


def read_rows(content: bytes) -> list[Sequence[str]]:
    """The cells of an uploaded CSV or workbook, at most two rows more than a list may have. Raises ListRefused."""
    if len(content) > MOST_BYTES:
        raise ListTooBig(most=MOST_LINES)
    if content.startswith(b"PK"):
        return list(_workbook(content))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ListRefused from None
    if "\x00" in text:
        raise ListRefused
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        return list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=mark), MOST_LINES + 2))
    except csv.Error:
        raise ListRefused from None


def _lines(rows: Iterable[Sequence[str]]) -> list[Line]:
    filled = (cells for cells in ([cell.strip()[:_CELL] for cell in row] for row in rows) if any(cells))
    read = [_line(cells) for cells in islice(filled, MOST_LINES + 2)]
    if read and not read[0].number:
        read = read[1:]  # the heads of the columns
    if len(read) > MOST_LINES:
        raise ListTooBig(most=MOST_LINES)
    if not any(line.number for line in read):
        raise ListEmpty
    return read


def _line(cells: Sequence[str]) -> Line:
    """The cell that looks like a licence number, one with letters before one without, and the longest without digits."""
    numbers = [cell for cell in cells if _NUMBER.search(cell)]
    number = next((cell for cell in numbers if any(map(str.isalpha, cell))), numbers[0] if numbers else "")
    names = [cell for cell in cells if cell != number and not any(map(str.isdigit, cell))]
    return Line(number, max(names, key=len, default=""))


def _workbook(content: bytes) -> Iterator[list[str]]:
    # On use: half a second that the start of the site need not wait for.
    from openpyxl import load_workbook  # type: ignore[import-untyped]
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    _check_parts(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        for row in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, max_row=MOST_LINES + 2):
            yield [_cell(cell) for cell in row]
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        TypeError,
        OSError,
        SyntaxError,
    ) as wrong:
        raise ListRefused from wrong


def _cell(cell: object) -> str:
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "f" or (isinstance(value, str) and value.startswith("=")):
        raise ListWithFormulas(cell=getattr(cell, "coordinate", "—"))
    return "" if value is None else str(value).replace("\x00", "")


# What `zipfile` raises for a bad archive, a way of packing it does not know, a password, and data that is cut or wrong.
_NOT_UNPACKED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error)


def _check_parts(content: bytes) -> None:
    """What the archive announces is bounded, and what it really unpacks to as well: sizes can be written falsely."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise ListTooBig(most=MOST_LINES)
            left = MOST_UNPACKED
            for part in parts:
                with archive.open(part) as opened:
                    while chunk := opened.read(1 << 16):
                        left -= len(chunk)
                        if b"<!DOCTYPE" in chunk:  # no workbook needs one; entities are defined there
                            raise ListRefused
                        if left < 0:
                            raise ListTooBig(most=MOST_LINES)
    except _NOT_UNPACKED as wrong:
        raise ListRefused from wrong
