"""The day's end: our receipts of a day against what the server received from us that day, digest by digest.

Both lists are of exact bytes (SHA-256), so that "the same number" cannot hide one lost and one doubled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson

from ymach.agent import durable
from ymach.agent.errors import NotOffered, ServerAway, StrangeAnswer
from ymach.agent.queue import Entry, Queue
from ymach.agent.server import LATER, NOT_THERE, Server, answer_object


@dataclass(frozen=True, slots=True)
class Extra:
    """What the server has and our receipts do not: entry is ours when we sent it and the answer was lost."""

    digest: str
    submission: str | None = None
    received_at: str | None = None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """The outcome for one day (Viet Nam). missing: we hold a receipt, the server does not know it. different: pairs
    as the server tells them, for a dossier both know but not alike."""

    day: date
    ours: int
    matched: int
    missing: Sequence[Entry] = ()
    extra: Sequence[Extra] = ()
    different: Sequence[Mapping[str, Any]] = ()

    @property
    def agrees(self) -> bool:
        return not (self.missing or self.extra or self.different)

    def as_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "agrees": self.agrees,
            "ours": self.ours,
            "matched": self.matched,
            "missing": [{"digest": one.digest, "submission": one.submission} for one in self.missing],
            "extra": [
                {"digest": one.digest, "submission": one.submission, "received_at": one.received_at}
                for one in self.extra
            ],
            "different": list(self.different),
        }


@dataclass(slots=True)
class Reconciling:
    """Compares days. folder: where each day's outcome is kept."""

    queue: Queue
    server: Server
    folder: Path

    def compare(self, day: date) -> Difference:
        """Post the day's digests and read the difference; it is kept as a file.

        Raises NotOffered when the server has no such door, ServerAway, StrangeAnswer.
        """
        ours = {one.digest: one for one in self.queue.of_day(day)}
        told = self._post(day, ours)
        found = Difference(
            day=day,
            ours=len(ours),
            matched=_count(told.get("matched")),
            missing=[ours[digest] for digest in _texts(told.get("missing")) if digest in ours],
            extra=[self._extra(one) for one in _objects(told.get("extra"))],
            different=_objects(told.get("different")),
        )
        durable.write(self._file(day), orjson.dumps(found.as_json(), option=orjson.OPT_INDENT_2))
        return found

    def send_again(self, found: Difference, *, at: datetime) -> tuple[list[Entry], list[Entry]]:
        """Queue what is missing there, and what is missing here but ours; also those whose bytes are gone."""
        ours = [*found.missing, *(one.entry for one in found.extra if one.entry is not None)]
        queued: list[Entry] = []
        gone: list[Entry] = []
        for entry in ours:
            (queued if self.queue.again(entry, at=at) else gone).append(entry)
        return queued, gone

    def left(self, *, today: date, after: date | None = None) -> list[date]:
        """The days before `today` that have receipts and were never compared; not before `after`."""
        days = (day for day in self.queue.days() if day < today and (after is None or day >= after))
        return [day for day in days if not self.is_done(day)]

    def is_done(self, day: date) -> bool:
        """Whether the day was compared and has not changed since: late answers make it due again."""
        try:
            kept = orjson.loads(self._file(day).read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return False
        return isinstance(kept, dict) and kept.get("ours") == len(self.queue.of_day(day))

    def _post(self, day: date, digests: Iterable[str]) -> dict[str, Any]:
        body = orjson.dumps({"day": day.isoformat(), "digests": sorted(digests)})
        answer = self.server.ask("POST", "/api/v1/reconciliations", body, {"Content-Type": "application/json"})
        if answer.status_code in NOT_THERE:
            raise NotOffered
        if answer.status_code in LATER:
            raise ServerAway(why=f"HTTP {answer.status_code}")
        told = answer_object(answer)
        if answer.status_code not in {httpx.codes.OK, httpx.codes.CREATED} or told.get("day") != day.isoformat():
            raise StrangeAnswer(why=f"HTTP {answer.status_code}")
        return told

    def _extra(self, told: Mapping[str, Any]) -> Extra:
        digest = str(told.get("digest"))
        entry = self.queue.find_sent(digest)
        return Extra(digest, _text(told.get("submission")), _text(told.get("received_at")), entry)

    def _file(self, day: date) -> Path:
        return self.folder / f"{day.isoformat()}.json"


def _count(told: object) -> int:
    if not isinstance(told, int):
        raise StrangeAnswer(why="matched")
    return told


def _texts(told: object) -> list[str]:
    return [str(one) for one in told] if isinstance(told, list) else []


def _objects(told: object) -> list[Mapping[str, Any]]:
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def _text(told: object) -> str | None:
    return None if told is None else str(told)
