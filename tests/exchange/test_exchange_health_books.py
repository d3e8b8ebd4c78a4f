"""What a dossier says of the person beyond the visit: kept, merged, shown first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.intake import AT, example, open_desk

from ymach.base.clock import vietnam_day
from ymach.clinical.dossier import Dossier
from ymach.clinical.health_book import Allergy, Guardian, HealthBook, Measure, Vaccination
from ymach.clinical.person import PartialDate
from ymach.exchange.contents import as_fhir, dossiers_of
from ymach.exchange.health_books import Said, current_allergies
from ymach.exchange.models import Record
from ymach.exchange.reading.queries import ask_entries
from ymach.exchange.reading.summary import summarise
from ymach.exchange.records import records_of
from ymach.trust import detached

THEN = datetime(2026, 5, 1, tzinfo=UTC)
PENICILLIN = Allergy(substance="Penicillin", criticality="high", status="active", reaction="Phản vệ độ II")


def said(*entries: dict[str, str], at: datetime = THEN) -> Said:
    return Said({"allergies": list(entries)}, at, "99001")


def test_the_later_word_on_a_substance_counts_however_it_is_spelt() -> None:
    known = current_allergies(
        [
            said({"substance": "Hải sản", "criticality": "low"}, {"substance": "Penicillin", "criticality": "high"}),
            said({"substance": "HAI SAN", "status": "resolved"}, at=THEN + timedelta(days=1)),
        ]
    )
    assert [(one.substance, one.is_grave) for one in known] == [("Penicillin", True)]


@given(st.lists(st.text(max_size=8), max_size=6))
def test_a_substance_is_named_once_and_never_without_a_name(names: list[str]) -> None:
    known = current_allergies([said(*({"substance": name} for name in names))])
    assert all(one.substance for one in known)
    assert len({one.substance.casefold() for one in known}) == len(known)


def test_a_weight_alone_is_the_visits_own_and_no_record() -> None:
    weight = Measure(code="29463-7", value=None, unit="kg")
    dossier = Dossier(code="1", health_book=HealthBook(measures=(weight,)))
    assert [one.kind for one in records_of(dossier, received_at=THEN)] == []
    with_guardian = Dossier(code="1", health_book=HealthBook(guardian=Guardian(full_name="Lê Thị A")))
    (record,) = records_of(with_guardian, received_at=THEN)
    assert (record.kind, record.summary["has_guardian"]) == ("health-book", True)
    assert "Lê Thị A" not in str(record.summary)


@pytest.mark.django_db
def test_allergies_and_doses_of_a_signed_bundle_are_a_record_of_the_person() -> None:
    desk = open_desk("99001")
    dossier = dossiers_of(example("01-outpatient.xml"))[0]
    dose = Vaccination(vaccine="Viêm gan B", dose_number=2, given_on=PartialDate(2024, 3))
    book = HealthBook(allergies=(PENICILLIN,), vaccinations=(dose,))
    bundle = as_fhir(replace(dossier, health_book=book))
    own = desk.issued
    answer = desk.send_one(detached.sign(bundle, own.key, own.certificate, chain=own.chain, at=AT))
    assert "health-book" in [one["kind"] for one in answer.body["records"]]
    record = Record.objects.get(kind="health-book")
    assert record.summary["vaccinations"] == [{"vaccine": "Viêm gan B", "dose": 2, "on": "2024-03"}]
    assert [
        (one.substance, one.reaction)
        for one in summarise(ask_entries([record.citizen_id])(), today=vietnam_day(AT)).allergies
    ] == [("Penicillin", "Phản vệ độ II")]
