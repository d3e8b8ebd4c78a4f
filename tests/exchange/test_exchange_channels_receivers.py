"""What subscribers and referral receivers are told, and how they know that it is us."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.partners import HERE, ISSUER, Reached, Telling, platform_key, reached

from ymach.exchange.channels.contract import Channel, RefusedByPartner
from ymach.exchange.channels.health_book.keys import load_or_create
from ymach.exchange.channels.health_book.message import message_id
from ymach.exchange.channels.referral.channel import ReferralChannel
from ymach.exchange.channels.signatures import HEADER, sign_detached, verify_detached
from ymach.sandbox.http import Request, Response, serving
from ymach.trust.platform import PlatformKey, jwks

KEYS = jwks(platform_key())


@contextmanager
def _heard(kind: type[Telling] | type[ReferralChannel]) -> Iterator[tuple[Channel, list[Request]]]:
    met: list[Request] = []

    async def meet(request: Request) -> Response:
        met.append(request)
        return Response(200, b'{"status":"queued","reference":"R1"}')

    extra = {"receiver": "99002"} if kind is ReferralChannel else {}
    with serving(meet) as address:
        sender = {"key": platform_key(), "issuer": ISSUER, "guard": HERE, "patience": timedelta(seconds=5)}
        channel = kind(f"{address}/x?token=t", **sender, **extra)  # type: ignore[arg-type]
        yield channel, met
        channel.close()


def _parcel(name: str) -> Reached:
    return Reached(name, None, "", None)  # type: ignore[arg-type]


def test_every_attempt_has_the_same_number_and_the_same_body() -> None:
    with _heard(Telling) as (channel, met):
        for _ in range(2):
            channel.send(_parcel("webhook").parcel())
    first, second = met
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == json.loads(first.body)["id"]


def test_the_signature_is_ours_and_covers_the_body() -> None:
    with _heard(Telling) as (channel, met):
        channel.send(_parcel("webhook").parcel())
    claims = verify_detached(met[0].headers[HEADER.lower()], met[0].body, KEYS)
    assert (claims["iss"], claims["typ"], claims["jti"]) == (ISSUER, "ymach-event+jws", json.loads(met[0].body)["id"])


def test_a_referral_is_the_signed_file_with_a_header_of_ours() -> None:
    parcel = _parcel("referral").parcel()
    with _heard(ReferralChannel) as (channel, met):
        answer = channel.send(parcel)
    assert met[0].body == parcel.load()
    claims = verify_detached(met[0].headers[HEADER.lower()], met[0].body, KEYS)
    assert (claims["sub"], claims["aud"], claims["digest"]) == ("99003", "99002", parcel.digest.hex())
    assert answer.kept["status"] == "queued"


@given(st.binary(max_size=500), st.binary(max_size=500))
def test_a_signature_holds_for_its_bytes_alone(body: bytes, other: bytes) -> None:
    token = sign_detached(body, platform_key(), kind="t", claims={"jti": "1"})
    assert verify_detached(token, body, KEYS)["jti"] == "1"
    if other != body:
        with pytest.raises(ValueError):
            verify_detached(token, other, KEYS)


@pytest.mark.parametrize("token", ["", "a", "..", "a..b", "a.b.c", "é..é"])
def test_what_is_no_signature_is_refused(token: str) -> None:
    with pytest.raises(ValueError):
        verify_detached(token, b"x", KEYS)


def test_a_signature_by_another_key_or_without_one_is_refused() -> None:
    token = sign_detached(b"x", PlatformKey.create(), kind="t", claims={})
    with pytest.raises(ValueError):
        verify_detached(token, b"x", KEYS)
    head = (
        base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": platform_key().kid}).encode()).rstrip(b"=").decode()
    )
    with pytest.raises(ValueError):
        verify_detached(f"{head}..", b"x", KEYS)


def test_a_receiver_refuses_what_somebody_else_signed() -> None:
    with reached("webhook") as partner:
        stranger = Telling(f"{partner.address}/events", key=PlatformKey.create(), issuer=ISSUER, guard=HERE)
        with pytest.raises(Exception, match="YM-DELIVERY"):
            stranger.send(partner.parcel())
        stranger.close()
        assert partner.stand_in.ledger.as_dict()["entries"] == []


def test_a_subscriber_that_is_gone_is_not_asked_again() -> None:
    with reached("webhook") as partner:
        partner.stand_in.behaviour = type(partner.stand_in.behaviour)(refuse=410)
        with pytest.raises(RefusedByPartner):
            partner.channel.send(partner.parcel())


def test_a_message_of_the_health_book_has_one_number_for_ever(tmp_path: object) -> None:
    parcel = _parcel("health_book").parcel()
    first, second = (message_id("8938500000017", parcel.idempotency_key, parcel.created_at) for _ in range(2))
    assert first == second
    assert len(first) == 13 + 6 + 32
    assert first[13 + 6 + 12] == "4"


def test_the_key_of_the_health_book_is_made_once_for_its_owner_alone(tmp_path: object) -> None:
    path = tmp_path / "key.pem"  # type: ignore[operator]
    first, second = load_or_create(path), load_or_create(path)
    assert first.private_numbers() == second.private_numbers()
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "key.pub.pem").exists()  # type: ignore[operator]
