"""A name as it was typed: its folded words, and the tone and vowel marks that were given."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from ymach.base.vietnamese import fold, sort_key, tidy_name

_TONES = "\u0300\u0309\u0303\u0301\u0323"
_OPEN_PAIR = re.compile(
    r"([oO])([aeAE])([\u0300\u0309\u0303\u0301\u0323])\Z|([uU])([yY])([\u0300\u0309\u0303\u0301\u0323])\Z"
)
_OPEN_PAIR_OLD = re.compile(r"([ouOU])([\u0300\u0309\u0303\u0301\u0323])([aeyAEY])\Z")
MAX_WORDS = 8
_MOST_SPELLINGS = 16


@dataclass(frozen=True, slots=True)
class Spelling:
    """text: as typed, tidy. words: folded. marked: of the words typed with marks, how they are marked."""

    text: str
    folded: str
    words: tuple[str, ...]
    marked: frozenset[tuple[str, str]]

    @property
    def has_marks(self) -> bool:
        return bool(self.marked)

    def agrees_with(self, name: str) -> bool:
        """Whether every word that was typed with marks stands in the name with the same marks."""
        return self.marked <= frozenset(map(marks, name.split(" ")))

    def has_all_words_of(self, folded: str) -> bool:
        """Whether a folded name has all the words, in any order, the last one as a beginning."""
        there = folded.split(" ")
        *whole, last = self.words
        return all(word in there for word in whole) and any(word.startswith(last) for word in there)


def spelling_of(text: str) -> Spelling:
    """The spelling of what somebody typed; at most eight words count."""
    tidy = tidy_name(text)
    words = tidy.split(" ")[:MAX_WORDS]
    marked = frozenset(marks(word) for word in words if word.casefold() != fold(word))
    folded = fold(" ".join(words))
    return Spelling(" ".join(words), folded, tuple(folded.split(" ")), marked)


def same_names(text: str) -> list[str]:
    """The sort keys of a name under both ways of placing a tone mark (Hòa, Hoà)."""
    choices = [sorted({word, _moved(word)}) for word in text.split(" ")]
    return [sort_key(" ".join(words)) for words in islice(product(*choices), _MOST_SPELLINGS)]


@lru_cache(maxsize=1 << 16)
def marks(word: str) -> tuple[str, str]:
    """A word's letters with their vowel marks, and its tone apart: “Hòa” and “Hoà” are the same."""
    parts = unicodedata.normalize("NFD", word.casefold())
    letters = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    return letters, "".join(part for part in parts if part in _TONES)


def _moved(word: str) -> str:
    """The word with the tone of its open pair of vowels on the other letter."""
    parts = unicodedata.normalize("NFD", word)
    if _OPEN_PAIR_OLD.search(parts):
        return unicodedata.normalize("NFC", _OPEN_PAIR_OLD.sub(r"\1\3\2", parts))
    found = _OPEN_PAIR.search(parts)
    if found is None:
        return word
    first, second, tone = (part for part in found.groups() if part)
    return unicodedata.normalize("NFC", parts[: found.start()] + first + tone + second)


def same_person(given: str, registered: str) -> bool:
    """Whether a name as given can be the registered one: the same words, marks only where they were given."""
    asked = spelling_of(given)
    return asked.folded == fold(registered) and asked.agrees_with(tidy_name(registered))
