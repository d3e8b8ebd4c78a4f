"""Contrast of the colours of tokens.css by WCAG 2.2, in both schemes."""

from __future__ import annotations

import math
import re

TEXT, PART = 4.5, 3.0  # text; borders of controls, icons, marks of charts
SCHEMES = ("light", "dark")
GROUNDS = ("paper", "surface", "sunken", "raised", "row-hover")
STATES = ("good", "note", "hold", "bad", "wait")

PAIRS: list[tuple[str, str, float]] = [
    *[(ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3", "link") for ground in GROUNDS],
    *[(f"{s}-ink", ground, TEXT) for s in STATES for ground in (*GROUNDS, f"{s}-wash")],
    *[(ink, f"{s}-wash", TEXT) for s in STATES for ink in ("ink", "ink-2", "link")],
    *[(f"{s}-mark", ground, PART) for s in STATES for ground in ("paper", "surface", "sunken")],
    *[("line-control", ground, PART) for ground in ("paper", "surface", "raised")],
    *[("focus", ground, PART) for ground in (*GROUNDS, "celadon-wash")],
    *(("on-action", "action", TEXT), ("on-action", "action-hover", TEXT), ("action", "surface", PART)),
    *[(ink, "celadon-wash", TEXT) for ink in ("ink", "ink-2", "link", "ink-3", "note-ink")],
    *[(ink, ground, TEXT) for ink in ("on-mast", "on-mast-2") for ground in ("mast", "mast-2")],
    *(("mast-line", "mast", PART), ("on-seal", "seal", TEXT), ("on-seal", "bad-mark", PART), ("ink", "select", TEXT)),
    *(("ink", "sea", TEXT), ("ink-2", "sea", TEXT), ("seq-5", "sea", PART), ("seq-4", "surface", PART)),
]


def colours(css: str, scheme: str) -> dict[str, tuple[float, float, float]]:
    """Every colour token of `css` in `scheme`: lightness, chroma, hue."""
    place, found = SCHEMES.index(scheme), {}
    for name, value in re.findall(r"--([\w-]+):\s*((?:light-dark|oklch)\(.+\));", css):
        values = re.findall(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", value)
        if values:
            found[name] = tuple(map(float, values[min(place, len(values) - 1)]))
    return found


def linear(lightness: float, chroma: float, hue: float) -> list[float]:
    """oklch to linear sRGB, not clipped."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return [
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    ]


def is_inside(rgb: list[float]) -> bool:
    """Whether a screen can show it."""
    return all(-0.002 <= value <= 1.002 for value in rgb)


def ratio(one: list[float], two: list[float]) -> float:
    """The contrast of two colours, 1 to 21."""
    weights = (0.2126, 0.7152, 0.0722)
    low, high = sorted(
        sum(weight * min(1.0, max(0.0, value)) for weight, value in zip(weights, colour, strict=True))
        for colour in (one, two)
    )
    return (high + 0.05) / (low + 0.05)
