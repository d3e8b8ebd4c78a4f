"""Passwords and PINs: from a file only its owner can read, or typed. Never from the command line or the configuration."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from ymach.agent import durable
from ymach.agent.errors import NoPassword, NoPin, PinRefused, SecretOpen, SecretUnread

PASSWORD_VARIABLE = "YMACH_AGENT_P12_PASSWORD"  # noqa: S105 - the name of a variable
Ask = Callable[[], str] | None
"""How to ask a person; None when nobody is there."""


def password(file: Path | None, *, ask: Ask, environment: Mapping[str, str] = os.environ) -> str:
    """The password of the PKCS#12 file: the variable, else `file`, else asked.

    Raises NoPassword, SecretUnread, SecretOpen.
    """
    if PASSWORD_VARIABLE in environment:
        return environment[PASSWORD_VARIABLE]
    if file is not None:
        return read(file)
    if ask is None:
        raise NoPassword(variable=PASSWORD_VARIABLE)
    return ask()


def pin(file: Path | None, *, ask: Ask) -> str:
    """The PIN of a token: `file`, else asked. No variable: a child process would inherit it. Raises NoPin, …"""
    if file is not None:
        return read(file)
    if ask is None:
        raise NoPin
    return ask()


def read(file: Path) -> str:
    """The first line of `file`. Raises SecretUnread; SecretOpen when others than its owner can read it."""
    try:
        if not is_private(file):
            raise SecretOpen(file=str(file))
        return file.read_text(encoding="utf-8-sig").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as wrong:
        raise SecretUnread(file=str(file), why=type(wrong).__name__) from wrong


@dataclass(frozen=True, slots=True)
class RefusedPin:
    """Remembers that the PIN in `secret_file` was refused: a service that starts again and again with a wrong PIN
    would lock the token. record: where this is kept; the PIN itself is not."""

    record: Path
    secret_file: Path | None

    def check(self) -> None:
        """Raises PinRefused while the file is still the one that was refused."""
        if self.secret_file is not None and self._known() == self._state(self.secret_file):
            raise PinRefused

    def remember(self) -> None:
        if self.secret_file is not None:
            durable.write(self.record, orjson.dumps(self._state(self.secret_file)))

    def _known(self) -> object:
        try:
            return orjson.loads(self.record.read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return None

    def _state(self, file: Path) -> list[object]:
        return [str(file), file.stat().st_mtime_ns]


def is_private(file: Path) -> bool:
    """Whether only the owner can read `file`. On Windows rights are lists that `service --print windows` explains."""
    return sys.platform == "win32" or not file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
