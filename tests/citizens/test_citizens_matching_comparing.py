"""New identities are compared with those known: linked, asked about once, or left apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from tests.support.factories import make_facility

from ymach.audit.models import AuditEvent
from ymach.audit.queries import readings_of
from ymach.base.actors import command
from ymach.citizens.actions import settle
from ymach.citizens.identify import Claim
from ymach.citizens.links import actions as links
from ymach.citizens.links.errors import LinkNotFound
from ymach.citizens.links.evidence import Evidence, Kind
from ymach.citizens.links.models import Link
from ymach.citizens.links.queries import are_joined
from ymach.citizens.matching.actions import Answer, compare_everybody, compare_new, decide, look, set_limits, take_apart
from ymach.citizens.matching.errors import LimitsRefused, PairDecided, PairNotFound, PairNotLinked, WhyMissing
from ymach.citizens.matching.models import Pair, State
from ymach.citizens.matching.queries import limits_on, waiting
from ymach.citizens.matching.rules import Limits
from ymach.citizens.models import Citizen
from ymach.citizens.queries import ask_identities
from ymach.clinical.person import PartialDate
from ymach.synth.fixed import PROVINCE
from ymach.synth.identities.twice_known import know_twice

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BY = command("test")
HERE, THERE = UUID(int=1), UUID(int=2)


def meet(name: str = "Nguyễn Thị Hòa", **stated: object) -> UUID:
    """The identity that a facility's statement makes."""
    given: dict[str, object] = {
        "birth": PartialDate(1985, 5, 17),
        "sex": "2",
        "personal_number": None,
        "insurance_card": None,
        "facility_id": HERE,
        "patient_code": f"P{Citizen.objects.count()}",
        "dossier_code": "D1",
        "province_code": "01",
        "commune_code": "00070",
    }
    claim = Claim(full_name=name, **{**given, **stated})  # type: ignore[arg-type]
    return settle(ask_identities([claim])(), at=AT)[0]


def test_a_provisional_identity_is_linked_with_the_known_person_of_name_birthday_phone_and_place() -> None:
    known = meet(personal_number="001185012345", phone="0912345678")
    new = meet("NGUYEN THI HOA", facility_id=THERE, phone="+84 912 345 678")
    assert compare_new(at=AT) == {"compared": 2, "linked": 1, "to ask": 0}
    assert are_joined(known, new)
    assert Pair.objects.get().state == State.LINKED
    assert AuditEvent.objects.filter(action="identity:linked").count() == 2


def test_who_was_compared_is_not_compared_again() -> None:
    meet()
    assert compare_new(at=AT)["compared"] == 1
    assert compare_new(at=AT)["compared"] == 0


def pair_to_ask() -> Pair:
    meet(personal_number="001185012345", phone="0912345678")
    meet(facility_id=THERE, personal_number="001185999999", phone="0912345678")
    assert compare_new(at=AT)["to ask"] == 1
    return Pair.objects.get()


def test_two_numbers_are_never_linked_without_a_person() -> None:
    pair = pair_to_ask()
    assert (pair.state, pair.vetoes) == (State.OPEN, ["two-numbers"])
    assert not are_joined(pair.citizen_id, pair.other_id)


@pytest.mark.parametrize(("answer", "joined"), [(Answer.SAME, True), (Answer.DIFFERENT, False)])
def test_a_decision_is_remembered_and_not_asked_for_again(answer: Answer, joined: bool) -> None:
    pair = pair_to_ask()
    decide(pair.other_id, pair.citizen_id, answer=answer, reason="đã gọi điện", by=BY, at=AT)
    Citizen.objects.update(compared_at=None)
    compare_new(at=AT)
    assert Pair.objects.get().state == answer.value
    assert are_joined(pair.citizen_id, pair.other_id) is joined
    with pytest.raises(PairDecided):
        decide(pair.citizen_id, pair.other_id, answer=Answer.SAME, reason="x", by=BY, at=AT)


def test_what_is_not_known_yet_is_asked_again_in_a_week() -> None:
    pair = pair_to_ask()
    decide(pair.citizen_id, pair.other_id, answer=Answer.LATER, reason="", by=BY, at=AT)
    assert waiting(BY, on=date(2026, 11, 28)) == []
    assert waiting(BY, on=date(2026, 11, 29)) == [pair]


def test_a_decision_needs_a_reason_and_a_pair() -> None:
    pair = pair_to_ask()
    with pytest.raises(WhyMissing):
        decide(pair.citizen_id, pair.other_id, answer=Answer.SAME, reason=" ", by=BY, at=AT)
    with pytest.raises(PairNotFound):
        decide(pair.citizen_id, HERE, answer=Answer.SAME, reason="x", by=BY, at=AT)


