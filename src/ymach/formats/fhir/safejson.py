"""Parsing JSON from strangers: bounded size, depth and count, no name twice in an object, exact decimals.

What must never be passed over in FHIR (`modifierExtension`, `implicitRules`: elements that change the meaning of all
around them) is looked for while parsing, wherever it stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ymach.base.findings import FindingKind
from ymach.formats.errors import Refused
from ymach.formats.fhir import findings

Json = Any
"""Parsed JSON: dicts, lists, text, bool, int, Decimal, None."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a text may be. max_depth: the outermost object is 1; max_values: names and members of lists."""

    max_bytes: int = 16 * 1024 * 1024
    max_depth: int = 32
    max_values: int = 400_000


DEFAULT_LIMITS = Limits()
_KEEP_STRUCTURE = bytes(set(range(256)) - set(b"{}[]"))
_OPEN = bytes.maketrans(b"[]", b"{}")
_CHANGES_MEANING = ("modifierExtension", "implicitRules")


class JsonRefused(Refused):
    """The bytes are not JSON that this system accepts; `finding` says why."""

    code = "YM-FHIR-REFUSED"


class _TwiceError(Exception):
    """A name twice in one object."""


def parse(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> Json:
    """The value that `raw` (UTF-8) holds; numbers with a fraction or an exponent are exact decimals.

    Raises JsonRefused: YM-FHIR-TOO-BIG, -TOO-DEEP, -TOO-MANY, -DUPLICATE-KEY, -NOT-JSON, -MODIFIER.
    """
    if len(raw) > limits.max_bytes:
        raise refused(findings.TOO_BIG, limit=limits.max_bytes)
    _check_structure(raw, limits)
    suspects: list[str] = []
    value = _load(raw, suspects)
    if suspects:
        where, name = next(_meaning_changers(value, "Bundle"), ("Bundle", suspects[0]))
        raise refused(findings.MODIFIER, field=where, value=name)
    return value


def refused(kind: FindingKind, **values: Any) -> JsonRefused:
    """A refusal for this reason."""
    return JsonRefused(kind.at(**values))


def _check_structure(raw: bytes, limits: Limits) -> None:
    """Depth and count before anything is built, at the speed of byte searches; wrong JSON is the parser's to find."""
    plain = raw.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in raw else raw
    outside = b"".join(plain.split(b'"')[::2])
    if outside.count(b",") + outside.count(b":") > limits.max_values:
        raise refused(findings.TOO_MANY, limit=limits.max_values)
    brackets = outside.translate(_OPEN, _KEEP_STRUCTURE)
    for _ in range(limits.max_depth):
        brackets = brackets.replace(b"{}", b"")
        if not brackets:
            return
    if brackets.count(b"{") > limits.max_depth or b"{}" in brackets:
        raise refused(findings.TOO_DEEP, limit=limits.max_depth)


def _load(raw: bytes, suspects: list[str]) -> Json:
    def build(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        made = dict(pairs)
        if len(made) != len(pairs):
            names = [name for name, _ in pairs]
            raise _TwiceError(next(name for name in names if names.count(name) > 1))
        if "modifierExtension" in made or "implicitRules" in made:
            suspects.append("modifierExtension" if "modifierExtension" in made else "implicitRules")
        return made

    try:
        text = raw.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=build, parse_float=Decimal, parse_constant=_no_constant)
    except _TwiceError as twice:
        raise refused(findings.DUPLICATE_KEY, value=str(twice)) from None
    except json.JSONDecodeError as wrong:
        raise refused(findings.NOT_JSON, why=f"{wrong.lineno}:{wrong.colno}") from None
    except UnicodeDecodeError as wrong:
        raise refused(findings.NOT_JSON, why=f"UTF-8, byte {wrong.start}") from None
    except (ValueError, ArithmeticError, RecursionError) as wrong:
        raise refused(findings.NOT_JSON, why=type(wrong).__name__) from None


def _no_constant(name: str) -> Json:
    raise ValueError(name)


def _meaning_changers(value: Json, where: str) -> Any:
    """Where an element stands that changes meaning. The depth was bounded before."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in _CHANGES_MEANING:
                yield where, name
            yield from _meaning_changers(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _meaning_changers(inner, f"{where}[{place}]")
