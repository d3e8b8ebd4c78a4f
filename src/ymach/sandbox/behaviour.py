"""How a stand-in behaves, as a value that a test sets: `POST /sandbox/behaviour`."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from ymach.base.errors import Invalid

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What goes wrong. All off: a partner as it should be.

    slow: seconds before an answer. down: connections are cut before anything happens. status: this HTTP status instead
    of an answer. wrong_answer: something that is not in the contract, after the effect. forget: the connection is cut
    after the effect. duplicate_answer: this code for a file that is held already. amnesia: a file that is held already
    is not recognised. expired_token: every session ends now (once). refuse: this code for every file, without effect.
    certificate_change: what answers has another certificate, by an authority nobody knows (`sandbox.tls`).
    times: only the next so many requests. share: only this share of requests, at random.
    """

    slow: float = 0
    down: bool = False
    status: int = 0
    wrong_answer: bool = False
    forget: bool = False
    duplicate_answer: int = 0
    amnesia: bool = False
    expired_token: bool = False
    refuse: int = 0
    certificate_change: bool = False
    times: int | None = None
    share: float = 1.0

    def applies(self) -> bool:
        """Whether the request at hand is one of those that go wrong."""
        return (self.times is None or self.times > 0) and (self.share >= 1 or random.random() < self.share)  # noqa: S311


def read_behaviour(values: Any) -> Behaviour:
    """A behaviour from JSON; what is not named is off. Raises Invalid."""
    return read_as(Behaviour, values)


def read_as(kind: type[B], values: Any) -> B:
    """The same for another stand-in's behaviour: a data class of bool, int and float. Raises Invalid."""
    known = {one.name: one.type for one in fields(kind)}  # type: ignore[arg-type]
    if not isinstance(values, dict) or not values.keys() <= known.keys():
        raise Invalid(why=f"known: {', '.join(known)}")
    wrong = [name for name, value in values.items() if not _fits(known[name], value)]
    if wrong:
        raise Invalid(why=", ".join(wrong), field=wrong[0])
    return kind(**values)


def _fits(kind: Any, value: object) -> bool:
    if kind == "bool":
        return isinstance(value, bool)
    if value is None:
        return bool(kind == "int | None")
    is_number = isinstance(value, int) or (kind == "float" and isinstance(value, float))
    return is_number and not isinstance(value, bool)
