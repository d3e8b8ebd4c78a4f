"""How often a proof may be wrong before a pause, for passwords and for second factors."""

from __future__ import annotations

from datetime import datetime

from ymach.accounts.models import User
from ymach.accounts.signin import limits
from ymach.base.errors import TooMany

WINDOW_SECONDS = 15 * 60
PER_ACCOUNT_AND_ADDRESS, PER_ACCOUNT, PER_ADDRESS = 10, 50, 200
PER_SECOND_FACTOR = 10
PASSKEY_PER_ADDRESS = VNEID_PER_ADDRESS = 200


def take_password(username: str, address: str, *, at: datetime) -> None:
    """One try of a password. Raises TooMany for this account from this address, for this account from everywhere (many
    addresses guess together), or for this address (one password is tried on many accounts)."""
    for what, who, allowed in _passwords(username, address):
        _take(what, who, allowed, at)


def forget_password(username: str, address: str) -> None:
    """The right password was given. The address keeps what it has spent on other accounts."""
    here, account, everyone_here = _passwords(username, address)
    limits.forget(*here[:2])
    limits.forget(*account[:2])
    limits.give_back(*everyone_here[:2])


def take_factor(user: User, *, at: datetime) -> None:
    """One try of a second factor of `user`. Raises TooMany."""
    _take("second-factor", str(user.pk), PER_SECOND_FACTOR, at)


def forget_factor(user: User) -> None:
    """The right second factor was given."""
    limits.forget("second-factor", str(user.pk))


def take_once(what: str, who: str, *, seconds: int, at: datetime) -> bool:
    """Whether this is the first time within `seconds` that `who` is shown: a code or a state that serves once."""
    return limits.take(what, who, allowed=1, seconds=seconds, at=at) > 0


def take_passkey(address: str, *, at: datetime) -> None:
    """One answer of a passkey. Nothing can be guessed here; the limit keeps the work small. Raises TooMany."""
    _take("passkey", address, PASSKEY_PER_ADDRESS, at)


def take_vneid(address: str, *, at: datetime) -> None:
    """One question to VNeID. Raises TooMany."""
    _take("vneid", address, VNEID_PER_ADDRESS, at)


def _passwords(username: str, address: str) -> list[tuple[str, str, int]]:
    name = username.strip().casefold()
    return [
        ("password", f"{name}\n{address}", PER_ACCOUNT_AND_ADDRESS),
        ("password-account", name, PER_ACCOUNT),
        ("password-address", address, PER_ADDRESS),
    ]


def _take(what: str, who: str, allowed: int, at: datetime) -> None:
    if limits.take(what, who, allowed=allowed, seconds=WINDOW_SECONDS, at=at) <= 0:
        raise TooMany(retry_after=limits.seconds_until_free(what, who, at=at))
