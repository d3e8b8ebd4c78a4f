"""Lines of the log: for people, or one JSON object a line for programs; never with anybody's number in them.

A line tells the request it belongs to (`request_id`), which is also in the answer's `X-Request-ID`.
"""

from __future__ import annotations

import json
import logging
import os
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from ymach.base.clock import iso
from ymach.base.ids import new_id

REQUEST: ContextVar[str] = ContextVar("ymach_request_id", default="")
HIDDEN = "•••"
FIELDS = ("method", "route", "status", "ms")
"""What the line of a request says besides its words."""

_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
# Citizen numbers (9 and 12 digits), telephones (10), insurance cards (two letters and 13 digits, or the last 10), also
# as people write them, in groups.
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z])(?P<id>{_UUID})(?![0-9A-Za-z])"
    r"|[A-Za-z]{2}[ .-]?[0-9](?:[ .-]?[0-9]){12}"
    r"|[0-9]{9,}"
    r"|(?<![0-9])[0-9]{3,4}(?:[ .-][0-9]{3}){2,3}(?![0-9])"
)
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def without_numbers(text: str) -> str:
    """`text` with every run of nine or more digits, and every insurance card, hidden. Ids (UUID) stay: they are ours."""
    return _NUMBER.sub(lambda found: found["id"] or HIDDEN, text)


def request_id(given: str) -> str:
    """The id under which a request is told: the sender's own, if it is plain and holds no number; else a new one."""
    if _REQUEST_ID.fullmatch(given) and without_numbers(given) == given:
        return given
    return str(new_id())


class WithoutAddress(logging.Filter):
    """Where a library says of which request it speaks, its route stands in the place of its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record pass."""
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = match.route if match else "unknown"
            record.args = tuple(route if value == path else value for value in record.args)
        return True


class Lines(logging.Formatter):
    """A line for people, with its trace below it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line without anybody's number; the moment stands before it as it is."""
        told = super().format(record)
        start = len(getattr(record, "asctime", ""))
        return told[:start] + without_numbers(told[start:])


class JsonLines(logging.Formatter):
    """One object a line: time (UTC), level, logger, pid, message, request_id; method, route, status and ms of a request."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, whose every text is without anybody's number."""
        at = iso(datetime.fromtimestamp(record.created, UTC))
        head = {"time": at, "level": record.levelname, "logger": record.name, "pid": os.getpid()}
        said: dict[str, Any] = {"message": record.getMessage(), "request_id": REQUEST.get()}
        said |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(
            head | {name: _hidden(value) for name, value in said.items() if value != ""}, ensure_ascii=False
        )


def logging_of(form: str, level: str) -> dict[str, Any]:
    """The configuration of `logging`: lines to standard error in the form "json" or "text", from `level` on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": JsonLines if form == "json" else Lines}},
        "filters": {"route": {"()": WithoutAddress}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["route"]}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "ymach.requests": {"level": "INFO" if form == "json" else "WARNING"},
        },
    }


def _hidden(value: Any) -> Any:
    return without_numbers(value) if isinstance(value, str) else value
