"""Prices into amounts: who pays what of a line, and the sums of a visit. Exact to the hundredth of a dong."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ymach.clinical.medication import Medicine
from ymach.clinical.service import Service

ZERO, HUNDRED = Decimal(0), Decimal(100)
_CENT = Decimal("0.01")
INSIDE, OUTSIDE = "1", "2"
BY_SERVICE = "1"


def amounts(quantity: Decimal, price: Decimal, benefit: int) -> dict[str, Any]:
    """The fields of a line that say who pays (Decision 130/QĐ-BYT; corrected by 4750/QĐ-BYT).

    benefit: per cent that insurance pays; 0 is a patient without card, who pays everything.
    """
    whole = quantity * price
    insured = whole if benefit else ZERO
    paid = (insured * benefit / HUNDRED).quantize(_CENT).normalize() + ZERO
    return {
        "scope": INSIDE if benefit else OUTSIDE,
        "insured_rate": HUNDRED if benefit else ZERO,
        "quantity": quantity,
        "amount_hospital": whole,
        "amount_insured": insured,
        "benefit_level": Decimal(benefit),
        "paid_by_state": ZERO,
        "paid_by_foreign_aid": ZERO,
        "paid_by_domestic_aid": ZERO,
        "paid_by_others": ZERO,
        "other_sources": ZERO,
        "patient_paid": whole - insured,
        "copayment": insured - paid,
        "insurance_paid": paid,
        "payment_method": BY_SERVICE,
    }


def totals(medicines: Iterable[Medicine], services: Iterable[Service]) -> dict[str, Any]:
    """The sums of table 1 over tables 2 and 3."""
    medicines, services = tuple(medicines), tuple(services)
    lines: tuple[Medicine | Service, ...] = (*medicines, *services)
    paid = _sum(line.insurance_paid for line in lines)
    return {
        "total_medicines": _sum(line.amount_hospital for line in medicines),
        "total_supplies": _sum(line.amount_hospital for line in services if line.supply_code),
        "total_hospital": _sum(line.amount_hospital for line in lines),
        "total_insured": _sum(line.amount_insured for line in lines),
        "patient_paid": _sum(line.patient_paid for line in lines),
        "copayment": _sum(line.copayment for line in lines),
        "insurance_paid": paid,
        "other_sources": ZERO,
        "insurance_paid_by_service": paid,
    }


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), ZERO)
