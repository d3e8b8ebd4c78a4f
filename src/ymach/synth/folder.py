"""Dossiers as files in a folder, with `expected.jsonl` beside them. No database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, Protocol, TypeVar

import orjson

from ymach.synth.care.staff import Place, Staff
from ymach.synth.dossiers import SynthDossier, make_dossier
from ymach.synth.errors import NobodyForFault
from ymach.synth.faults import FAULTS
from ymach.synth.numbers import MOST_PEOPLE

P = TypeVar("P", bound=Place)
Writers = Sequence[tuple[P, Staff]]


class Sign(Protocol):
    """Turns a dossier into the bytes that are sent."""

    def __call__(self, dossier: SynthDossier, facility: Place) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Written:
    """How many files, and how many bytes together."""

    files: int
    size: int


def make_dossiers(
    writers: Writers[P],
    rng: Random,
    *,
    at: Callable[[], datetime],
    faults: float = 0.0,
    options: dict[str, Any] | None = None,
) -> Iterator[tuple[P, SynthDossier]]:
    """Dossiers without end, from one facility after another by chance.

    at: gives the moment before which each must have ended. faults: share of faulty ones; each name in turn.
    options: for `make_dossier`.
    """
    names, serial = list(FAULTS), rng.randrange(MOST_PEOPLE)
    rng.shuffle(names)
    while True:
        place, staff = rng.choice(writers)
        serial = (serial + 1) % MOST_PEOPLE
        fault = names[serial % len(names)] if rng.random() < faults else None
        try:
            yield (
                place,
                make_dossier(place, staff, rng, at(), fault=fault, patient_serial=serial, **_options(options, fault)),
            )
        except (NobodyForFault, LookupError):
            continue  # another facility will have somebody


def write_folder(
    out: Path,
    writers: Writers[P],
    *,
    seed: int,
    at: datetime,
    count: int,
    faults: float,
    sign: Sign | None,
    options: dict[str, Any] | None = None,
) -> Written:
    """Write `count` files (one more when the last needs one sent before it). sign: None leaves them unsigned."""
    out.mkdir(parents=True, exist_ok=True)
    rng = Random(f"dossiers {seed}")  # noqa: S311 - not a secret
    stream = make_dossiers(writers, rng, at=lambda: at, faults=faults, options=options)
    files = size = 0
    with (out / "expected.jsonl").open("wb") as expected:
        for place, last in stream:
            for dossier in in_order(last):
                files += 1
                name = f"{files:06d}-{dossier.facility_code}.xml"
                content = sign(dossier, place) if sign else dossier.xml
                size += (out / name).write_bytes(content)
                expected.write(orjson.dumps(expectation(dossier, name)) + b"\n")
            if files >= count:
                return Written(files, size)
    return Written(files, size)


def in_order(dossier: SynthDossier) -> tuple[SynthDossier, ...]:
    """The dossier after whatever must be sent before it."""
    return (dossier,) if dossier.before is None else (*in_order(dossier.before), dossier)


def expectation(dossier: SynthDossier, name: str) -> dict[str, Any]:
    """One line of `expected.jsonl`."""
    return {
        "file": name,
        "code": dossier.code,
        "facility": dossier.facility_code,
        "kind": dossier.kind,
        "fault": dossier.fault,
        "refused": dossier.refused,
        "outcomes": dict(dossier.outcomes),
        "findings": sorted(dossier.codes),
    }


def _options(options: dict[str, Any] | None, fault: str | None) -> dict[str, Any]:
    """A fault decides the kind itself."""
    return {name: value for name, value in (options or {}).items() if fault is None or name != "kind"}
