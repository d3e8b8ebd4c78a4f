"""One field of a form as it stands on its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ymach.base.text import Text
from ymach.changes.fields import Field


@dataclass(frozen=True, slots=True)
class Asking:
    """One field as the form shows it: what was typed, what stands in the registry, what is wrong.

    words: what was looked for among its choices; is_searched: the choices are more than are shown.
    """

    field: Field
    typed: str
    chosen: frozenset[str]
    choices: Sequence[tuple[str, Text]]
    present: Text | None
    error: Text | None
    words: str = ""
    is_searched: bool = False
    is_fast: bool = False

    @property
    def is_found(self) -> bool:
        """Whether its choices are searched, not listed."""
        return self.field.find is not None

    @property
    def help(self) -> Text | None:
        hint, present = self.field.hint, self.present
        if present is None:
            return hint
        before = Text(f"Đang ghi: {present.vi}.", f"Now: {present.en}.")
        return Text(f"{before.vi} {hint.vi}", f"{before.en} {hint.en}") if hint else before
