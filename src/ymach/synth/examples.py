"""The shipped example dossiers: unsigned files of the fixed facilities, ready to be signed and sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from ymach.base.clock import from_vietnam

EXAMPLE_CITIZEN = "999168000017"
"""Personal number of the patient of the first example; nobody holds it."""

_FACILITY = re.compile(rb"<(?:MACSKCB|MA_CSKCB)>([0-9A-Z]{5})<")
_ENDED = {
    "00-checkin-XML0": datetime(2026, 11, 10, 8, 15),  # noqa: DTZ001 - Viet Nam's clock
    "01-outpatient": datetime(2026, 11, 10, 9, 20),  # noqa: DTZ001
    "02-inpatient-referral": datetime(2026, 10, 27, 14, 30),  # noqa: DTZ001
    "03-prescription-only": datetime(2026, 11, 5, 9, 45),  # noqa: DTZ001
}


@dataclass(frozen=True, slots=True)
class Example:
    """One file: its name without ending, who sends it, its bytes, and when (UTC) the care it tells of had ended."""

    name: str
    facility_code: str
    xml: bytes
    ended_at: datetime


def examples() -> tuple[Example, ...]:
    """All of them, in the order of their names."""
    return tuple(_example(name) for name in sorted(_ENDED))


def _example(name: str) -> Example:
    xml = files("ymach.synth").joinpath("data", "examples", f"{name}.xml").read_bytes()
    found = _FACILITY.search(xml)
    if found is None:
        raise ValueError(f"{name}: no facility")
    return Example(name, found[1].decode(), xml, from_vietnam(_ENDED[name]))
