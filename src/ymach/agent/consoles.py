"""Writing to terminals that cannot show every Vietnamese letter: as close as they can, never a crash.

Old Windows consoles speak code page 1258, which has no composed letters for most tones but can put the tone after the
vowel; others know no Vietnamese at all and get plain letters. Only output is fitted; nothing that is read or kept is.
"""

from __future__ import annotations

import sys
import unicodedata
from typing import TextIO

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def fit(text: str, encoding: str | None) -> str:
    """`text` in letters that `encoding` has; what is left over becomes “?”."""
    name = encoding or "utf-8"
    try:
        if _holds(text, name):
            return text
        return "".join(_fit_letter(letter, name) for letter in unicodedata.normalize("NFC", text))
    except LookupError:
        return text.encode("ascii", "replace").decode()


def printable(text: str) -> str:
    """`text` without what a terminal would obey instead of show: names of files and answers of servers are strangers'."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "\ufffd" for letter in text)


def say_safely(*streams: TextIO) -> None:
    """Let these streams replace what they cannot show, instead of failing."""
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def encoding_of(stream: TextIO | None = None) -> str | None:
    """In which encoding a terminal takes text; None where it does not say."""
    return getattr(stream or sys.stdout, "encoding", None)


def _fit_letter(letter: str, encoding: str) -> str:
    tone_after = _tone_after(letter)
    bare = "".join(one for one in unicodedata.normalize("NFD", letter) if not unicodedata.combining(one))
    plain = {"đ": "d", "Đ": "D", "“": '"', "”": '"', "→": "->", "–": "-", "—": "-", "…": "...", "≠": "!="}
    for form in (letter, tone_after, bare, plain.get(letter, "?")):
        if _holds(form, encoding):
            return form
    return "?"


def _tone_after(letter: str) -> str:
    """The vowel with its own mark, and the tone after it: ệ → ê + dot below, as code page 1258 writes."""
    parts = unicodedata.normalize("NFD", letter)
    tones = "".join(part for part in parts if part in _TONES)
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES)) + tones


def _holds(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
        return True
    except UnicodeEncodeError:
        return False
