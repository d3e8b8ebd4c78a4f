"""Edits of an unsigned FHIR bundle. A place is written `Type.element.element`; `@Type` stands for the address of the first
resource of that type, `@2Type` for that of the second."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from ymach.formats.fhir.names import EXTENSION

Json = Any
_SYMBOL = re.compile(r"@(\d?)([A-Z][A-Za-z]+)")
_LEVELS = 60


def change_fhir(content: bytes, name: str, *arguments: Any) -> bytes:
    """One edit by its name. Raises KeyError (no such edit), LookupError (the bundle has no such resource)."""
    if name in _BYTES:
        return _BYTES[name](content)
    bundle = orjson.loads(content)
    _TREE[name](bundle, *[_resolved(bundle, one) for one in arguments])
    return orjson.dumps(bundle)


def _entry(bundle: Json, kind: str, number: int = 1) -> Json:
    found = [one for one in bundle["entry"] if one["resource"]["resourceType"] == kind]
    if len(found) < number:
        raise LookupError(kind)
    return found[number - 1]


def _resolved(bundle: Json, value: Json) -> Json:
    """`value` with the symbols in its references replaced by addresses."""
    if isinstance(value, dict):
        return {key: _resolved(bundle, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(bundle, inner) for inner in value]
    found = _SYMBOL.fullmatch(value) if isinstance(value, str) else None
    return value if found is None else _entry(bundle, found[2], int(found[1] or 1))["fullUrl"]


def _put(bundle: Json, place: str, value: Json) -> None:
    kind, *path, last = place.split(".")
    holder = bundle if kind == "Bundle" else _entry(bundle, kind)["resource"]
    for name in path:
        holder = holder[name]
    holder[last] = value


def _add(bundle: Json, resource: Json) -> None:
    number = len(bundle["entry"])
    bundle["entry"].append({"fullUrl": uuid5(NAMESPACE_URL, f"added {number}").urn, "resource": resource})


def _again(bundle: Json, kind: str) -> None:
    bundle["entry"].append(copy.deepcopy(_entry(bundle, kind)))


def _without(bundle: Json, kind: str) -> None:
    bundle["entry"].remove(_entry(bundle, kind))


def _as_transaction(bundle: Json, method: str) -> None:
    bundle["type"] = "transaction"
    for one in bundle["entry"]:
        one["request"] = {"method": method, "url": one["resource"]["resourceType"]}


def _extension_twice(bundle: Json, kind: str) -> None:
    price = {"url": f"{EXTENSION}xml1-T-THUOC", "valueDecimal": 5}
    _entry(bundle, kind)["resource"].setdefault("extension", []).extend([price, dict(price)])


def _unknown_extension(bundle: Json, kind: str) -> None:
    unknown = {"url": f"{EXTENSION}xml1-KHONG-CO", "valueString": "x"}
    _entry(bundle, kind)["resource"].setdefault("extension", []).append(unknown)


def _cut_short(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _key_twice(content: bytes) -> bytes:
    return content.replace(b'"type":', b'"type":"document","type":', 1)


def _nested(content: bytes) -> bytes:
    deep = b'{"a":' * _LEVELS + b"1" + b"}" * _LEVELS
    return content.replace(b'"type":', b'"x":' + deep + b',"type":', 1)


_TREE: dict[str, Callable[..., None]] = {
    "put": _put,
    "add": _add,
    "again": _again,
    "without": _without,
    "as_transaction": _as_transaction,
    "extension_twice": _extension_twice,
    "unknown_extension": _unknown_extension,
}
_BYTES: dict[str, Callable[[bytes], bytes]] = {"cut_short": _cut_short, "key_twice": _key_twice, "nested": _nested}
