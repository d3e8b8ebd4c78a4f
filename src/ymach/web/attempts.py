"""Counting wrong passwords. Ten in a quarter of an hour for one account and address, then a pause.

Counts live in Django's cache, which by default is the memory of one process: with several processes a guesser gets
the allowance of each. A shared cache (the setting CACHES) closes that without a change here.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache

ALLOWED = 10
WINDOW_SECONDS = 15 * 60


def left(username: str, address: str) -> int:
    """How many more wrong passwords `username` may try from `address` before the pause."""
    return max(ALLOWED - int(cache.get(_key(username, address), 0)), 0)


def count_wrong(username: str, address: str) -> None:
    """One more wrong password. The window begins with the first."""
    key = _key(username, address)
    if not cache.add(key, 1, WINDOW_SECONDS):
        cache.incr(key)


def forget(username: str, address: str) -> None:
    """The right password was given."""
    cache.delete(_key(username, address))


def _key(username: str, address: str) -> str:
    digest = hashlib.sha256(f"{username.strip().casefold()}\n{address}".encode()).hexdigest()
    return f"sign-in:{digest}"
