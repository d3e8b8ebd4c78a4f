"""The national prescription system (Đơn thuốc quốc gia): Decision 808/QĐ-BYT 2022, Circular 26/2025/TT-BYT."""

from __future__ import annotations

from ymach.config import Environment
from ymach.exchange.channels.prescriptions.accounts import read_accounts
from ymach.exchange.channels.prescriptions.channel import PrescriptionsChannel
from ymach.exchange.channels.prescriptions.dispensings import DispensingsChannel


def channel_from(environment: Environment) -> PrescriptionsChannel | None:
    """The channel as set by YMACH_PRESCRIPTIONS_…; None without an address. Raises Misconfigured."""
    if not environment.prescriptions_url:
        return None
    shared = environment.prescriptions_password.get_secret_value()
    return PrescriptionsChannel(
        environment.prescriptions_url,
        accounts=read_accounts(environment.prescriptions_accounts, shared=shared),
        authorities=environment.partner_authorities,
    )


def dispensings_channel_from(environment: Environment) -> DispensingsChannel | None:
    """The channel for what was dispensed; None without an address or without the name of an application."""
    if not (environment.prescriptions_url and environment.prescriptions_app_name):
        return None
    return DispensingsChannel(
        environment.prescriptions_url,
        app_name=environment.prescriptions_app_name,
        app_key=environment.prescriptions_app_key.get_secret_value(),
        authorities=environment.partner_authorities,
    )
