"""Passwords and PINs: from a file only its owner can read, or typed. Never from the command line or the configuration."""

from __future__ import annotations

import hashlib
import hmac
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
_SALT = 16
CREDENTIALS_VARIABLE, CREDENTIAL = "CREDENTIALS_DIRECTORY", "secret"
Ask = Callable[[], str] | None
"""How to ask a person; None when nobody is there."""


def place(file: Path | None, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where the password or PIN lies: the configured file, else the credential `secret` that systemd gives a service."""
    given = environment.get(CREDENTIALS_VARIABLE)
    credential = Path(given) / CREDENTIAL if given else None
    return file or (credential if credential and credential.is_file() else None)


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
    """Remembers which PIN a token refused: a service that starts again and again with it would lock the token.

    record: where this is kept, readable by its owner only. Of the refused PIN a salted scrypt digest is kept.
    """

    record: Path

    def check(self, pin: str) -> None:
        """Raises PinRefused for the PIN that was refused last; another one may be tried."""
        try:
            kept = orjson.loads(self.record.read_bytes())
            salt, digest = bytes.fromhex(kept["salt"]), bytes.fromhex(kept["digest"])
        except (OSError, ValueError, KeyError, TypeError):
            return  # none was refused
        if hmac.compare_digest(digest, _digest(pin, salt)):
            raise PinRefused

    def remember(self, pin: str) -> None:
        salt = os.urandom(_SALT)
        kept = {"salt": salt.hex(), "digest": _digest(pin, salt).hex()}
        durable.write(self.record, orjson.dumps(kept), mode=durable.PRIVATE)


def _digest(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=2**14, r=8, p=1)


def is_private(file: Path, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether only the owner can read `file`. On Windows rights are lists that `service --print windows` explains.

    A credential of systemd is readable by its service alone, by an access list that the mode shows as the group's.
    """
    credentials = environment.get(CREDENTIALS_VARIABLE)
    if sys.platform == "win32" or (credentials and Path(credentials) in file.parents):
        return True
    return not file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
