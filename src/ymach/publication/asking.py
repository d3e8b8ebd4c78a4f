"""Who asks without an account, and how often. Open to everybody, bounded for each address."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from ymach.accounts.signin import limits
from ymach.base.errors import TooMany

WHAT = "licence-check"
WINDOW_SECONDS = 60


def address_of(remote: str, forwarded: str, *, proxies: int) -> str:
    """The address that asks. forwarded: the header X-Forwarded-For, to which each proxy appends whom it heard from.

    Only the last `proxies` entries were written by our own proxies; what stands before them anybody can write.
    """
    heard = [part.strip() for part in forwarded.split(",") if part.strip()]
    return heard[-proxies] if 0 < proxies <= len(heard) else remote


def check_pace(address: str, *, allowed: int, at: datetime) -> None:
    """One more question from an address; `allowed` a minute, 0 for no bound. Raises TooMany with `retry_after`."""
    if not allowed:
        return
    who = household_of(address)
    if limits.take(WHAT, who, allowed=allowed, seconds=WINDOW_SECONDS, at=at) <= 0:
        raise TooMany(retry_after=max(limits.seconds_until_free(WHAT, who, at=at), 1))


def household_of(address: str) -> str:
    """An IPv6 customer holds a whole /64: addresses within it are one asker."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)
