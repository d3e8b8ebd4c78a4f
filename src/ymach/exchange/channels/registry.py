"""Which channel leads to which destination. A new partner is a package beside this file and a line here."""

from __future__ import annotations

from collections.abc import Callable

from ymach.config import Environment
from ymach.exchange.channels import insurance
from ymach.exchange.channels.contract import Channel
from ymach.exchange.deliveries.rules import INSURANCE

_BUILDERS: dict[str, Callable[[Environment], Channel | None]] = {INSURANCE: insurance.channel_from}


def configured(environment: Environment) -> dict[str, Channel]:
    """The channels of this installation by destination. A destination without an address is left out: it waits."""
    built = {destination: build(environment) for destination, build in _BUILDERS.items()}
    return {destination: channel for destination, channel in built.items() if channel is not None}