def test_who_was_told_apart_from_one_is_not_linked_with_another_of_the_same_person_by_a_machine() -> None:
    pair = pair_to_ask()
    decide(pair.citizen_id, pair.other_id, answer=Answer.DIFFERENT, reason="hai người", by=BY, at=AT)
    meet(facility_id=UUID(int=3), phone="0912345678")
    done = compare_new(at=AT)
    assert done == {"compared": 1, "linked": 1, "to ask": 1}
    assert Pair.objects.get(state=State.OPEN).vetoes == ["told-apart", "two-numbers"]


def test_two_people_with_one_number_are_asked_about() -> None:
    meet(personal_number="001185012345")
    meet("Trần Văn Bình", personal_number="001185012345", birth=PartialDate(1970, 1, 2), phone="0912345678", sex="1")
    compare_new(at=AT)
    assert "contested-number" in Pair.objects.get(state=State.OPEN).vetoes


def test_the_demonstration_has_pairs_that_wait() -> None:
    make_facility("99002", province_code=PROVINCE)
    for place, name in enumerate(("Lê Thị Mai", "Trần Văn Hùng", "Võ Ngọc Anh", "Hồ Thị Lan", "Cao Bá Quát")):
        stated = {"personal_number": f"0401851234{place:02d}", "birth": PartialDate(1985, 5, 10 + place)}
        meet(name, province_code=PROVINCE, commune_code="16681", sex="1", **stated)
    assert know_twice(at=AT) == 4
    assert Pair.objects.filter(state=State.LINKED).count() == 1


def test_a_link_of_a_machine_is_taken_apart_and_not_made_again() -> None:
    known = meet(personal_number="001185012345", phone="0912345678")
    new = meet(facility_id=THERE, phone="0912345678")
    compare_new(at=AT)
    take_apart(new, known, reason="hai người, đã gặp cả hai", by=BY, at=AT)
    assert not are_joined(known, new)
    assert dict(compare_everybody(at=AT)) == {"linked": 0, "to ask": 0, "weighed again": 0}
    assert Pair.objects.get().state == State.DIFFERENT
    with pytest.raises(PairNotLinked):
        take_apart(new, known, reason="lần nữa", by=BY, at=AT)


def test_weighing_everybody_anew_renews_what_is_open_and_makes_nothing_twice() -> None:
    pair = pair_to_ask()
    Pair.objects.update(weight=1, weights_version="old")
    assert dict(compare_everybody(at=AT)) == {"linked": 0, "to ask": 0, "weighed again": 1}
    renewed = Pair.objects.get()
    assert (renewed.weight, renewed.weights_version) == (pair.weight, pair.weights_version)


def test_thresholds_begin_on_a_coming_day_and_the_old_ones_stay() -> None:
    wanted = Limits(date(2026, 12, 1), Decimal(14), Decimal(0))
    set_limits(wanted, decision="15/QĐ-BYT", by=BY, at=AT)
    assert limits_on(date(2026, 11, 30)).automatic == 11
    assert limits_on(date(2026, 12, 1)) == wanted
    for refused in (wanted, replace(wanted, starts_on=date(2026, 11, 22)), replace(wanted, automatic=Decimal(-1))):
        with pytest.raises(LimitsRefused):
            set_limits(refused, decision="16/QĐ-BYT", by=BY, at=AT)


def test_two_who_are_joined_by_way_of_a_third_make_no_ring_when_they_are_answered() -> None:
    pair = pair_to_ask()
    third = meet("Người Thứ Ba", birth=None, patient_code="P9", facility_id=UUID(int=9))
    for one in (pair.citizen_id, pair.other_id):
        links.link(one, third, evidence=Evidence(Kind.RELATIVE, "mẹ"), reason="người nhà nhận", by=BY, at=AT)
    decide(pair.citizen_id, pair.other_id, answer=Answer.SAME, reason="người nhà nhận", by=BY, at=AT)
    assert Link.objects.count() == 2
    with pytest.raises(LinkNotFound):
        take_apart(pair.citizen_id, pair.other_id, reason="x", by=BY, at=AT)


def test_a_look_is_a_reading_that_both_persons_can_see() -> None:
    pair = pair_to_ask()
    look(pair.other_id, pair.citizen_id, by=BY, at=AT)
    for person in (pair.citizen_id, pair.other_id):
        assert [one.action for one in readings_of([person])] == ["identity-pair:opened"]
