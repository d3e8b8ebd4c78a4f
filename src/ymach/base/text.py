"""A sentence in both languages of the system. A sentence without its translation cannot be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Vietnamese and in English; `{name}` marks a place to fill.

    Both are required: see ADR 0004.
    """

    vi: str
    en: str

    def format(self, **values: object) -> Text:
        """Fill the places; a Text fills each language with its own.

        A place without a value shows as “—”, so that an incomplete error never hides itself.
        """
        return Text(*(said.format_map(_filled(values, to)) for to, said in (("vi", self.vi), ("en", self.en))))

    def to(self, language: str) -> str:
        """The sentence in `language` ("vi" or "en"; anything else is Vietnamese)."""
        return self.en if language.startswith("en") else self.vi

    def __str__(self) -> str:
        return self.vi


def _filled(values: Mapping[str, object], language: str) -> _Blanks:
    spoken = {name: one.to(language) if isinstance(one, Text) else one for name, one in values.items()}
    return _Blanks({name: "—" if one is None else one for name, one in spoken.items()})


class _Blanks(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "—"
