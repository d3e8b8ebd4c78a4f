"""The words of all names: which are one typing error away from another, and how common each is.

Names are made of a few thousand folded words, so they are held in memory, with every word under each of its forms
with one letter left out (a deletion neighbourhood): two words are one error apart only if they share such a form.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ymach.base import pg
from ymach.base.kept import Kept

KEPT_SECONDS = 120
_SHARES = """
SELECT word, share FROM pg_stats,
  unnest(most_common_elems::text::text[], most_common_elem_freqs[1:cardinality(most_common_elems::text::text[])])
    AS e (word, share)
WHERE schemaname = 'public' AND tablename = 'publication_entry' AND attname = 'terms'
"""


@dataclass(frozen=True)
class Vocabulary:
    """Words, sorted, and the share of entries that have them (0 for a rare word, or where nothing was measured yet)."""

    words: tuple[str, ...]
    shares: Mapping[str, float]
    _near: Mapping[str, list[str]] = field(repr=False)

    @classmethod
    def of(cls, words: Iterable[str], shares: Mapping[str, float]) -> Vocabulary:
        near: dict[str, list[str]] = defaultdict(list)
        ordered = tuple(sorted(words))
        for word in ordered:
            for form in _forms(word):
                near[form].append(word)
        return cls(ordered, shares, dict(near))

    def share(self, word: str) -> float:
        """How many of all entries have this word or tag."""
        return self.shares.get(word, 0.0)

    def share_of_prefix(self, prefix: str) -> float:
        """At most how many entries have a word that begins so."""
        return min(sum(map(self.share, self.beginning(prefix))), 1.0)

    def beginning(self, prefix: str) -> tuple[str, ...]:
        """The words that begin so."""
        return self.words[bisect_left(self.words, prefix) : bisect_left(self.words, f"{prefix}\U0010ffff")]

    def near(self, word: str) -> list[str]:
        """The words at most one error away (a letter more, less, another, or two neighbours exchanged); itself too."""
        candidates = {found for form in _forms(word) for found in self._near.get(form, ())}
        return sorted(one for one in candidates if is_near(one, word))


def is_near(one: str, other: str) -> bool:
    """Whether two words are at most one error apart."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[start:], other[start:]
    if len(one) == len(other):
        return rest[1:] == other_rest[1:] or (rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:])
    return rest[1:] == other_rest or rest == other_rest[1:]


def _forms(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _read(_: str) -> Vocabulary:
    with pg.cursor() as cursor:
        cursor.execute("SELECT word FROM publication_word")
        words = [word for (word,) in cursor]
        cursor.execute(_SHARES)
        return Vocabulary.of(words, dict(cursor.fetchall()))


_kept: Kept[str, Vocabulary] = Kept(_read, seconds=KEPT_SECONDS)


def vocabulary() -> Vocabulary:
    """The present vocabulary, at most two minutes old."""
    return _kept("")
