"""What the profile of an invented facility says: place, owner, hours, and for hospitals beds, equipment and oxygen. Pure.

A facility's profile depends on its code and form alone, so that it is made when it is loaded and never kept.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random

from ymach.catalogues.reading import DATA as CATALOGUES
from ymach.facilities.facts import (
    ConsumptionFacts,
    ContactFacts,
    DepartmentFacts,
    EquipmentFacts,
    LegalPersonFacts,
    OpeningHoursFacts,
    OxygenSourceFacts,
    TechniqueFacts,
)
from ymach.synth.facilities import forms, hours
from ymach.synth.geography import province
from ymach.synth.model import Facility
from ymach.synth.names import full_name
from ymach.synth.numbers import INVENTED
from ymach.synth.spots import spot_in
from ymach.synth.tables import Row, rows

MONTHS = 12
_TECHNIQUES = 25
_RELEASE = "4440-2020"
_BEDS = {"1": (500, 1200), "2": (220, 500), "3": (80, 220), "4": (30, 80)}
_AVAILABLE = ("working",) * 17 + ("broken", "in_repair", "idle")
_REASONS = ("PARTS", "SERVICE", "POWER", "FAULT")


@dataclass(frozen=True, slots=True)
class Profile:
    """All that is said of a facility beside its row; empty where its form has nothing of the kind.

    surveyed_on: the day from which equipment and oxygen sources are known.
    """

    latitude: Decimal
    longitude: Decimal
    founded_year: int
    languages: tuple[str, ...]
    services: tuple[str, ...]
    is_medical_tourism: bool
    website: str
    legal_person: LegalPersonFacts
    opening_hours: OpeningHoursFacts
    contacts: tuple[ContactFacts, ...]
    surveyed_on: date
    departments: tuple[DepartmentFacts, ...] = ()
    equipment: tuple[EquipmentFacts, ...] = ()
    oxygen_sources: tuple[OxygenSourceFacts, ...] = ()
    consumption: tuple[ConsumptionFacts, ...] = ()
    techniques: tuple[TechniqueFacts, ...] = ()


def furnish(facility: Facility, *, on: date) -> Profile:
    """The profile of a facility as it is on the day `on`; the same for the same facility and day."""
    rng = Random(f"profile {facility.code}")  # noqa: S311 - not a secret
    latitude, longitude = spot_in(facility.province_code, facility.commune_code, rng)
    start = facility.valid.start or on
    is_hospital = facility.form.startswith("HOSP")
    departments = tuple(_departments(facility, rng)) if is_hospital else ()
    beds = sum(one.beds_actual for one in departments)
    sources = tuple(_oxygen(rng, beds, on)) if is_hospital else ()
    is_large = is_hospital and facility.hospital_class == "1"
    return Profile(
        latitude=latitude,
        longitude=longitude,
        founded_year=start.year - rng.randrange(40 if is_hospital else 4),
        languages=("vi", "en") if is_large or rng.random() < 0.08 else ("vi",),
        services=_services().get(facility.form, ()),
        is_medical_tourism=is_large and rng.random() < 0.3,
        website=f"https://{facility.code.lower()}.example.vn" if is_hospital else "",
        legal_person=_owner(facility, rng),
        opening_hours=OpeningHoursFacts(hours()[forms()[facility.form].hours.pick(rng)]),
        contacts=tuple(_contacts(facility, is_hospital=is_hospital)),
        surveyed_on=max(start, on - timedelta(days=rng.randrange(3, 120))),
        departments=departments,
        equipment=tuple(_equipment(rng, beds, start, on)) if is_hospital else (),
        oxygen_sources=sources,
        consumption=tuple(_consumption(rng, sources, beds, on)),
        techniques=_approved(facility, rng) if is_hospital else (),
    )


def _owner(facility: Facility, rng: Random) -> LegalPersonFacts:
    head = full_name(rng, rng.choice("12"), 1975)
    if facility.sector != "PRIVATE":
        return LegalPersonFacts(f"Sở Y tế {province(facility.province_code).name} ({INVENTED.vi})", "", "", head)
    name = f"Công ty TNHH {facility.name}"
    return LegalPersonFacts(name, facility.tax_code, facility.tax_code, head)


def _contacts(facility: Facility, *, is_hospital: bool) -> Iterator[ContactFacts]:
    yield ContactFacts("RECEPTION", "", facility.phone, facility.email, is_public=True)
    if is_hospital:
        yield ContactFacts("HOTLINE", "Đường dây nóng", facility.phone, is_public=True)
        yield ContactFacts("OXYGEN", "Tổ khí y tế", facility.phone, f"khiyte@{facility.code.lower()}.example.vn")


def _departments(facility: Facility, rng: Random) -> Iterator[DepartmentFacts]:
    least, most = _BEDS[facility.hospital_class or "3"]
    beds = rng.randrange(least, most)
    chosen = [row for row in rows("registry/departments.csv") if rng.randrange(100) < int(row["chance"])]
    whole = sum(int(row["beds"]) for row in chosen)
    for row in chosen:
        actual = beds * int(row["beds"]) // whole
        size = max(beds // 150, 1)
        yield DepartmentFacts(
            code=row["code"],
            name=row["name"],
            exam_tables=int(row["exam_tables"]) * size,
            beds_planned=actual * 9 // 10,
            beds_actual=actual,
            beds_icu=_part(row, "icu", actual),
            beds_emergency=_part(row, "emergency", actual),
            beds_newborn=_part(row, "newborn", actual),
            beds_negative_pressure=_part(row, "negative", actual),
            operating_tables=int(row["operating_tables"]) * size,
            delivery_tables=int(row["delivery_tables"]) * size,
        )


def _part(row: Row, column: str, beds: int) -> int:
    return beds * int(row[column]) // 100


def _equipment(rng: Random, beds: int, start: date, on: date) -> Iterator[EquipmentFacts]:
    for row in rows("registry/equipment.csv"):
        quantity = round(float(row["per_hundred_beds"]) * beds / 100 * rng.uniform(0.6, 1.4))
        if not quantity:
            continue
        served = on - timedelta(days=rng.randrange(10, 300))
        yield EquipmentFacts(
            kind=row["kind"],
            name=row["name"],
            state=rng.choice(_AVAILABLE),
            quantity=quantity,
            model=f"MP-{rng.randrange(100, 999)}",
            maker=row["maker"],
            made_year=max(start.year, on.year - rng.randrange(12)),
            last_service_on=served,
            next_service_on=served + timedelta(days=365),
            inspection_due_on=served + timedelta(days=rng.choice((180, 365, 730))),
            department_code=row["department"],
        )


def _oxygen(rng: Random, beds: int, on: date) -> Iterator[OxygenSourceFacts]:
    """Large hospitals have a tank and a network, middling ones a plant or a manifold, all of them some cylinders."""
    if beds >= 200:
        yield _source("LOX_TANK", "Bồn oxy lỏng", gross_volume=beds * 20, level=rng.randrange(25, 95), alarm_level=20)
        yield _source("NETWORK", "Mạng khí y tế", outlets=beds, line_pressure=rng.choice(("3.8", "4", "4.2", "3.2")))
    if 100 <= beds < 350 and rng.random() < 0.4:
        state = "down" if rng.random() < 0.15 else "working"
        reason = rng.choice(_REASONS) if state == "down" else ""
        plant = _source("PSA", "Máy tạo oxy", rated_output=beds // 8, purity=rng.choice(("93", "92", "94", "88")))
        yield OxygenSourceFacts(plant.kind, plant.name, plant.details, state, reason)
    if beds < 200:
        yield _source("MANIFOLD", "Giàn chai", size="CYL_40", left_bank=beds // 20 + 1, right_bank=beds // 20 + 1)
        tested = (on + timedelta(days=rng.randrange(30, 400))).isoformat()
        yield _source("CONC", "Máy tạo oxy giường bệnh", flow=rng.choice((5, 8, 10)), working=beds // 15 + 1, purity=91)
        yield _source("CYL", "Chai dự phòng", size="CYL_40", full=beds // 4, empty=beds // 8, next_pressure_test=tested)
    else:
        yield _source("CYL", "Chai dự phòng", size="CYL_40", full=beds // 10, empty=beds // 20)


def _source(kind: str, name: str, **details: object) -> OxygenSourceFacts:
    return OxygenSourceFacts(kind, name, {field: str(value) for field, value in details.items()})


def _consumption(
    rng: Random, sources: tuple[OxygenSourceFacts, ...], beds: int, on: date
) -> Iterator[ConsumptionFacts]:
    kinds = {one.kind for one in sources}
    for back in range(1, MONTHS + 1):
        months = on.year * 12 + on.month - 1 - back
        month = date(months // 12, months % 12 + 1, 1)
        if "LOX_TANK" in kinds:
            yield ConsumptionFacts(month, "LOX_TANK", Decimal(round(beds * rng.uniform(35, 60))), "L_LIQUID")
        if "PSA" in kinds:
            yield ConsumptionFacts(month, "PSA", Decimal(round(beds * rng.uniform(8, 20))), "NM3")
        if "MANIFOLD" in kinds:
            yield ConsumptionFacts(month, "CYL", Decimal(round(beds * rng.uniform(1, 3))), "CYL_40")


def _approved(facility: Facility, rng: Random) -> tuple[TechniqueFacts, ...]:
    since = facility.valid.start or date(2015, 1, 1)
    decision = f"{rng.randrange(100, 999)}/QĐ-SYT"
    return tuple(
        TechniqueFacts(code, _RELEASE, decision, since) for code in rng.sample(_technique_codes(), _TECHNIQUES)
    )


@cache
def _technique_codes() -> tuple[str, ...]:
    with (CATALOGUES / "technique_4440_2020.csv").open(encoding="utf-8", newline="") as file:
        return tuple(sorted({row["code"] for row in csv.DictReader(file)}))


@cache
def _services() -> dict[str, tuple[str, ...]]:
    return {row["form"]: tuple(row["services"].split()) for row in rows("registry/offers.csv")}
