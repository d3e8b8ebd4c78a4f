"""The agent's folder: configuration, pinned keys, queue, signed files, receipts. The password is never kept in clear."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from ymach.agent.errors import NoKey, NoPassword, NotSetUp, PlainHttp, WrongSetting
from ymach.trust.certificates import Certificate, wrap
from ymach.trust.signing import Signer, SigningKey

HOME_VARIABLE = "YMACH_AGENT_HOME"
PASSWORD_VARIABLE = "YMACH_AGENT_P12_PASSWORD"  # noqa: S105 - the name of a variable
FILE_NAME = "agent.toml"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Config:
    """What `init` wrote. server: base address without a slash at the end. password_file: empty when typed or in the variable."""

    home: Path
    server: str
    facility: str
    p12: Path
    password_file: Path | None = None
    language: str = "vi"

    @property
    def keys_file(self) -> Path:
        return self.home / "jwks.json"

    @property
    def signed(self) -> Path:
        return self.home / "signed"

    @property
    def receipts(self) -> Path:
        return self.home / "receipts"


@dataclass(frozen=True, slots=True)
class Identity:
    """The facility's key and certificates, opened from PKCS#12 for the length of one command."""

    key: SigningKey
    certificate: Certificate
    chain: tuple[Certificate, ...]

    def signer(self) -> Signer:
        return Signer(self.key, self.certificate, self.chain)


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


def write(config: Config) -> None:
    """Keep the configuration; the folder is readable by its owner only, because dossiers pass through it."""
    config.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    values = {
        "server": config.server,
        "facility": config.facility,
        "p12": str(config.p12),
        "password_file": str(config.password_file or ""),
        "language": config.language,
    }
    # A JSON string is a TOML basic string: backslashes of Windows paths and Vietnamese letters included.
    lines = [f"{name} = {orjson.dumps(value).decode()}" for name, value in values.items()]
    (config.home / FILE_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def load(home: Path) -> Config:
    """The configuration of a folder. Raises NotSetUp or WrongSetting."""
    try:
        values = tomllib.loads((home / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotSetUp(folder=str(home)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise WrongSetting(why=f"{FILE_NAME}: {wrong}") from wrong
    missing = [name for name in ("server", "facility", "p12") if not isinstance(values.get(name), str)]
    if missing:
        raise WrongSetting(why=", ".join(missing))
    password_file = str(values.get("password_file", ""))
    return Config(
        home=home,
        server=values["server"].rstrip("/"),
        facility=values["facility"],
        p12=Path(values["p12"]),
        password_file=Path(password_file) if password_file else None,
        language=str(values.get("language", "vi")),
    )


def password(config: Config, *, ask: Callable[[], str] | None, environment: Mapping[str, str] = os.environ) -> str:
    """The password of the PKCS#12 file: the variable, else the file named in the configuration, else asked.

    ask: how to ask a person; None when nobody is there. Raises NoPassword.
    """
    if PASSWORD_VARIABLE in environment:
        return environment[PASSWORD_VARIABLE]
    if config.password_file is not None:
        try:
            return config.password_file.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as wrong:
            raise NoPassword(variable=PASSWORD_VARIABLE) from wrong
    if ask is None:
        raise NoPassword(variable=PASSWORD_VARIABLE)
    return ask()


def open_identity(path: Path, secret: str) -> Identity:
    """The key and certificates of a PKCS#12 file. Raises NoKey (missing file, wrong password, no key in it)."""
    try:
        key, certificate, more = pkcs12.load_key_and_certificates(path.read_bytes(), secret.encode())
    except (OSError, ValueError) as wrong:
        raise NoKey(file=str(path)) from wrong
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise NoKey(file=str(path))
    return Identity(key, wrap(certificate), tuple(wrap(one) for one in more))


def pinned_keys(config: Config) -> dict[str, Any]:
    """The platform's public keys as they were at `init`. Raises NotSetUp."""
    try:
        keys = orjson.loads(config.keys_file.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        raise NotSetUp(folder=str(config.home)) from None
    return dict(keys)
