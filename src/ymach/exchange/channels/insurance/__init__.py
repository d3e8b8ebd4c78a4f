"""The social insurance portal: takes the signed file of every visit and every check-in (Circular 48/2017/TT-BYT)."""

from __future__ import annotations

from ymach.config import Environment
from ymach.exchange.channels.insurance.channel import InsuranceChannel


def channel_from(environment: Environment) -> InsuranceChannel | None:
    """The channel as set by YMACH_INSURANCE_URL, _USERNAME and _PASSWORD; None without an address."""
    if not environment.insurance_url:
        return None
    return InsuranceChannel(
        environment.insurance_url,
        username=environment.insurance_username,
        password=environment.insurance_password.get_secret_value(),
        authorities=environment.partner_authorities,
    )
