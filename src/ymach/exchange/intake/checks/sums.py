"""Arithmetic: each line, then the totals of table 1. Amounts carry two decimals; a difference of one dong is rounding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from ymach.base.findings import Finding
from ymach.clinical.dossier import Dossier
from ymach.clinical.medication import Medicine
from ymach.clinical.service import Service
from ymach.exchange.intake.checks import findings

TOLERANCE = Decimal(1)
_HUNDRED = Decimal(100)
_ZERO = Decimal(0)


def check_sums(dossier: Dossier) -> Iterator[Finding]:
    """Findings about amounts that do not follow from quantity, price and rate, and about totals that do not add up."""
    yield from _medicine_lines(dossier)
    yield from _service_lines(dossier)
    yield from _totals(dossier)


def _medicine_lines(dossier: Dossier) -> Iterator[Finding]:
    for row, line in enumerate(dossier.medicines, 1):
        if line.quantity is None or line.unit_price is None:
            continue
        whole = line.quantity * line.unit_price
        yield from _compare("XML2", row, "THANH_TIEN_BV", line.amount_hospital, whole)
        if line.insured_rate is not None:
            insured = whole * line.insured_rate / _HUNDRED
            yield from _compare("XML2", row, "THANH_TIEN_BH", line.amount_insured, insured)


def _service_lines(dossier: Dossier) -> Iterator[Finding]:
    for row, line in enumerate(dossier.services, 1):
        if line.quantity is None or line.unit_price_hospital is None:
            continue
        rate = _HUNDRED if line.service_rate is None else line.service_rate
        whole = line.quantity * line.unit_price_hospital * rate / _HUNDRED
        yield from _compare("XML3", row, "THANH_TIEN_BV", line.amount_hospital, whole)
        if line.unit_price_insured is not None and line.insured_rate is not None and line.supply_code is None:
            insured = line.quantity * line.unit_price_insured * rate * line.insured_rate / _HUNDRED / _HUNDRED
            yield from _compare("XML3", row, "THANH_TIEN_BH", line.amount_insured, insured)


def _totals(dossier: Dossier) -> Iterator[Finding]:
    visit = dossier.visit
    if visit is None:
        return
    lines: list[Medicine | Service] = [*dossier.medicines, *dossier.services]
    for field, stated, expected in (
        ("T_TONGCHI_BV", visit.total_hospital, _sum(line.amount_hospital for line in lines)),
        ("T_TONGCHI_BH", visit.total_insured, _sum(line.amount_insured for line in lines)),
    ):
        if stated is not None and abs(stated - expected) > TOLERANCE:
            yield findings.SUM_TOTAL.at(
                table="XML1", row=1, field=field, value=_plain(stated), expected=_plain(expected)
            )


def _compare(table: str, row: int, field: str, stated: Decimal | None, expected: Decimal) -> Iterator[Finding]:
    if stated is not None and abs(stated - expected) > TOLERANCE:
        yield findings.SUM_LINE.at(table=table, row=row, field=field, value=_plain(stated), expected=_plain(expected))


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), _ZERO)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
