"""Places inside a resource: `period.start`, `name[].text` (`[]`: the first member of a list)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Json = Any
Get = Callable[[dict[str, Json]], Json]
Put = Callable[[dict[str, Json], Json, dict[str, Json]], None]


def getter(path: str) -> Get:
    """What stands at `path`, None when nothing does. Raises TypeError or AttributeError where the shape is wrong."""
    steps = _steps(path)
    if not steps:
        return lambda resource: resource
    if len(steps) == 1 and not steps[0][1]:
        name = steps[0][0]
        return lambda resource: resource.get(name)

    def get(resource: dict[str, Json]) -> Json:
        node: Json = resource
        for name, first in steps:
            node = node.get(name)
            if node is None:
                return None
            if first:
                node = _first(node)
                if node is None:
                    return None
        return node

    return get


def putter(path: str) -> Put:
    """Sets what stands at `path`, making what is missing above it; `beside` is added to its neighbours."""
    steps = _steps(path)

    def put(resource: dict[str, Json], value: Json, beside: dict[str, Json]) -> None:
        node = resource
        for name, first in steps[:-1]:
            node = node.setdefault(name, [{}])[0] if first else node.setdefault(name, {})
        name, first = steps[-1]
        if first and isinstance(node.get(name), list):
            node[name][0].update(value)
        else:
            node[name] = [value] if first else value
        for key, constant in beside.items():
            node.setdefault(key, constant)

    return put


def every(resource: dict[str, Json], path: str) -> Iterator[Json]:
    """All that stands at `path`, through every member of every list on the way."""
    yield from _every([resource], _steps(path))


def _every(nodes: list[Json], steps: list[tuple[str, bool]]) -> Iterator[Json]:
    for name, is_list in steps:
        found: list[Json] = []
        for node in nodes:
            inner = node.get(name)
            if inner is None:
                continue
            if is_list != isinstance(inner, list):
                raise TypeError(name)
            found += inner if is_list else [inner]
        nodes = found
    yield from nodes


def _first(node: Json) -> Json:
    if type(node) is not list:
        raise TypeError("list")
    return node[0] if node else None


def _steps(path: str) -> list[tuple[str, bool]]:
    return [(step.removesuffix("[]"), step.endswith("[]")) for step in path.split(".") if step]
