"""The facilities and people every synthetic country has: those of the shipped example dossiers.

Codes under 99 belong to nobody. The four facilities stand in Nghệ An (province code 40), so that one department of
health sees them all: 99001 clinic department of a hospital, 99002 hospital with beds, 99003 health station, 99777 the
advanced hospital that 99002 refers to. Hours of the people are such that the examples are in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from ymach.base.periods import Period
from ymach.base.weekly import parse_schedule
from ymach.synth.geography import province
from ymach.synth.model import (
    Facility,
    Licence,
    OperatingLicence,
    Practitioner,
    Registration,
    Revocation,
    Suspension,
)
from ymach.synth.numbers import INVENTED, gln, personal_number, tax_code, uuid7_of
from ymach.synth.practitioners import POSITIONS
from ymach.synth.tables import Row, rows

PROVINCE = "40"
_SINCE = date(2015, 3, 2)
_SERIALS = 4_990_000
_PEOPLE_SERIALS = 999_900


@dataclass(frozen=True, slots=True)
class FixedPart:
    """Facilities and people that do not depend on the seed."""

    facilities: tuple[Facility, ...]
    practitioners: tuple[Practitioner, ...]


@cache
def fixed_part() -> FixedPart:
    """The same values for every seed and size."""
    rng = Random(99)  # noqa: S311 - not a secret
    facilities = tuple(_facility(rng, place, row) for place, row in enumerate(rows("registry/fixed_facilities.csv"), 1))
    by_code = {one.code: one for one in facilities}
    people = tuple(_person(rng, place, row, by_code) for place, row in enumerate(rows("registry/fixed_people.csv")))
    return FixedPart(facilities, people)


@cache
def fixed_codes() -> frozenset[str]:
    """Codes of the fixed facilities."""
    return frozenset(one.code for one in fixed_part().facilities)


def _facility(rng: Random, place: int, row: Row) -> Facility:
    where = province(PROVINCE)
    commune = where.communes[place]
    licence = OperatingLicence(f"99{place:04d}/SYT-GPHĐ", _SINCE, f"Sở Y tế {where.name}", Period(_SINCE))
    return Facility(
        id=uuid7_of(rng, place),
        code=row["code"],
        gln=gln(_SERIALS + place),
        name=f"{row['name']} ({INVENTED.vi})",
        form=row["form"],
        sector="PUBLIC",
        province_code=PROVINCE,
        valid=Period(_SINCE),
        licences=(licence,),
        level=row["level"],
        route=row["route"],
        hospital_class=row["class"],
        commune_code=commune.code,
        address=f"Số {place} đường Thử Nghiệm, {commune.full_name}, {where.full_name}",
        tax_code=tax_code(_SERIALS + place),
        email=f"lienhe@{row['code']}.example.vn",
        phone=f"1900{row['code']}",
    )


def _person(rng: Random, place: int, row: Row, by_code: dict[str, Facility]) -> Practitioner:
    born = date.fromisoformat(row["born"])
    return Practitioner(
        id=uuid7_of(rng, 1000 + place),
        personal_number=personal_number(PROVINCE, row["sex"], born, _PEOPLE_SERIALS + place),
        full_name=row["name"],
        birth_date=born,
        sex=row["sex"],
        licences=(_licence(row, by_code),),
    )


def _licence(row: Row, by_code: dict[str, Facility]) -> Licence:
    issued, ends = date.fromisoformat(row["issued"]), date.fromisoformat(row["ends"])
    revoked, suspended = row["revoked"], row["suspended"]
    registered_until = date.fromisoformat(revoked) if revoked else None
    return Licence(
        number=row["number"],
        generation="certificate" if row["number"].endswith("CCHN") else "licence",
        title=row["title"],
        scopes=tuple(row["scopes"].split()),
        issuer="Bộ Y tế",
        issued_on=issued,
        valid=Period(issued, registered_until or ends),
        registrations=tuple(
            _registration(row, part, by_code, registered_until) for part in row["works"].split("|") if part
        ),
        suspensions=(_suspension(suspended),) if suspended else (),
        revocation=Revocation(registered_until, "Tự nguyện trả giấy phép", "46/QĐ-BYT") if registered_until else None,
    )


def _registration(row: Row, part: str, by_code: dict[str, Facility], until: date | None) -> Registration:
    """One workplace, written `99001* T2: 07:00 đến 11:30`; the star marks the technical head."""
    code, _, schedule = part.strip().partition(" ")
    facility, is_head = by_code[code.rstrip("*")], code.endswith("*")
    position = "Người chịu trách nhiệm chuyên môn kỹ thuật" if is_head else POSITIONS[row["title"]]
    start = max(_SINCE, date.fromisoformat(row["issued"]))
    return Registration(facility.id, facility.code, Period(start, until), parse_schedule(schedule), position, is_head)


def _suspension(written: str) -> Suspension:
    start, _, end = written.partition("/")
    period = Period(date.fromisoformat(start), date.fromisoformat(end))
    return Suspension(period, "Sai sót chuyên môn theo kết luận của hội đồng", "45/QĐ-BYT")
