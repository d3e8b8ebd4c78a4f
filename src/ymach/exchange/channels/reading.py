"""Reading a partner's JSON strictly: what is not in its contract is a wrong answer, never a guess."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from ymach.exchange.channels.contract import WrongAnswer

LONGEST_TEXT = 500
_LONGEST_TOKEN = 8192


def as_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`. Raises WrongAnswer."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise WrongAnswer(why="no JSON") from error
    if not isinstance(answer, dict):
        raise WrongAnswer(why="no JSON object")
    return answer


def text_of(answer: dict[str, Any], name: str, *, longest: int = LONGEST_TEXT) -> str:
    """A text that must be there. Raises WrongAnswer."""
    value = answer.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise WrongAnswer(why=name)
    return value.strip()


def token_of(answer: dict[str, Any], name: str) -> str:
    """A token that is going to be an HTTP header. Raises WrongAnswer."""
    value = text_of(answer, name, longest=_LONGEST_TOKEN)
    if not (value.isascii() and value.isprintable()):
        raise WrongAnswer(why=name)
    return value


def seconds_of(answer: dict[str, Any], name: str, *, at: datetime) -> datetime:
    """The moment so many seconds after `at`. Raises WrongAnswer."""
    value = str(answer.get(name, ""))
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise WrongAnswer(why=name)
    return at + timedelta(seconds=int(value))


def unix_ms_of(answer: dict[str, Any], name: str) -> datetime:
    """A moment given as Unix milliseconds, in UTC. Raises WrongAnswer."""
    value = str(answer.get(name, ""))
    if not (value.isascii() and value.isdigit() and len(value) == 13):
        raise WrongAnswer(why=name)
    return datetime.fromtimestamp(int(value) / 1000, UTC)


def kept_of(answer: dict[str, Any], *names: str) -> dict[str, str]:
    """What is stored with the delivery: the named values as text, cut to a bearable length."""
    return {name: str(answer[name])[:LONGEST_TEXT] for name in names if answer.get(name) is not None}
