"""What a card shows, and the link that opens it. Plain functions.

Only what the person ticked is shown, line by line: a disease that is found later stays hidden until it is ticked.
Records of a restricted compartment are never on a card.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ymach.base.vietnamese import fold

TOKEN_BYTES = 18
"""144 bits: nobody finds a link by trying."""
LONGEST_NAME = 80
BLOOD, NAME = "blood", "name"
_PHONE = re.compile(r"(?:\+84|0)[0-9]{8,10}|1[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that may be ticked. kind: allergy, condition or medicine; code: of a condition, else "" ."""

    kind: str
    words: str
    code: str = ""
    is_grave: bool = False

    @property
    def key(self) -> str:
        """By what a tick is remembered: the code, or the words without case and marks."""
        return f"{self.kind}:{self.code or fold(self.words)}"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person chose. shown: keys of lines, and `NAME`, `BLOOD`. contact_…: whom to call, "" for nobody."""

    shown: frozenset[str] = field(default_factory=frozenset)
    contact_name: str = ""
    contact_relation: str = ""
    contact_phone: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "shown": sorted(self.shown),
            "contact_name": self.contact_name,
            "contact_relation": self.contact_relation,
            "contact_phone": self.contact_phone,
        }


def choice_from(kept: Mapping[str, Any]) -> Choice:
    """What `as_json` gave."""
    return Choice(frozenset(kept["shown"]), kept["contact_name"], kept["contact_relation"], kept["contact_phone"])


def ticked(lines: Iterable[Line], choice: Choice) -> list[Line]:
    """The lines that are shown, the grave ones first, otherwise in their order."""
    return sorted((line for line in lines if line.key in choice.shown), key=lambda line: not line.is_grave)


def new_token() -> str:
    """A fresh token of a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> str:
    """SHA-256 of a token, in hexadecimal: by what a card is found."""
    return hashlib.sha256(token.encode()).hexdigest()


def dialled(phone: str) -> str:
    """A telephone number as it is dialled: without spaces, dots and dashes."""
    return re.sub(r"[\s.\-()]", "", phone)


def is_phone(phone: str) -> bool:
    """Whether somebody can be called under it: a Vietnamese number, or a three-digit emergency number."""
    return _PHONE.fullmatch(dialled(phone)) is not None
