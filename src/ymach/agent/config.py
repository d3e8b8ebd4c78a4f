"""The agent's folder and its configuration. Neither passwords nor PINs are in it, only where they are."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from ymach.agent import durable
from ymach.agent.errors import NotSetUp, PlainHttp, WrongSetting

HOME_VARIABLE = "YMACH_AGENT_HOME"
FILE_NAME = "agent.toml"
CLOSING = "17:30"
KEEP_DAYS = 60
UPLOAD_ABOVE_MB = 8
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Config:
    """What `init` wrote. server: base address without a slash at the end.

    The key is in `p12` (a PKCS#12 file), or on a token: `module` is the driver's library, `token` and `key_label` say
    which. secret_file: where the password or PIN is; None when typed or in the variable. inbox: the folder to watch.
    closing: after this hour (Vietnam time) the day is reconciled. keep_days: how long signed copies stay after their
    receipt. upload_above_mb: larger bodies are sent in pieces that can be resumed.
    """

    home: Path
    server: str
    facility: str
    p12: Path | None = None
    module: Path | None = None
    token: str = ""
    key_label: str = ""
    secret_file: Path | None = None
    inbox: Path | None = None
    language: str = "vi"
    closing: str = CLOSING
    keep_days: int = KEEP_DAYS
    upload_above_mb: int = UPLOAD_ABOVE_MB

    @property
    def keys_file(self) -> Path:
        return self.home / "jwks.json"

    @property
    def certificate_file(self) -> Path:
        """The public certificate, so that its end can be told without a password."""
        return self.home / "certificate.pem"

    @property
    def receipts(self) -> Path:
        return self.home / "receipts"

    @property
    def watched(self) -> Path:
        """The folder to watch; absolute, as the paths in the queue are."""
        return (self.inbox or self.home / "inbox").absolute()

    @property
    def closing_time(self) -> time:
        return closing_time(self.closing)


def home_folder(given: str | None, environment: Mapping[str, str] = os.environ) -> Path:
    """The agent's folder: the one given, else `YMACH_AGENT_HOME`, else ./ymach-agent."""
    return Path(given or environment.get(HOME_VARIABLE) or "ymach-agent").expanduser()


def check_server(address: str, *, allow_http: bool) -> str:
    """The base address in its kept form. Raises WrongSetting, or PlainHttp for http to another machine."""
    parts = urlsplit(address.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise WrongSetting(why=f"server = {address}")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not allow_http:
        raise PlainHttp(server=address)
    return address.strip().rstrip("/")


def closing_time(text: str) -> time:
    """A wall-clock time "HH:MM". Raises WrongSetting."""
    try:
        return time.fromisoformat(text)
    except ValueError as wrong:
        raise WrongSetting(why=f"closing = {text}") from wrong


def write(config: Config) -> None:
    """Keep the configuration; the folder is readable by its owner only, because dossiers pass through it."""
    config.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    values: dict[str, str | int] = {
        "server": config.server,
        "facility": config.facility,
        **{name: str(getattr(config, name) or "") for name in _PATHS},
        "token": config.token,
        "key_label": config.key_label,
        "language": config.language,
        "closing": config.closing,
        "keep_days": config.keep_days,
        "upload_above_mb": config.upload_above_mb,
    }
    # A JSON string is a TOML basic string: backslashes of Windows paths and Vietnamese letters included.
    lines = [f"{name} = {orjson.dumps(value).decode()}\n" for name, value in values.items()]
    durable.write(config.home / FILE_NAME, "".join(lines).encode())


_PATHS = ("p12", "module", "secret_file", "inbox")


def load(home: Path) -> Config:
    """The configuration of a folder. Raises NotSetUp or WrongSetting."""
    try:
        values = tomllib.loads((home / FILE_NAME).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise NotSetUp(folder=str(home)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise WrongSetting(why=f"{FILE_NAME}: {wrong}") from wrong
    missing = [name for name in ("server", "facility") if not isinstance(values.get(name), str)]
    if missing or not (values.get("p12") or values.get("module")):
        raise WrongSetting(why=", ".join(missing or ["p12", "module"]))
    return _read(home, values)


def _read(home: Path, values: Mapping[str, Any]) -> Config:
    paths = {name: Path(values[name]) if values.get(name) else None for name in _PATHS}
    try:
        numbers = {
            "keep_days": int(values.get("keep_days", KEEP_DAYS)),
            "upload_above_mb": int(values.get("upload_above_mb", UPLOAD_ABOVE_MB)),
        }
    except (TypeError, ValueError) as wrong:
        raise WrongSetting(why=f"{FILE_NAME}: {wrong}") from wrong
    texts = {name: str(values.get(name, "")) for name in ("facility", "token", "key_label")}
    closing = str(values.get("closing", CLOSING))
    closing_time(closing)
    language = str(values.get("language", "vi"))
    server = values["server"].rstrip("/")
    return Config(home=home, server=server, language=language, closing=closing, **paths, **numbers, **texts)  # type: ignore[arg-type]


def pinned_keys(config: Config) -> dict[str, Any]:
    """The platform's public keys as they were at `init`. Raises NotSetUp."""
    try:
        keys = orjson.loads(config.keys_file.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        raise NotSetUp(folder=str(config.home)) from None
    return dict(keys)
