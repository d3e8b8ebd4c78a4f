"""Vietnamese names and words: folding for search, order for lists.

The embedded PostgreSQL has no ICU, so folded and sort keys are computed here and stored beside the text.
"""

from __future__ import annotations

import re
import unicodedata

_BLANKS = re.compile(r"\s+")
_ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_RARE = 0x3000


class _Bare(dict[int, int | None]):
    """A table for `str.translate` that takes out combining marks; what is common is looked up once."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.combining(chr(code)) else code
        if code < _RARE:
            self[code] = kept
        return kept


_BARE = _Bare()


def fold(text: str) -> str:
    """`text` without tone marks, vowel marks and case, blanks collapsed: “Đặng Thị  Hòa” → “dang thi hoa”.

    Both ways of placing the tone mark (Hòa, Hoà) fold to the same.
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join(decomposed.translate(_BARE).split())


def tidy_name(text: str) -> str:
    """A personal name as it is kept: NFC, blanks collapsed, capitals as given."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def sort_key(name: str) -> str:
    """A key that sorts personal names as Vietnamese lists do: given name, then middle, then family name.

    Within a word the Vietnamese alphabet decides (a ă â … d đ …), tone marks break ties.
    """
    words = tidy_name(name).casefold().split(" ")
    ordered = [words[-1], *words[1:-1], words[0]] if len(words) > 1 else words
    return " ".join(_word_key(word) for word in ordered)


def _word_key(word: str) -> str:
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", word):
        base, tone = _split_tone(char)
        place = _ALPHABET.find(base)
        letters.append(f"{place + 10:02d}" if place >= 0 else f"99{base}")
        tones.append(tone)
    return "".join(letters) + "." + "".join(tones)


def _split_tone(char: str) -> tuple[str, str]:
    tone, rest = "0", []
    for part in unicodedata.normalize("NFD", char):
        if part in _TONES:
            tone = _TONES[part]
        else:
            rest.append(part)
    return unicodedata.normalize("NFC", "".join(rest)), tone
