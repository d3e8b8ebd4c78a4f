"""Addresses of somebody else's choice lead to the public internet and nowhere inside. Real sockets, no network."""

from __future__ import annotations

import ipaddress
import socket
import time
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.errors import Misconfigured
from ymach.exchange.channels import guard
from ymach.exchange.channels.contract import AddressRefused, PartnerAway, PartnerTooSlow, WrongAnswer
from ymach.exchange.channels.guard import PublicOnly, read_networks
from ymach.exchange.channels.http import PartnerClient
from ymach.sandbox.http import Request, Response, serving

INSIDE = (ipaddress.ip_network("127.0.0.0/8"),)
HIDDEN = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254"),
    *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::", "2001:db8::1", "::127.0.0.1"),
]


@pytest.mark.parametrize("address", HIDDEN)
def test_what_is_not_public_is_out_of_reach(address: str) -> None:
    assert not PublicOnly().lets_through(ipaddress.ip_address(address))
    with pytest.raises(AddressRefused):
        PublicOnly().addresses(address, 443, seconds=1)


@pytest.mark.parametrize("address", ["8.8.8.8", "203.113.131.1", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_what_is_public_is_in_reach(address: str) -> None:
    assert PublicOnly().lets_through(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_hidden_in_another_counts_as_itself(address: ipaddress.IPv4Address) -> None:
    look = PublicOnly().lets_through
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    translated = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | int(address))
    assert look(address) == look(mapped) == look(translated)


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.vn/", "ftp://example.vn/", "https:///x", "https://user:pw@example.vn/", "//example.vn", ""),
        *(
            "https://example.vn:22/",
            "https://example.vn:5432/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.1.1.1/",
        ),
        *("https://localhost/", "https://may-chu/", "https://db.internal/", "https://2130706433/", "https://0x7f.1/"),
        *("https://example.vn/#part", "https://example.vn/a\r\nb", "https://example.vn:99999/", "javascript:alert(1)"),
        f"https://example.vn/{'x' * 2000}",
    ],
)
def test_an_address_that_cannot_be_used_is_not_kept(url: str) -> None:
    assert not is_kept(url)


@pytest.mark.parametrize("url", ["https://example.vn/tin", "https://example.vn:8443/a?b=c", "https://8.8.8.8/"])
def test_an_address_of_a_public_server_is_kept(url: str) -> None:
    assert is_kept(url)


def is_kept(url: str) -> bool:
    try:
        PublicOnly().check_url(url)
    except AddressRefused:
        return False
    return True


def test_a_demonstration_may_allow_its_own_machine() -> None:
    PublicOnly(read_networks("127.0.0.0/8")).check_url("http://127.0.0.1:8134/events")
    with pytest.raises(AddressRefused):
        PublicOnly(read_networks("127.0.0.0/8")).check_url("http://10.0.0.1:8134/events")
    with pytest.raises(Misconfigured):
        read_networks("127.0.0.0/8, nowhere")


def _names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Names lead to these addresses, one look-up after the other; the list gathers what was asked for."""
    asked: list[str] = []

    def answer(host: str, port: int, **kind: Any) -> list[Any]:
        asked.append(host)
        address = addresses[min(len(asked), len(addresses)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(guard, "getaddrinfo", answer)
    return asked


def test_a_name_that_leads_inside_is_refused_and_nothing_is_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[Request] = []

    async def meet(request: Request) -> Response:
        met.append(request)
        return Response()

    _names(monkeypatch, "127.0.0.1")
    with serving(meet) as address:
        port = address.rpartition(":")[2]
        client = PartnerClient(
            f"http://inner.example:{port}", patience=timedelta(seconds=2), connections=1, guard=PublicOnly()
        )
        with pytest.raises(AddressRefused):
            client.post("", b"{}", {})
        client.close()
    assert met == []


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    async def meet(request: Request) -> Response:
        seen.append(request.headers["host"])
        return Response()

    asked = _names(monkeypatch, "127.0.0.1", "169.254.169.254")
    with serving(meet) as address:
        port = address.rpartition(":")[2]
        client = PartnerClient(
            f"http://twice.example:{port}", patience=timedelta(seconds=2), connections=1, guard=PublicOnly(INSIDE)
        )
        assert client.post("", b"{}", {}).status == 200
        client.close()
    assert (asked, seen) == (["twice.example"], [f"twice.example:{port}"])


def test_one_hidden_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, 1, 6, "", (one, 443)) for one in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(guard, "getaddrinfo", lambda *args, **kind: both)
    with pytest.raises(AddressRefused):
        PublicOnly().addresses("both.example", 443, seconds=1)


def test_a_name_that_is_unknown_or_slow_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **kind: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(guard, "getaddrinfo", unknown)
    with pytest.raises(PartnerAway):
        PublicOnly().addresses("nowhere.example", 443, seconds=1)
    monkeypatch.setattr(guard, "getaddrinfo", lambda *args, **kind: time.sleep(0.6))
    with pytest.raises(PartnerTooSlow):
        PublicOnly().addresses("slow.example", 443, seconds=0.1)


def test_a_redirect_is_not_followed() -> None:
    met: list[str] = []

    async def around(request: Request) -> Response:
        met.append(request.path)
        return Response(307, b'{"code":"x"}')

    with serving(around) as address:
        client = PartnerClient(address, patience=timedelta(seconds=2), connections=1, guard=PublicOnly(INSIDE))
        assert client.post("loop", b"", {}).status == 307
        client.close()
    assert met == ["/loop"]


def test_a_large_answer_is_not_read() -> None:
    async def flood(request: Request) -> Response:
        return Response(200, b"x" * 10_000_000)

    with serving(flood) as address:
        client = PartnerClient(address, patience=timedelta(seconds=5), connections=1, guard=PublicOnly(INSIDE))
        with pytest.raises(WrongAnswer):
            client.post("", b"", {})
        client.close()
