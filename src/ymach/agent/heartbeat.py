"""The sign of life of the running agent: a small file, written again and again, that anybody may look at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from ymach.agent import durable

FILE_NAME = "heartbeat.json"
SILENT_AFTER = timedelta(minutes=15)  # a large file over a bad line takes its time


@dataclass(frozen=True, slots=True)
class Beat:
    """at: when it was written (UTC). doing: one word of the service. trouble: code of what is wrong, or None."""

    at: datetime
    pid: int
    doing: str
    trouble: str | None
    counts: dict[str, int]

    def silent(self, *, at: datetime) -> bool:
        """Whether the agent that wrote it should have written again by now."""
        return self.doing != "stopped" and at - self.at > SILENT_AFTER

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "pid": self.pid,
            "doing": self.doing,
            "trouble": self.trouble,
            "counts": self.counts,
        }


def write(home: Path, *, at: datetime, doing: str, counts: dict[str, int], trouble: str | None = None) -> None:
    """Say that the agent lives at `at` (aware): what it does, how many files are in which state, what troubles it."""
    beat = Beat(at, os.getpid(), doing, trouble, counts)
    durable.write(home / FILE_NAME, orjson.dumps(beat.as_json(), option=orjson.OPT_INDENT_2))


def read(home: Path) -> Beat | None:
    """The last sign of life; None when there never was one."""
    try:
        told = orjson.loads((home / FILE_NAME).read_bytes())
        at = datetime.fromisoformat(told["at"])
        return Beat(at, int(told["pid"]), str(told["doing"]), told["trouble"], dict(told["counts"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
