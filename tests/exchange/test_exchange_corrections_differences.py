"""Two versions of a dossier side by side: every difference in words, none invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.test_exchange_intake import changed, codes
from tests.support.intake import AT, example, open_desk

from ymach.base.clock import vietnam_day
from ymach.base.text import Text
from ymach.clinical.dossier import Dossier
from ymach.exchange.contents import dossiers_of
from ymach.exchange.corrections.differences import MOST, What, compare
from ymach.formats.xml130.labels import labels
from ymach.formats.xml130.write import write_envelope

(OUTPATIENT,) = dossiers_of(example("01-outpatient.xml"))
(INPATIENT,) = dossiers_of(example("02-inpatient-referral.xml"))


def test_a_dossier_does_not_differ_from_itself() -> None:
    for one in (OUTPATIENT, INPATIENT):
        assert compare(one, one).is_same


def test_a_changed_field_is_named_in_words_with_both_values() -> None:
    visit = OUTPATIENT.visit
    assert visit
    moment = datetime(2026, 1, 5, 3, 30, tzinfo=UTC)
    changed = replace(OUTPATIENT, visit=replace(visit, reason="Ho kéo dài", ended_at=moment))
    found = {one.tag: one for one in compare(OUTPATIENT, changed).differences}
    assert found.keys() == {"LY_DO_VV", "NGAY_RA"}
    assert found["LY_DO_VV"].label == Text("Lý do đến khám chữa bệnh", labels()["XML1", "LY_DO_VV"].en)
    assert found["LY_DO_VV"].after.vi == "Ho kéo dài"
    assert found["NGAY_RA"].after.vi == "10:30 05/01/2026"


def test_a_changed_quantity_is_told_of_its_own_medicine() -> None:
    first, *rest = OUTPATIENT.medicines
    changed = replace(OUTPATIENT, medicines=(*rest, replace(first, quantity=Decimal("1234.50"))))
    (one,) = compare(OUTPATIENT, changed).differences
    assert (one.what, one.tag, one.after) == (What.CHANGED, "SO_LUONG", Text("1.234,5", "1,234.5"))
    assert (first.name or "") in one.line


def test_lines_that_come_and_go_are_whole() -> None:
    shorter = replace(OUTPATIENT, medicines=OUTPATIENT.medicines[1:])
    (gone,) = compare(OUTPATIENT, shorter).differences
    (come,) = compare(shorter, OUTPATIENT).differences
    assert (gone.what, come.what) == (What.REMOVED, What.ADDED)
    assert gone.before == come.after


def test_results_that_arrive_late_are_told_as_such() -> None:
    assert INPATIENT.results
    waiting = replace(
        INPATIENT, results=tuple(replace(one, value=None, conclusion=None) for one in INPATIENT.results[1:])
    )
    assert compare(waiting, INPATIENT).only_results
    assert not compare(INPATIENT, waiting).only_results
    visit = replace(INPATIENT.visit, reason="khác") if INPATIENT.visit else None
    assert not compare(waiting, replace(INPATIENT, visit=visit)).only_results


def test_numbers_of_persons_are_masked() -> None:
    visit = OUTPATIENT.visit
    assert visit
    changed = replace(OUTPATIENT, visit=replace(visit, personal_number="079204001234", phone="0912345678"))
    said = str(compare(OUTPATIENT, changed))
    assert "079204001234" not in said
    assert "0912345678" not in said


def test_what_is_too_much_is_counted() -> None:
    note = INPATIENT.notes[0] if INPATIENT.notes else None
    assert note
    start = datetime(2026, 1, 1, tzinfo=UTC)
    notes = tuple(replace(note, noted_at=start + timedelta(minutes=n)) for n in range(MOST + 7))
    found = compare(replace(INPATIENT, notes=()), replace(INPATIENT, notes=notes))
    assert (len(found.differences), found.more) == (MOST, 7)


@given(st.permutations(INPATIENT.results), st.permutations(INPATIENT.services))
def test_another_order_of_lines_is_no_difference(results: list, services: list) -> None:  # type: ignore[type-arg]
    shuffled: Dossier = replace(INPATIENT, results=tuple(results), services=tuple(services))
    assert compare(INPATIENT, shuffled).is_same


@pytest.mark.django_db
def test_a_version_that_only_brings_results_says_so_in_its_receipt() -> None:
    desk = open_desk("99002")
    day = vietnam_day(AT)
    waiting = write_envelope([replace(INPATIENT, results=INPATIENT.results[:1])], facility_code="99002", created_on=day)
    whole = example("02-inpatient-referral.xml")
    first, second, third = (
        desk.sign(one) for one in (waiting, whole, changed(whole, ("<LY_DO_VV>", "<LY_DO_VV>Sốt, ")))
    )
    desk.send_one(first)
    assert "YM-VER-RESULTS-ADDED" in codes(desk.send_one(second, at=AT + timedelta(hours=1)).body)
    last = codes(desk.send_one(third, at=AT + timedelta(hours=2)).body)
    assert "YM-VER-NEW-VERSION" in last
    assert "YM-VER-RESULTS-ADDED" not in last
