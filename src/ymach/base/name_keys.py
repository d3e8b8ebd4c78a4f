"""Search and order keys of very many names: names are made of a few thousand words, each worked out once.

Give tidy names (`vietnamese.tidy_name`). The keys are those of `base.vietnamese`.
"""

from __future__ import annotations

from functools import lru_cache

from ymach.base.vietnamese import fold, sort_key


def folded(name: str) -> str:
    """`vietnamese.fold` of the name."""
    return " ".join(map(_folded_word, name.split(" ")))


def person_order(name: str) -> str:
    """`vietnamese.sort_key` of a personal name: given name, then middle names, then family name."""
    first, *rest = name.split(" ")
    return " ".join(map(_word_order, [rest[-1], *rest[:-1], first] if rest else [first]))


def reading_order(name: str) -> str:
    """The key of a name that sorts from its first word on, as names of facilities do."""
    return " ".join(map(_word_order, name.split(" ")))


@lru_cache(maxsize=1 << 16)
def _folded_word(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=1 << 16)
def _word_order(word: str) -> str:
    return sort_key(word)
