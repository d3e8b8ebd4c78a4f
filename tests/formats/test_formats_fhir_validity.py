"""What is written as FHIR is FHIR, in the eyes of a library that knows nothing of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.test_formats_fhir_ips import DOCUMENT, FULL, NOTHING, SUBJECT
from tests.formats.test_formats_fhir_roundtrip import BOOK, EXAMPLES, book_row
from tests.formats.test_formats_xml130_roundtrip import POOLS, row_of
from tests.support.fhir_r4 import faults_of

from ymach.clinical.dossier import Dossier
from ymach.clinical.health_book import Guardian, HealthBook
from ymach.clinical.patient_summary import PatientSummary
from ymach.clinical.visit import Visit
from ymach.formats.fhir.ips import write_ips
from ymach.formats.fhir.schema import parts
from ymach.formats.fhir.write import write_bundle
from ymach.formats.safexml import parse
from ymach.formats.xml130.envelope import open_envelope
from ymach.formats.xml130.read import read_dossier
from ymach.formats.xml130.schema import tables


def test_a_bundle_that_is_none_is_seen() -> None:
    assert faults_of(b'{"resourceType": "Bundle", "type": "nonsense"}') == [".type: nonsense"]
    assert faults_of(b'{"resourceType": "Bundle", "type": "document", "total": "many"}')


@pytest.mark.parametrize(
    "summary", [FULL, NOTHING, PatientSummary(subject=SUBJECT, made_at=FULL.made_at, is_withheld=True)]
)
def test_the_international_summary_is_fhir(summary: PatientSummary) -> None:
    assert faults_of(write_ips(summary, document_id=DOCUMENT)) == []


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xml")), ids=lambda path: path.name)
def test_every_example_is_written_as_fhir(path: Path) -> None:
    for raw in open_envelope(parse(path.read_bytes())).dossiers:
        dossier = read_dossier(raw).dossier
        assert dossier is not None
        assert faults_of(write_bundle(dossier)) == []


@settings(max_examples=2, deadline=None)
@given(pool=POOLS, shift=st.integers(0, 9))
def test_every_part_of_a_dossier_is_written_as_fhir(pool: dict[str, list[Any]], shift: int) -> None:
    rows: dict[str, Any] = {
        table.attribute: tuple(row_of(table, pool, shift + n) for n in range(2))
        if table.many
        else row_of(table, pool, shift)
        for key, table in tables().items()
        if key != "XML0"
    }
    held: dict[str, Any] = {
        parts()[name].attribute: tuple(book_row(parts()[name], pool, shift + n) for n in range(2))
        for name in BOOK
        if parts()[name].many
    }
    book = HealthBook(guardian=Guardian(full_name=pool["text"][0]), **held)
    notice = row_of(tables()["XML0"], pool, shift)
    for dossier in (
        Dossier(code="L1", facility_code="99001", health_book=book, **rows),
        Dossier(code="L1", visit=Visit(code="L1"), health_book=book),
        Dossier(code="L1", facility_code="99001", check_in=notice),
    ):
        assert faults_of(write_bundle(dossier), codes=False) == []
