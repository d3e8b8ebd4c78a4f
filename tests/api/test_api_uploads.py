"""Large files in pieces: begun, sent in any order, finished as a submission; every way to go wrong has its own code."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.support.intake import Desk, example, open_desk

from ymach.base.clock import now
from ymach.exchange.intake.case import Sender
from ymach.exchange.models import Submission
from ymach.exchange.platform import access_tokens
from ymach.exchange.senders import machine_sender
from ymach.exchange.uploads import actions, rules
from ymach.exchange.uploads.errors import TooManyUploads, UploadExpired, UploadUnknown
from ymach.exchange.uploads.models import Chunk, Upload
from ymach.exchange.uploads.rules import Announced

pytestmark = pytest.mark.django_db
UPLOADS = "/api/v1/uploads"


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "LARGEST_CHUNK", 4096)


@pytest.fixture
def machine(desk: Desk, small_pieces: None) -> Client:
    return machine_of("99001")


def machine_of(code: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {access_tokens().issue(code, at=now())}"})


def sender() -> Sender:
    return machine_sender("99001")


def begin(machine: Client, content: bytes, **changed: Any) -> Any:
    told = {"size": len(content), "sha256": sha256(content).hexdigest(), **changed}
    return machine.post(UPLOADS, told, content_type="application/json")


def put(machine: Client, upload: str, number: int, piece: bytes, *, digest: str | None = None) -> Any:
    stated = "sha-256=" + base64.b64encode(sha256(piece).digest()).decode() if digest is None else digest
    address = f"{UPLOADS}/{upload}/chunks/{number}"
    return machine.put(address, piece, content_type="application/octet-stream", headers={"Digest": stated})


def pieces_of(content: bytes) -> list[bytes]:
    return [content[start : start + 4096] for start in range(0, len(content), 4096)]


def send(machine: Client, content: bytes, order: Sequence[int] | None = None) -> str:
    upload: str = begin(machine, content).json()["upload"]
    pieces = pieces_of(content)
    for number in order if order is not None else range(len(pieces)):
        assert put(machine, upload, number, pieces[number]).status_code == 204
    return upload


def finish(machine: Client, upload: str) -> Any:
    return machine.post(f"{UPLOADS}/{upload}/finish")


def test_pieces_in_any_order_become_a_submission_and_finishing_twice_gives_the_same_receipt(
    desk: Desk, machine: Client
) -> None:
    content = desk.sign(example("01-outpatient.xml"))
    count = len(pieces_of(content))
    upload = send(machine, content, [*reversed(range(count)), 0])
    state = machine.get(f"{UPLOADS}/{upload}").json()
    assert (state["received"], state["chunks"], state["chunk_size"]) == (list(range(count)), count, 4096)
    first, again = finish(machine, upload), finish(machine, upload)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["receipt"] == again.json()["receipt"]
    assert Submission.objects.get().digest == sha256(content).digest()
    assert actions.tidy_up(at=now() + timedelta(hours=1)) == {"uploads forgotten": 1}
    assert (Upload.objects.count(), Chunk.objects.count()) == (0, 0)


def test_a_refusal_of_the_whole_is_the_refusal_of_a_submission(machine: Client) -> None:
    upload = send(machine, b"<nonsense" * 1000)
    answer = finish(machine, upload)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["receipt"]


def test_who_forgot_how_far_it_came_is_given_the_open_upload(machine: Client) -> None:
    content = b"x" * 10_000
    upload = send(machine, content, [1])
    again = begin(machine, content)
    assert (again.status_code, again.json()["upload"], again.json()["received"]) == (200, upload, [1])


@pytest.mark.parametrize(
    ("number", "piece", "digest", "status", "code"),
    [
        (0, b"x" * 4096, "sha-256=" + base64.b64encode(b"y" * 32).decode(), 422, "YM-UPLOAD-CHUNK-DIGEST"),
        (0, b"x" * 4095, None, 422, "YM-UPLOAD-CHUNK-LENGTH"),
        (2, b"x" * 4096, None, 422, "YM-UPLOAD-CHUNK-LENGTH"),
        (3, b"x" * 10, None, 422, "YM-UPLOAD-CHUNK-NUMBER"),
        (0, b"x" * 4096, "", 400, "YM-UPLOAD-DIGEST-MISSING"),
        (0, b"x" * 4096, "sha-256=???", 400, "YM-UPLOAD-DIGEST-MISSING"),
    ],
)
def test_a_piece_that_is_not_what_it_must_be_is_refused(
    machine: Client, number: int, piece: bytes, digest: str | None, status: int, code: str
) -> None:
    upload = begin(machine, b"x" * 10_000).json()["upload"]
    answer = put(machine, upload, number, piece, digest=digest)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Chunk.objects.count() == 0


def test_finishing_with_a_hole_says_which_piece_is_missing(machine: Client) -> None:
    upload = send(machine, b"x" * 10_000, [0, 2])
    answer = finish(machine, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "YM-UPLOAD-HOLE")
    assert "1" in answer.json()["detail_en"]


def test_pieces_that_are_not_the_file_announced_end_the_upload(machine: Client) -> None:
    upload = begin(machine, b"x" * 100, sha256="ab" * 32).json()["upload"]
    put(machine, upload, 0, b"x" * 100)
    answer = finish(machine, upload)
    assert (answer.status_code, answer.json()["code"]) == (409, "YM-UPLOAD-DIGEST")
    assert (Upload.objects.count(), Submission.objects.count()) == (0, 0)


def test_an_upload_of_another_facility_does_not_exist(machine: Client) -> None:
    upload = begin(machine, b"x" * 100).json()["upload"]
    open_desk("99002")
    other = machine_of("99002")
    answers = [other.get(f"{UPLOADS}/{upload}"), put(other, upload, 0, b"x" * 100), finish(other, upload)]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(404, "YM-UPLOAD-UNKNOWN")] * 3


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        ({"size": 10}, 422, "YM-UPLOAD-ANNOUNCED"),
        ({"size": True, "sha256": "ab" * 32}, 422, "YM-UPLOAD-ANNOUNCED"),
        ({"size": 0, "sha256": "ab" * 32}, 422, "YM-UPLOAD-ANNOUNCED"),
        ({"size": 10, "sha256": "zz" * 32}, 422, "YM-UPLOAD-ANNOUNCED"),
        (["size"], 422, "YM-UPLOAD-ANNOUNCED"),
        ({"size": 10**12, "sha256": "ab" * 32}, 413, "YM-UPLOAD-TOO-BIG"),
    ],
)
def test_what_is_announced_badly_or_is_too_big_is_refused(machine: Client, told: Any, status: int, code: str) -> None:
    answer = machine.post(UPLOADS, told, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_facility_has_only_so_many_uploads_open(desk: Desk) -> None:
    at = now()
    for number in range(rules.MOST_OPEN):
        actions.begin(Announced(10, bytes([number]) * 32), sender=sender(), at=at)
    with pytest.raises(TooManyUploads):
        actions.begin(Announced(10, b"z" * 32), sender=sender(), at=at)
    _, is_new = actions.begin(Announced(10, b"\0" * 32), sender=sender(), at=at)
    assert not is_new
    later = at + rules.LIFETIME
    assert actions.begin(Announced(10, b"z" * 32), sender=sender(), at=later)[1]
    assert Upload.objects.count() == 1


def test_an_upload_that_is_not_finished_expires(desk: Desk) -> None:
    at = now()
    upload, _ = actions.begin(Announced(10, b"z" * 32), sender=sender(), at=at)
    late = at + rules.LIFETIME
    with pytest.raises(UploadExpired):
        actions.keep_chunk(upload.id, 0, b"x" * 10, digest=sha256(b"x" * 10).digest(), sender=sender(), at=late)
    assert actions.tidy_up(at=late) == {"uploads forgotten": 1}
    with pytest.raises(UploadUnknown):
        actions.assemble(upload.id, sender=sender(), at=late)


@pytest.mark.parametrize(("size", "expected"), [(1, 16_384), (42_000, 16_384), (400_000, 50_000), (90 * 2**20, 2**20)])
def test_pieces_are_an_eighth_of_the_file_within_bounds(size: int, expected: int) -> None:
    assert rules.chunk_size_of(size) == expected


@given(content=st.binary(min_size=1, max_size=200), chunk_size=st.integers(1, 50))
def test_pieces_of_the_right_length_are_the_whole(content: bytes, chunk_size: int) -> None:
    count = rules.chunk_count(len(content), chunk_size)
    lengths = [rules.chunk_length(number, size=len(content), chunk_size=chunk_size) for number in range(count)]
    assert sum(lengths) == len(content)
    pieces = [content[number * chunk_size :][:length] for number, length in enumerate(lengths)]
    assert rules.check_whole(pieces, sha256(content).digest()) == content
