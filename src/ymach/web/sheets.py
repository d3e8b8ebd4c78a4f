"""Tables as files: what a page shows in a table can be had as CSV or as a workbook, with the same filters.

A view names its tables and hands them to `page_or_sheet`; `?format=csv` or `xlsx` (and `&table=` where a page has
more than one) answers the file instead of the page. CSV is UTF-8 with a byte order mark, so that Excel reads the
marks. Rows go to the disk as they come: a long list costs no memory, and its end is bounded.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import FileResponse
from django.shortcuts import render

from ymach.base.text import Text
from ymach.web import formatting
from ymach.web.templatetags.ymach import language

LIMIT = 5000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
IN_MEMORY = 1024 * 1024
LONGEST = 32_000  # what a cell of a workbook takes, less a little
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
EXPORT = Text("Xuất CSV", "Export CSV")
EXPORT_XLSX = Text("Xuất Excel", "Export Excel")
FORMATS = {"csv": EXPORT, "xlsx": EXPORT_XLSX}
Cell = object


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its heads and a function that gives its rows, called only when the file is asked for.

    Cells are what they are (numbers, days, moments, Text): they are written without separators or markup. limit: rows
    after which the file ends.
    """

    heads: Sequence[Text | str]
    rows: Callable[[], Iterable[Sequence[Cell]]]
    limit: int = LIMIT


def page_or_sheet(
    request: HttpRequest, template: str, context: Callable[[], Mapping[str, object]], sheets: Mapping[str, Sheet]
) -> HttpResponse:
    """The page with the addresses of its files (`exports.<name>`), or the file its address asks for.

    context: asked only when the page is. A table that the page does not have is answered with the first.
    """
    wanted = request.GET.get("format", "")
    if wanted in FORMATS and sheets:
        name = request.GET.get("table", "")
        name = name if name in sheets else next(iter(sheets))
        return (_workbook if wanted == "xlsx" else _file)(name, sheets[name])
    exports = {name: [(words, address_of(request, name, kind)) for kind, words in FORMATS.items()] for name in sheets}
    return render(request, template, {**context(), "exports": exports})


def address_of(request: HttpRequest, name: str, kind: str = "csv") -> str:
    """The query string of the page as it is now, asking for the table `name` as a file, from its first row."""
    query = request.GET.copy()
    for key in ("page", "before", "after"):
        query.pop(key, None)
    query["format"], query["table"] = kind, name
    return f"?{query.urlencode()}"


def _file(name: str, sheet: Sheet) -> HttpResponse:
    raw = _spool()
    out = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
    writer = csv.writer(out)
    writer.writerow([written(head) for head in sheet.heads])
    writer.writerows([written(cell) for cell in row] for row in islice(sheet.rows(), sheet.limit))
    out.detach()
    return _answer(raw, f"ymach-{name}.csv", "text/csv; charset=utf-8", sheet)


def _workbook(name: str, sheet: Sheet) -> HttpResponse:
    # On use: half a second that the start of the site need not wait for.
    from openpyxl import Workbook  # type: ignore[import-untyped]
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
    from openpyxl.styles import Font  # type: ignore[import-untyped]

    book = Workbook(write_only=True)
    page = book.create_sheet(name[:31])
    page.freeze_panes = "A2"
    heads = [WriteOnlyCell(page, value=written(head)) for head in sheet.heads]
    for head in heads:
        head.font = Font(bold=True)
    page.append(heads)
    for row in islice(sheet.rows(), sheet.limit):
        page.append([_cell(page, cell, WriteOnlyCell) for cell in row])
    raw = _spool()
    book.save(raw)
    return _answer(
        raw, f"ymach-{name}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheet
    )


def _spool() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)


def _answer(raw: IO[bytes], name: str, kind: str, sheet: Sheet) -> HttpResponse:
    raw.seek(0)
    if sheet.limit <= LIMIT:
        answer = HttpResponse(raw.read(), content_type=kind)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        raw.close()
        return answer
    return FileResponse(raw, as_attachment=True, filename=name, content_type=kind)  # type: ignore[return-value]


def _cell(page: Any, cell: Cell, make: Callable[..., Any]) -> Any:
    """A cell of a workbook: days and numbers as such, every text, made by `make`, as text, also one that looks like a
    formula."""
    if cell is None or (isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool)):
        return cell
    if isinstance(cell, datetime):
        return formatting.local(cell).replace(tzinfo=None)
    if isinstance(cell, date):
        return cell
    text = cell.to(language()) if isinstance(cell, Text) else str(cell)
    made = make(page, value=CONTROL.sub("", text)[:LONGEST])
    made.data_type = "s"
    if text.lstrip(" ").startswith(FORMULA_STARTS):
        made.quotePrefix = True
    return made


def written(cell: Cell) -> str:
    """A cell as text: ISO 8601 days and moments (Viet Nam), plain numbers, and no text that a sheet would calculate."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return formatting.local(cell).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, (int, float, Decimal)):
        return str(cell)
    text = cell.to(language()) if isinstance(cell, Text) else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text
