"""The API's lanes, batches in parts, hours of sending, and answers that are compressed."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest
import zstandard
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.support.intake import Desk, example, open_desk

from ymach.api import batches
from ymach.api.bodies import BatchLine
from ymach.api.compression import chosen
from ymach.base.clock import now
from ymach.exchange.lanes import turns
from ymach.exchange.lanes.board import Board
from ymach.exchange.lanes.gate import Gate
from ymach.exchange.lanes.rules import PLACES, Lane
from ymach.exchange.models import Submission
from ymach.exchange.platform import access_tokens

pytestmark = pytest.mark.django_db
REFERRAL = "02-inpatient-referral.xml"


@pytest.fixture
def machine(desk: Desk) -> Client:
    return machine_of(desk)


def machine_of(desk: Desk) -> Client:
    return Client(headers={"Authorization": f"Bearer {access_tokens().issue(desk.facility.code, at=now())}"})


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """An open gate, whose turns come without connections: a test has one of its own."""
    board = Board(1, 2)
    opened = Gate(2, board)
    monkeypatch.setattr(turns, "gate", lambda: opened)
    monkeypatch.setattr(turns, "board", lambda: board)
    yield opened
    assert not any(state.inside or state.at_work for state in board.states())


def sign(desk: Desk, minutes: int) -> bytes:
    """The same dossier signed so many minutes ago: another content each."""
    return desk.sign(example("01-outpatient.xml"), at=now() - timedelta(minutes=minutes))


def post(machine: Client, content: bytes, **headers: str) -> Any:
    return machine.post("/api/v1/submissions", content, content_type="application/xml", headers=headers)


def batch(*contents: bytes) -> bytes:
    lines = [{"id": str(number), "content": base64.b64encode(one).decode()} for number, one in enumerate(contents)]
    return b"\n".join(map(orjson.dumps, lines))


def send_batch(machine: Client, body: bytes) -> Any:
    return machine.post("/api/v1/submissions:batch", body, content_type="application/x-ndjson")


def test_a_full_lane_is_told_at_once_and_nothing_is_taken(desk: Desk, machine: Client, gate: Gate) -> None:
    content = desk.sign(example("01-outpatient.xml"))
    held = [gate.enter(Lane.VISIT, f"{number}") for number in range(PLACES[Lane.VISIT])]
    answer = post(machine, content)
    assert (answer.status_code, answer.json()["code"]) == (429, "YM-LANE-FULL")
    assert int(answer["Retry-After"]) >= 1
    assert answer["Ymach-Time"]
    assert Submission.objects.count() == 0
    assert machine.get("/api/v1/submissions")["Ymach-Lane"] == "look-up"
    for place in held:
        place.leave()
    assert post(machine, content).status_code == 201


def test_a_page_that_finds_no_place_says_to_wait(gate: Gate) -> None:
    held = [gate.enter(Lane.LOOK_UP, f"{number}") for number in range(PLACES[Lane.LOOK_UP])]
    answer = Client().get("/sign-in")
    assert answer.status_code == 429
    assert "YM-LANE-PAGES" in answer.content.decode()
    assert int(answer["Retry-After"]) >= 1
    assert Client().get("/healthz").status_code == 200
    for place in held:
        place.leave()
    assert Client().get("/sign-in").status_code == 200


def test_a_false_claim_is_noted_and_costs_the_claim_for_a_while(gate: Gate) -> None:
    desk = open_desk("99002")
    machine = machine_of(desk)
    false = post(machine, desk.sign(example(REFERRAL)), **{"Ymach-Lane": "look-up"})
    assert (false.status_code, false["Ymach-Lane"]) == (201, "look-up")
    assert (false.json()["outcome"], [one["code"] for one in false.json()["findings"]]) == (
        "accepted",
        ["YM-LANE-CLAIM"],
    )
    again = post(machine, desk.sign(example(REFERRAL), at=now()), **{"Ymach-Lane": "referral"})
    assert (again.status_code, again["Ymach-Lane"]) == (201, "visit")


def test_a_true_claim_leaves_no_trace(gate: Gate) -> None:
    desk = open_desk("99002")
    answer = post(machine_of(desk), desk.sign(example(REFERRAL)), **{"Ymach-Lane": "referral"})
    assert answer["Ymach-Lane"] == "referral"
    assert "YM-LANE-CLAIM" not in str(answer.json()["findings"])


def test_a_lane_that_does_not_exist_is_told(machine: Client) -> None:
    answer = machine.get("/api/v1/submissions", headers={"Ymach-Lane": "express"})
    assert (answer.status_code, answer.json()["code"]) == (400, "YM-LANE-UNKNOWN")


def test_the_first_answers_of_a_batch_leave_before_the_last_is_worked_on(
    desk: Desk, machine: Client, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "PART", 1)
    contents = [sign(desk, minutes) for minutes in range(2)]
    answer = send_batch(machine, batch(*contents, b"<nonsense"))
    pieces = iter(answer.streaming_content)
    first = orjson.loads(next(pieces))
    assert (first["status"], Submission.objects.count()) == (201, 1)
    rest = [orjson.loads(piece) for piece in pieces]
    assert [(one["id"], one["status"]) for one in rest] == [("1", 201), ("2", 400)]


def test_a_line_that_breaks_loses_nothing_accepted_and_does_nothing_more(
    desk: Desk, machine: Client, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "PART", 1)
    body = batch(*[sign(desk, minutes) for minutes in range(2)])
    cut = send_batch(machine, body)
    receipt = orjson.loads(next(iter(cut.streaming_content)))["body"]["receipt"]
    cut._iterator.close()  # the line breaks: what the server does then, without ending the test's own connection
    assert Submission.objects.count() == 1
    again = [orjson.loads(line) for line in send_batch(machine, body).getvalue().splitlines()]
    assert [one["status"] for one in again] == [200, 201]
    assert again[0]["body"]["receipt"] == receipt


@given(sizes=st.lists(st.integers(0, batches.PART_BYTES), max_size=60))
def test_parts_of_a_batch_are_all_of_it_in_order(sizes: list[int]) -> None:
    class Sized(bytes):
        def __len__(self) -> int:
            return self.size  # type: ignore[attr-defined,no-any-return]

    lines = []
    for number, size in enumerate(sizes):
        content = Sized()
        content.size = size  # type: ignore[attr-defined]
        lines.append(BatchLine(str(number), content))
    parts = list(batches.parts_of(lines))
    assert [line for part in parts for line in part] == lines
    assert all(0 < len(part) <= batches.PART for part in parts)
    assert all(sum(len(line.content) for line in part[:-1]) < batches.PART_BYTES for part in parts)


def test_hours_are_told_to_everybody_and_hold(desk: Desk, machine: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "sending_windows", "visit 00:00-00:01, visit 00:01-00:02")
    told = Client().get("/api/v1/sending").json()
    assert told["windows"][0] == {"lane": "visit", "from": "00:00", "to": "00:01"}
    assert told["retry_after"] is None
    answer = post(machine, desk.sign(example("01-outpatient.xml")))
    if answer.status_code == 201:  # it is midnight in Viet Nam
        return
    assert (answer.status_code, answer.json()["code"]) == (429, "YM-LANE-CLOSED")
    assert int(answer["Retry-After"]) > 0


def test_answers_are_compressed_as_the_asker_reads_them_and_tokens_never() -> None:
    plain = Client().get("/api/v1/openapi.json", headers={"Accept-Encoding": ""})
    zstd = Client().get("/api/v1/openapi.json", headers={"Accept-Encoding": "gzip;q=0.5, zstd"})
    packed = Client().get("/api/v1/openapi.json", headers={"Accept-Encoding": "gzip, br"})
    assert (zstd["Content-Encoding"], packed["Content-Encoding"]) == ("zstd", "gzip")
    assert zstandard.decompress(zstd.content) == gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in plain["Vary"]
    refused = Client().post("/api/v1/token", headers={"Accept-Encoding": "gzip"})
    assert not refused.has_header("Content-Encoding")


def test_lines_of_a_batch_are_compressed_one_part_at_a_time(
    desk: Desk, machine: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "PART", 1)
    body = batch(desk.sign(example("01-outpatient.xml")), b"<nonsense")
    headers = {"Accept-Encoding": "zstd"}
    answer = machine.post("/api/v1/submissions:batch", body, content_type="application/x-ndjson", headers=headers)
    reader, pieces = zstandard.ZstdDecompressor().decompressobj(), iter(answer.streaming_content)
    assert orjson.loads(reader.decompress(next(pieces)))["status"] == 201
    assert orjson.loads(b"".join(map(reader.decompress, pieces)))["status"] == 400


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip", "gzip"),
        ("*", "zstd"),
        ("zstd;q=0, *;q=0.1", "gzip"),
        ("gzip;q=0", ""),
        ("gzip;q=x", ""),
    ],
)
def test_the_encoding_is_the_one_the_asker_likes_best(accepted: str, encoding: str) -> None:
    assert chosen(accepted) == encoding
