"""The gate: who sees what of a person, on which basis, and what the journal says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from tests.support.factories import make_facility
from tests.support.patients import NOW, doctor, make_patient, make_record, make_referral
from tests.support.people import account_of, by_vneid, make_person, make_proxy, terms_for

from ymach.audit.models import AuditEvent
from ymach.base import pg
from ymach.citizens.links import actions as links
from ymach.citizens.links.evidence import Evidence, Kind
from ymach.citizens.models import Citizen
from ymach.consent.actions import give, withdraw
from ymach.consent.rules import Purpose
from ymach.exchange.reading import gate
from ymach.exchange.reading.errors import ReadingRefused
from ymach.exchange.reading.gate import Opened
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db
TREATMENT, DAY = Purpose.TREATMENT, timedelta(days=1)


@pytest.fixture
def here() -> Facility:
    return make_facility("01001")


@pytest.fixture
def there() -> Facility:
    return make_facility("79001", province_code="79")


@pytest.fixture
def patient() -> UUID:
    return make_patient()


def read(patient: UUID, facility: Facility, at: object = NOW) -> Opened:
    return gate.read(patient, purpose=TREATMENT, part="summary", by=doctor(facility), at=at)  # type: ignore[arg-type]


def consented(patient: UUID, facility: Facility, **changes: object) -> UUID:
    person = Citizen.objects.get(pk=patient)
    terms = terms_for(person, facility.id, since=NOW - DAY, **changes)
    given = give(terms=terms, giver_id=patient, proof=by_vneid(terms), by=account_of(person), at=NOW - DAY)
    return given.id


def test_a_stranger_is_refused_and_the_refusal_is_in_the_journal(
    patient: UUID, here: Facility, there: Facility
) -> None:
    make_record(patient, there)
    with pytest.raises(ReadingRefused) as refused:
        read(patient, here)
    assert refused.value.reason == "YM-CONSENT-NONE"
    told = AuditEvent.objects.get(facility_id=here.id)
    assert (told.action, told.citizen_id, told.basis) == ("patient:read:refused", patient, "YM-CONSENT-NONE")


def test_a_facility_reads_its_own_records_and_is_told_that_there_is_more(
    patient: UUID, here: Facility, there: Facility
) -> None:
    mine = make_record(patient, here)
    make_record(patient, there)
    opened = read(patient, here)
    assert [one.id for one in opened.entries] == [mine.id]
    assert (opened.decision.basis, opened.is_partial, opened.is_narrowed) == ("own-record", True, True)


def test_a_reading_says_who_on_what_basis_and_which_part(patient: UUID, here: Facility, there: Facility) -> None:
    make_record(patient, there)
    sent = make_referral(patient, there, here)
    read(patient, here)
    told = AuditEvent.objects.get(facility_id=here.id, action="patient:read")
    assert (told.basis, told.citizen_id, told.subject) == ("referral", patient, f"citizen:{patient}")
    assert (told.detail["part"], told.detail["reference"]) == ("summary", f"referral:{sent.id}")


def test_a_referral_opens_the_senders_records_and_everybodys_allergies(
    patient: UUID, here: Facility, there: Facility
) -> None:
    other = make_facility("48001", province_code="48")
    theirs = make_record(patient, there)
    make_record(patient, other)
    make_record(patient, other, kind="health-book", allergies=[{"substance": "Penicillin", "criticality": "high"}])
    make_referral(patient, there, here)
    opened = read(patient, here)
    assert [one.id for one in opened.entries if one.kind == "visit"] == [theirs.id]
    assert [one.substance for one in opened.summary.allergies] == ["Penicillin"]


@pytest.mark.parametrize("state", ["declined", "withdrawn"])
def test_a_referral_that_is_no_more_opens_nothing(patient: UUID, here: Facility, there: Facility, state: str) -> None:
    make_record(patient, there)
    sent = make_referral(patient, there, here)
    type(sent).objects.filter(id=sent.id).update(state=state)
    with pytest.raises(ReadingRefused):
        read(patient, here)


def test_a_consent_opens_everything_but_compartments_until_it_is_withdrawn(
    patient: UUID, here: Facility, there: Facility
) -> None:
    make_record(patient, there)
    make_record(patient, there, compartment="hiv")
    consent = consented(patient, here)
    opened = read(patient, here)
    assert ([one.compartment for one in opened.entries], opened.withheld) == ([""], frozenset({"hiv"}))
    person = Citizen.objects.get(pk=patient)
    withdraw(citizen_id=patient, consent_id=consent, withdrawn_by_id=patient, by=account_of(person), at=NOW)
    with pytest.raises(ReadingRefused) as refused:
        read(patient, here, NOW + timedelta(seconds=1))
    assert refused.value.reason == "YM-CONSENT-WITHDRAWN"


def test_who_made_a_restricted_record_reads_it_only_while_treating(patient: UUID, here: Facility) -> None:
    make_record(patient, here, compartment="hiv", at=NOW - 2 * DAY)
    assert read(patient, here).withheld == frozenset()
    assert read(patient, here, NOW + 60 * DAY).withheld == {"hiv"}


def test_records_follow_a_link_and_a_held_one_is_not_shown(patient: UUID, here: Facility) -> None:
    unknown = make_patient("Không rõ tên", born=None)
    found = make_record(unknown, here)
    make_record(patient, here, outcome="held")
    mine = make_record(patient, here)
    links.link(
        patient,
        unknown,
        evidence=Evidence(Kind.CITIZEN_CARD, "001158000412"),
        reason="đã đọc thẻ",
        by=doctor(here),
        at=NOW,
    )
    assert {one.id for one in read(patient, here).entries} == {found.id, mine.id}


def test_one_reads_oneself_whole_and_a_parent_reads_the_child(there: Facility) -> None:
    mother, child = make_person("Lê Thị Mai"), make_person("Trần Bình An", born=(2020, 3, 1))
    make_proxy(child, mother)
    for one in (mother, child):
        make_record(one.citizen_id, there, compartment="hiv")
    opened = gate.read(mother.citizen_id, purpose=Purpose.OWN, part="records", by=account_of(mother), at=NOW)
    assert (opened.decision.basis, opened.is_partial) == ("self", False)
    opened = gate.read(child.citizen_id, purpose=Purpose.OWN, part="records", by=account_of(mother), at=NOW)
    assert opened.decision.basis == "proxy"
    with pytest.raises(ReadingRefused):
        gate.read(mother.citizen_id, purpose=Purpose.OWN, part="records", by=account_of(child), at=NOW)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement inside, whoever asks it."""
    said: list[str] = []
    asked = pg.ask

    def noting(statement: str, parameters: pg.Parameters) -> Callable[[], pg.Rows]:
        said.append(statement)
        return asked(statement, parameters)

    def executing(run: Callable[..., object], sql: str, *rest: object) -> object:
        said.append(sql)
        return run(sql, *rest)

    monkeypatch.setattr(pg, "ask", noting)
    with connection.execute_wrapper(executing):
        yield said


def test_a_reading_costs_few_statements_however_many_records(
    patient: UUID, here: Facility, there: Facility, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        make_record(patient, there, at=NOW - number * DAY)
    consented(patient, here)
    with counted(monkeypatch) as said:
        read(patient, here)
    asked = [one for one in said if "SAVEPOINT" not in one]
    assert len(asked) <= 8, asked
