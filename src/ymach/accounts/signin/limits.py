"""How often something may be done in a while: wrong passwords of an account, questions from an address.

Counted in the database, so that every process and machine sees the same count. A window begins with the first taking
and ends `seconds` later, whatever was taken in between. Keys are kept as a keyed hash only.

Call these outside a transaction that may be undone: what is undone is not counted.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

_TAKE = """
INSERT INTO signin_taken AS t (key, what, count, ends_at) VALUES (%s, %s, 1, %s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN t.ends_at <= %s THEN 1 ELSE t.count + 1 END,
  ends_at = CASE WHEN t.ends_at <= %s THEN excluded.ends_at ELSE t.ends_at END
RETURNING count
"""
_HELD = "SELECT count, ends_at FROM signin_taken WHERE key = %s AND ends_at > %s"
_SWEEP = """
DELETE FROM signin_taken WHERE key IN (
  SELECT key FROM signin_taken WHERE ends_at < %s ORDER BY ends_at LIMIT 2000 FOR UPDATE SKIP LOCKED)
"""


def take(what: str, who: str, *, allowed: int, seconds: int, at: datetime) -> int:
    """Take one of the `allowed` times that `who` may do `what` in `seconds`; one statement, safe among many processes.

    what: a word of the caller's, e.g. "password". who: any text that names the one who asks, e.g. user name and address.
    at: aware. Returns how many were left before this one: positive means go ahead, zero or less means refuse (and say
    `seconds_until_free`). Exactly `allowed` takings go ahead in a window; refused ones count but do not prolong it.
    """
    key = _key(what, who)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key, what, at + timedelta(seconds=seconds), at, at])
        (count,) = cursor.fetchone()
    if count == 1 and key[0] == 0:
        forget_ended(at=at)
    return allowed - int(count) + 1


def left(what: str, who: str, *, allowed: int, at: datetime) -> int:
    """How many times `who` may still do `what` in the window at `at`; takes nothing."""
    held = _held(what, who, at)
    return max(allowed - held[0], 0) if held else allowed


def seconds_until_free(what: str, who: str, *, at: datetime) -> int:
    """Whole seconds, rounded up, until the window of `who` for `what` ends; 0 when none is open."""
    held = _held(what, who, at)
    return math.ceil((held[1] - at).total_seconds()) if held else 0


def give_back(what: str, who: str) -> None:
    """Take one taking back: what was counted beforehand turned out not to count."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE signin_taken SET count = count - 1 WHERE key = %s AND count > 0", [_key(what, who)])


def forget(what: str, who: str) -> None:
    """Give `who` the whole allowance back, e.g. after the right password."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM signin_taken WHERE key = %s", [_key(what, who)])


def forget_ended(*, at: datetime) -> int:
    """Remove windows that ended before `at`, at most 2 000; returns how many. `take` does it for about every 256th key."""
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, [at])
        return int(cursor.rowcount)


def _held(what: str, who: str, at: datetime) -> tuple[int, datetime] | None:
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [_key(what, who), at])
        row: tuple[int, datetime] | None = cursor.fetchone()
    return row


def _key(what: str, who: str) -> bytes:
    return salted_hmac(f"ymach.signin.limits:{what}", who, algorithm="sha256").digest()
