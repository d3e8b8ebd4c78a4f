"""Reading a list of technique codes out of a file or typed text, and comparing it with the list in force. No query here."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zipfile import BadZipFile

from ymach.base.errors import Invalid
from ymach.base.text import Text
from ymach.changes.kinds.facility_techniques import codes_in
from ymach.facilities.lists import limits

LARGEST = 5 * 1024 * 1024
LARGEST_UNPACKED = 100 * 1024 * 1024
HEADS = {"ma", "mã", "code", "ma_kt", "mã kỹ thuật", "ma_dvkt", "mã dvkt", "stt"}


class ListUnreadable(Invalid):
    code = "YM-TECHNIQUE-LIST-UNREADABLE"
    sentence = Text(
        "Không đọc được tệp. Cần tệp CSV hoặc Excel (.xlsx) có cột đầu là mã kỹ thuật, tối đa 5 MB.",
        "The file cannot be read. Give CSV or Excel (.xlsx) with the codes in its first column, at most 5 MB.",
    )


class ListEmpty(Invalid):
    code = "YM-TECHNIQUE-LIST-EMPTY"
    sentence = Text("Chưa thấy mã kỹ thuật nào.", "There is no technique code.")


class CodeTooLong(Invalid):
    code = "YM-TECHNIQUE-CODE-TOO-LONG"
    sentence = Text(
        "“{value}” dài quá, không phải mã kỹ thuật. Cột đầu phải là cột mã.",
        "“{value}” is too long for a code. The first column has to hold the codes.",
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new list adds, takes out and keeps; repeated: codes the file has more than once."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    kept: int
    repeated: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return not self.added and not self.removed


def read_file(name: str, content: bytes) -> list[str]:
    """The codes of the first column of a CSV file or a workbook's first sheet. Raises ListUnreadable, CodeTooLong."""
    if len(content) > LARGEST:
        raise ListUnreadable(field="file")
    is_workbook = content.startswith(b"PK")
    return checked(_workbook(content) if is_workbook else _csv(content))


def read_text(text: str) -> list[str]:
    """The codes of typed text. Raises CodeTooLong."""
    return checked(codes_in(text))


def checked(codes: Iterable[str]) -> list[str]:
    """Codes without blanks and without a head. Raises ListEmpty, CodeTooLong, ListUnreadable for too many."""
    found = [code for one in codes if (code := one.strip()) and code.lower() not in HEADS]
    if not found:
        raise ListEmpty(field="file")
    if len(found) > limits()["techniques"]["most"] * 2:
        raise ListUnreadable(field="file")
    long = next((code for code in found if len(code) > 30), None)
    if long is not None:
        raise CodeTooLong(field="file", value=long[:40])
    return found


def compare(present: Sequence[str], wanted: Sequence[str]) -> Difference:
    """What `wanted` changes of `present`."""
    before, after = set(present), set(wanted)
    seen: set[str] = set()
    repeated = [code for code in wanted if code in seen or seen.add(code)]  # type: ignore[func-returns-value]
    return Difference(
        added=tuple(sorted(after - before)),
        removed=tuple(sorted(before - after)),
        kept=len(before & after),
        repeated=tuple(dict.fromkeys(repeated)),
    )


def _csv(content: bytes) -> Iterator[str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ListUnreadable(field="file") from None
    first = text.partition("\n")[0]
    apart = max(",;\t", key=first.count)
    try:
        yield from (row[0] for row in csv.reader(io.StringIO(text), delimiter=apart) if row)
    except csv.Error:
        raise ListUnreadable(field="file") from None


def _workbook(content: bytes) -> Iterator[str]:
    # On use: half a second that the start of the site need not wait for.
    from openpyxl import load_workbook  # type: ignore[import-untyped]
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED:
                raise ListUnreadable(field="file")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = [row[0] for row in book.worksheets[0].iter_rows(max_col=1, values_only=True)]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError):
        raise ListUnreadable(field="file") from None
    yield from (str(cell) for cell in rows if cell is not None)
