"""A sentence in both languages of the system. A sentence without its translation cannot be written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Vietnamese and in English; `{name}` marks a place to fill.

    Both are required: see ADR 0004.
    """

    vi: str
    en: str

    def format(self, **values: object) -> Text:
        """Fill the places. A place without a value shows as “—”, so that an incomplete error never hides itself."""
        filled = _Blanks({name: "—" if value is None else value for name, value in values.items()})
        return Text(self.vi.format_map(filled), self.en.format_map(filled))

    def to(self, language: str) -> str:
        """The sentence in `language` ("vi" or "en"; anything else is Vietnamese)."""
        return self.en if language.startswith("en") else self.vi

    def __str__(self) -> str:
        return self.vi


class _Blanks(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "—"
