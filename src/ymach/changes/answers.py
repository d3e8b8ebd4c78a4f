"""Requests of programs that are carried out once, however often they are sent (`Idempotency-Key`).

What was answered is kept for a week under the program and its key, in the transaction of what was done. The same key
with another request is refused: it is a mistake of the program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from ymach.base.actors import Actor
from ymach.base.errors import Invalid, YmachError
from ymach.base.text import Text
from ymach.changes.models import Answered

LONGEST_KEY = 200


class KeyWrong(Invalid):
    """The key is blank, too long, or was used for another request."""

    code = "YM-CHANGE-KEY"
    sentence = Text(
        "Idempotency-Key dài từ 1 đến 200 ký tự và mỗi khóa chỉ dùng cho một yêu cầu.",
        "An Idempotency-Key has 1 to 200 characters, and each is for one request only.",
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program is told: HTTP status and JSON body; was_kept: it was told before."""

    status: int
    body: str
    was_kept: bool = False


def once(key: str | None, request: bytes, *, by: Actor, at: datetime, act: Callable[[], Answer]) -> Answer:
    """Carry `act` out, or give the answer of the first time. request: everything that makes it another request.

    Without a key it is simply carried out. What `act` raises is not kept: it may be sent again. Raises KeyWrong.
    """
    if key is None:
        return act()
    if not 0 < len(key) <= LONGEST_KEY or "\x00" in key:
        raise KeyWrong(field="Idempotency-Key")
    digest = hashlib.sha256(request).hexdigest()
    refused: YmachError | None = None
    with transaction.atomic():
        _one_at_a_time(by, key)
        kept = Answered.objects.filter(by=str(by), key=key).first()
        if kept is None:
            try:
                answer = act()
            except YmachError as refusal:
                refused = refusal  # what the journal was told of it is committed; what it tried is undone already
            else:
                _keep(answer, key, digest, by, at)
                return answer
    if refused is not None:
        raise refused
    assert kept is not None
    if kept.digest != digest:
        raise KeyWrong(field="Idempotency-Key")
    return Answer(kept.status, kept.body, was_kept=True)


def _keep(answer: Answer, key: str, digest: str, by: Actor, at: datetime) -> None:
    Answered.objects.create(by=str(by), key=key, digest=digest, status=answer.status, body=answer.body, at=at)


def _one_at_a_time(by: Actor, key: str) -> None:
    """The second of two that arrive at once waits for the first."""
    number = int.from_bytes(hashlib.sha256(f"{by}\n{key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
