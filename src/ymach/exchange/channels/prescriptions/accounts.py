"""The accounts at the national prescription system: one of each facility and one of each doctor, none of the platform
(Decision 425/QĐ-BYT 2025)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ymach.base.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Accounts:
    """Passwords by interconnection code. shared: of everybody who is not named."""

    named: Mapping[str, str] = field(default_factory=dict, repr=False)
    shared: str = field(default="", repr=False)

    def password_of(self, code: str) -> str:
        """Empty: there is no account."""
        return self.named.get(account_key(code), self.shared)


def account_key(code: str) -> str:
    """Codes are compared after trimming and in capitals."""
    return code.strip().upper()


def read_accounts(path: Path | None, *, shared: str) -> Accounts:
    """The accounts in a CSV file with the columns code and password. Raises Misconfigured."""
    if path is None:
        return Accounts(shared=shared)
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        return Accounts({account_key(row["code"]): row["password"] for row in rows}, shared)
    except (OSError, KeyError, UnicodeDecodeError) as wrong:
        raise Misconfigured(why=f"{path.name}: a CSV file with the columns code and password") from wrong
