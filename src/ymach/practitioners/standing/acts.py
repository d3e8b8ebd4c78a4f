"""What a person does when they write a part of a dossier, and which titles and scopes allow it on a day.

The table is data (`data/acts.csv`): letters of titles as in Law 15/2023/QH15 Art. 26(1), scopes as annex numbers of
Circular 32/2023/TT-BYT, `*` for any scope.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from ymach.base.periods import Period
from ymach.base.text import Text


class Act(StrEnum):
    PRESCRIBE = "prescribe"
    ORDER = "order"
    PERFORM = "perform"
    READ_RESULT = "read_result"
    WRITE_NOTE = "write_note"
    SIGN_DISCHARGE = "sign_discharge"
    REFER = "refer"
    APPOINT = "appoint"
    LEAD = "lead"
    DISPENSE = "dispense"


ACT_TEXTS: dict[Act, Text] = {
    Act.PRESCRIBE: Text("kê đơn", "prescribe"),
    Act.ORDER: Text("chỉ định dịch vụ", "order a service"),
    Act.PERFORM: Text("thực hiện dịch vụ", "perform a service"),
    Act.READ_RESULT: Text("đọc và kết luận kết quả", "read a result"),
    Act.WRITE_NOTE: Text("ghi diễn biến", "write a clinical note"),
    Act.SIGN_DISCHARGE: Text("ký ra viện", "sign a discharge"),
    Act.REFER: Text("chuyển người bệnh", "refer a patient"),
    Act.APPOINT: Text("hẹn khám lại", "make a re-examination appointment"),
    Act.LEAD: Text("phụ trách khoa, phòng", "head a unit"),
    Act.DISPENSE: Text("cấp phát thuốc", "dispense"),
}


@dataclass(frozen=True, slots=True)
class Allowance:
    """Titles that may do an act during a period, with one of `scopes`; None is any scope."""

    act: Act
    titles: frozenset[str]
    scopes: frozenset[str] | None
    valid: Period
    source: str

    def covers(self, title: str, scopes: Collection[str], on: date) -> bool:
        if title not in self.titles or on not in self.valid:
            return False
        return self.scopes is None or not scopes or not self.scopes.isdisjoint(scopes)


def is_allowed(act: Act, *, title: str, scopes: Collection[str], on: date) -> bool:
    """Whether a licence of `title` with `scopes` covers `act` on the day `on`.

    A licence without scope codes (many old certificates name theirs in words) is judged by its title alone.
    """
    return any(allowance.covers(title, scopes, on) for allowance in allowances()[act])


@cache
def allowances() -> dict[Act, tuple[Allowance, ...]]:
    """The table, by act."""
    text = files("ymach.practitioners.standing").joinpath("data/acts.csv").read_text(encoding="utf-8")
    rows = [_allowance(row) for row in csv.DictReader(text.splitlines())]
    return {act: tuple(row for row in rows if row.act is act) for act in Act}


def _allowance(row: dict[str, str]) -> Allowance:
    scopes = None if row["scopes"] == "*" else frozenset(row["scopes"].split())
    valid = Period(_day(row["valid_from"]), _day(row["valid_to"]))
    return Allowance(Act(row["act"]), frozenset(row["titles"].split()), scopes, valid, row["source"])


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
