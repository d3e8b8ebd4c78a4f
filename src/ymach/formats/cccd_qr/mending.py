"""Undoing what scanners and keyboards do to the text of a card, where it can be undone without guessing.

A scanner types what it reads, through the keyboard layout and the input method that happen to be on.

Mended: byte-order marks, control characters and line ends; the scanner's own prefix (`]Q1`, ISO/IEC 15424); UTF-8 shown
as Windows-1252 or 1258; decomposed letters; full-width digits and bars; the digits of Windows' Vietnamese keyboard
layout (its upper row types ă â ê ô and marks instead of 1 to 0); `¦` or `~` for the bar on other layouts; caps lock.

Not mended: letters that an input method swallowed. Telex takes s f r x j w and doubled letters within a word, VNI takes
digits after a letter. Vietnamese syllables hardly hold these, names of other languages and house numbers do; nothing in
the text says what was there. Number, dates and sex survive both, so the person is right and the name is compared with
the card. Letters that became `?` are refused: that is a setting of the scanner.
"""

from __future__ import annotations

import re
import unicodedata

SEPARATORS = ("|", "¦", "~")
_PREFIX = re.compile(r"^\](?:Q|d|C|X)[0-9]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]")
_BLANKS = re.compile(r"\s+")
_VIETNAMESE_ROW = str.maketrans("ăâêô\u0300\u0309\u0303\u0301\u0323đ", "1234567890")
_SHOWN_AS_BYTES = re.compile("[\u00c2-\u00c6\u00e1\u0102\u01b0]")


def tidy(text: str) -> str:
    """The text without what nobody sees, its letters still as they came; line ends are kept as `\\n`."""
    seen = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\uff5c", "|"))
    return _PREFIX.sub("", _unfold_bytes(seen).replace("\ufeff", "").strip())


def words(part: str) -> str:
    """A part that holds words: letters composed (NFC), blanks single."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", part)).strip()


def digits(part: str) -> str:
    """A part that holds a number: as digits where it was typed through another layout; anything else stays."""
    typed = part.strip().lstrip("'")
    if typed.isascii():
        return typed
    return unicodedata.normalize("NFKC", typed.translate(_VIETNAMESE_ROW))


def separator_of(text: str) -> str:
    """What stands between the parts: the bar, or what another layout made of it."""
    return next((one for one in SEPARATORS if one in text), SEPARATORS[0])


def _unfold_bytes(text: str) -> str:
    """UTF-8 that somebody took for a one-byte code page, as it was; other text unchanged."""
    if not _SHOWN_AS_BYTES.search(text):
        return text
    for page in ("cp1252", "cp1258"):
        try:
            return b"".join(_byte(letter, page) for letter in text).decode()
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return text


def _byte(letter: str, page: str) -> bytes:
    """One letter as the byte it stood for; bytes that the page leaves empty are shown as control characters."""
    try:
        return letter.encode(page)
    except UnicodeEncodeError:
        return letter.encode("latin-1")
