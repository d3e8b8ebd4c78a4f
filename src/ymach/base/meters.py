"""Counts and durations of many processes, for Prometheus: each process has a file of its own, written in memory.

A file is read while its process runs, and what stands in it is still there after a kill. The next process that starts
adds the files of those that have ended to one of its own: sums never go down.

    8 bytes: how many bytes are used; then entries: length of the name and number of values (2 × uint32), the name padded to
    8 bytes, the values (float64). One value: a count. Several: counts by class of BOUNDS, the last class open, and the sum.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import mmap
import os
import struct
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock

from ymach.base.ids import new_id

logger = logging.getLogger(__name__)
SIZE = 1024 * 1024
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the classes of durations, in seconds."""

_HEAD, _ENTRY, _VALUE = struct.Struct("<Q"), struct.Struct("<II"), struct.Struct("<d")
_CLASSES = len(BOUNDS) + 2
_ENDED = "ended"
Values = dict[str, list[float]]


class Meters:
    """The counts of this process in a file of `folder`. A folder that cannot be written to costs the counts, not the work.

    Safe under threads, and after a fork: the child begins a file of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, Lock()
        self._memory: mmap.mmap | None = None
        self._file = -1
        self._places: dict[str, int] = {}
        self._is_closed = False
        os.register_at_fork(after_in_child=self._begin_anew)

    def add(self, name: str, amount: float = 1.0) -> None:
        """Add to a count. name: with its labels, as Prometheus writes them (`name_of`)."""
        with self._lock:
            self._add(name, 1, 0, amount)

    def observe(self, name: str, seconds: float) -> None:
        """A duration, in its class and in the sum."""
        with self._lock:
            self._add(name, _CLASSES, bisect_left(BOUNDS, seconds), 1.0)
            self._add(name, _CLASSES, _CLASSES - 1, seconds)

    def _add(self, name: str, values: int, which: int, amount: float) -> None:
        memory = self._memory or self._opened()
        if memory is None:
            return
        place = self._places.get(name) or self._placed(memory, name, values)
        if place:
            place += 8 * which
            _VALUE.pack_into(memory, place, _VALUE.unpack_from(memory, place)[0] + amount)

    def _opened(self) -> mmap.mmap | None:
        if self._is_closed:
            return None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with _locked(self._folder, fcntl.LOCK_EX):
                _take_in_ended(self._folder)
                self._file = os.open(self._folder / f"{new_id()}.meters", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # Room that is not there is noticed here: a write into memory without a disk behind it kills the process.
                os.posix_fallocate(self._file, 0, SIZE)
                self._memory = mmap.mmap(self._file, SIZE)
        except OSError:
            logger.warning("no metrics: %s cannot be written to", self._folder, exc_info=True)
            self._is_closed = True
            return None
        _HEAD.pack_into(self._memory, 0, _HEAD.size)
        return self._memory

    def _placed(self, memory: mmap.mmap, name: str, values: int) -> int:
        """Where the values of a new name begin; 0 when there is no room for another name."""
        (used,) = _HEAD.unpack_from(memory, 0)
        key = _padded(name)
        place = used + _ENTRY.size + len(key)
        end = place + 8 * values
        if end > SIZE:
            return 0
        memory[used : used + _ENTRY.size + len(key)] = _ENTRY.pack(len(name.encode()), values) + key
        _HEAD.pack_into(memory, 0, end)
        self._places[name] = int(place)
        return int(place)

    def _begin_anew(self) -> None:
        if self._memory is not None:
            self._memory.close()
            os.close(self._file)
        self._lock, self._memory, self._file, self._places = Lock(), None, -1, {}


def name_of(metric: str, **labels: str) -> str:
    """A metric with its labels as Prometheus writes them: `requests{method="GET",status="200"}`."""
    said = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{metric}{{{said}}}" if said else metric


def read_all(folder: Path) -> Values:
    """The values of all processes under `folder`, those that have ended too, added up by name."""
    if not folder.is_dir():
        return {}
    with _locked(folder, fcntl.LOCK_SH):
        return _sum(path.read_bytes() for path in folder.glob("*.meters"))


def exposition(values: Mapping[str, Sequence[float]], words: Mapping[str, str]) -> Iterator[str]:
    """The lines of Prometheus' text format, metric by metric. words: of each metric, what it counts."""
    for metric, named in _by_metric(values).items():
        kind = "histogram" if any(len(one) > 1 for one in named.values()) else _kind(metric)
        yield f"# HELP {metric} {words.get(metric, metric)}"
        yield f"# TYPE {metric} {kind}"
        for labels, one in sorted(named.items()):
            yield from _lines(metric, labels, one)


