"""Where an address of somebody else's choice may lead: to the public internet, and nowhere inside.

A name is resolved here, every address it has is looked at, and the connection goes to the address that was looked at:
a name that says something else a moment later leads nowhere else.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from socket import SOCK_STREAM, getaddrinfo
from urllib.parse import urlsplit

from ymach.base.errors import Misconfigured
from ymach.exchange.channels.contract import AddressRefused, PartnerAway, PartnerTooSlow

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
PORTS = frozenset({443, 8443})
_LONGEST_URL = 2000
# A resolver that does not answer holds a thread of these, and nobody else's.
_RESOLVERS = ThreadPoolExecutor(4, thread_name_prefix="resolve")


@dataclass(frozen=True, slots=True)
class PublicOnly:
    """Lets through what is public. allowed: networks that count as public all the same, also without TLS."""

    allowed: tuple[Network, ...] = field(default=())

    def addresses(self, host: str, port: int, *, seconds: float) -> list[str]:
        """The addresses of a host, all of them public. Raises AddressRefused, PartnerAway or PartnerTooSlow."""
        found = _resolve(host, port, seconds)
        for address in found:
            if not self.lets_through(address):
                raise AddressRefused(host=host)
            if port not in PORTS and not self.is_allowed(address):
                raise AddressRefused(host=f"{host}:{port}")
        return [str(address) for address in found]

    def lets_through(self, address: Address) -> bool:
        """Whether a connection may go there."""
        return self.is_allowed(address) or _is_public(address)

    def is_allowed(self, address: Address) -> bool:
        return any(address in network for network in self.allowed if network.version == address.version)

    def check_url(self, url: str) -> None:
        """Look at an address before it is kept: https (or an allowed network), a host, no account in it.

        A name that cannot be public is refused; no other is resolved here: it may say something else by the time it is
        used. Raises AddressRefused.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise AddressRefused(host=url[:200]) from None
        host, is_plain = parts.hostname or "", parts.username is None and not parts.fragment
        is_kept_whole = len(url) <= _LONGEST_URL and url.isprintable()
        if not (host and is_plain and is_kept_whole and self._leads_out(parts.scheme, host, port)):
            raise AddressRefused(host=host or url[:200])

    def _leads_out(self, scheme: str, host: str, port: int) -> bool:
        """Whether what is written can lead to a place where connections go."""
        literal = _literal(host)
        if literal is not None and self.is_allowed(literal):
            return scheme in {"https", "http"}
        if scheme != "https" or port not in PORTS:
            return False
        return _is_public(literal) if literal else bool(self.allowed) or not _names_inside(host)


def read_networks(text: str) -> tuple[Network, ...]:
    """Networks, comma-separated. Raises Misconfigured."""
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as wrong:
        raise Misconfigured(why=f"YMACH_WEBHOOK_ALLOW: {wrong}") from wrong


def _resolve(host: str, port: int, seconds: float) -> list[Address]:
    literal = _literal(host)
    if literal is not None:
        return [literal]
    asked = _RESOLVERS.submit(getaddrinfo, host, port, type=SOCK_STREAM)
    try:
        answer = asked.result(timeout=seconds)
    except TooLate as late:
        asked.cancel()
        raise PartnerTooSlow(seconds=f"{seconds:g}") from late
    except (OSError, UnicodeError) as error:
        raise PartnerAway(why="DNS") from error
    found = _in_order(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in answer)
    if not found:
        raise PartnerAway(why="DNS")
    return found


def _in_order(addresses: Iterable[Address]) -> list[Address]:
    return list(dict.fromkeys(addresses))


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _names_inside(host: str) -> bool:
    """Whether a name can only be one of a private network, or a number that resolvers read as an address."""
    before, _, last = host.rstrip(".").rpartition(".")
    return not before or last in _INSIDE or last[:1].isdigit()


def _is_public(address: Address) -> bool:
    """Neither private, loopback, link-local (where clouds keep their metadata), multicast nor reserved; what is inside
    an IPv6 address of a translation counts too."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
        if address not in _GLOBAL_UNICAST:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


_INSIDE = frozenset({"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private"})
"""Last parts of names that the public name system does not have (RFC 6761, RFC 6762, ICANN's reserved ones)."""
_NAT64, _GLOBAL_UNICAST = ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("2000::/3")
