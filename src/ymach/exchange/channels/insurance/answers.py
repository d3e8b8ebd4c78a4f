"""The portal's answers, read strictly: what is not in its contract is a wrong answer, never a guess."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ymach.base.clock import VIETNAM, from_vietnam
from ymach.exchange.channels.contract import PartnerAnswer, PartnerAway, RefusedByPartner, SignInRefused, WrongAnswer
from ymach.exchange.channels.reading import as_object, kept_of, text_of, token_of
from ymach.exchange.channels.sessions import SessionOver

TAKEN = 200
SESSION_OVER = 401
_ACCOUNT_REFUSED = frozenset({401, 402, 403})
_OUT_OF_ORDER = range(500, 600)


@dataclass(frozen=True, slots=True)
class Session:
    """What `token/take` gives: two tokens, sent with every file, until `expires_at` (aware)."""

    access_token: str = field(repr=False)
    id_token: str = field(repr=False)
    expires_at: datetime


def read_session(body: bytes, *, at: datetime) -> Session:
    """The answer of `token/take`, received at `at`. Raises SignInRefused, PartnerAway or WrongAnswer.

    The tokens stand under `APIKey`, or beside `maKetQua`, depending on the portal's release; `expires_in` is a number
    of seconds or a moment.
    """
    answer = as_object(body)
    result = _result(answer)
    _check_common(result, answer)
    if result != TAKEN:
        raise WrongAnswer(why=f"maKetQua {result}")
    key = answer.get("APIKey", answer)
    if not isinstance(key, dict):
        raise WrongAnswer(why="APIKey")
    return Session(token_of(key, "access_token"), token_of(key, "id_token"), _expiry(key.get("expires_in"), at))


def read_taken(body: bytes, *, already_held: Collection[int] = ()) -> PartnerAnswer:
    """The answer to a file: its `maGiaoDich` and `thoiGianTiepNhan` (yyyyMMddHHmmss, Viet Nam).

    already_held: further codes by which a portal says that it has this file. Raises SessionOver (401), SignInRefused
    (402, 403), PartnerAway (5xx), WrongAnswer, and RefusedByPartner for every other code: the portal has looked at the
    file then, and would say the same again.
    """
    answer = as_object(body)
    result = _result(answer)
    kept = _kept(answer)
    if result == SESSION_OVER:
        raise SessionOver(result=result, answer=kept)
    _check_common(result, answer)
    if result != TAKEN and result not in already_held:
        raise RefusedByPartner(result=result, message=kept.get("thongDiep", ""), answer=kept)
    return PartnerAnswer(text_of(answer, "maGiaoDich"), _moment(text_of(answer, "thoiGianTiepNhan")), kept)


def _check_common(result: int, answer: dict[str, Any]) -> None:
    if result in _ACCOUNT_REFUSED:
        raise SignInRefused(result=result, answer=_kept(answer))
    if result in _OUT_OF_ORDER:
        raise PartnerAway(why=f"maKetQua {result}", answer=_kept(answer))


def _result(answer: dict[str, Any]) -> int:
    value = str(answer.get("maKetQua", ""))
    if not (value.isascii() and value.isdigit() and len(value) <= 6):
        raise WrongAnswer(why="maKetQua")
    return int(value)


def _moment(value: str) -> datetime:
    try:
        moment = datetime.strptime(value, "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone is added below
    except ValueError as error:
        raise WrongAnswer(why="thoiGianTiepNhan") from error
    if len(value) != 14:  # strptime takes single digits too
        raise WrongAnswer(why="thoiGianTiepNhan")
    return from_vietnam(moment)


def _expiry(value: object, at: datetime) -> datetime:
    if isinstance(value, int | float | str) and str(value).isdigit():
        return at + timedelta(seconds=int(value))
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise WrongAnswer(why="expires_in") from error
        return (moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)).astimezone(UTC)
    raise WrongAnswer(why="expires_in")


def _kept(answer: dict[str, Any]) -> dict[str, str]:
    return kept_of(answer, "maKetQua", "maGiaoDich", "thoiGianTiepNhan", "thongDiep")
