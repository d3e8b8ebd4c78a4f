"""What the system finds in a submission: a kind (declared once, with a stable code) and a place where it was seen.

Each package that finds things declares its kinds in its own `findings.py`; `exchange.findings` collects them into
the catalogue. What follows from a finding (accept, hold, reject) is not decided here: that is policy data.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from ymach.base.text import Text


class Severity(StrEnum):
    """How grave the fault is in itself. The outcome is decided by policy, not by this word."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One entry of the catalogue of findings.

    code: stable, `YM-<AREA>-<WORDS>`, e.g. `YM-SIG-BROKEN`; never reused.
    text: what was found; may use {value}, {table}, {row}, {field} and the finding's own `values` (a Text: each language
    its own).
    action: what the sender should do now, one sentence.
    source: the decision and article (or "Ymạch" when the rule is ours).
    status: the HTTP status when this finding alone refuses a request.
    """

    code: str
    severity: Severity
    text: Text
    action: Text
    source: str
    status: int = 422

    def at(
        self,
        *,
        table: str | None = None,
        row: int | None = None,
        field: str | None = None,
        value: str | None = None,
        **values: object,
    ) -> Finding:
        """A finding of this kind at a place. `row` counts from 1; `value` is what was read, shortened to 100 characters."""
        shown = value if value is None or len(value) <= 100 else value[:99] + "…"
        return Finding(kind=self, table=table, row=row, field=field, value=shown, values=values)


@dataclass(frozen=True, slots=True)
class Finding:
    """A kind seen at a place of one dossier."""

    kind: FindingKind
    table: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None
    values: dict[str, object] = dataclasses.field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def text(self) -> Text:
        return self.kind.text.format(**self._places())

    @property
    def action(self) -> Text:
        return self.kind.action.format(**self._places())

    def _places(self) -> dict[str, object]:
        return {"table": self.table, "row": self.row, "field": self.field, "value": self.value, **self.values}

    def as_json(self) -> dict[str, object]:
        """The finding as receipts and answers carry it: code, severity, place, both sentences, what to do, source."""
        text, action = self.text, self.action
        return {
            "code": self.code,
            "severity": self.kind.severity.value,
            "table": self.table,
            "row": self.row,
            "field": self.field,
            "value": self.value,
            "vi": text.vi,
            "en": text.en,
            "do_vi": action.vi,
            "do_en": action.en,
            "source": self.kind.source,
        }
