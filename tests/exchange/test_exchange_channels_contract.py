"""What every channel must do with a partner that is well, slow, away, wrong, forgetful or somebody else. Real servers."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.deliveries import behave, ledger
from tests.support.partners import ALREADY_HELD, PARTNERS, Reached, reached

from ymach.exchange.channels.contract import (
    ChannelError,
    PartnerAway,
    PartnerTooSlow,
    RefusedByPartner,
    WrongAnswer,
)
from ymach.sandbox.http import Request, Response, serving

NAMES = sorted(PARTNERS)
ANY_ANSWER = "webhook"
"""A subscriber says with the status alone that it took an event: any 2xx will do, whatever stands in it."""

_FAILURES: list[tuple[dict[str, object], type[ChannelError]]] = [
    ({"down": True}, PartnerAway),
    ({"status": 500}, PartnerAway),
    ({"status": 503}, PartnerAway),
    ({"status": 429}, PartnerAway),
    ({"status": 302}, WrongAnswer),
    ({"certificate_change": True}, PartnerAway),
]
FAILURES = [
    *((name, *one) for name in NAMES for one in _FAILURES),
    *((name, {"status": 201}, WrongAnswer) for name in NAMES if name != ANY_ANSWER),
]
NOISE = [b"", b"\xff\xfe", b"[]", b"{}", b"null", b'{"code":1}', b"x" * 1_000_000, b'{"a":' * 5000]


@pytest.fixture(params=NAMES)
def partner(request: pytest.FixtureRequest) -> Iterator[Reached]:
    with reached(request.param) as found:
        yield found


def entries(partner: Reached) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ledger(partner.address)["entries"]
    return found


def test_a_parcel_arrives_with_a_reference_and_a_time(partner: Reached) -> None:
    answer = partner.channel.send(partner.parcel())
    assert answer.reference
    assert answer.received_at.tzinfo is not None
    assert len(entries(partner)) == 1


def test_the_same_parcel_again_changes_nothing(partner: Reached) -> None:
    first, second = (partner.channel.send(partner.parcel()) for _ in range(2))
    assert first.reference == second.reference
    assert [entry["received"] for entry in entries(partner)] == [2]
    assert ledger(partner.address)["doubled"] == 0


def test_another_parcel_is_another_entry(partner: Reached) -> None:
    for number in range(3):
        partner.channel.send(partner.parcel(number))
    assert len(entries(partner)) == 3


@pytest.mark.parametrize(("partner", "failure", "error"), FAILURES, indirect=["partner"])
def test_a_partner_that_fails_has_nothing_and_gets_it_later(
    partner: Reached, failure: dict[str, object], error: type[ChannelError]
) -> None:
    behave(partner.address, **failure)
    with pytest.raises(error) as caught:
        partner.channel.send(partner.parcel())
    assert not caught.value.permanent
    assert entries(partner) == []
    behave(partner.address)
    assert partner.channel.send(partner.parcel()).reference


@pytest.mark.parametrize(("failure", "error"), [({"forget": True}, PartnerAway), ({"wrong_answer": True}, WrongAnswer)])
def test_an_answer_lost_after_the_effect_doubles_nothing(
    partner: Reached, failure: dict[str, object], error: type[ChannelError]
) -> None:
    behave(partner.address, **failure)
    with pytest.raises(error):
        partner.channel.send(partner.parcel())
    behave(partner.address)
    partner.channel.send(partner.parcel())
    assert [entry["received"] for entry in entries(partner)] == [2]
    assert ledger(partner.address)["doubled"] == 0


def test_an_answer_that_it_is_there_already_counts_as_delivered(partner: Reached) -> None:
    first = partner.channel.send(partner.parcel())
    behave(partner.address, duplicate_answer=ALREADY_HELD)
    assert partner.channel.send(partner.parcel()).reference == first.reference


def test_a_session_that_ended_is_renewed_within_one_send(partner: Reached) -> None:
    partner.channel.send(partner.parcel(1))
    behave(partner.address, expired_token=True)
    assert partner.channel.send(partner.parcel(2)).reference
    assert len(entries(partner)) == 2


def test_a_refusal_is_final_and_nothing_was_taken(partner: Reached) -> None:
    behave(partner.address, refuse=205)
    with pytest.raises(RefusedByPartner) as caught:
        partner.channel.send(partner.parcel())
    assert caught.value.permanent
    assert not caught.value.blames_partner
    assert entries(partner) == []


def test_many_threads_send_side_by_side_and_double_nothing(partner: Reached) -> None:
    behave(partner.address, expired_token=True)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: partner.channel.send(partner.parcel(number)), range(24)))
    assert len({answer.reference for answer in answers}) == len(entries(partner)) == 24


@pytest.mark.parametrize("name", NAMES)
def test_silence_ends_with_the_patience(name: str) -> None:
    with reached(name, seconds=0.8) as partner:
        behave(partner.address, slow=3)
        start = time.monotonic()
        with pytest.raises(PartnerTooSlow):
            partner.channel.send(partner.parcel())
        assert time.monotonic() - start < 2.5


@pytest.mark.parametrize("name", NAMES)
def test_a_certificate_of_somebody_else_gets_nothing(name: str, tmp_path: Path) -> None:
    with reached(name, tls=tmp_path) as partner:
        partner.channel.send(partner.parcel(1))
        partner.stand_in.behaviour = type(partner.stand_in.behaviour)(certificate_change=True)
        for _ in range(2):
            with pytest.raises(PartnerAway) as caught:
                partner.channel.send(partner.parcel(2))
        assert "TLS certificate" in caught.value.text.en
        partner.stand_in.behaviour = type(partner.stand_in.behaviour)()
        partner.channel.send(partner.parcel(2))
        assert len(partner.stand_in.ledger.as_dict()["entries"]) == 2


@pytest.mark.parametrize("name", NAMES)
def test_noise_is_always_an_error_of_the_family(name: str) -> None:
    """But where the status alone counts, a good one is good; what is too large is not even read."""
    answers = [Response(status, body) for status in (200, 401, 409, 422) for body in NOISE]
    with _channel_to(name, iter(answers)) as partner:
        for one in answers:
            is_taken = name == ANY_ANSWER and one.status == 200 and len(one.body) < 1_000_000
            with contextlib.nullcontext() if is_taken else pytest.raises(ChannelError):
                assert partner.channel.send(partner.parcel()).reference


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_drips_is_cut_off(name: str) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not writer.is_closing():
            writer.write(b"x")
            await asyncio.sleep(0.05)

    with _raw(drip) as address:
        channel = PARTNERS[name].reach(address, timedelta(seconds=1), None)
        start = time.monotonic()
        with pytest.raises(ChannelError):
            channel.send(_any_parcel(name))
        channel.close()
        assert time.monotonic() - start < 3


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_without_end_is_cut_off(name: str) -> None:
    async def gigabyte(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 65536)
            await writer.drain()

    with _raw(gigabyte) as address:
        channel = PARTNERS[name].reach(address, timedelta(seconds=4), None)
        with pytest.raises(WrongAnswer):
            channel.send(_any_parcel(name))
        channel.close()


def _any_parcel(name: str) -> Any:
    return Reached(name, None, "", None).parcel()  # type: ignore[arg-type]


@contextmanager
def _channel_to(name: str, answers: Iterator[Response]) -> Iterator[Reached]:
    """A partner that gives these answers, one after the other, and the last one again and again."""
    last = Response()

    async def answer(request: Request) -> Response:
        nonlocal last
        last = next(answers, last)
        return last

    with serving(answer) as address:
        channel = PARTNERS[name].reach(address, timedelta(seconds=4), None)
        yield Reached(name, None, address, channel)  # type: ignore[arg-type]
        channel.close()


@contextmanager
def _raw(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> Iterator[str]:
    """A server below HTTP."""
    loop, ports, ready = asyncio.new_event_loop(), list[int](), threading.Event()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await reader.read(1)
            await talk(reader, writer)
        writer.transport.abort()

    async def serve() -> None:
        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        ready.set()
        await server.serve_forever()

    def run() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait(5)
    try:
        yield f"http://127.0.0.1:{ports[0]}"
    finally:
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
        thread.join()
