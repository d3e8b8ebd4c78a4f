"""Filling the outlines of the country with the classes of a figure. A special zone takes the class of its province."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ymach.places.map import CountryMap, Frame, Island, Label
from ymach.web import charts
from ymach.web.parts import Key, Words

PIN_RADIUS = 11.5
LETTER_WIDTH, LETTER_RISE, LETTER_FALL = 7.2, 11.0, 4.0


@dataclass(frozen=True, slots=True)
class Area:
    """An outline with its class (0: unknown, 1 to 5) and what its tip says."""

    name: str
    path: str
    step: int
    shown: Words


@dataclass(frozen=True, slots=True)
class Spot:
    """An island with the class of its province."""

    name: str
    x: float
    y: float
    radius: float
    step: int
    shown: Words


@dataclass(frozen=True, slots=True)
class FilledFrame:
    """A special zone far at sea in its own frame."""

    frame: Frame
    islands: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Pin:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class FilledMap:
    """What the component `map` draws."""

    view_box: str
    width: int
    height: int
    regions: tuple[Area, ...]
    islands: tuple[Spot, ...]
    frames: tuple[FilledFrame, ...]
    labels: tuple[Label, ...]
    pins: tuple[Pin, ...]


def fill(
    country: CountryMap,
    values: Mapping[str, float],
    edges: Sequence[float],
    shown: Callable[[float | None], Words],
    pins: Sequence[str] = (),
) -> FilledMap:
    """Colour `country` by `values` (province code → number) in the classes between `edges` (four, ascending).

    shown: the words of a value, also for None (unknown). pins: province codes in the order of a list beside the map.
    """

    def spot(island: Island) -> Spot:
        value = values.get(island.province_code)
        step = charts.class_of(value, edges)
        return Spot(island.name, island.x, island.y, island.radius, step, shown(value))

    middles = {outline.province_code: Pin(outline.x, outline.y) for outline in country.outlines}
    shown_pins = tuple(middles[code] for code in pins if code in middles)
    return FilledMap(
        view_box=country.view_box,
        width=country.width,
        height=country.height,
        regions=tuple(
            Area(
                one.name,
                one.path,
                charts.class_of(values.get(one.province_code), edges),
                shown(values.get(one.province_code)),
            )
            for one in country.outlines
        ),
        islands=tuple(spot(island) for island in country.islands),
        frames=tuple(FilledFrame(frame, tuple(spot(island) for island in frame.islands)) for frame in country.frames),
        labels=clear_labels(country.labels, shown_pins),
        pins=shown_pins,
    )


def clear_labels(labels: Sequence[Label], pins: Sequence[Pin]) -> tuple[Label, ...]:
    """The labels, each moved beside the pin it would lie under; one that finds no free place is left out."""
    placed: list[Label] = []
    for label in labels:
        others = [*placed, *(one for one in labels if one is not label and not is_under(one, pins))]
        free = (
            one
            for one in (label, *_beside(label, pins))
            if not is_under(one, pins)
            and (one is label or not any(_overlap(_box(one), _box(other)) for other in others))
        )
        if (found := next(free, None)) is not None:
            placed.append(found)
    return tuple(placed)


Box = tuple[float, float, float, float]


def _box(label: Label) -> Box:
    """Left, top, right, bottom of the words, in the longer of the two languages."""
    width = LETTER_WIDTH * max(len(label.text.vi), len(label.text.en))
    left = label.x - {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    return left, label.y - LETTER_RISE, left + width, label.y + LETTER_FALL


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _pin_box(pin: Pin) -> Box:
    return pin.x - PIN_RADIUS, pin.y - PIN_RADIUS, pin.x + PIN_RADIUS, pin.y + PIN_RADIUS


def is_under(label: Label, pins: Sequence[Pin]) -> bool:
    """Whether a pin would cover a part of the words."""
    return any(_overlap(_box(label), _pin_box(pin)) for pin in pins)


def _beside(label: Label, pins: Sequence[Pin]) -> Iterator[Label]:
    """Places right, left, below and above of the pins that lie on the label."""
    for pin in pins:
        if not _overlap(_box(label), _pin_box(pin)):
            continue
        yield replace(label, x=pin.x + PIN_RADIUS + 2, y=pin.y + 4, anchor="start")
        yield replace(label, x=pin.x - PIN_RADIUS - 2, y=pin.y + 4, anchor="end")
        yield replace(label, x=pin.x, y=pin.y + PIN_RADIUS + LETTER_RISE + 1, anchor="middle")
        yield replace(label, x=pin.x, y=pin.y - PIN_RADIUS - LETTER_FALL - 1, anchor="middle")


def edges_of(values: Sequence[float]) -> tuple[float, ...]:
    """The edges that part `values` into at most five classes of about the same size; none for a single value."""
    ordered = sorted(set(values))
    if len(ordered) <= 5:
        return tuple(ordered[1:])
    return tuple(ordered[round(len(ordered) * part / 5)] for part in range(1, 5))


def keys_of(edges: Sequence[float], words: Callable[[float], str]) -> list[Key]:
    """The legend of the classes between `edges`."""
    if not edges:
        return []
    lines = [f"< {words(edges[0])}"]
    lines += [f"{words(low)} – {words(high)}" for low, high in pairwise(edges)]
    lines.append(f"≥ {words(edges[-1])}")
    return [Key(f"seq-{step}", line) for step, line in enumerate(lines, start=1)]
