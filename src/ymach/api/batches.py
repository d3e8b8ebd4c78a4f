"""A batch is answered part by part: the first answers leave while the rest is still worked on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

import orjson
from django.http import HttpRequest, HttpResponse

from ymach.api.bodies import BatchLine
from ymach.api.errors import PROBLEM, problem_of, unexpected
from ymach.api.lanes import claim_of, judge_claim
from ymach.base.clock import iso, now
from ymach.base.errors import YmachError
from ymach.exchange.intake import pipeline
from ymach.exchange.intake.answer import Answer
from ymach.exchange.intake.case import Received, Sender
from ymach.exchange.intake.receive import MIB, receive, unreadable
from ymach.exchange.lanes import turns
from ymach.exchange.platform import issuer

PART, PART_BYTES = 20, 2 * MIB
"""Dossiers worked on together, and the size at which a part ends sooner: others work in between."""


def take(request: HttpRequest, lines: Sequence[BatchLine], sender: Sender, *, dry: bool) -> list[Answer]:
    """Take in what came in one request, or one part of it; an answer each, in the same order."""
    at, claim = now(), claim_of(request)
    received = [_received(line, claim) for line in lines]
    if dry:
        answers = pipeline.dry_run(received, sender=sender)
    else:
        answers = pipeline.submit(received, sender=sender, at=at, issuer=issuer())
    judge_claim(request, answers)
    return answers


def rendered(answer: Answer) -> HttpResponse:
    """The HTTP answer about one dossier."""
    body = {**answer.body, "server_time": iso(now())} if answer.is_refusal else answer.body
    kind = PROBLEM if answer.is_refusal else "application/json"
    return HttpResponse(orjson.dumps(body), status=answer.status, content_type=kind)


def answer_lines(request: HttpRequest, lines: Sequence[BatchLine], sender: Sender, *, dry: bool) -> Iterator[bytes]:
    """NDJSON, one line an answer, in order. What goes wrong with the first part is raised at once.

    A later part that cannot be worked on is answered line by line with the problem; what was answered before is kept.
    Whoever stops reading stops the work: what was not answered may be sent again.
    """
    parts = list(parts_of(lines))
    first = _told(parts[0], take(request, parts[0], sender, dry=dry)) if parts else b""
    return _rest(request, first, parts[1:], sender, dry=dry)


def parts_of(lines: Iterable[BatchLine]) -> Iterator[list[BatchLine]]:
    """Lines in parts of at most PART, each ended sooner by PART_BYTES."""
    part: list[BatchLine] = []
    size = 0
    for line in lines:
        part.append(line)
        size += len(line.content)
        if len(part) == PART or size >= PART_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def _rest(
    request: HttpRequest, first: bytes, parts: Sequence[list[BatchLine]], sender: Sender, *, dry: bool
) -> Iterator[bytes]:
    yield first
    for part in parts:
        yield _part(request, part, sender, dry=dry)


def _part(request: HttpRequest, part: list[BatchLine], sender: Sender, *, dry: bool) -> bytes:
    try:
        with turns.at_work():
            return _told(part, take(request, part, sender, dry=dry))
    except Exception as wrong:
        told = wrong if isinstance(wrong, YmachError) else unexpected(request, wrong)
        return _told(part, [Answer(told.status, {**problem_of(told), "retry_after": 5})] * len(part))


def _told(part: Sequence[BatchLine], answers: Sequence[Answer]) -> bytes:
    told = [
        orjson.dumps({"id": line.id, "status": answer.status, "body": answer.body}) + b"\n"
        for line, answer in zip(part, answers, strict=True)
    ]
    return b"".join(told)


def _received(line: BatchLine, claim: str) -> Received:
    at = now()
    one = receive(line.content, at=at) if line.refusal is None else unreadable(line.refusal, at=at)
    return dataclasses.replace(one, claim=claim) if claim else one
