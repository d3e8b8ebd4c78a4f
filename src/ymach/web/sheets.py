"""Tables as files: what a page shows in a table can be had as CSV, with the same filters.

A view names its tables and hands them to `page_or_sheet`; `?format=csv` (and `&table=` where a page has more than
one) answers the file instead of the page. The file is UTF-8 with a byte order mark, so that Excel reads the marks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ymach.base.text import Text
from ymach.web import formatting
from ymach.web.templatetags.ymach import language

LIMIT = 5000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
EXPORT = Text("Xuất CSV", "Export CSV")
Cell = object


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its heads and a function that gives its rows, called only when the file is asked for.

    Cells are what they are (numbers, days, moments, Text): they are written without separators or markup.
    """

    heads: Sequence[Text | str]
    rows: Callable[[], Iterable[Sequence[Cell]]]


def page_or_sheet(
    request: HttpRequest, template: str, context: Callable[[], Mapping[str, object]], sheets: Mapping[str, Sheet]
) -> HttpResponse:
    """The page with the addresses of its files (`exports.<name>`), or the file its address asks for.

    context: asked only when the page is. A table that the page does not have is answered with the first.
    """
    if request.GET.get("format") == "csv" and sheets:
        name = request.GET.get("table", "")
        name = name if name in sheets else next(iter(sheets))
        return _file(name, sheets[name])
    exports = {name: [(EXPORT, address_of(request, name))] for name in sheets}
    return render(request, template, {**context(), "exports": exports})


def address_of(request: HttpRequest, name: str) -> str:
    """The query string of the page as it is now, asking for the table `name` as a file, from its first row."""
    query = request.GET.copy()
    for key in ("page", "before", "after"):
        query.pop(key, None)
    query["format"], query["table"] = "csv", name
    return f"?{query.urlencode()}"


def _file(name: str, sheet: Sheet) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([written(head) for head in sheet.heads])
    writer.writerows([written(cell) for cell in row] for row in islice(sheet.rows(), LIMIT))
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="ymach-{name}.csv"'
    return answer


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