def _lines(metric: str, labels: str, values: Sequence[float]) -> Iterator[str]:
    if len(values) == 1:
        yield f"{metric}{_in_braces(labels)} {_plain(values[0])}"
        return
    total = 0.0
    for bound, number in zip([*map(str, BOUNDS), "+Inf"], values, strict=False):
        total += number
        upper = f'le="{bound}"'
        yield f"{metric}_bucket{_in_braces(labels, upper)} {_plain(total)}"
    yield f"{metric}_sum{_in_braces(labels)} {_plain(values[-1])}"
    yield f"{metric}_count{_in_braces(labels)} {_plain(total)}"


def _by_metric(values: Mapping[str, Sequence[float]]) -> dict[str, dict[str, Sequence[float]]]:
    found: dict[str, dict[str, Sequence[float]]] = defaultdict(dict)
    for name in sorted(values):
        metric, _, labels = name.partition("{")
        found[metric][labels.removesuffix("}")] = values[name]
    return found


def _kind(metric: str) -> str:
    return "counter" if metric.endswith("_total") else "gauge"


def _in_braces(*labels: str) -> str:
    said = ",".join(filter(None, labels))
    return f"{{{said}}}" if said else ""


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _padded(name: str) -> bytes:
    raw = name.encode()
    return raw + b"\0" * (-len(raw) % 8)


def _entries(content: bytes) -> Iterator[tuple[str, list[float]]]:
    """What stands in a file; one that was cut off ends earlier."""
    if len(content) < _HEAD.size:
        return
    place, (used,) = _HEAD.size, _HEAD.unpack_from(content, 0)
    while place + _ENTRY.size <= min(used, len(content)):
        length, number = _ENTRY.unpack_from(content, place)
        start = place + _ENTRY.size
        values = start + length + -length % 8
        place = values + 8 * number
        if not number or place > len(content):
            return
        yield (
            content[start : start + length].decode(errors="replace"),
            list(struct.unpack_from(f"<{number}d", content, values)),
        )


def _sum(contents: Iterator[bytes]) -> Values:
    found: Values = {}
    for content in contents:
        for name, values in _entries(content):
            known = found.get(name)
            found[name] = [a + b for a, b in zip(known, values, strict=False)] if known else values
    return found


def _take_in_ended(folder: Path) -> None:
    """Add the files of processes that have ended to one file. Who lives holds a lock on its own."""
    kept = folder / f"{_ENDED}.meters"
    ended = [path for path in folder.glob("*.meters") if path != kept and not _is_held(path)]
    if not ended:
        return
    values = _sum(path.read_bytes() for path in [*ended, *([kept] if kept.exists() else [])])
    body = b"".join(
        _ENTRY.pack(len(name.encode()), len(one)) + _padded(name) + struct.pack(f"<{len(one)}d", *one)
        for name, one in values.items()
    )
    fresh = folder / f"{_ENDED}.new"
    fresh.write_bytes(_HEAD.pack(_HEAD.size + len(body)) + body)
    for path in ended:
        path.unlink()
    fresh.replace(kept)


def _is_held(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


@contextlib.contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    with (folder / "lock").open("ab") as file:
        fcntl.flock(file, how)
        yield
