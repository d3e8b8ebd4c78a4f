"""The conformance kit of one facility: every case of it that the facility's registry entry allows, as unsigned files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random

from ymach.exchange.conformance.cases import Case, cases
from ymach.formats.fhir.write import write_bundle
from ymach.synth.care.staff import Place, Staff
from ymach.synth.dossiers import clean_dossier, make_dossier
from ymach.synth.errors import NobodyForFault
from ymach.synth.faults import FAULTS, fixed_numbers
from ymach.synth.golden.fhir_edits import change_fhir
from ymach.synth.golden.xml_edits import change_xml

LINES = 6
_FAULT = "fault:"


@dataclass(frozen=True, slots=True)
class GoldenFile:
    """One case's file, not signed yet: as it is sent when signed as `case.signing` says."""

    case: Case
    content: bytes

    @property
    def name(self) -> str:
        return f"{self.case.name}{self.case.ending}"


def make_kit(
    place: Place, staff: Staff, *, seed: str, at: datetime, known: frozenset[str] | None = None
) -> Iterator[GoldenFile]:
    """The files, in the order of the cases. The same seed and moment give the same bytes.

    at: the moment before which all care ended (aware). known: licence numbers of the synthetic country's fixed people that
    the registry holds; None: all. A case for which nobody is there is left out.
    """
    base = partial(_base, place, staff, seed, at)
    made: dict[tuple[str, bool], bytes] = {}
    for case in cases().values():
        if known is not None and not _needed(case) <= known:
            continue
        key = case.base, case.is_fhir
        try:
            if key not in made:
                made[key] = base(case)
            yield GoldenFile(case, _changed(case, made[key]))
        except (NobodyForFault, LookupError):
            continue


def needed_numbers(chosen: Iterable[Case]) -> frozenset[str]:
    """The licence numbers of fixed people that these cases name."""
    return frozenset().union(*map(_needed, chosen))


def _needed(case: Case) -> frozenset[str]:
    return fixed_numbers(case.base.removeprefix(_FAULT)) if case.base.startswith(_FAULT) else frozenset()


def _base(place: Place, staff: Staff, seed: str, at: datetime, case: Case) -> bytes:
    rng = Random(f"{seed} {case.base}")  # noqa: S311 - not a secret
    if case.is_fhir:
        return write_bundle(clean_dossier(place, staff, rng, at, kind=case.base, lines=LINES))
    name = case.base.removeprefix(_FAULT)
    is_fault = name in FAULTS and name != case.base
    kind = None if is_fault else case.base
    return make_dossier(place, staff, rng, at, kind=kind, fault=name if is_fault else None, lines=LINES).xml


def _changed(case: Case, content: bytes) -> bytes:
    change = change_fhir if case.is_fhir else change_xml
    for name, *arguments in case.change:
        content = change(content, name, *arguments)
    return content
