"""The code of a prescription, `xxxxxyyyyyyy-z`: facility, seven characters 0-9 a-z, kind (Circular 26/2025/TT-BYT annex I).

z: `n` narcotic, `h` psychotropic or precursor, `c` any other, `y` traditional medicine, `t` decoction (Circular
55/2025/TT-BYT). Codes are compared without regard to case. A code is immutable: a correction is a new prescription.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ymach.base.vietnamese import fold
from ymach.clinical.medication import Medicine

NARCOTIC, PSYCHOTROPIC, OTHER, TRADITIONAL, DECOCTION = "n", "h", "c", "y", "t"
KINDS = frozenset({NARCOTIC, PSYCHOTROPIC, OTHER, TRADITIONAL, DECOCTION})
_CODE = re.compile(r"([0-9a-z]{5})([0-9a-z]{7})-([cnhyt])", re.IGNORECASE | re.ASCII)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SPACE = 36**7
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


def derive_code(facility_code: str, dossier_code: str, version: int, *, kind: str = OTHER, part: int = 0) -> str:
    """The code of a prescription whose origin gave it none: the same for the same dossier and version, for ever.

    facility_code: 5 characters 0-9 A-Z. dossier_code: MA_LK. part: which prescription of the dossier, from 0. The seven
    characters are a SHA-256 in base 36. Raises ValueError for another facility code or kind.
    """
    if kind not in KINDS:
        raise ValueError("no kind of prescription")
    seed = "\n".join((facility_code.lower(), dossier_code, str(version), str(part), kind))
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()) % _SPACE
    return str(read_code(f"{facility_code}{_base_36(number)}-{kind}"))


def kind_of(medicine: Medicine) -> str:
    """The kind of prescription a medicine needs, from its name: `n` or `h` for a controlled ingredient alone, `y` for a
    traditional ingredient, otherwise `c`.

    XML 130 does not say it. Mixes with a controlled ingredient in a small amount are prescribed as any other medicine
    (Circular 20/2017/TT-BYT annexes IV to VI), so a mix is never taken for controlled; the list is not complete.
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


def _base_36(number: int) -> str:
    digits = []
    for _ in range(7):
        number, digit = divmod(number, 36)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))


@cache
def _controlled() -> dict[str, str]:
    text = files("ymach.clinical").joinpath("controlled_ingredients.csv").read_text(encoding="utf-8")
    return {row["ingredient"]: row["kind"] for row in csv.DictReader(text.splitlines())}
