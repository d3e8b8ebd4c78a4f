"""Facilities of all forms over all provinces, in proportion to the number of communes. Pure.

Names sound real and end in “(mô phỏng)”. Codes keep the prefix of a former province, as real ones do after July 2025.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import islice
from random import Random

from ymach.base.periods import Period
from ymach.base.weekly import Schedule, parse_schedule
from ymach.synth.geography import Commune, Province, provinces
from ymach.synth.model import Facility, OperatingLicence
from ymach.synth.names import full_name
from ymach.synth.numbers import INVENTED, facility_code, gln, tax_code, uuid7_of
from ymach.synth.tables import Weighted, rows, shares

_FIRST_LICENCE, _LAST_LICENCE = date(2012, 1, 1), date(2025, 6, 1)
_CLOSED_SHARE = 0.004
_EVERY_PROVINCE_HAS = "HOSP_GEN"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of organisation (Decree 96/2023/NĐ-CP Art. 39) and what such places look like.

    staff: people at one, relative to other forms. head: title of the technical head.
    """

    code: str
    share: float
    staff: float
    level: str
    route: str
    sectors: Weighted[str]
    name: str
    hours: Weighted[str]
    head: str
    titles: Weighted[str]
    physician_scopes: tuple[str, ...]


@cache
def forms() -> dict[str, Form]:
    """All forms, by code."""
    return {row["form"]: _form(row) for row in rows("registry/forms.csv")}


@cache
def hours() -> dict[str, Schedule]:
    """Weekly hours by name."""
    return {row["key"]: parse_schedule(row["schedule"]) for row in rows("registry/hours.csv")}


def make_facilities(rng: Random, count: int, *, on: date) -> Iterator[Facility]:
    """`count` facilities. The first are one general hospital a province and one of each form, as far as they go.

    on: the day of the picture; the few closed ones closed in the year before.
    """
    places = Weighted((one, len(one.communes)) for one in provinces())
    kinds = Weighted((form, form.share) for form in forms().values())
    serials: dict[str, int] = defaultdict(int)
    for number, (form, where) in enumerate(islice(_plan(rng, places, kinds), count), 1):
        prefix = rng.choice(where.former)
        serials[prefix] += 1
        yield _facility(rng, number, form, where, facility_code(prefix, serials[prefix]), on)


def _plan(rng: Random, places: Weighted[Province], kinds: Weighted[Form]) -> Iterator[tuple[Form, Province]]:
    for where in provinces():
        yield forms()[_EVERY_PROVINCE_HAS], where
    for form in forms().values():
        yield form, places.pick(rng)
    while True:
        yield kinds.pick(rng), places.pick(rng)


def _facility(rng: Random, number: int, form: Form, where: Province, code: str, on: date) -> Facility:
    commune = rng.choice(where.communes)
    start = _day_between(rng, _FIRST_LICENCE, _LAST_LICENCE)
    ends = on - timedelta(days=rng.randrange(5, 330)) if rng.random() < _CLOSED_SHARE else None
    licence = OperatingLicence(f"{number:06d}/SYT-GPHĐ", start, f"Sở Y tế {where.name}", Period(start, ends))
    return Facility(
        id=uuid7_of(rng, number),
        code=code,
        gln=gln(number),
        name=_name(rng, form, where, commune),
        form=form.code,
        sector=form.sectors.pick(rng),
        province_code=where.code,
        valid=Period(start),
        licences=(licence,),
        level=form.level,
        route=form.route,
        hospital_class=rng.choice("1223334") if form.code.startswith("HOSP") else "",
        commune_code=commune.code,
        address=f"Số {rng.randrange(1, 400)} đường Mô Phỏng, {commune.full_name}, {where.full_name}",
        tax_code=tax_code(number),
        email=f"lienhe@{code.lower()}.example.vn",
        phone=f"1900{number % 10**6:06d}",
    )


def _name(rng: Random, form: Form, where: Province, commune: Commune) -> str:
    sex = rng.choice("12")
    words = {
        "place": f"{commune.name} {where.name}" if rng.random() < 0.5 else f"khu vực {commune.name}",
        "commune": commune.full_name[0].lower() + commune.full_name[1:],
        "person": full_name(rng, sex, 1972).rpartition(" ")[2] + " " + full_name(rng, sex, 1980).rpartition(" ")[2],
        "specialty": rng.choice(rows("registry/specialties.csv"))["name"],
        "number": str(rng.randrange(10, 990)),
    }
    return f"{form.name.format(**words)} ({INVENTED.vi})"


def _day_between(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange((last - first).days))


def _form(row: dict[str, str]) -> Form:
    return Form(
        code=row["form"],
        share=float(row["share"]),
        staff=float(row["staff"]),
        level=row["level"],
        route=row["route"],
        sectors=shares(row["sectors"]),
        name=row["name"],
        hours=shares(row["hours"]),
        head=row["head"],
        titles=shares(row["titles"]),
        physician_scopes=tuple(row["specialties"].split()),
    )
