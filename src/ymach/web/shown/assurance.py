"""How sure we are who somebody is, as a badge: the same on every page that shows a person."""

from __future__ import annotations

from dataclasses import dataclass

from ymach.base.text import Text
from ymach.citizens.links.levels import MEANINGS, WORDS, Level

_LOOKS = {
    Level.UNKNOWN: ("no", "bad"),
    Level.PROVISIONAL: ("note", "note"),
    Level.STATED: ("person", "wait"),
    Level.CARD_READ: ("qr", "good"),
    Level.VERIFIED: ("shield", "good"),
}


@dataclass(frozen=True, slots=True)
class Assured:
    """icon: a symbol of the sprite; tone: "bad", "note", "wait" or "good"."""

    level: Level
    word: Text
    meaning: Text
    icon: str
    tone: str


def assured(level: Level) -> Assured:
    """The badge of a level: `{% show "assurance" of=… %}`."""
    return Assured(level, WORDS[level], MEANINGS[level], *_LOOKS[level])
