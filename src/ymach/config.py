"""Settings from the environment: `YMACH_*`, checked at start, secrets also from files (`YMACH_…_FILE`).

`env.example` lists them all. A wrong value stops the program with a sentence that says what to do.
"""

from __future__ import annotations

import os
import secrets
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ymach.base.errors import Misconfigured
from ymach.base.sending_hours import read_windows
from ymach.base.text import Text

PREFIX = "YMACH_"
_OTHERS = (f"{PREFIX}AS_OWNER", f"{PREFIX}AGENT_", f"{PREFIX}TEST_")
"""What is no setting of the site: the role of one command, the facility's tool, the tests."""


class Environment(BaseSettings):
    """What an operator sets. Every field is the variable `YMACH_<FIELD>`; its description is shown in env.example."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    var: Path = Field(
        Path("var"), description="Folder of everything the project writes: embedded database, keys, logs."
    )
    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL of the running application, postgresql://user:password@host:port/name. Empty: embedded.",
    )
    owner_database_url: SecretStr | None = Field(
        None, description="The same database under the role that owns the schema; only `ymach migrate` uses it."
    )
    secret_key: SecretStr | None = Field(
        None, description="Signs sessions; 50 random characters. Empty: made in var/secrets."
    )
    platform_key: Path | None = Field(None, description="PEM file of the key that signs receipts. Empty: var/secrets.")
    data_keys: Path | None = Field(
        None, description="File of the keys that seal data at rest (`ymach keys`). Empty: made in var/secrets."
    )
    hosts: str = Field(
        "127.0.0.1,localhost,[::1]", description="Names under which the site is reached, comma-separated."
    )
    base_url: str = Field("http://127.0.0.1:8000", description="Address of the site as partners and facilities see it.")
    debug: bool = Field(False, description="Error pages with source code. Never in production.")
    platform_certificate: Path | None = Field(
        None, description="PEM certificate of the platform's key, for sealed PDF. Empty: self-signed, in var/secrets."
    )
    public_per_minute: int = Field(
        120,
        ge=0,
        description="Questions a minute from one address without an account to the licence check; 0: no bound.",
    )
    proxies: int = Field(
        0, ge=0, le=5, description="Own proxies in front of the site, whose X-Forwarded-For entries are believed."
    )
    demo: bool = Field(False, description="Marks every page as a demonstration and shows the demo sign-ins.")
    tenant: Literal["live", "test"] = Field(
        "live",
        description="live or test. A test installation says so on every page and in every receipt, trusts demonstration "
        "certificates, and accepts only stand-ins as partners.",
    )
    max_body_mb: int = Field(100, ge=1, le=1024, description="Largest body of one request, in MiB.")
    evidence_max_mb: int = Field(10, ge=1, le=50, description="Largest picture or PDF given as evidence, in MiB.")
    clamd: str = Field(
        "", description="Virus scanner of evidence: host:port or the path of a socket of clamd. Empty: not scanned."
    )
    holidays: Path | None = Field(
        None, description="CSV of days off and days worked (columns of holidays_2026.csv); replaces whole years."
    )
    deciding_systems: str = Field(
        "",
        description="Client ids of departments' systems that may decide change requests, comma-separated. Empty: people only.",
    )
    insurance_url: str = Field("", description="Insurance portal, e.g. https://…; empty: deliveries wait.")
    insurance_username: str = Field("", description="Account of the platform at the insurance portal.")
    insurance_password: SecretStr = Field(SecretStr(""), description="Its password.")
    partner_authorities: Path | None = Field(
        None, description="PEM file of authorities believed at partners beside those of the system."
    )
    health_book_url: str = Field(
        "", description="Electronic health book (VNeID), e.g. https://…; empty: nothing goes there."
    )
    health_book_username: str = Field("", description="Account of the platform at the health book.")
    health_book_password: SecretStr = Field(SecretStr(""), description="Its password.")
    health_book_sender: str = Field(
        "", pattern=r"^([0-9]{13})?$", description="The platform's 13-digit code there (sender_id)."
    )
    health_book_key: Path | None = Field(
        None, description="PEM file of the RSA key that signs messages to it. Empty: made in var/secrets."
    )
    prescriptions_url: str = Field(
        "", description="National prescription system, e.g. https://…; empty: nothing goes there."
    )
    prescriptions_password: SecretStr = Field(
        SecretStr(""), description="Password of all facilities and doctors there that the accounts file does not name."
    )
    prescriptions_accounts: Path | None = Field(
        None, description="CSV with the passwords of facilities and doctors there (columns code, password)."
    )
    prescriptions_app_name: str = Field(
        "",
        description="Name of this application there (app-name), for what pharmacies dispense; empty: it is not told.",
    )
    prescriptions_app_key: SecretStr = Field(SecretStr(""), description="Its key (app-key).")
    webhook_allow: str = Field(
        "",
        description="Networks inside to which webhooks and referrals may go all the same, without TLS too, "
        "comma-separated; only for a demonstration, e.g. 127.0.0.0/8.",
    )
    second_factor: Literal["required", "offered"] = Field(
        "required",
        description="Whether staff must have a second factor before anything else: required or offered.",
    )
    vneid_url: str = Field("", description="Issuer of VNeID (OpenID Connect), e.g. https://…; empty: not offered.")
    vneid_client_id: str = Field("", description="The platform's client id at VNeID.")
    vneid_client_secret: SecretStr = Field(SecretStr(""), description="Its secret.")
    data_protection_contact: str = Field(
        "",
        description="Who answers for the protection of personal data, shown on every text of consent: name, address, telephone.",
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="Mail server for letters: smtp://user:password@host:587 (STARTTLS is demanded), smtps://host:465, or "
        "smtp+plain://127.0.0.1:25 for a relay on this machine. Empty: letters wait.",
    )
    mail_from: str = Field("", description="Sender of letters, e.g. Ymạch <khong-tra-loi@ymach.example>.")
    invitation_days: int = Field(7, ge=1, le=60, description="Days for which an invitation to an account can be used.")
    appointment_reminder_days: int = Field(
        3, ge=0, le=30, description="Days before an appointment on which the citizen is reminded; 0: nobody is."
    )
    emergency_hours: int = Field(
        4, ge=1, le=24, description="Hours for which an emergency access opens one person's records."
    )
    emergency_review_hours: int = Field(
        72, ge=1, le=720, description="Hours within which somebody else must have reviewed an emergency access."
    )
    population_url: str = Field(
        "", description="National population database, e.g. https://…; empty: nobody is checked."
    )
    population_token: SecretStr = Field(SecretStr(""), description="Bearer token of the platform there.")
    confirmed_days: int = Field(
        90,
        ge=1,
        le=366,
        description="Days for which a profile counts as confirmed after somebody said that all is right; a change takes "
        "effect with `ymach migrate`, which counts anew.",
    )
    sending_windows: str = Field(
        "",
        description='Hours, Vietnam time, in which a lane may be sent, e.g. "history 19:00-05:00, history 12:00-13:00". '
        "Empty: everything at any time.",
    )
    feed_streams: int = Field(
        2, ge=1, le=64, description="Followers of the registry that may wait at a time, in each server process."
    )
    gln_prefix: str = Field(
        "",
        pattern=r"^([0-9]{3,11})?$",
        description="Prefix of the location numbers (GLN) given to new facilities, 3 to 11 digits. Empty: none are given.",
    )
    inhabitants: Path | None = Field(
        None,
        description="CSV with the inhabitants of each province (province_code, inhabitants, source). Empty: approximate ones.",
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log: Literal["text", "json"] = Field(
        "text", description="Form of the log on standard error: text for people, json for programs, one object a line."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token of who reads /metrics. Empty: only from this machine."
    )

    @field_validator("base_url", "health_book_url", "insurance_url", "population_url", "prescriptions_url", "vneid_url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"http", "https"}:
            msg = "must begin with http:// or https://"
            raise ValueError(msg)
        return value.rstrip("/")

    @field_validator("sending_windows")
    @classmethod
    def _are_windows(cls, value: str) -> str:
        try:
            read_windows(value)
        except ValueError:
            msg = 'must look like "history 19:00-05:00, history 12:00-13:00"'
            raise ValueError(msg) from None
        return value

    @field_validator("health_book_url", "insurance_url", "population_url", "prescriptions_url", "vneid_url")
    @classmethod
    def _is_stand_in_of_test(cls, value: str, info: ValidationInfo) -> str:
        if value and info.data.get("tenant") == "test" and not is_stand_in(value):
            msg = "a test installation takes only stand-ins: a local address, or a name with the part sandbox or test"
            raise ValueError(msg)
        return value

    @field_validator("database_url", "owner_database_url")
    @classmethod
    def _is_postgres(cls, value: SecretStr | None) -> SecretStr | None:
        if value and urlsplit(value.get_secret_value()).scheme not in {"postgres", "postgresql"}:
            msg = "must begin with postgresql://"
            raise ValueError(msg)
        return value or None

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        if value.get_secret_value() and (parts.scheme not in {"smtp", "smtps", "smtp+plain"} or not parts.hostname):
            msg = "must begin with smtp://, smtps:// or smtp+plain:// and name a host"
            raise ValueError(msg)
        return value

    @field_validator("log_level")
    @classmethod
    def _is_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            msg = "must be DEBUG, INFO, WARNING or ERROR"
            raise ValueError(msg)
        return value.upper()

    @property
    def is_test(self) -> bool:
        """Whether nothing here is about real care."""
        return self.demo or self.tenant == "test"

    @property
    def secrets_folder(self) -> Path:
        folder = self.var / "secrets"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def secret_key_or_made(self) -> str:
        """The secret key given, or one made on first use and kept in var/secrets with mode 0600."""
        if self.secret_key:
            return self.secret_key.get_secret_value()
        return _made_once(self.secrets_folder / "secret-key", secrets.token_urlsafe(50))


def is_stand_in(url: str) -> bool:
    """Whether an address can only be a partner's stand-in: on a private network, or named so."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or bool({"sandbox", "test", "localhost"} & set(host.split(".")))


