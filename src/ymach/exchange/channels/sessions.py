"""Sessions at partners, shared by all threads: of many that find one ended, one signs in again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, Protocol, TypeVar

from ymach.exchange.channels.contract import SignInRefused


class Expiring(Protocol):
    """Anything that ends at an aware moment."""

    @property
    def expires_at(self) -> datetime: ...


S = TypeVar("S", bound=Expiring)
_RENEW_BEFORE = timedelta(seconds=30)
_STRIPES = 32


class SessionOver(SignInRefused):
    """The tokens are no longer taken; fresh ones may be."""


class Sessions(Generic[S]):
    """Sessions by account. sign_in: gives a fresh one for an account. most: how many are kept. Safe under threads."""

    def __init__(self, sign_in: Callable[[str], S], *, clock: Callable[[], datetime], most: int = 5000) -> None:
        self._sign_in, self._clock, self._most = sign_in, clock, most
        self._held: OrderedDict[str, S] = OrderedDict()
        # Two accounts sign in side by side; two threads of one account do not.
        self._locks = [Lock() for _ in range(_STRIPES)]

    def held(self, account: str = "", *, instead_of: S | None = None) -> S:
        """The session in force, or a fresh one in place of one that ended."""
        with self._locks[hash(account) % _STRIPES]:
            held = self._held.get(account)
            if held is None or held is instead_of or held.expires_at - _RENEW_BEFORE <= self._clock():
                held = self._held[account] = self._sign_in(account)
                while len(self._held) > self._most:
                    self._held.popitem(last=False)
            return held
