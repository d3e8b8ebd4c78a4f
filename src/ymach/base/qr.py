"""QR codes: their modules, and the path that draws them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def matrix(text: str) -> Sequence[Sequence[int]]:
    """The rows of the smallest QR code that holds the text; a module is dark where it is not 0."""
    import segno  # on use: most processes draw none

    return list(segno.make_qr(text, error="l", boost_error=False).matrix)


def qr_path(text: str) -> tuple[str, int]:
    """A QR code as the path of an SVG drawn with strokes one unit wide, and its side in units."""
    rows = matrix(text)
    strokes = [f"M{left} {y + 0.5}h{right - left}" for y, row in enumerate(rows) for left, right in dark_runs(row)]
    return "".join(strokes), len(rows)


def dark_runs(row: Iterable[int]) -> list[tuple[int, int]]:
    """The stretches of dark modules of a row: from, to (not included)."""
    found: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if dark and found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        elif dark:
            found.append((place, place + 1))
    return found
