"""A code list as rules see it: plain, frozen, in memory, already picked for a day. No Django here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ymach.base.text import Text

Flags = Mapping[str, str]

_NO_FLAGS: Flags = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes of one catalogue on one day.

    name: of the list, for sentences. version: label of the release, for receipts. decision: the legal text, for findings.
    flags: for the codes that have any, the columns that rules ask for, as text (icd10: never_main “yes”,
    sex “male”/“female”, mark “†”/“*”; technique: class). Columns without value and with “no” are absent.
    is_complete: False when some official codes are not held; then an unknown code proves nothing.
    is_outdated: True when, on the day, the law had replaced the list by one that is not held here; then an unknown
    code is a doubt, not a fault.
    """

    catalogue: str
    name: Text
    version: str
    decision: str
    codes: frozenset[str]
    flags: Mapping[str, Flags] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    is_complete: bool = True
    is_outdated: bool = False

    def contains(self, code: str) -> bool:
        """Whether the release has this code. Codes are text: “01” and “1” are two codes, case and blanks count."""
        return code in self.codes

    def __contains__(self, code: object) -> bool:
        return code in self.codes

    def __len__(self) -> int:
        return len(self.codes)

    def flags_of(self, code: str) -> Flags:
        """The flags of a code; empty for a code without flags and for an unknown one."""
        return self.flags.get(code, _NO_FLAGS)

    def flag(self, code: str, name: str) -> str | None:
        """One flag of a code, e.g. `flag("O80", "sex")` → “female”; None when it has no such flag."""
        return self.flags_of(code).get(name)

    @property
    def is_conclusive(self) -> bool:
        """Whether an unknown code is a fault: the list is complete and was in force on the day."""
        return self.is_complete and not self.is_outdated
