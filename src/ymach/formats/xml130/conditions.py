"""Conditions under which a field is expected, as `tables.csv` writes them.

Clauses joined by `and`: `TAG` (has a value), `not TAG`, `TAG = x`, `TAG != x`, `TAG in x y z`, `TAG has x` (one of a
`;` list), `TAG < x` (compared as text, for dates). All but `not` are false when the tag has no value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Texts = Mapping[str, str | None]
Condition = Callable[[Texts], bool]


def compile_condition(written: str) -> Condition:
    """The condition as a function of a row's tags and texts. Raises ValueError when it is not understood."""
    clauses = tuple(_clause(part.split()) for part in written.split(" and "))
    if len(clauses) == 1:
        return clauses[0]
    return lambda texts: all(clause(texts) for clause in clauses)


def _clause(words: list[str]) -> Condition:
    match words:
        case [tag]:
            return lambda texts: bool(texts.get(tag))
        case ["not", tag]:
            return lambda texts: not texts.get(tag)
        case [tag, "=", value]:
            return lambda texts: texts.get(tag) == value
        case [tag, "!=", value]:
            return lambda texts: bool(texts.get(tag)) and texts[tag] != value
        case [tag, "in", *values]:
            return lambda texts, known=frozenset(values): texts.get(tag) in known  # type: ignore[misc]
        case [tag, "has", value]:
            return lambda texts: value in (texts.get(tag) or "").split(";")
        case [tag, "<", value]:
            return lambda texts: bool(texts.get(tag)) and str(texts[tag]) < value
    raise ValueError(" ".join(words))
