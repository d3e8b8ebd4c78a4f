"""Answers kept in the process for a few seconds, for things that change rarely and are asked for every dossier."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakSet

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Calls `load(key)` at most once per `seconds` and key; keeps at most `size` answers.

    A change in the database is seen by every process within `seconds`. Safe under threads: at worst two load the same.
    """

    _all: WeakSet[Kept[Hashable, object]] = WeakSet()

    def __init__(self, load: Callable[[K], V], *, seconds: float = 5.0, size: int = 20_000) -> None:
        self._load, self._seconds, self._size = load, seconds, size
        self._answers: OrderedDict[K, tuple[float, V]] = OrderedDict()
        Kept._all.add(self)  # type: ignore[arg-type]

    def __call__(self, key: K) -> V:
        kept = self._answers.get(key)
        moment = time.monotonic()
        if kept is not None and moment - kept[0] < self._seconds:
            return kept[1]
        fresh = self._load(key)
        self._answers[key] = (moment, fresh)
        while len(self._answers) > self._size:
            self._answers.popitem(last=False)
        return fresh

    def forget(self) -> None:
        """Ask again next time."""
        self._answers.clear()

    @classmethod
    def forget_all(cls) -> None:
        """Every kept answer of the process is asked again; for tests, whose data is rolled back."""
        for kept in cls._all:
            kept.forget()
