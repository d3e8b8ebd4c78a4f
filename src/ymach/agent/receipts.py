"""Receipts on disk: the signed one (.jws) and the same in plain JSON to read. Verified offline with the pinned keys."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from ymach.agent import durable
from ymach.agent.errors import NoReceipt, WrongReceipt
from ymach.trust.jws import verify_receipt


@dataclass(frozen=True, slots=True)
class Receipts:
    """The receipts of one facility in `folder`; `keys` are the pinned keys of the platform (JWKS)."""

    folder: Path
    facility: str
    keys: Mapping[str, Any]

    def check(self, token: str, digest: str | None = None) -> dict[str, Any]:
        """The claims of a receipt that is the platform's, this facility's and, when given, of this content.

        digest: SHA-256 of the bytes sent, hex. Raises ReceiptRefused (`YM-RCP-…`) or WrongReceipt.
        """
        claims = verify_receipt(token, self.keys)
        stated = claims.get("digest")
        value = stated.get("value") if isinstance(stated, dict) and stated.get("alg") == "sha-256" else None
        if claims.get("sub") != self.facility:
            raise WrongReceipt(why=f"{claims.get('sub')} ≠ {self.facility}")
        if digest is not None and value != digest:
            raise WrongReceipt(why="SHA-256")
        return claims

    def keep(self, token: str, digest: str) -> dict[str, Any]:
        """Check a receipt and write it down; returns its claims."""
        claims = self.check(token, digest)
        name = _name(str(claims.get("jti", "")), digest)
        # The readable copy first: where there is a signed receipt, there is also one to read.
        durable.write(self.folder / f"{name}.json", orjson.dumps(claims, option=orjson.OPT_INDENT_2))
        durable.write(self.folder / f"{name}.jws", token.encode())
        return claims

    def numbers(self) -> list[str]:
        """The numbers of the receipts kept, oldest first (they are UUIDv7)."""
        return sorted(path.stem for path in self.folder.glob("*.jws"))

    def token(self, number: str) -> str:
        """The signed receipt of a number. Raises NoReceipt."""
        path = self.folder / f"{_name(number, number)}.jws"
        try:
            return path.read_text(encoding="ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            raise NoReceipt(number=number) from None

    def export(self, target: Path) -> int:
        """Write all receipts and the keys that verify them into one ZIP file; returns how many receipts."""
        numbers = self.numbers()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("jwks.json", orjson.dumps(self.keys))
            for number in numbers:
                packed.write(self.folder / f"{number}.jws", f"{number}.jws")
        return len(numbers)


def _name(number: str, digest: str) -> str:
    """A file name that is safe on every system: the receipt's number when it is plain, else the digest."""
    plain = 0 < len(number) <= 64 and all(char.isascii() and (char.isalnum() or char == "-") for char in number)
    return number if plain else "".join(char for char in digest if char.isalnum())[:64]
