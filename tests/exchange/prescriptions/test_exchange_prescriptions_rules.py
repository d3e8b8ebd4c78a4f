"""Rules of prescriptions: how long one holds, what is left, what a code and a sheet say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.intake import example
from tests.support.prescriptions import EXAMPLE

from ymach.catalogues.reading import DATA
from ymach.clinical.person import PartialDate
from ymach.clinical.prescription_code import DECOCTION, NARCOTIC, OTHER, PSYCHOTROPIC, TRADITIONAL
from ymach.clinical.visit import Visit
from ymach.exchange.channels.dossiers import dossiers_in
from ymach.exchange.prescriptions import errors, rules
from ymach.exchange.prescriptions.checks import check_prescription
from ymach.exchange.prescriptions.rules import Part, Whose
from ymach.exchange.prescriptions.sheets import age_in_months

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone beside
QUANTITIES = st.decimals(Decimal("0.001"), Decimal(500), places=3)
LINES = [
    {"number": 1, "quantity": "500", "name": "A", "unit": "v"},
    {"number": 2, "quantity": "", "name": "B", "unit": ""},
]


KINDS = {NARCOTIC, PSYCHOTROPIC, OTHER, TRADITIONAL, DECOCTION}


@given(st.sampled_from(sorted(KINDS)), MOMENTS)
def test_a_prescription_holds_to_the_end_of_its_last_day(kind: str, issued: datetime) -> None:
    expires = rules.expires_at(kind, issued)
    assert timedelta(days=5) < expires - issued <= timedelta(days=6)
    assert expires.hour == 17  # midnight in Viet Nam
    assert rules.state_at("issued", expires, expires) == "expired"
    assert rules.state_at("issued", expires, expires - timedelta(seconds=1)) == "issued"
    assert rules.state_at("dispensed", expires, expires) == "dispensed"


def test_the_day_it_was_written_is_not_counted() -> None:
    written = datetime(2026, 11, 5, 2, 30, tzinfo=UTC)
    assert rules.last_day(rules.expires_at("c", written)) == date(2026, 11, 10)


@given(st.lists(QUANTITIES, max_size=8))
def test_what_is_left_and_what_was_given_are_what_was_prescribed(quantities: list[Decimal]) -> None:
    given_parts: list[Part] = []
    for quantity in quantities:
        part = Part(1, quantity)
        if quantity > rules.left(LINES, given_parts)[1]:
            with pytest.raises(errors.MoreThanPrescribed):
                rules.check_enough(LINES, given_parts, [part])
        else:
            rules.check_enough(LINES, given_parts, [part])
            given_parts.append(part)
    assert rules.left(LINES, given_parts)[1] + sum(part.quantity for part in given_parts) == 500
    is_all = rules.left(LINES, given_parts)[1] == 0
    assert rules.state_of(LINES, given_parts) == (
        "dispensed" if is_all else "partly-dispensed" if given_parts else "issued"
    )


@given(st.decimals(0, 10**6, places=3))
def test_a_quantity_is_read_exactly_in_either_way_of_writing(quantity: Decimal) -> None:
    assert rules.read_quantity(f" {quantity:f} ") == quantity
    assert rules.read_quantity(f"{quantity:f}".replace(".", ",")) == quantity


@pytest.mark.parametrize("text", ["", "-1", "1e3", "1.000,5", "NaN", "một", "١", "9" * 15])
def test_what_is_no_quantity_is_none(text: str) -> None:
    assert rules.read_quantity(text) is None


def test_every_kind_has_a_validity_and_every_dispenser_a_form() -> None:
    forms = {line.partition(",")[0] for line in (DATA / "facility_form.csv").read_text(encoding="utf-8").splitlines()}
    assert rules._validity().keys() == KINDS
    assert rules._dispensers().keys() <= forms
    assert (rules.whose("PHARMACY"), rules.whose("HOSP_GEN"), rules.whose("CLIN_DENT")) == (
        *Whose.__members__.values(),
    )


@pytest.mark.parametrize(
    ("born", "months"),
    [(PartialDate(2020, 11, 6), 71), (PartialDate(2020, 11, 5), 72), (PartialDate(2024), 34), (None, None)],
)
def test_age_is_in_whole_months(born: PartialDate | None, months: int | None) -> None:
    assert age_in_months(born, date(2026, 11, 5)) == months


def test_a_child_under_72_months_without_weight_is_told() -> None:
    (dossier,) = dossiers_in(example(EXAMPLE))
    assert dossier.visit is not None
    small = replace(dossier.visit, birth_date=PartialDate(2021, 1, 1), weight_kg=None)

    def found(visit: Visit) -> list[str]:
        given = replace(dossier, visit=visit)
        return [one.code for one in check_prescription(given, received_at=datetime(2026, 11, 5, tzinfo=UTC))]

    assert found(small) == ["YM-PRESCRIPTION-CHILD-WEIGHT"]
    assert not found(replace(small, weight_kg=Decimal(17))) + found(replace(small, kind="03")) + found(dossier.visit)
