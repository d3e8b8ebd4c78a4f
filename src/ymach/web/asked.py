"""What an address asks for: days and filters, read from the query string without ever failing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from ymach.base.clock import start_of_day
from ymach.base.text import Text
from ymach.exchange.queries import SubmissionFilter
from ymach.web.shown.submissions import OUTCOMES

YEARS = range(1900, 2200)
"""Any year we know: the first and the last days there are have no day before or after them to reckon with."""
WRONG_DAY = Text("Ngày viết như 20/11/2026.", "Write the day like 20/11/2026.")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a list of submissions. Text as typed; a day that is none is kept for its error."""

    q: str = ""
    outcome: str = ""
    finding: str = ""
    facility: str = ""
    day: str = ""
    before: datetime | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        outcome = query.get("outcome", "")
        return cls(
            q=query.get("q", "").strip()[:100],
            outcome=outcome if outcome in OUTCOMES else "",
            finding=query.get("finding", "").strip()[:60],
            facility=query.get("facility", "").strip().upper()[:5],
            day=query.get("day", "").strip()[:10],
            before=read_moment(query.get("before", "")),
        )

    @property
    def on(self) -> date | None:
        return read_day(self.day)

    def filter(self) -> SubmissionFilter:
        start = start_of_day(self.on) if self.on else None
        return SubmissionFilter(
            day_start=start,
            day_end=start + timedelta(days=1) if start else None,
            outcome=self.outcome,
            finding=self.finding,
            dossier=self.q,
            before=self.before,
        )

    def address(self, **changes: str) -> str:
        """The query string with `changes`; a page further back is forgotten unless `before` is given."""
        values = {"q": self.q, "outcome": self.outcome, "finding": self.finding, "facility": self.facility}
        return query_of({**values, "day": self.day, **changes})


SORTS = ("name", "total", *OUTCOMES)


@dataclass(frozen=True, slots=True)
class FacilitiesAsked:
    """The filters and the order of a list of facilities. `outcome` may also be “sent”; `page` counts from 1."""

    q: str = ""
    province: str = ""
    outcome: str = ""
    day: str = ""
    sort: str = "name"
    is_descending: bool = False
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> FacilitiesAsked:
        outcome, sort = query.get("outcome", ""), query.get("sort", "")
        known = sort.removeprefix("-") in SORTS
        return cls(
            q=query.get("q", "").strip()[:100],
            province=query.get("province", "").strip()[:2],
            outcome=outcome if outcome in {"sent", *OUTCOMES} else "",
            day=query.get("day", "").strip()[:10],
            sort=sort.removeprefix("-") if known else "name",
            is_descending=known and sort.startswith("-"),
            page=read_page(query.get("page", "")),
        )

    @property
    def on(self) -> date | None:
        return read_day(self.day)

    def address(self, **changes: str) -> str:
        """The query string with `changes`; the page is forgotten unless it is given."""
        sort = f"{'-' * self.is_descending}{self.sort}"
        values = {"q": self.q, "province": self.province, "outcome": self.outcome, "day": self.day}
        return query_of({**values, "sort": "" if sort == "name" else sort, **changes})

    def sorted_by(self, key: str) -> str:
        """The address that sorts by `key`: figures the highest first, names by the alphabet; again turns it round."""
        first, other = (key, f"-{key}") if key == "name" else (f"-{key}", key)
        here = f"{'-' * self.is_descending}{self.sort}"
        return self.address(sort=other if here == first else first)

    def order_of(self, key: str) -> str:
        """The value of `aria-sort` for the head of `key`; empty when the list is not sorted by it."""
        if key != self.sort:
            return ""
        return "descending" if self.is_descending else "ascending"


def query_of(values: Mapping[str, object]) -> str:
    """The query string with these values; what is empty is left out."""
    return f"?{urlencode({name: value for name, value in values.items() if value})}"


def read_page(text: str) -> int:
    """The number of a page, from 1; 1 for anything else."""
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def read_number(text: str) -> int | None:
    """A whole number from 0, as forms carry it; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def read_id(text: str) -> UUID | None:
    """An id, as addresses and forms carry it; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_ids(texts: Iterable[str]) -> list[UUID]:
    """The ids among texts; what is none is left out."""
    return [key for key in map(read_id, texts) if key is not None]


def read_day(text: str) -> date | None:
    """dd/mm/yyyy as people type it, of a year of YEARS; None for anything else."""
    try:
        found = datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        return None
    return found if found.year in YEARS else None


def read_moment(text: str) -> datetime | None:
    """ISO 8601 with zone; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
