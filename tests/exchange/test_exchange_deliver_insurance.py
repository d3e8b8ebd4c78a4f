"""The channel to the insurance portal: its answers read strictly, its session shared, its connection bounded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.deliveries import behave, ledger
from tests.support.delivery_fixtures import channel, portal

from ymach.config import Environment
from ymach.exchange.channels.contract import (
    ChannelError,
    Parcel,
    PartnerAway,
    PartnerTooSlow,
    RefusedByPartner,
    SignInRefused,
    WrongAnswer,
)
from ymach.exchange.channels.insurance.answers import read_session, read_taken
from ymach.exchange.channels.insurance.channel import InsuranceChannel
from ymach.exchange.channels.registry import configured
from ymach.sandbox.http import Handler, Request, Response, serving

__all__ = ["channel", "portal"]
AT = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
TAKEN = {"maKetQua": "200", "maGiaoDich": "GD1", "thoiGianTiepNhan": "20261120140000", "thongDiep": "x"}


def parcel(content: bytes = b"<GIAMDINHHS/>") -> Parcel:
    digest = hashlib.sha256(content).digest()
    return Parcel("insurance", "01001", "visit", "LK1", 1, digest, load=lambda: content)


def _body(**changes: object) -> bytes:
    kept = {name: value for name, value in {**TAKEN, **changes}.items() if value is not None}
    return json.dumps(kept).encode()


def test_an_answer_gives_reference_and_time_in_utc() -> None:
    answer = read_taken(_body())
    assert (answer.reference, answer.received_at) == ("GD1", AT)
    assert answer.kept == TAKEN


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        _body(maKetQua="OK"),
        _body(maGiaoDich=None),
        _body(maGiaoDich=" "),
        _body(thoiGianTiepNhan="2026-11-20"),
        _body(thoiGianTiepNhan="20261320140000"),
        _body(thoiGianTiepNhan="2026112014000"),
    ],
)
def test_an_answer_that_breaks_the_contract_is_wrong(body: bytes) -> None:
    with pytest.raises(WrongAnswer):
        read_taken(body)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("401", SignInRefused),
        ("403", SignInRefused),
        ("500", PartnerAway),
        ("205", RefusedByPartner),
        (1001, RefusedByPartner),
    ],
)
def test_each_code_has_one_meaning(code: object, error: type[ChannelError]) -> None:
    with pytest.raises(error):
        read_taken(_body(maKetQua=code))


def test_a_code_known_as_already_held_counts_as_taken() -> None:
    assert read_taken(_body(maKetQua="1010"), already_held={1010}).reference == "GD1"


@given(st.binary(max_size=200))
def test_noise_is_always_an_error_of_the_family(body: bytes) -> None:
    with pytest.raises(ChannelError):
        read_taken(body)
    with pytest.raises(ChannelError):
        read_session(body, at=AT)


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize("ends", [3600, "3600", "2026-11-20T15:00:00", "2026-11-20T08:00:00Z"])
def test_a_session_is_read_in_every_form_the_portal_uses(nested: bool, ends: object) -> None:
    key = {"access_token": "a", "id_token": "b", "expires_in": ends}
    body = {"maKetQua": "200", "APIKey": key} if nested else {"maKetQua": "200", **key}
    session = read_session(json.dumps(body).encode(), at=AT)
    assert session.expires_at == AT + timedelta(hours=1)


def test_a_token_that_would_break_a_header_is_a_wrong_answer() -> None:
    body = {"maKetQua": "200", "access_token": "a\r\nX: y", "id_token": "b", "expires_in": 60}
    with pytest.raises(WrongAnswer):
        read_session(json.dumps(body).encode(), at=AT)


def test_the_bytes_arrive_as_they_were(channel: InsuranceChannel, portal: str) -> None:
    content = bytes(range(256)) * 40
    channel.send(parcel(content))
    assert ledger(portal)["entries"][0]["digest"] == hashlib.sha256(content).hexdigest()


def test_a_portal_on_decision_4750_is_reached_by_its_own_paths(portal: str) -> None:
    older = InsuranceChannel(portal, username="platform", password="sandbox", decision="4750")
    assert older.send(parcel()).reference
    older.close()


def test_a_wrong_password_is_an_error_of_the_account(portal: str) -> None:
    stranger = InsuranceChannel(portal, username="platform", password="wrong")
    with pytest.raises(SignInRefused):
        stranger.send(parcel())
    stranger.close()


def test_many_threads_that_find_the_session_ended_sign_in_once(channel: InsuranceChannel, portal: str) -> None:
    channel.send(parcel())
    behave(portal, expired_token=True)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: channel.send(parcel(b"%d" % n)), range(8)))
    assert len({answer.reference for answer in answers}) == 8


@contextmanager
def _channel_to(handler: Handler, seconds: float = 1) -> Iterator[InsuranceChannel]:
    with serving(handler) as address:
        made = InsuranceChannel(address, username="x", password="x", patience=timedelta(seconds=seconds))
        yield made
        made.close()


def test_an_endless_answer_is_cut_off() -> None:
    async def flood(request: Request) -> Response:
        return Response(body=b"x" * 1_000_000)

    with _channel_to(flood) as flooded, pytest.raises(WrongAnswer):
        flooded.send(parcel())


def test_an_answer_that_says_taken_under_an_error_status_is_wrong() -> None:
    async def odd(request: Request) -> Response:
        if request.path == "/api/token/take":
            return Response(body=b'{"maKetQua":"200","access_token":"a","id_token":"b","expires_in":60}')
        return Response(404, _body())

    with _channel_to(odd) as channel_to_odd, pytest.raises(WrongAnswer):
        channel_to_odd.send(parcel())


def test_silence_ends_with_the_patience(portal: str) -> None:
    behave(portal, slow=1)
    hurried = InsuranceChannel(portal, username="platform", password="sandbox", patience=timedelta(seconds=0.3))
    with pytest.raises(PartnerTooSlow):
        hurried.send(parcel())
    hurried.close()


def test_an_installation_without_an_address_has_no_channel(portal: str) -> None:
    assert configured(Environment(insurance_url="")) == {}
    found = configured(Environment(insurance_url=portal))
    assert list(found) == ["insurance"]
    found["insurance"].close()
