"""The electronic health book (Sổ sức khỏe điện tử) on VNeID (Decisions 31/QĐ-BYT and 1551/QĐ-BYT 2026)."""

from __future__ import annotations

from ymach.base.errors import Misconfigured
from ymach.config import Environment
from ymach.exchange.channels.health_book.channel import HealthBookChannel
from ymach.exchange.channels.health_book.keys import load_or_create


def channel_from(environment: Environment) -> HealthBookChannel | None:
    """The channel as set by YMACH_HEALTH_BOOK_…; None without an address. Raises Misconfigured."""
    if not environment.health_book_url:
        return None
    if not environment.health_book_sender:
        raise Misconfigured(why="YMACH_HEALTH_BOOK_URL is set, but not YMACH_HEALTH_BOOK_SENDER (13 digits).")
    return HealthBookChannel(
        environment.health_book_url,
        username=environment.health_book_username,
        password=environment.health_book_password.get_secret_value(),
        sender_id=environment.health_book_sender,
        key=load_or_create(environment.health_book_key or environment.secrets_folder / "health-book-key.pem"),
        authorities=environment.partner_authorities,
    )