def read_environment() -> Environment:
    """The settings of this process. Raises Misconfigured with a sentence per wrong variable, misspelt ones among them."""
    _read_secret_files()
    _check_names()
    try:
        return Environment()
    except ValidationError as error:
        reasons = "; ".join(f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        why = Text(f"giá trị không dùng được. Sửa theo env.example. {reasons}.", f"{reasons}. See env.example.")
        raise Misconfigured(why=why) from None


def _check_names() -> None:
    """A setting under a wrong name would be left at its default without a word."""
    known = {f"{PREFIX}{name.upper()}" for name in Environment.model_fields}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name.removesuffix("_FILE") not in known and not name.startswith(_OTHERS):
            meant = next(iter(get_close_matches(name, known, n=1)), "")
            vi, en = (f" Có phải {meant}?", f" Did you mean {meant}?") if meant else ("", "")
            why = Text(f"không có thiết lập {name}.{vi} Xem env.example.", f"no setting {name}.{en} See env.example.")
            raise Misconfigured(why=why)


def _read_secret_files() -> None:
    for name, path in list(os.environ.items()):
        if name.startswith(PREFIX) and name.endswith("_FILE") and path:
            target = name.removesuffix("_FILE")
            try:
                os.environ.setdefault(target, Path(path).read_text(encoding="utf-8").strip())
            except OSError as error:
                raise Misconfigured(why=f"{name}: cannot read {path} ({error.strerror}).") from None


def _made_once(path: Path, fresh: str) -> str:
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(fresh)
    return fresh
