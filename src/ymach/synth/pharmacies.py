"""Two pharmacies of a demonstration with their pharmacists, beside the facilities of the country, and what they sold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from ymach.accounts.queries import machine_actor
from ymach.base.actors import Actor
from ymach.base.errors import Conflict
from ymach.base.periods import Period
from ymach.exchange.prescriptions.actions import dispense
from ymach.exchange.prescriptions.models import Prescription
from ymach.exchange.prescriptions.rules import Part
from ymach.facilities.actions import grant_operating_licence, register_facility
from ymach.facilities.models import Facility
from ymach.practitioners import actions as practitioners
from ymach.synth.fixed import PROVINCE, fixed_codes
from ymach.synth.geography import province
from ymach.synth.numbers import INVENTED, personal_number
from ymach.synth.past import delivered_now
from ymach.synth.tables import rows

_SINCE = date(2020, 1, 2)
_SERIALS = 998_900


def make_pharmacies(*, by: Actor, at: datetime) -> int:
    """Register those that are not there yet, each with one pharmacist; returns how many."""
    made = 0
    for place, row in enumerate(rows("registry/pharmacies.csv"), 1):
        if not Facility.objects.filter(code=row["code"]).exists():
            with transaction.atomic():
                _employ(row, place, _open(row, place, by=by, at=at), by=by, at=at)
            made += 1
    return made


def _open(row: dict[str, str], place: int, *, by: Actor, at: datetime) -> Facility:
    where = province(PROVINCE)
    facility = register_facility(
        code=row["code"],
        name=f"{row['name']} ({INVENTED.vi})",
        form="PHARMACY",
        sector="PRIVATE",
        province_code=PROVINCE,
        valid=Period(_SINCE),
        commune_code=where.communes[place].code,
        address=f"Số {place} đường Nhà Thuốc, {where.communes[place].full_name}, {where.full_name}",
        by=by,
        at=at,
    )
    number = f"99{place:02d}/SYT-ĐKKDD"
    grant_operating_licence(
        facility=facility, number=number, issued_on=_SINCE, issuer=f"Sở Y tế {where.name}", by=by, at=at
    )
    return facility


def _employ(row: dict[str, str], place: int, facility: Facility, *, by: Actor, at: datetime) -> None:
    born = date.fromisoformat(row["born"])
    person = practitioners.enrol_practitioner(
        full_name=row["pharmacist"],
        birth_date=born,
        sex=row["sex"],
        personal_number=personal_number(PROVINCE, row["sex"], born, _SERIALS + place),
        by=by,
        at=at,
    )
    licence = practitioners.grant_licence(
        practitioner=person,
        number=row["number"],
        title="ds",
        scopes=(),
        issuer="Sở Y tế",
        issuer_province_code=PROVINCE,
        issued_on=_SINCE,
        decision="99/QĐ-SYT",
        decided_on=_SINCE,
        valid=Period(_SINCE),
        by=by,
        at=at,
    )
    practitioners.register_practice(
        practitioner=person,
        facility=facility,
        licence=licence,
        valid=Period(_SINCE),
        position="Dược sỹ",
        by=by,
        at=at,
    )


def make_dispensings(*, at: datetime, most: int = 60) -> int:
    """Hand over what the fixed facilities prescribed lately, some of it in part; returns how many times. at: now."""
    counters = [_counter(row) for row in rows("registry/pharmacies.csv")]
    recent = Prescription.objects.filter(facility_code__in=fixed_codes(), state="issued", issued_at__lt=at)
    made = 0
    for place, one in enumerate(recent.order_by("-issued_at")[:most]):
        who, number = counters[place % len(counters)]
        then = min(one.issued_at + timedelta(minutes=20 + 37 * (place % 50)), at)
        if place % 3 != 2 and then < one.expires_at:
            lines = _handed(one, is_part=place % 6 == 0)
            made += bool(lines) and bool(_dispense(one, lines, who, number, then))
    return made


def _counter(row: dict[str, str]) -> tuple[Actor, str]:
    facility = Facility.objects.get(code=row["code"])
    return machine_actor(facility.code, facility.id), row["number"]


def _handed(one: Prescription, *, is_part: bool) -> list[Part]:
    """Every line whole, or half of the first."""
    whole = [Part(int(line["number"]), Decimal(line["quantity"])) for line in one.body["lines"] if line["quantity"]]
    if not is_part:
        return whole
    return [Part(part.number, (part.quantity / 2).quantize(Decimal("0.1"))) for part in whole[:1]]


def _dispense(one: Prescription, lines: list[Part], who: Actor, number: str, then: datetime) -> bool:
    try:
        with delivered_now(then):
            dispense(code=one.code, lines=lines, pharmacist=number, key=one.code, by=who, at=then)
    except Conflict:
        return False
    return True
