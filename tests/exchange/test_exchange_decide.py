"""Which record a finding concerns."""

from __future__ import annotations

from datetime import UTC, datetime

from ymach.base.findings import Finding
from ymach.clinical.dossier import Dossier
from ymach.exchange.intake.case import DossierCase
from ymach.exchange.intake.decide import concerning
from ymach.exchange.records import RecordDraft
from ymach.formats.xml130.findings import TABLE_NAME, TABLE_UNDECODABLE

AT = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)


def case_of(found: Finding) -> DossierCase:
    """A visit with a prescription, in which something was found."""
    tables = {"visit": frozenset({"XML1", "XML2", "XML3"}), "prescription": frozenset({"XML1", "XML2"})}
    drafts = tuple(RecordDraft(kind, names, AT, None, {}, "") for kind, names in tables.items())
    return DossierCase(Dossier(code="1"), [found], drafts=drafts)


def concerned(found: Finding) -> list[str]:
    one = case_of(found)
    return [draft.kind for draft in one.drafts if concerning(draft, one)]


def test_a_finding_concerns_the_records_made_of_its_table() -> None:
    assert concerned(TABLE_UNDECODABLE.at(table="XML3", why="Base64")) == ["visit"]
    assert concerned(TABLE_UNDECODABLE.at(table="XML2", why="Base64")) == ["visit", "prescription"]


def test_a_finding_of_no_table_concerns_them_all() -> None:
    assert concerned(TABLE_NAME.at(value="BANG3")) == ["visit", "prescription"]


def test_what_is_wrong_with_a_table_that_made_no_record_is_told_with_the_first() -> None:
    assert concerned(TABLE_UNDECODABLE.at(table="XML14", why="Base64")) == ["visit"]
