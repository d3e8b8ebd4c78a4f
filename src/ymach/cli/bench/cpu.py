"""Seconds of the processor that a process and everything below it have used, from /proc."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PARENT, _TIMES = 1, slice(11, 15)  # of the fields after the name: ppid; utime, stime, cutime, cstime


def tree_seconds(process: int) -> float:
    """User and system time of a process and its living and buried children; 0 where there is none (or no /proc)."""
    below = _children()
    waiting, seconds = [process], 0.0
    while waiting:
        one = waiting.pop()
        fields = _fields(one)
        seconds += sum(int(value) for value in fields[_TIMES]) / _TICKS
        waiting += below.get(one, [])
    return seconds


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _fields(int(folder.name))
        if fields:
            found.setdefault(int(fields[_PARENT]), []).append(int(folder.name))
    return found


def _fields(process: int) -> list[str]:
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
