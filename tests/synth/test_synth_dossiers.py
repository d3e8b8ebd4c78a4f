"""Synthetic dossiers: in order when they should be, and written by people who were there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from tests.synth.conftest import TODAY

from ymach.base.weekly import minute_of_week
from ymach.exchange.intake.checks.sums import check_sums
from ymach.exchange.intake.checks.times import check_times
from ymach.exchange.intake.standing import authorships
from ymach.formats.safexml import parse
from ymach.formats.xml130.envelope import open_envelope
from ymach.formats.xml130.read import read_dossier
from ymach.synth.care.conditions import conditions
from ymach.synth.care.staff import Staff
from ymach.synth.dossiers import RECORDS, clean_dossier, make_dossier
from ymach.synth.errors import NobodyForFault
from ymach.synth.examples import examples
from ymach.synth.faults import FAULTS
from ymach.synth.model import Facility

Writers = list[tuple[Facility, Staff]]
AT = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize("kind", RECORDS)
def test_the_same_chance_gives_the_same_bytes(writers: Writers, kind: str) -> None:
    place, staff = writers[0]
    one, other = (make_dossier(place, staff, Random(4), AT, kind=kind) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("kind", RECORDS)
def test_a_dossier_in_order_is_read_without_any_finding(writers: Writers, rng: Random, kind: str) -> None:
    for place, staff in writers[:40]:
        dossier = make_dossier(place, staff, rng, AT, kind=kind)
        envelope = open_envelope(parse(dossier.xml))
        readings = [read_dossier(raw) for raw in envelope.dossiers]
        assert [found.code for one in readings for found in one.findings] == []
        assert [one.dossier and one.dossier.code for one in readings] == [dossier.code]


@pytest.mark.parametrize("kind", RECORDS)
def test_amounts_add_up_and_times_are_in_order(writers: Writers, rng: Random, kind: str) -> None:
    for place, staff in writers[:40]:
        dossier = clean_dossier(place, staff, rng, AT, kind=kind)
        assert list(check_sums(dossier)) == []
        assert list(check_times(dossier, received_at=AT - timedelta(minutes=8))) == []


@pytest.mark.parametrize("kind", RECORDS)
def test_authors_were_there_when_they_wrote(writers: Writers, rng: Random, kind: str) -> None:
    for place, staff in writers[:40]:
        schedules = {one.number: one.schedule for one in staff.authors}
        for entry in authorships(clean_dossier(place, staff, rng, AT, kind=kind)):
            assert entry.at is None or minute_of_week(entry.at) in schedules[entry.author]


def test_diagnoses_are_in_the_list_and_may_be_main() -> None:
    icd = {row["code"]: row for row in _icd_rows()}
    for kind in ("outpatient", "inpatient"):
        for condition in conditions(kind).things:
            assert icd[condition.main]["never_main"] == "no"
            assert set(condition.others) <= set(icd)


def _icd_rows() -> list[dict[str, str]]:
    import csv

    from ymach.catalogues.reading import DATA

    with (DATA / "icd10_4469_2020.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_dossiers_have_the_length_that_was_asked_for(writers: Writers, rng: Random) -> None:
    hospital = next(pair for pair in writers if pair[1].teams[0].reader)
    made = [clean_dossier(*hospital, rng, AT, lines=35) for _ in range(60)]
    lengths = [len(one.medicines) + len(one.services) + len(one.results) + len(one.notes) for one in made]
    assert 30 < sum(lengths) / len(lengths) < 40


def test_a_facility_without_prescribers_writes_nothing(writers: Writers, rng: Random) -> None:
    with pytest.raises(LookupError):
        make_dossier(writers[0][0], Staff.of([]), rng, AT)


def test_an_unknown_fault_is_refused(writers: Writers, rng: Random) -> None:
    with pytest.raises(KeyError):
        make_dossier(*writers[0], rng, AT, fault="no such fault")


def test_a_fault_that_nobody_here_can_make_says_so(writers: Writers, rng: Random) -> None:
    place, staff = writers[0]
    doctors = Staff.of(one for one in staff.authors if one.title == "a")
    with pytest.raises(NobodyForFault):
        make_dossier(place, doctors, rng, AT, fault="author out of scope")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_changes_what_is_sent(writers: Writers, fault: str) -> None:
    place, staff = writers[0]
    spoilt = make_dossier(place, staff, Random(11), AT, fault=fault)
    sound = make_dossier(place, staff, Random(11), AT, kind="outpatient")
    assert spoilt.xml != sound.xml or spoilt.signing != "facility"
    assert spoilt.codes


def test_the_examples_name_their_facilities() -> None:
    assert [one.facility_code for one in examples()] == ["99001", "99001", "99002", "99003"]
    assert all(one.ended_at.date() <= TODAY for one in examples())
