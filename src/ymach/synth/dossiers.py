"""Dossiers as a facility of the synthetic country would send them, and what the intake must make of each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from ymach.base.clock import vietnam_day
from ymach.clinical.dossier import Dossier
from ymach.formats.xml130.write import write_check_in, write_envelope
from ymach.synth.care.conditions import conditions
from ymach.synth.care.patients import make_patient
from ymach.synth.care.staff import Place, Staff
from ymach.synth.care.visits import KINDS, Occasion
from ymach.synth.faults import ACCEPTED, FAULTS, Fault
from ymach.synth.tables import Weighted

RECORDS: dict[str, tuple[str, ...]] = {
    "outpatient": ("visit", "prescription"),
    "prescription": ("visit", "prescription"),
    "appointment": ("visit", "prescription", "appointment"),
    "inpatient": ("visit", "discharge", "summary"),
    "referral": ("visit", "referral", "discharge", "summary"),
    "check-in": ("check-in",),
}
"""The records each kind of dossier holds."""

USUAL = Weighted(
    [("outpatient", 46), ("prescription", 14), ("appointment", 16), ("inpatient", 12), ("referral", 4), ("check-in", 8)]
)
"""Kinds of dossiers as often as they come."""

LINES = 35
ADVANCED_FACILITY, NEXT_ADVANCED = "99777", "99002"
"""Where patients are referred to, and where that facility itself refers to."""
_JUST_DONE = timedelta(minutes=3)
_BEDS = ("HOSP_", "INFIRMARY", "DIALYSIS")
_CARRIES_FAULTS = "outpatient"


@dataclass(frozen=True, slots=True)
class SynthDossier:
    """One file, not signed yet, and what the intake must answer when it is signed as `signing` says.

    code: its MA_LK. xml: the unsigned bytes. outcomes: by kind of record. codes: the findings to expect, all of them.
    refused: no dossier can even be read. before: what must have been sent first, in order.
    """

    code: str
    facility_code: str
    kind: str
    fault: str | None
    xml: bytes
    signing: str
    outcomes: Mapping[str, str]
    codes: frozenset[str]
    refused: bool = False
    before: SynthDossier | None = None


def make_dossier(
    facility: Place,
    staff: Staff,
    rng: Random,
    at: datetime,
    *,
    kind: str | None = None,
    fault: str | None = None,
    lines: int = LINES,
    patient_serial: int | None = None,
    refer_to: str = ADVANCED_FACILITY,
) -> SynthDossier:
    """One dossier about care that ended shortly before `at` (aware), within the hours of its authors.

    kind: one of `RECORDS`; by chance when None, and always "outpatient" with a fault. fault: one of `faults.FAULTS`.
    lines: medicines, services, results and notes together, about. patient_serial: tells patients apart, 0 … 999,999;
    the same one may come twice only with the same `rng` state. refer_to: facility that receives referrals.
    Raises KeyError for an unknown kind or fault, NobodyForFault when nobody here can make it, LookupError when nobody
    here can write a dossier.
    """
    spoiling = FAULTS[fault] if fault else None
    chosen = _CARRIES_FAULTS if spoiling else kind or _usual_kind(facility, rng)
    serial = rng.randrange(1_000_000) if patient_serial is None else patient_serial
    dossier = _make(facility, staff, rng, at - _JUST_DONE, chosen, lines, serial, refer_to)
    sound = _sound(facility, dossier, chosen, at)
    return sound if spoiling is None else _spoilt(sound, dossier, staff, spoiling, fault or "", at)


def clean_dossier(
    facility: Place, staff: Staff, rng: Random, at: datetime, *, kind: str = "outpatient", lines: int = LINES
) -> Dossier:
    """The clinical model of a dossier in order, for those who need its parts."""
    return _make(facility, staff, rng, at - _JUST_DONE, kind, lines, rng.randrange(1_000_000), ADVANCED_FACILITY)


def _make(
    facility: Place,
    staff: Staff,
    rng: Random,
    before: datetime,
    kind: str,
    lines: int,
    serial: int,
    refer_to: str,
) -> Dossier:
    if not staff.teams:
        raise LookupError(f"{facility.code}: nobody prescribes here")
    condition = conditions(kind if kind != "check-in" else "outpatient").pick(rng)
    patient = make_patient(rng, condition, facility.province_code, on=vietnam_day(before), serial=serial)
    target = round(lines * rng.uniform(0.75, 1.25))
    team = rng.choice(staff.teams)
    receiver = refer_to if refer_to != facility.code else NEXT_ADVANCED
    return KINDS[kind](Occasion(rng, facility, team, patient, condition, before, target, receiver))


def _sound(facility: Place, dossier: Dossier, kind: str, at: datetime) -> SynthDossier:
    outcomes = dict.fromkeys(RECORDS[kind], ACCEPTED)
    xml = _write(facility.code, dossier, at)
    return SynthDossier(dossier.code, facility.code, kind, None, xml, "facility", outcomes, frozenset())


def _spoilt(sound: SynthDossier, dossier: Dossier, staff: Staff, fault: Fault, name: str, at: datetime) -> SynthDossier:
    xml, codes, code = sound.xml, fault.codes, sound.code
    if fault.spoil is not None:
        spoilt = fault.spoil(dossier, staff, sound.facility_code)
        code, codes = spoilt.dossier.code, codes | spoilt.more
        xml = _write(spoilt.dossier.facility_code or sound.facility_code, spoilt.dossier, at)
    return replace(
        sound,
        code=code,
        fault=name,
        xml=fault.edit(xml) if fault.edit else xml,
        signing=fault.signing,
        outcomes={kind: fault.outcome_of(kind) for kind in RECORDS[sound.kind]},
        codes=codes,
        refused=fault.refuses,
        before=sound if fault.follows else None,
    )


def _write(facility_code: str, dossier: Dossier, at: datetime) -> bytes:
    if dossier.check_in is not None:
        return write_check_in(dossier.check_in)
    return write_envelope((dossier,), facility_code=facility_code, created_on=vietnam_day(at))


def _usual_kind(facility: Place, rng: Random) -> str:
    kind = USUAL.pick(rng)
    has_beds = getattr(facility, "form", "HOSP_").startswith(_BEDS)
    return kind if has_beds or kind not in {"inpatient", "referral"} else "outpatient"
