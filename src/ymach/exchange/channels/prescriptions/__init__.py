"""The national prescription system (Đơn thuốc quốc gia): Decision 808/QĐ-BYT 2022, Circular 26/2025/TT-BYT."""

from __future__ import annotations

from ymach.config import Environment
from ymach.exchange.channels.prescriptions.accounts import read_accounts
from ymach.exchange.channels.prescriptions.channel import PrescriptionsChannel


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
