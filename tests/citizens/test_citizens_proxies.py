"""Who may act for whom, from when to when, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.changing import pdf
from tests.support.factories import make_facility
from tests.support.people import AT, BY, account_of, clerk_of, make_person, make_proxy

from ymach.audit.models import AuditEvent
from ymach.base.errors import NotAllowed, YmachError
from ymach.citizens.links.actions import link
from ymach.citizens.links.evidence import Evidence as Shown
from ymach.citizens.links.evidence import Kind
from ymach.citizens.proxies import actions, errors
from ymach.citizens.proxies.models import Paper, ProxyRow
from ymach.citizens.proxies.papers import open_paper
from ymach.citizens.proxies.queries import acting_for, proxies_of
from ymach.citizens.proxies.rules import Asked, Evidence, Relation, birthday, end_of, is_asked, is_child

CHILD, MOTHER = UUID(int=1), UUID(int=2)
TODAY = date(2026, 10, 5)
SAID = Shown(Kind.RELATIVE, "mẹ của trẻ")
PARENT = Asked(
    *(CHILD, (2018, 3, 9), MOTHER, (1990, 5, 1), Relation.PARENT, Evidence.BIRTH_CERTIFICATE, "12/2018"),
    since=TODAY,
    until=None,
)
GUARDIAN = replace(PARENT, relation=Relation.GUARDIAN, evidence=Evidence.GUARDIANSHIP)
MANDATE = replace(
    PARENT,
    subject_born=(1944, None, None),
    relation=Relation.MANDATE,
    evidence=Evidence.MANDATE,
    until=date(2027, 10, 5),
)


@pytest.mark.parametrize(
    ("asked", "end"),
    [
        (PARENT, date(2036, 3, 9)),
        (replace(PARENT, until=date(2030, 1, 1)), date(2030, 1, 1)),
        (replace(PARENT, subject_born=(2018, None, None)), date(2036, 1, 1)),
        (replace(PARENT, subject_born=(2020, 2, 29)), date(2038, 3, 1)),
        (replace(GUARDIAN, subject_born=(1950, 1, 1)), None),
        (replace(GUARDIAN, subject_born=(None, None, None)), None),
        (MANDATE, date(2027, 10, 5)),
    ],
)
def test_a_proxy_ends_with_childhood_or_with_its_paper(asked: Asked, end: date | None) -> None:
    assert end_of(asked) == end


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (replace(PARENT, proxy_id=CHILD), errors.ProxyOfOneself),
        (replace(PARENT, held=frozenset({CHILD})), errors.ProxyCircle),
        (replace(PARENT, subject_born=(None, None, None)), errors.BirthUnknown),
        (replace(PARENT, subject_born=(2000, 1, 1)), errors.SubjectAdult),
        (replace(PARENT, subject_born=(2008, 10, 5)), errors.SubjectAdult),
        (replace(PARENT, proxy_born=(2018, 1, 1)), errors.ProxyTooYoung),
        (replace(GUARDIAN, proxy_born=(2010, 1, 1)), errors.ProxyTooYoung),
        (replace(MANDATE, subject_born=(2018, 3, 9)), errors.SubjectMinor),
        (replace(PARENT, evidence=Evidence.MANDATE), errors.EvidenceWrong),
        (replace(GUARDIAN, evidence=Evidence.BIRTH_CERTIFICATE), errors.EvidenceWrong),
        (replace(PARENT, evidence_number=" "), errors.EvidenceNumberMissing),
        (replace(PARENT, relation=None), errors.RelationMissing),
        (replace(PARENT, until=TODAY), errors.PeriodWrong),
        (replace(MANDATE, until=None), errors.PeriodWrong),
        (replace(MANDATE, until=date(2031, 10, 6)), errors.PeriodWrong),
    ],
)
def test_what_is_no_proxy_is_refused_in_its_own_words(asked: Asked, error: type[YmachError]) -> None:
    with pytest.raises(error) as raised:
        end_of(asked)
    assert raised.value.field


@given(st.dates(date(1990, 1, 1), date(2020, 1, 1)), st.integers(0, 9000))
def test_a_child_is_asked_from_seven_and_free_at_eighteen(born: date, days: int) -> None:
    on = born + timedelta(days=days)
    parts = (born.year, born.month, born.day)
    seven, grown = birthday(parts, 7), birthday(parts, 18)
    assert seven is not None
    assert grown is not None
    assert is_asked(parts, on) == (seven <= on < grown)
    assert is_child(parts, on) == (on < grown)


@pytest.mark.django_db
class TestKept:
    def test_a_parent_acts_until_the_eighteenth_birthday_and_not_a_day_longer(self) -> None:
        child, mother = make_person("Trần An", born=(2018, 3, 9)), make_person()
        made = make_proxy(child, mother)
        assert [one.id for one in acting_for(mother.citizen_id, on=date(2036, 3, 8))] == [made.id]
        assert proxies_of(child.citizen_id, on=date(2036, 3, 9)) == []
        assert made.compartments == {"hiv"}

    def test_both_find_it_in_their_journal_without_a_number(self) -> None:
        child, mother = make_person("Trần An", born=(2018, 3, 9)), make_person()
        make_proxy(child, mother)
        events = AuditEvent.objects.filter(action="proxy:appointed")
        assert {one.citizen_id for one in events} == {child.citizen_id, mother.citizen_id}

    def test_an_ended_proxy_acts_for_nobody(self) -> None:
        child, mother = make_person("Trần An", born=(2018, 3, 9)), make_person()
        made = make_proxy(child, mother)
        asked: dict[str, Any] = {"subject_id": child.citizen_id, "proxy_row_id": made.id, "reason": "Hết giám hộ"}
        actions.end(**asked, by=account_of(mother), at=AT)
        assert acting_for(mother.citizen_id, on=TODAY) == []
        with pytest.raises(errors.ProxyEnded):
            actions.end(**asked, by=BY, at=AT)

    def test_a_stranger_ends_no_proxy(self) -> None:
        child, mother = make_person("Trần An", born=(2018, 3, 9)), make_person()
        made = make_proxy(child, mother)
        asked: dict[str, Any] = {"subject_id": child.citizen_id, "proxy_row_id": made.id, "reason": "x"}
        for stranger in (account_of(make_person("Hồ Văn Ba")), clerk_of(make_facility())):
            with pytest.raises(NotAllowed):
                actions.end(**asked, by=stranger, at=AT)

    def test_who_is_acted_for_does_not_act_in_return(self) -> None:
        old, son, nurse = (
            make_person(name, born=(year,)) for name, year in (("A B", 1940), ("C D", 1965), ("E F", 1980))
        )
        mandate = {"evidence": Evidence.MANDATE, "until": date(2027, 1, 1)}
        make_proxy(old, son, Relation.MANDATE, **mandate)
        make_proxy(son, nurse, Relation.MANDATE, **mandate)
        with pytest.raises(errors.ProxyCircle):
            make_proxy(nurse, old, Relation.MANDATE, **mandate)

    def test_nobody_acts_twice_or_for_nobody(self) -> None:
        child, mother = make_person("Trần An", born=(2018, 3, 9)), make_person()
        make_proxy(child, mother)
        with pytest.raises(errors.AlreadyProxy):
            make_proxy(child, mother)
        with pytest.raises(errors.SubjectMissing):
            actions.appoint(
                subject_id=None,
                proxy_id=mother.citizen_id,
                relation=Relation.GUARDIAN,
                evidence=Evidence.GUARDIANSHIP,
                evidence_number="1",
                by=BY,
                at=AT,
            )

    def test_a_proxy_acts_under_every_identity_of_both(self) -> None:
        child, again, mother = make_person("Trần An", born=(2018, 3, 9)), make_person("Trần An"), make_person()
        made = make_proxy(child, mother)
        link(again.citizen_id, child.citizen_id, evidence=SAID, reason="một người", by=BY, at=AT)
        assert [one.id for one in proxies_of(again.citizen_id, on=TODAY)] == [made.id]
        with pytest.raises(errors.ProxyOfOneself):
            make_proxy(child, again)

    def test_only_a_desk_with_the_word_appoints(self) -> None:
        child, mother = make_person("Trần An", born=(2018, 3, 9)), make_person()
        with pytest.raises(NotAllowed):
            make_proxy(child, mother, by=account_of(mother))
        here = make_facility()
        assert make_proxy(child, mother, by=clerk_of(here), facility=here).proxy_id == mother.citizen_id

    def test_the_scan_is_kept_sealed(self) -> None:
        child, mother = make_person("Trần An", born=(2018, 3, 9)), make_person()
        made, scan = make_proxy(child, mother, paper=pdf()), pdf()
        assert made.paper_id
        kept = bytes(Paper.objects.get(citizen_id=child.citizen_id, id=made.paper_id).content)
        assert b"%PDF" not in kept
        assert open_paper(citizen_id=child.citizen_id, paper_id=made.paper_id)[1] == scan

    def test_the_running_role_cannot_rewrite_a_proxy(self) -> None:
        from django.db import ProgrammingError, transaction

        make_proxy(make_person("Trần An", born=(2018, 3, 9)), make_person())
        with pytest.raises(ProgrammingError), transaction.atomic():
            ProxyRow.objects.update(until=datetime(2050, 1, 1, tzinfo=UTC).date())
