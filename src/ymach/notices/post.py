"""Handing letters to a mail server (SMTP, RFC 5321), and telling apart what its answers mean.

Refused   this letter will never be taken: the address does not exist, the content is refused (5xx)
Later     this letter may be taken later (4xx)
Away      no letter can be handed over now: no connection, no TLS, wrong password, sender refused, cut off
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from ymach.notices.models import Letter

PATIENCE_SECONDS = 30
_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_RULE = "-" * 40


class Refused(Exception):
    """This letter will never be taken; the reason as the server gave it."""


class Later(Exception):
    """This letter was not taken now."""


class Away(Exception):
    """The server takes no letter now. Whether a letter under way was taken may be unknown: it is sent again under the
    same Message-ID, by which the receiver can tell."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over. scheme: "smtp" (STARTTLS demanded), "smtps" (TLS) or "smtp+plain"."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> MailServer:
        """Read the setting YMACH_SMTP_URL. User and password may be percent-encoded."""
        parts = urlsplit(url)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme], user, password)


@dataclass(frozen=True, slots=True)
class Stationery:
    """What all letters share: the sender as in `From:`, and the address of this site before every link."""

    sender: str
    base_url: str

    def message(self, letter: Letter, *, at: datetime) -> EmailMessage:
        """The letter as it travels: Vietnamese first, then English. Raises Refused where it cannot be written."""
        link = f"\n\n{self.base_url}{letter.link}" if letter.link else ""
        message = EmailMessage(policy=WIRE)
        try:
            message["From"] = self.sender
            message["To"] = letter.address
            message["Subject"] = f"{letter.subject_vi} · {letter.subject_en}"
        except ValueError as error:
            raise Refused(f"not an address: {error}") from error
        message["Date"] = format_datetime(at)
        message["Message-ID"] = f"<{letter.pk}@{urlsplit(self.base_url).hostname or 'ymach'}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = "vi, en"
        message.set_content(f"{letter.body_vi}{link}\n\n{_RULE}\n\n{letter.body_en}{link}\n")
        return message


class Post:
    """One connection to a mail server, opened when the first letter is sent. Use as a context manager.

    trust: whose certificates are believed; by default the authorities of this machine.
    """

    def __init__(
        self, server: MailServer, *, trust: ssl.SSLContext | None = None, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._server, self._trust, self._patience = server, trust or ssl.create_default_context(), patience
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Post:
        return self

    def __exit__(self, *exception: object) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        """End the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def send(self, message: EmailMessage) -> None:
        """Hand one letter over. Raises Refused, Later or Away."""
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._connection.send_message(message, from_addr=parseaddr(str(message["From"]))[1])
        except smtplib.SMTPRecipientsRefused as error:
            raise _verdict(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPDataError as error:
            raise _verdict(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPNotSupportedError, UnicodeEncodeError, ValueError) as error:
            if self._connection is None:
                raise Away(_short(error)) from error
            raise Refused(_short(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self.hang_up()
            raise Away(_short(error)) from error

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._patience, context=self._trust
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._patience)
        try:
            if server.scheme == "smtp":
                connection.starttls(context=self._trust)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _verdict(code: int, answer: bytes | str) -> Exception:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    reason = f"{code} {words}"[:500]
    if code == 421:
        return Away(reason)
    return Refused(reason) if code >= 500 else Later(reason)


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
