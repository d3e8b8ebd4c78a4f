"""What an address asks for: days and filters, read from the query string without ever failing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import QueryDict

from ymach.base.clock import from_vietnam
from ymach.exchange.queries import SubmissionFilter
from ymach.web.shown import OUTCOMES


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a list of submissions. Text as typed; a day that is none is kept for its error."""

    q: str = ""
    outcome: str = ""
    finding: str = ""
    day: str = ""
    before: datetime | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        outcome = query.get("outcome", "")
        return cls(
            q=query.get("q", "").strip()[:100],
            outcome=outcome if outcome in OUTCOMES else "",
            finding=query.get("finding", "").strip()[:60],
            day=query.get("day", "").strip()[:10],
            before=read_moment(query.get("before", "")),
        )

    @property
    def on(self) -> date | None:
        return read_day(self.day)

    def filter(self) -> SubmissionFilter:
        start = from_vietnam(datetime.combine(self.on, time())) if self.on else None
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
        values = {"q": self.q, "outcome": self.outcome, "finding": self.finding, "day": self.day, **changes}
        kept = {name: value for name, value in values.items() if value}
        return f"?{urlencode(kept)}"


def read_day(text: str) -> date | None:
    """dd/mm/yyyy as people type it; None for anything else."""
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        return None


def read_moment(text: str) -> datetime | None:
    """ISO 8601 with zone; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
