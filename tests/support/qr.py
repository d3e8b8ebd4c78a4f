"""Reading a QR code as a telephone does: from the drawing on the page to its text (ISO/IEC 18004, byte mode, unharmed)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import segno
from segno import consts

Matrix = Sequence[Sequence[int]]
MASKS: tuple[Callable[[int, int], int], ...] = (
    lambda i, j: (i + j) % 2,
    lambda i, j: i % 2,
    lambda i, j: j % 3,
    lambda i, j: (i + j) % 3,
    lambda i, j: (i // 2 + j // 3) % 2,
    lambda i, j: i * j % 2 + i * j % 3,
    lambda i, j: (i * j % 2 + i * j % 3) % 2,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2,
)
FORMAT_MASK = 0b101010000010010
DATA = {consts.TYPE_DATA_DARK, consts.TYPE_DATA_LIGHT}


def drawn(path: str, side: int) -> Matrix:
    """The modules of a path of horizontal strokes, `M<left> <y>h<length>`, one unit wide."""
    matrix = [[0] * side for _ in range(side)]
    for left, y, length in re.findall(r"M(\d+) ([\d.]+)h(\d+)", path):
        for column in range(int(left), int(left) + int(length)):
            matrix[int(float(y))][column] = 1
    return matrix


def text_of(matrix: Matrix) -> str:
    """The text in a code."""
    version = (len(matrix) - 17) // 4
    level, mask = _format(matrix)
    bits = [matrix[i][j] ^ (MASKS[mask](i, j) == 0) for i, j in _data_places(version)]
    words = [int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, len(bits) // 8 * 8, 8)]
    return _read(_in_order(words, version, level), version)


def _format(matrix: Matrix) -> tuple[int, int]:
    """Level of correction as segno numbers it, and the number of the mask."""
    places = [*((8, j) for j in (0, 1, 2, 3, 4, 5, 7, 8)), *((i, 8) for i in (7, 5, 4, 3, 2, 1, 0))]
    told = int("".join(str(matrix[i][j]) for i, j in places), 2) ^ FORMAT_MASK
    level = {0b01: consts.ERROR_LEVEL_L, 0b00: consts.ERROR_LEVEL_M, 0b11: consts.ERROR_LEVEL_Q}
    return level.get(told >> 13, consts.ERROR_LEVEL_H), told >> 10 & 0b111


def _data_places(version: int) -> Iterator[tuple[int, int]]:
    """Where the data lies, in its order: two columns at a time from the right, up and down in turn."""
    kinds = [list(row) for row in segno.make("x", version=version, micro=False).matrix_iter(verbose=True, border=0)]
    side, upwards = len(kinds), True
    kinds[8][side - 9] = consts.TYPE_DATA_DARK  # segno's description calls this one a place of the format
    for right in [*range(side - 1, 6, -2), *range(5, 0, -2)]:
        for i in reversed(range(side)) if upwards else range(side):
            yield from ((i, j) for j in (right, right - 1) if kinds[i][j] in DATA)
        upwards = not upwards


def _in_order(words: Sequence[int], version: int, level: int) -> list[int]:
    """The data words, taken out of the blocks between which they were spread."""
    sizes = [kind.num_data for kind in consts.ECC[version][level] for _ in range(kind.num_blocks)]
    blocks: list[list[int]] = [[] for _ in sizes]
    spread = iter(words)
    for at in range(max(sizes)):
        for block, size in zip(blocks, sizes, strict=True):
            if at < size:
                block.append(next(spread))
    return [word for block in blocks for word in block]


def _read(words: Sequence[int], version: int) -> str:
    bits = "".join(f"{word:08b}" for word in words)
    if int(bits[:4], 2) != consts.MODE_BYTE:
        message = "only codes of bytes are read"
        raise ValueError(message)
    begin = 4 + (8 if version < 10 else 16)
    length = int(bits[4:begin], 2)
    return bytes(int(bits[at : at + 8], 2) for at in range(begin, begin + 8 * length, 8)).decode()
