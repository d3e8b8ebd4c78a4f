"""The card as a picture for a lock screen: large letters, whom to call, a QR code. No line says more than was ticked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from ymach.base.text import Text

SIZE, SMALL = (1170, 2532), (585, 1266)
"""Pixels of a telephone's screen, and half of it for an old one."""
CLOCK_ROOM = 640
"""Where the telephone draws its clock, nothing stands."""
INK, PAPER, SOFT, RED = "#10201f", "#fdfcf8", "#4b5b59", "#a3281f"
_EDGE, _QR = 84, 560
_MOST_ROWS = 14


@dataclass(frozen=True, slots=True)
class Row:
    """A name and its value. is_grave: drawn in red, with its word, so that a grey print says it too."""

    name: Text
    value: str
    is_grave: bool = False


def draw(rows: Sequence[Row], *, title: Text, matrix: Sequence[Sequence[int]], is_small: bool = False) -> bytes:
    """The picture as PNG. matrix: the modules of the QR code, dark where they are not 0."""
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    y = _head(pen, title)
    floor = SIZE[1] - _QR - 210
    for row in rows[:_MOST_ROWS]:
        if y > floor - 90:
            _text(pen, y, "…", 44, SOFT)
            break
        y = _row(pen, y, row, floor)
    _code(image, pen, matrix)
    return _png(image.resize(SMALL, Image.Resampling.LANCZOS) if is_small else image)


def _head(pen: ImageDraw.ImageDraw, title: Text) -> int:
    pen.rectangle((0, CLOCK_ROOM, SIZE[0], CLOCK_ROOM + 150), fill=RED)
    pen.text((_EDGE, CLOCK_ROOM + 20), title.vi, font=_font(60, is_bold=True), fill="#ffffff")
    pen.text((_EDGE, CLOCK_ROOM + 92), title.en, font=_font(36), fill="#ffffff")
    return CLOCK_ROOM + 190


def _row(pen: ImageDraw.ImageDraw, y: int, row: Row, floor: int) -> int:
    y = _text(pen, y, f"{row.name.vi} · {row.name.en}", 32, SOFT)
    for line in _lines(row.value, _font(48, is_bold=True)):
        if y > floor - 50:
            return _text(pen, y, "…", 44, SOFT)
        y = _text(pen, y, line, 48, RED if row.is_grave else INK, is_bold=True)
    return y + 18


def _text(pen: ImageDraw.ImageDraw, y: int, text: str, size: int, colour: str, *, is_bold: bool = False) -> int:
    pen.text((_EDGE, y), text, font=_font(size, is_bold=is_bold), fill=colour)
    return y + int(size * 1.28)


def _code(image: Image.Image, pen: ImageDraw.ImageDraw, matrix: Sequence[Sequence[int]]) -> None:
    unit = _QR // (len(matrix) + 8)
    side = unit * (len(matrix) + 8)
    left, top = (SIZE[0] - side) // 2, SIZE[1] - side - 190
    pen.rectangle((left, top, left + side, top + side), fill="#ffffff")
    for y, line in enumerate(matrix):
        for x, dark in enumerate(line):
            if dark:
                corner = (left + (x + 4) * unit, top + (y + 4) * unit)
                pen.rectangle((*corner, corner[0] + unit - 1, corner[1] + unit - 1), fill=INK)
    words = "Quét để xem · Scan to read"
    width = pen.textlength(words, font=_font(34))
    pen.text(((SIZE[0] - width) / 2, SIZE[1] - 176), words, font=_font(34), fill=SOFT)


def _lines(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """The value in lines that fit, three at most."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= SIZE[0] - 2 * _EDGE:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines[:3]


@lru_cache(maxsize=16)
def _font(size: int, *, is_bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "Roboto-Bold.ttf" if is_bold else "Roboto-Regular.ttf"
    return ImageFont.truetype(str(files("font_roboto") / "files" / name), size)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()
