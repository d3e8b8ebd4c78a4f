"""How much it says that two have the same name: a rare one says more than one that a million people have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log2

PARTS = ("family", "middle", "given")
LEAST, MOST = 8.0, 17.0
"""Bits a name may be worth: nobody's name is common enough for less, nor surely enough spelt for more."""
DEPENDENT = 2.0
"""Bits taken off, because the words of a name go together (Thị with women's names) and with the sex."""
_COMMON = 0.0005


@dataclass(frozen=True)
class NameShares:
    """Of all folded names, what share has a word as family, middle or given name; what is rarer than `rarest` is left out."""

    words: Mapping[str, Mapping[str, float]]
    rarest: float = _COMMON

    def bits(self, name: str) -> float:
        """How surprising it would be that somebody else has this folded name."""
        return _bits(self, name)

    def __hash__(self) -> int:
        return id(self)


def shares_of(names: Iterable[str]) -> NameShares:
    """Counted over folded names."""
    counts = {part: Counter[str]() for part in PARTS}
    for name in names:
        family, *middle, given = name.split(" ") if " " in name else ("", name)
        counts["family"][family] += 1
        counts["middle"].update(middle)
        counts["given"][given] += 1
    shares = {
        part: {word: count / found.total() for word, count in found.most_common() if count >= _COMMON * found.total()}
        for part, found in counts.items()
    }
    return NameShares(shares)


@lru_cache(maxsize=1 << 14)
def _bits(shares: NameShares, name: str) -> float:
    family, *middle, given = name.split(" ") if " " in name else ("", name)
    words = [("family", family), *(("middle", word) for word in middle), ("given", given)]
    surprise = -sum(log2(shares.words.get(part, {}).get(word, shares.rarest)) for part, word in words)
    return min(max(surprise - DEPENDENT, LEAST), MOST)
