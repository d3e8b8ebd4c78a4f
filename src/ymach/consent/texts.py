"""The words people consent to: by purpose and version, both languages, with the notice of sensitive data. `data/texts.toml`."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from ymach.base.text import Text
from ymach.consent.errors import PurposeUnknown


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version. since: the first day (Viet Nam) on which it is shown. is_request: it is a written request to share."""

    purpose: str
    version: str
    since: date
    is_request: bool
    words: Text

    @property
    def digest(self) -> str:
        """SHA-256 of the version and both texts, hexadecimal."""
        return hashlib.sha256(f"{self.version}\n{self.words.vi}\n{self.words.en}".encode()).hexdigest()


def text_for(purpose: str, on: date) -> ConsentText:
    """The text in force for a purpose on a day. Raises PurposeUnknown."""
    found = [one for one in texts().values() if one.purpose == purpose and one.since <= on]
    if not found:
        raise PurposeUnknown(field="purpose")
    return max(found, key=lambda one: one.since)


@cache
def texts() -> dict[str, ConsentText]:
    """Every version there has been."""
    rows = tomllib.loads(files("ymach.consent").joinpath("data", "texts.toml").read_text(encoding="utf-8"))["text"]
    made = [
        ConsentText(
            row["purpose"], row["version"], row["since"], row["is_request"], Text(row["vi"].strip(), row["en"].strip())
        )
        for row in rows
    ]
    return {one.version: one for one in made}
