"""What an operator does about each trouble, in both languages; read from `data/runbook.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ymach.base.text import Text


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of trouble: its name, what it means, what to do in which order."""

    code: str
    title: Text
    means: Text
    steps: tuple[Text, ...]


@cache
def sections() -> dict[str, Section]:
    """All of them by code, in the order of the file."""
    raw = tomllib.loads((files(__package__) / "data" / "runbook.toml").read_text(encoding="utf-8"))
    return {
        code: Section(
            code,
            Text(one["vi"], one["en"]),
            Text(one["means_vi"], one["means_en"]),
            tuple(Text(vi, en) for vi, en in one["steps"]),
        )
        for code, one in raw.items()
    }
