from pathlib import Path

import pytest
from tests.web import contrast

import ymach.web

CSS = (Path(ymach.web.__file__).parent / "static" / "ymach" / "tokens.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", contrast.SCHEMES)
def test_every_pair_of_colours_can_be_read(scheme: str) -> None:
    colours = {name: contrast.linear(*value) for name, value in contrast.colours(CSS, scheme).items()}
    weak = [
        f"--{front} on --{back}: {contrast.ratio(colours[front], colours[back]):.2f}, needs {least}"
        for front, back, least in contrast.PAIRS
        if contrast.ratio(colours[front], colours[back]) < least
    ]
    assert weak == []


@pytest.mark.parametrize("scheme", contrast.SCHEMES)
def test_every_colour_is_inside_srgb(scheme: str) -> None:
    outside = [
        name for name, value in contrast.colours(CSS, scheme).items() if not contrast.is_inside(contrast.linear(*value))
    ]
    assert outside == []


def test_both_schemes_hold_218_pairs() -> None:
    assert len(contrast.PAIRS) * 2 == 218
