"""What is written as FHIR is read back equal, and from XML through FHIR back to XML no field is lost."""

from __future__ import annotations

import json
from dataclasses import fields as dataclass_fields
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.test_formats_xml130_roundtrip import POOLS, row_of
from tests.support.staffing import staff_by_facility

from ymach.clinical.dossier import Dossier
from ymach.clinical.health_book import Guardian, HealthBook
from ymach.clinical.medication import Medicine
from ymach.clinical.visit import Visit
from ymach.formats.fhir.bundle import open_bundle
from ymach.formats.fhir.read import read_bundle
from ymach.formats.fhir.schema import Part, parts
from ymach.formats.fhir.write import write_bundle
from ymach.formats.safexml import parse
from ymach.formats.xml130.envelope import open_envelope
from ymach.formats.xml130.read import Reading, read_dossier
from ymach.formats.xml130.schema import tables
from ymach.formats.xml130.write import write_dossier
from ymach.synth.care.staff import Staff
from ymach.synth.dossiers import RECORDS, make_dossier
from ymach.synth.model import Facility
from ymach.synth.registry import make_country

EXAMPLES = Path(__file__).parent.parent / "data" / "examples"
AT = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
BOOK = [name for name, part in parts().items() if part.owner == "health_book"]


@pytest.fixture(scope="module")
def writers() -> list[tuple[Facility, Staff]]:
    """A few facilities of a synthetic country with the staff that can write dossiers there."""
    country = make_country(7, facilities=60, practitioners=600)
    staff = staff_by_facility(country.practitioners(), on=date(2026, 11, 23))
    found = [(place, staff[place.code]) for place in country.facilities if place.code in staff]
    return [(place, people) for place, people in found if people.teams]


def again(dossier: Dossier) -> Reading:
    return read_bundle(open_bundle(write_bundle(dossier)))


def faults(reading: Reading) -> list[str]:
    return [
        f"{one.code} {one.field} {one.value}"
        for one in reading.findings
        if "MISSING" not in one.code and one.code != "YM-FMT-TOO-LONG"
    ]


def book_row(part: Part, pool: dict[str, list[Any]], shift: int) -> Any:
    taken = {}
    for place, spec in enumerate(part.specs, shift):
        choices = pool[spec.kind.name]
        if place % 5:
            taken[spec.attribute] = choices[place % len(choices)]
    return part.model(**taken)


@settings(max_examples=40, deadline=None)
@given(pool=POOLS, shift=st.integers(0, 9))
def test_every_part_is_read_back_equal_beside_its_visit(pool: dict[str, list[Any]], shift: int) -> None:
    visit = row_of(tables()["XML1"], pool, shift + 3)
    for key in sorted(set(tables()) - {"XML0"}):  # of one pool: drawing costs more than writing and reading
        table = tables()[key]
        rows = tuple(row_of(table, pool, shift + number) for number in range(2 if table.many else 1))
        given_parts = {"visit": visit, table.attribute: rows if table.many else rows[0]}
        dossier = Dossier(code="L1", facility_code=given_parts["visit"].facility_code, **given_parts)
        reading = again(dossier)
        assert faults(reading) == [], key
        assert reading.dossier == dossier, key


@settings(max_examples=40, deadline=None)
@given(pool=POOLS, shift=st.integers(0, 9))
def test_a_check_in_notice_is_read_back_equal(pool: dict[str, list[Any]], shift: int) -> None:
    notice = row_of(tables()["XML0"], pool, shift)
    dossier = Dossier(code="L1", facility_code=notice.facility_code, check_in=notice)
    reading = again(dossier)
    assert faults(reading) == []
    assert reading.dossier == dossier


@settings(max_examples=40, deadline=None)
@given(pool=POOLS, shift=st.integers(0, 9))
def test_the_health_book_is_read_back_equal(pool: dict[str, list[Any]], shift: int) -> None:
    held = {
        parts()[name].attribute: tuple(book_row(parts()[name], pool, shift + n) for n in range(2))
        for name in BOOK
        if parts()[name].many
    }
    guardian = Guardian(full_name=pool["text"][0], phone="0900000000")
    measures = tuple(m for m in held.pop("measures"))
    dossier = Dossier(
        code="L1", visit=Visit(code="L1"), health_book=HealthBook(guardian=guardian, measures=measures, **held)
    )
    reading = again(dossier)
    assert faults(reading) == []
    assert reading.dossier == dossier


def test_visit_and_check_in_of_one_dossier_stay_apart() -> None:
    dossier = Dossier(
        code="L1",
        facility_code="99001",
        visit=Visit(code="L1", facility_code="99001", full_name="A"),
        check_in=tables()["XML0"].model(code="L1", facility_code="99001", full_name="B"),
        medicines=(Medicine(visit_code="L1", sequence=7, prescribers=("P1", "P2")),),
    )
    assert again(dossier).dossier == dossier


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xml")), ids=lambda path: path.name)
def test_every_example_comes_back_to_the_same_xml_through_fhir(path: Path) -> None:
    for raw in open_envelope(parse(path.read_bytes())).dossiers:
        dossier = read_dossier(raw).dossier
        assert dossier is not None
        reading = again(dossier)
        assert [one.as_json() for one in reading.findings] == []
        assert reading.dossier is not None
        assert write_dossier(reading.dossier) == write_dossier(dossier)


@pytest.mark.parametrize("kind", RECORDS)
def test_synthetic_dossiers_come_back_to_the_same_xml_through_fhir(
    writers: list[tuple[Facility, Staff]], kind: str
) -> None:
    rng = Random(11)
    for place, staff in writers[:12]:
        made = make_dossier(place, staff, rng, AT, kind=kind)
        dossier = read_dossier(open_envelope(parse(made.xml)).dossiers[0]).dossier
        assert dossier is not None
        reading = again(dossier)
        assert [one.as_json() for one in reading.findings] == []
        assert reading.dossier == dossier
        assert write_dossier(dossier) == write_dossier(reading.dossier)


def test_every_attribute_of_every_part_can_travel() -> None:
    for part in parts().values():
        carried = {spec.attribute for spec in part.specs}
        assert carried == {one.name for one in dataclass_fields(part.model)}, part.name


def test_writing_twice_gives_equal_bytes() -> None:
    dossier = Dossier(code="L1", facility_code="99001", visit=Visit(code="L1", reason="Ho"))
    assert write_bundle(dossier) == write_bundle(dossier)


def test_a_document_begins_with_its_composition_and_refers_only_to_itself() -> None:
    raw = open_envelope(parse((EXAMPLES / "02-inpatient-referral.xml").read_bytes())).dossiers[0]
    dossier = read_dossier(raw).dossier
    assert dossier is not None
    bundle = json.loads(write_bundle(dossier))
    assert bundle["entry"][0]["resource"]["resourceType"] == "Composition"
    known = {entry["fullUrl"] for entry in bundle["entry"]}
    assert len(known) == len(bundle["entry"])
    assert set(references(bundle)) <= known


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["reference"]] if isinstance(node.get("reference"), str) else []
        return own + [found for inner in node.values() for found in references(inner)]
    if isinstance(node, list):
        return [found for inner in node for found in references(inner)]
    return []


@pytest.mark.parametrize("amount", ["0", "1.10", "1500000.000", "-3.50", "99999999999999.99"])
def test_money_keeps_every_digit(amount: str) -> None:
    dossier = Dossier(code="L1", visit=Visit(code="L1", total_hospital=Decimal(amount)))
    reading = again(dossier)
    assert reading.dossier is not None
    assert reading.dossier.visit is not None
    assert str(reading.dossier.visit.total_hospital) == amount
