"""What is written is read back equal: every table, both layouts of the referral, envelopes, notices, the examples."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ymach.base.clock import from_vietnam
from ymach.clinical.check_in import CheckIn
from ymach.clinical.dossier import Dossier
from ymach.clinical.medication import Medicine
from ymach.clinical.person import PartialDate
from ymach.clinical.referral import Referral
from ymach.clinical.visit import Visit
from ymach.formats.safexml import parse
from ymach.formats.xml130.envelope import RawDossier, RawTable, open_envelope
from ymach.formats.xml130.read import Reading, read_dossier
from ymach.formats.xml130.schema import Table, tables
from ymach.formats.xml130.write import Unwritable, write_check_in, write_dossier, write_envelope, write_table

EXAMPLES = Path(__file__).parent.parent / "data" / "examples"
LETTERS = (
    "".join(chr(code) for code in (*range(0x20, 0x7F), *range(0xC0, 0x180), *range(0x1EA0, 0x1EFA))) + "\n\t\r“”…🩺"
)
DAYS = st.dates(date(1900, 1, 1), date(2150, 1, 1))
TIMES = st.times().map(lambda t: time(t.hour, t.minute))
MOMENTS = st.datetimes(datetime(1980, 1, 1), datetime(2150, 1, 1)).map(  # noqa: DTZ001
    lambda naive: from_vietnam(naive.replace(second=0, microsecond=0))
)


def clean(text: str) -> bool:
    return bool(text) and text == text.strip().removeprefix("'").strip()


def births(day: PartialDate, known: int) -> PartialDate:
    return PartialDate(day.year, day.month if known else None, day.day if known > 1 else None)


PARTIAL = st.builds(births, DAYS.map(PartialDate.of), st.integers(0, 2))
TIMED = st.builds(
    lambda day, at: PartialDate(day.year, day.month, day.day, at or None), DAYS, TIMES.filter(lambda t: t != time())
)
TEXT = st.text(st.sampled_from(LETTERS), min_size=1, max_size=12).filter(clean)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXT,
    "texts": st.lists(TEXT.map(lambda text: text.replace(";", ",")), max_size=2).map(tuple),
    "integer": st.integers(0, 9),
    "code": st.sampled_from("0123456789"),
    "number": st.integers(-99_999, 99_999).map(lambda n: Decimal(n) / 1000) | st.just(Decimal("1E+2")),
    "date": DAYS,
    "moment": MOMENTS,
    "birth": PARTIAL | TIMED,
    "birth8": PARTIAL,
    "day_or_moment": DAYS.map(PartialDate.of) | TIMED,
}
KINDS |= {f"{name}s": st.lists(KINDS[name], max_size=3).map(tuple) for name in ("number", "date", "moment")}
POOLS = st.fixed_dictionaries({name: st.lists(kind, min_size=1, max_size=3) for name, kind in KINDS.items()})


def row_of(table: Table, pool: dict[str, list[Any]], shift: int) -> Any:
    """A row that takes its values from the pool in turn, with gaps: drawing 66 fields one by one would take minutes."""
    taken: dict[str, Any] = {"layout": table.layout} if table.layout else {}
    for place, field in enumerate(table.fields, shift):
        choices = pool[field.kind.name]
        if place % 5:
            taken[field.attribute] = choices[place % len(choices)]
    if "MA_LK" in table.by_tag:
        taken[table.by_tag["MA_LK"].attribute] = "L1"
    return table.model(**taken)


def faults(reading: Reading) -> list[str]:
    return [f.code for f in reading.findings if "MISSING" not in f.code and f.code != "YM-FMT-TOO-LONG"]


@settings(max_examples=40, deadline=None)
@given(pool=POOLS, shift=st.integers(0, 9))
def test_generated_rows_are_written_and_read_back_equal(pool: dict[str, list[Any]], shift: int) -> None:
    for key in sorted(set(tables()) - {"XML12"}):  # of one pool: drawing costs more than writing and reading
        table = tables()[key]
        rows = [row_of(table, pool, shift + number) for number in range(2 if table.many else 1)]
        reading = read_dossier(RawDossier((RawTable(table.name, write_table(table.name, rows)),)))
        assert faults(reading) == [], key
        assert reading.dossier is not None
        found = getattr(reading.dossier, table.attribute)
        assert (found if table.many else (found,)) == tuple(rows), key


@settings(max_examples=25, deadline=None)
@given(POOLS, st.integers(0, 9))
def test_an_assessment_rides_with_a_visit(pool: dict[str, list[Any]], shift: int) -> None:
    assessment = row_of(tables()["XML12"], pool, shift)
    dossier = Dossier(code="L1", visit=Visit(code="L1"), assessments=(assessment,))
    written = tuple(RawTable(name, content) for name, content in write_dossier(dossier))
    assert read_dossier(RawDossier(written)).dossier == dossier


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xml")), ids=lambda path: path.name)
def test_every_example_is_read_without_errors_and_written_back_equal(path: Path) -> None:
    envelope = open_envelope(parse(path.read_bytes()))
    assert envelope.findings == ()
    for raw in envelope.dossiers:
        reading = read_dossier(raw)
        assert [f.as_json() for f in reading.findings] == []
        assert reading.dossier is not None
        again = write_envelope([reading.dossier], facility_code=envelope.facility_code, created_on=date(2026, 11, 10))
        assert read_dossier(open_envelope(parse(again)).dossiers[0]).dossier == reading.dossier


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.glob("*/XML*.xml")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_every_example_table_holds_each_value_of_its_file(path: Path) -> None:
    reading = read_dossier(RawDossier((RawTable(path.stem, path.read_bytes()),)))
    assert reading.dossier is not None
    assert faults(reading) == []
    original = {(e.tag, e.text.strip()) for e in parse(path.read_bytes()).iter() if e.text and e.text.strip()}
    [(_, written)] = write_dossier(reading.dossier)
    again = {(e.tag, e.text.strip()) for e in parse(written).iter() if e.text and e.text.strip()}
    assert again == original


def test_the_prescription_example_names_the_patient_of_its_dossier() -> None:
    folder = EXAMPLES / "03-prescription-only"
    prescription = json.loads((folder / "national-prescription.json").read_text(encoding="utf-8"))
    dossier = read_dossier(RawDossier((RawTable("XML1", (folder / "XML1.xml").read_bytes()),))).dossier
    assert dossier is not None
    assert dossier.visit is not None
    assert dossier.visit.full_name in json.dumps(prescription, ensure_ascii=False)


@pytest.mark.parametrize(
    ("ended", "layout", "tag"),
    [
        (datetime(2024, 12, 31, 16, 59, tzinfo=UTC), None, b"MA_NOI_DEN"),
        (datetime(2024, 12, 31, 17, 0, tzinfo=UTC), None, b"MA_CSKCB_DEN"),
        (datetime(2026, 1, 1, tzinfo=UTC), "4750", b"MA_NOI_DEN"),
        (datetime(2024, 1, 1, tzinfo=UTC), "3176", b"MA_CSKCB_DEN"),
        (None, None, b"MA_CSKCB_DEN"),
    ],
)
def test_the_layout_of_a_referral_follows_the_end_of_the_visit(
    ended: datetime | None, layout: str | None, tag: bytes
) -> None:
    paper = Referral(visit_code="L1", to_facility="99777", ended_at=() if ended is None else (ended,), layout=layout)
    assert b"<%s>99777<" % tag in write_table("XML13", [paper])


def test_a_dossier_without_own_end_in_the_referral_uses_the_visits() -> None:
    ended = datetime(2024, 6, 1, tzinfo=UTC)
    dossier = Dossier(code="L1", visit=Visit(code="L1", ended_at=ended), referral=Referral(visit_code="L1"))
    assert b"MA_NOI_DEN" in dict(write_dossier(dossier))["XML13"]


def test_a_check_in_notice_is_written_bare_with_an_empty_signature_place() -> None:
    notice = CheckIn(code="L1", facility_code="99001", started_at=datetime(2026, 11, 10, tzinfo=UTC))
    raw = write_check_in(notice)
    envelope = open_envelope(parse(raw))
    assert envelope.is_check_in
    assert read_dossier(envelope.dossiers[0]).dossier == Dossier(code="L1", facility_code="99001", check_in=notice)
    assert parse(raw)[-1].tag == "CHUKYDONVI"


def test_an_envelope_ends_with_an_empty_signature_place_and_two_namespaces() -> None:
    root = parse(
        write_envelope([Dossier(code="L1", visit=Visit(code="L1"))], facility_code="99001", created_on=date(2026, 1, 2))
    )
    assert root[-1].tag == "CHUKYDONVI"
    assert set(root.nsmap) == {"xsi", "xsd"}
    assert root.findtext("THONGTINHOSO/NGAYLAP") == "20260102"


def test_a_character_that_xml_cannot_carry_is_refused() -> None:
    with pytest.raises(Unwritable):
        write_table("XML2", [Medicine(visit_code="L1", name="a\x00b")])


def test_a_table_without_rows_or_with_one_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="no row"):
        write_table("XML2", [])
    with pytest.raises(ValueError, match="one record"):
        write_table("XML1", [Visit(code="L1"), Visit(code="L2")])


def test_reading_is_exact_about_the_minute_across_time_zones() -> None:
    started = datetime(2026, 11, 9, 17, 0, tzinfo=UTC) - timedelta(minutes=1)
    [(_, raw)] = write_dossier(Dossier(code="L1", visit=Visit(code="L1", started_at=started)))
    assert b"<NGAY_VAO>202611092359<" in raw
