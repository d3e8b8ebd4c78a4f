"""Lines on sheets of A4: what every printed paper of the platform is drawn with. Letters with Vietnamese marks are embedded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.units import mm  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.pdfmetrics import stringWidth  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from ymach.base.qr import dark_runs, matrix
from ymach.base.text import Text

REGULAR, BOLD = "Roboto", "Roboto-Bold"
LEFT, RIGHT, BOTTOM = 22 * mm, A4[0] - 22 * mm, 52 * mm
TOP = A4[1] - 24 * mm


@dataclass
class Page:
    """Where the next line goes; a new sheet begins when one is full. bottom: of the room for lines."""

    canvas: Canvas
    y: float = TOP
    bottom: float = BOTTOM + 10 * mm

    def line(self, text: str, *, size: float = 10, font: str = REGULAR, left: float = LEFT, gap: float = 1.45) -> None:
        for part in wrapped(text, font, size, RIGHT - left):
            if self.y < self.bottom:
                self.begin_sheet()
            self.canvas.setFont(font, size)
            self.canvas.drawString(left, self.y, part)
            self.y -= size * gap

    def pair(self, name: Text, value: str) -> None:
        self.line(f"{name.vi} · {name.en}", size=8)
        self.line(value, size=11, font=BOLD)
        self.y -= 7

    def rule(self) -> None:
        self.canvas.setLineWidth(0.6)
        self.canvas.line(LEFT, self.y, RIGHT, self.y)
        self.y -= 26

    def begin_sheet(self) -> None:
        self.canvas.showPage()
        self.y = TOP


def wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    """The text in lines that fit; a word that is wider than a line is cut."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and stringWidth(longer, font, size) <= width:
            lines[-1] = longer
        else:
            lines += _cut(word, font, size, width)
    return lines


def draw_qr(canvas: Canvas, text: str, *, left: float, bottom: float, side: float) -> None:
    """A QR code with its lower left corner there."""
    rows = matrix(text)
    unit = side / len(rows)
    for y, row in enumerate(rows):
        for start, end in dark_runs(row):
            corner = (left + start * unit, bottom + side - (y + 1) * unit)
            canvas.rect(*corner, (end - start) * unit, unit, stroke=0, fill=1)


@cache
def register_fonts() -> None:
    """Make the letters known to the library, once."""
    folder = files("font_roboto") / "files"
    for name, file in ((REGULAR, "Roboto-Regular.ttf"), (BOLD, "Roboto-Bold.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))


def _cut(word: str, font: str, size: float, width: float) -> list[str]:
    if stringWidth(word, font, size) <= width:
        return [word]
    pieces = [""]
    for letter in word:
        if stringWidth(pieces[-1] + letter, font, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces
