"""Which channel leads to which partner. A new partner is a package beside this file and a line here."""

from __future__ import annotations

from collections.abc import Callable

from ymach.config import Environment
from ymach.exchange.channels import health_book, insurance, prescriptions
from ymach.exchange.channels.contract import Channel
from ymach.exchange.deliveries.names import HEALTH_BOOK, INSURANCE, PRESCRIPTIONS

_BUILDERS: dict[str, Callable[[Environment], Channel | None]] = {
    INSURANCE: insurance.channel_from,
    HEALTH_BOOK: health_book.channel_from,
    PRESCRIPTIONS: prescriptions.channel_from,
}


def configured(environment: Environment) -> dict[str, Channel]:
    """The channels of this installation by destination. Raises Misconfigured."""
    built = {destination: build(environment) for destination, build in _BUILDERS.items()}
    return {destination: channel for destination, channel in built.items() if channel is not None}


def installed(environment: Environment) -> frozenset[str]:
    """The partners to which this installation sends.

    The insurance portal is always one of them: every visit is owed to it, and waits until it has an address.
    """
    urls = {HEALTH_BOOK: environment.health_book_url, PRESCRIPTIONS: environment.prescriptions_url}
    return frozenset({INSURANCE, *(name for name, url in urls.items() if url)})
