"""People whom a second facility of the demonstration has stated again, with a slip: what waits on the page of pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from ymach.base.vietnamese import fold
from ymach.citizens.actions import settle
from ymach.citizens.identify import Claim
from ymach.citizens.matching.actions import compare_new
from ymach.citizens.models import Assurance, Citizen
from ymach.citizens.queries import ask_identities, numbers_of
from ymach.clinical.person import PartialDate
from ymach.facilities.models import Facility
from ymach.synth.fixed import PROVINCE

SECOND = "99002"
Slip = Callable[[dict[str, object]], dict[str, object]]


def know_twice(*, at: datetime) -> int:
    """State some people of the demonstration's province again, and compare them; returns how many pairs wait."""
    second = Facility.objects.filter(code=SECOND).values_list("id", flat=True).first()
    if second is None:
        return 0
    claims = list(_claims(second))
    settle(ask_identities(claims)(), at=at)
    return compare_new(at=at).get("to ask", 0)


def _claims(facility_id: UUID) -> Iterator[Claim]:
    known = Citizen.objects.filter(province_code=PROVINCE, assurance=Assurance.STATED, birth_day__isnull=False)
    people = list(known.exclude(facility_id=facility_id).order_by("citizen_id")[: len(_SLIPS)])
    numbers = numbers_of([one.pk for one in people])
    for place, (one, slip) in enumerate(zip(people, _SLIPS, strict=False)):
        stated: dict[str, object] = {
            "full_name": one.full_name,
            "birth": PartialDate(one.birth_year or 1980, one.birth_month, one.birth_day),
            "sex": one.sex,
            "personal_number": next(iter(numbers.get(one.pk, [])), None),
            "insurance_card": None,
            "patient_code": f"HAI-{place + 1:03d}",
            "dossier_code": f"HAI-{place + 1:03d}",
            "province_code": one.province_code,
            "commune_code": one.commune_code,
        }
        yield Claim(facility_id=facility_id, **{**stated, **slip(stated)})  # type: ignore[arg-type]


def _other_number(stated: dict[str, object]) -> dict[str, object]:
    number = str(stated["personal_number"] or "999199000000")
    return {"personal_number": number[:6] + number[6:][::-1], "full_name": fold(str(stated["full_name"])).upper()}


def _year_alone(stated: dict[str, object]) -> dict[str, object]:
    return {"personal_number": None, "birth": PartialDate(_birth(stated).year)}


def _without_marks(stated: dict[str, object]) -> dict[str, object]:
    return {"personal_number": None, "full_name": fold(str(stated["full_name"])).upper()}


def _elsewhere(stated: dict[str, object]) -> dict[str, object]:
    return {"personal_number": None, "commune_code": None}


def _other_sex(stated: dict[str, object]) -> dict[str, object]:
    return {"personal_number": None, "sex": "2" if stated["sex"] == "1" else "1"}


def _middle_dropped(stated: dict[str, object]) -> dict[str, object]:
    words = str(stated["full_name"]).split(" ")
    born = _birth(stated)
    return {"personal_number": None, "full_name": f"{words[0]} {words[-1]}", "birth": PartialDate(born.year, 1, 1)}


def _birth(stated: dict[str, object]) -> PartialDate:
    born = stated["birth"]
    if not isinstance(born, PartialDate):
        raise TypeError("a birthday is a PartialDate")
    return born


_SLIPS: tuple[Slip, ...] = (_other_number, _year_alone, _without_marks, _elsewhere, _other_sex, _middle_dropped) * 3
