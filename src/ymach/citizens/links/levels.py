"""How sure we are who somebody is: shown to every reader, raised by evidence only, never lowered silently."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from ymach.base.text import Text


class Level(StrEnum):
    """From nothing known to confirmed by the State, in this order."""

    UNKNOWN = "unknown"
    PROVISIONAL = "provisional"
    STATED = "stated"
    CARD_READ = "card-read"
    VERIFIED = "verified"

    @property
    def rank(self) -> int:
        """0 for the least sure."""
        return _ORDER.index(self)


_ORDER = tuple(Level)
WORDS: dict[Level, Text] = {
    Level.UNKNOWN: Text("Chưa rõ là ai", "Not known who"),
    Level.PROVISIONAL: Text("Danh tính tạm", "Provisional"),
    Level.STATED: Text("Theo lời khai, giấy tờ", "As stated"),
    Level.CARD_READ: Text("Đã đọc thẻ căn cước", "Card read"),
    Level.VERIFIED: Text("Đã xác thực", "Verified"),
}
MEANINGS: dict[Level, Text] = {
    Level.UNKNOWN: Text("Chưa biết họ tên, giấy tờ.", "Neither name nor papers are known."),
    Level.PROVISIONAL: Text(
        "Có mã tạm; chưa có số định danh dùng được, hoặc còn điểm chưa khớp.",
        "Under a provisional code; no usable number yet, or something does not fit.",
    ),
    Level.STATED: Text(
        "Cơ sở ghi theo giấy tờ hoặc lời khai; chưa đọc thẻ.", "Written down from papers or words; no card was read."
    ),
    Level.CARD_READ: Text("Mã QR trên thẻ căn cước đã được đọc.", "The QR code of the citizen card was read."),
    Level.VERIFIED: Text(
        "Cơ sở dữ liệu dân cư, VNeID hoặc công an đã xác nhận.",
        "Confirmed by the population database, VNeID or the police.",
    ),
}


def surest(levels: Iterable[Level], *, otherwise: Level = Level.PROVISIONAL) -> Level:
    """The highest of `levels`."""
    return max(levels, key=lambda level: level.rank, default=otherwise)


def read_level(word: str) -> Level:
    """The level of a kept word; one that nobody knows is no more than provisional."""
    return Level(word) if word in _ORDER else Level.PROVISIONAL
