"""The code of a prescription, `xxxxxyyyyyyy-z`: facility, seven characters 0-9 a-z, kind (Circular 26/2025/TT-BYT annex I).

z: `n` narcotic, `h` psychotropic or precursor, `c` any other, `y` traditional medicine, `t` decoction (Circular
55/2025/TT-BYT). Codes are compared without regard to case. A code is immutable: a correction is a new prescription.
"""

from __future__ import annotations

import csv
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ymach.base.vietnamese import fold
from ymach.clinical.medication import Medicine

NARCOTIC, PSYCHOTROPIC, OTHER, TRADITIONAL, DECOCTION = "n", "h", "c", "y", "t"
_CODE = re.compile(r"([0-9a-z]{5})([0-9a-z]{7})-([cnhyt])", re.IGNORECASE | re.ASCII)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SEPARATORS = re.compile(r"[^0-9a-z+]+")


@dataclass(frozen=True, slots=True)
class PrescriptionCode:
    """A code in its parts, in lower case. serial: seven characters."""

    facility_code: str
    serial: str
    kind: str

    def __str__(self) -> str:
        return f"{self.facility_code}{self.serial}-{self.kind}"


def read_code(text: str) -> PrescriptionCode:
    """The code in `text`. Raises ValueError when it is none."""
    match = _CODE.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a prescription code")
    return PrescriptionCode(*(part.lower() for part in match.groups()))


def is_code(text: str) -> bool:
    """Whether `text` is a prescription code, in either case."""
    return _CODE.fullmatch(text.strip()) is not None


def draw_code(facility_code: str, kind: str = OTHER) -> str:
    """A new code of a facility (5 characters 0-9 A-Z): its seven characters are random, as the circular asks.

    That nobody has it yet is for whoever keeps them to say. Raises ValueError for another facility code or kind.
    """
    serial = "".join(secrets.choice(_DIGITS) for _ in range(7))
    return str(read_code(f"{facility_code}{serial}-{kind}"))


def kind_of(medicine: Medicine) -> str:
    """The kind of prescription a medicine needs, from its name: `n` or `h` for a controlled ingredient alone, `y` for a
    traditional ingredient, otherwise `c`.

    XML 130 does not say it. Mixes with a controlled ingredient in a small amount are prescribed as any other medicine
    (Circular 20/2017/TT-BYT annexes IV to VI), so a mix is never taken for controlled. The list is data
    (`controlled_ingredients.csv`, each row with its source and how far it is to be trusted); it is not complete.
    """
    if medicine.processing_codes:
        return TRADITIONAL
    name = _SEPARATORS.sub(" ", fold(medicine.name or ""))
    if "+" in name or "+" in (medicine.code or ""):
        return OTHER
    known = (_controlled().get(word.removesuffix("e")) for word in name.split())
    return next(filter(None, known), OTHER)


def by_kind(medicines: Iterable[Medicine]) -> dict[str, list[Medicine]]:
    """Medicines by the kind of prescription they need, in the order of their lines."""
    found: dict[str, list[Medicine]] = {}
    for medicine in medicines:
        found.setdefault(kind_of(medicine), []).append(medicine)
    return found


@cache
def _controlled() -> dict[str, str]:
    text = files("ymach.clinical").joinpath("controlled_ingredients.csv").read_text(encoding="utf-8")
    return {row["ingredient"]: row["kind"] for row in csv.DictReader(text.splitlines())}
