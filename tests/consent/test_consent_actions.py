"""Consents given, signed by a child too, withdrawn: and what the next reading says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction
from tests.support.factories import make_facility
from tests.support.people import (
    AT,
    account_of,
    by_vneid,
    clerk_of,
    make_person,
    make_proxy,
    on_paper,
    terms_for,
)

from ymach.audit.models import AuditEvent
from ymach.base.errors import NotAllowed, YmachError
from ymach.base.ids import new_id
from ymach.citizens.models import Citizen
from ymach.citizens.proxies.queries import proxies_of
from ymach.citizens.proxies.rules import Evidence, Relation
from ymach.citizens.requests.errors import AskedAlready
from ymach.citizens.requests.models import Restricted
from ymach.consent import errors
from ymach.consent.actions import Proof, give, sign_as_child, signer_of, withdraw
from ymach.consent.denials import deny_consent, deny_proxy
from ymach.consent.models import Channel, Consent
from ymach.consent.queries import ask_consents, ask_restrictions, standings_of
from ymach.consent.receipts import check_receipt, receipt_of
from ymach.consent.rules import Capacity, Decision, Facts, Purpose, Question, decide
from ymach.consent.texts import texts
from ymach.facilities.models import Facility
from ymach.notices.models import Notice
from ymach.trust.errors import ReceiptRefused
from ymach.trust.platform import PlatformKey, jwks

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=1)


@pytest.fixture
def person() -> Citizen:
    return make_person()


@pytest.fixture
def here() -> Facility:
    return make_facility()


def reading(person: Citizen, facility: Facility, at: Any = LATER) -> Decision:
    question = Question(at, Purpose.TREATMENT, frozenset({person.citizen_id}), reader_facility_id=facility.id)
    return decide(question, Facts(consents=tuple(ask_consents([person.citizen_id], at=at)())))


def given_alone(person: Citizen, facility: Facility) -> Consent:
    terms = terms_for(person, facility.id)
    return give(terms=terms, giver_id=person.citizen_id, proof=by_vneid(terms), by=account_of(person), at=AT)


def test_a_consent_opens_the_next_reading(person: Citizen, here: Facility) -> None:
    row = given_alone(person, here)
    decision = reading(person, here)
    assert (decision.basis, decision.reference) == ("consent", f"consent:{row.id}")
    assert not reading(person, make_facility("01002")).allowed


def test_a_withdrawal_closes_the_very_next_reading(person: Citizen, here: Facility) -> None:
    row = given_alone(person, here)
    key = {"citizen_id": person.citizen_id, "consent_id": row.id}
    withdraw(**key, withdrawn_by_id=person.citizen_id, by=account_of(person), at=LATER)
    assert reading(person, here).code == "YM-CONSENT-WITHDRAWN"
    with pytest.raises(errors.WithdrawnAlready):
        withdraw(**key, withdrawn_by_id=person.citizen_id, by=account_of(person), at=LATER)


def test_the_recipient_is_told_of_a_withdrawal_and_not_whose(person: Citizen, here: Facility) -> None:
    row = given_alone(person, here)
    key = {"citizen_id": person.citizen_id, "consent_id": row.id}
    withdraw(**key, withdrawn_by_id=person.citizen_id, by=account_of(person), at=LATER, reason="Đổi ý")
    told = AuditEvent.objects.get(facility_id=here.id, action="consent:withdrawn")
    assert (told.actor, told.citizen_id, told.detail) == ("citizen", None, {"purpose": "treatment"})
    assert person.full_name not in Notice.objects.get(facility_id=here.id).vi


def test_a_desk_records_a_paper_and_who_signed(person: Citizen, here: Facility) -> None:
    row = give(
        terms=terms_for(person, here.id),
        giver_id=person.citizen_id,
        proof=on_paper(),
        by=clerk_of(here),
        at=AT,
        facility=here,
    )
    assert (row.channel, signer_of(row)) == (Channel.DESK_PAPER, "Lê Thị Mai")
    assert b"Mai" not in bytes(row.signer)
    event = AuditEvent.objects.get(facility_id=here.id, action="consent:given")
    assert event.citizen_id == person.citizen_id


def family() -> tuple[Citizen, Citizen]:
    child, mother = make_person("Trần An", born=(2018, 3, 9)), make_person("Lê Thị Mai")
    make_proxy(child, mother)
    return child, mother


def given_by_mother(child: Citizen, mother: Citizen, here: Facility, **more: Any) -> Consent:
    terms = terms_for(child, here.id, capacity=Capacity.PARENT)
    desk = {"by": clerk_of(here), "facility": here, "at": AT, **more}
    return give(terms=terms, giver_id=mother.citizen_id, proof=on_paper(), **desk)


def test_a_childs_consent_waits_for_the_child(here: Facility) -> None:
    child, mother = family()
    row = given_by_mother(child, mother, here)
    assert reading(child, here).code == "YM-CONSENT-WAITING"
    signed = Proof(Channel.VNEID, "Trần An", transaction="a.b.c", digest=row.digest)
    sign_as_child(citizen_id=child.citizen_id, consent_id=row.id, proof=signed, by=account_of(child), at=AT)
    assert reading(child, here).allowed
    with pytest.raises(errors.NotWaiting):
        sign_as_child(citizen_id=child.citizen_id, consent_id=row.id, proof=signed, by=account_of(child), at=AT)


def test_both_may_sign_one_paper(here: Facility) -> None:
    child, mother = family()
    given_by_mother(child, mother, here, child_signed=True)
    assert reading(child, here).allowed


def test_a_child_may_say_no(here: Facility) -> None:
    child, mother = family()
    row = given_by_mother(child, mother, here)
    key = {"citizen_id": child.citizen_id, "consent_id": row.id}
    withdraw(**key, withdrawn_by_id=child.citizen_id, by=account_of(child), at=AT)
    with pytest.raises(errors.NotWaiting):
        sign_as_child(**key, proof=on_paper("Trần An"), by=clerk_of(here), at=LATER, facility=here)


def test_a_childs_consent_ends_with_childhood(here: Facility) -> None:
    child, mother = make_person("Trần Bé", born=(2024, 3, 9)), make_person()
    make_proxy(child, mother)
    row = given_by_mother(child, mother, here)
    assert not row.needs_child
    assert row.until is not None
    assert row.until.isoformat() == "2042-03-08T17:00:00+00:00"


def test_two_parents_who_disagree_share_nothing(here: Facility) -> None:
    child, mother = family()
    father = make_person("Trần Văn Bình", born=(1988, 1, 1))
    make_proxy(child, father)
    row = given_by_mother(child, mother, here, child_signed=True)
    withdraw(
        citizen_id=child.citizen_id,
        consent_id=row.id,
        withdrawn_by_id=father.citizen_id,
        by=account_of(father),
        at=LATER,
    )
    with pytest.raises(errors.GuardiansDisagree):
        given_by_mother(child, mother, here, at=LATER)
    terms = terms_for(child, here.id, capacity=Capacity.PARENT)
    again = {"terms": terms, "proof": by_vneid(terms), "at": LATER}
    assert give(giver_id=father.citizen_id, by=account_of(father), **again).needs_child


ELSEWHERE = UUID(int=9)
REFUSED: dict[str, tuple[dict[str, Any], type[YmachError]]] = {
    "nobody": ({"subject_id": UUID(int=5)}, errors.ConsentForNobody),
    "an unknown purpose": ({"purpose": "marketing"}, errors.PurposeUnknown),
    "an inspection": ({"purpose": "inspection"}, errors.PurposeUnknown),
    "no recipient": ({"facilities": frozenset()}, errors.RecipientMissing),
    "no kind": ({"kinds": frozenset()}, errors.KindUnknown),
    "an unknown kind": ({"kinds": frozenset({"genome"})}, errors.KindUnknown),
    "an unknown compartment": ({"compartments": frozenset({"x"})}, errors.CompartmentNotOwn),
    "an end before now": ({"until": AT}, errors.PeriodWrong),
    "an end in ten years": ({"until": AT + timedelta(days=3660)}, errors.PeriodWrong),
    "a beginning yesterday": ({"since": AT - timedelta(days=1)}, errors.BeginsTooLate),
    "a beginning in two years": ({"since": AT + timedelta(days=731)}, errors.BeginsTooLate),
    "an outdated text": ({"text_version": "treatment-2025-1"}, errors.TextOutdated),
    "another purpose's text": ({"text_version": "research-2026-1"}, errors.TextOutdated),
    "a parent of nobody": ({"capacity": Capacity.PARENT}, errors.NotGivenByOneself),
}


@pytest.mark.parametrize(("changes", "error"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_no_consent_is_refused(
    person: Citizen, here: Facility, changes: dict[str, Any], error: type[YmachError]
) -> None:
    terms = replace(terms_for(person, here.id), **changes)
    with pytest.raises(error):
        give(terms=terms, giver_id=person.citizen_id, proof=by_vneid(terms), by=account_of(person), at=AT)
    assert not Consent.objects.exists()


def test_a_child_gives_no_consent_alone(here: Facility) -> None:
    child = make_person("Trần An", born=(2010, 3, 9))
    with pytest.raises(errors.ChildAlone):
        given_alone(child, here)


def test_a_signature_of_something_else_is_none(person: Citizen, here: Facility) -> None:
    terms = terms_for(person, here.id)
    other = by_vneid(replace(terms, purpose="research"))
    for proof, error in (
        (other, errors.SignatureOfSomethingElse),
        (Proof(Channel.VNEID, "Mai"), errors.SignatureMissing),
        (replace(by_vneid(terms), signer=" "), errors.SignerMissing),
    ):
        with pytest.raises(error):
            give(terms=terms, giver_id=person.citizen_id, proof=proof, by=account_of(person), at=AT)


def test_nobody_gives_or_withdraws_for_somebody_else(person: Citizen, here: Facility) -> None:
    row, stranger = given_alone(person, here), make_person("Hồ Văn Ba")
    terms = terms_for(person, here.id)
    key = {"citizen_id": person.citizen_id, "consent_id": row.id}
    with pytest.raises(NotAllowed):
        give(terms=terms, giver_id=person.citizen_id, proof=by_vneid(terms), by=account_of(stranger), at=AT)
    with pytest.raises(errors.NotGivenByOneself):
        withdraw(**key, withdrawn_by_id=stranger.citizen_id, by=account_of(stranger), at=LATER)
    with pytest.raises(NotAllowed):
        withdraw(**key, withdrawn_by_id=person.citizen_id, by=clerk_of(make_facility("01002")), at=LATER, facility=here)
    with pytest.raises(errors.ConsentNotFound):
        withdraw(
            citizen_id=person.citizen_id,
            consent_id=new_id(),
            withdrawn_by_id=person.citizen_id,
            by=account_of(person),
            at=LATER,
        )


def test_the_same_consent_is_not_given_twice(person: Citizen, here: Facility) -> None:
    given_alone(person, here)
    with pytest.raises(errors.AlreadyGiven):
        given_alone(person, here)


def test_nothing_that_was_said_is_rewritten(person: Citizen, here: Facility) -> None:
    given_alone(person, here)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Consent.objects.update(purpose="research")


def test_what_a_person_restricts_is_a_fact_of_the_next_decision(person: Citizen, here: Facility) -> None:
    given_alone(person, here)
    Restricted.objects.create(
        citizen_id=person.citizen_id, request_id=new_id(), since=AT, purposes=["treatment", "a word of later"]
    )
    facts = Facts(
        consents=tuple(ask_consents([person.citizen_id], at=LATER)()),
        restrictions=tuple(ask_restrictions([person.citizen_id], at=LATER)()),
    )
    question = Question(LATER, Purpose.TREATMENT, frozenset({person.citizen_id}), reader_facility_id=here.id)
    assert decide(question, facts).code == "YM-CONSENT-RESTRICTED"


def test_a_receipt_proves_the_consent(person: Citizen, here: Facility) -> None:
    row, key = given_alone(person, here), PlatformKey.create()
    token = receipt_of(row, issuer="https://ymach.example", key=key)
    claims, kept = check_receipt(token, jwks(key))
    assert kept == row
    assert claims["digest"]["value"] == row.digest
    assert person.full_name not in str(claims)
    with pytest.raises(ReceiptRefused):
        check_receipt(token[:-4] + "AAAA", jwks(key))


def test_a_consent_of_later_is_not_known_before(person: Citizen, here: Facility) -> None:
    given_alone(person, here)
    assert ask_consents([person.citizen_id], at=AT - timedelta(seconds=1))() == []
    assert [one.why for one in standings_of([person.citizen_id], at=LATER)] == [None]


def test_every_text_says_what_the_law_wants_said() -> None:
    for one in texts().values():
        for place in ("{person}", "{recipients}", "{kinds}", "{until}", "{controller}", "{officer}"):
            assert place in one.words.vi
            assert place in one.words.en
        assert "nhạy cảm" in one.words.vi
        assert "rút lại lúc nào cũng được" in one.words.vi


def test_a_consent_that_a_desk_made_up_is_without_force_at_one_word_and_the_department_hears(
    person: Citizen, here: Facility
) -> None:
    row = give(
        terms=terms_for(person, here.id),
        giver_id=person.citizen_id,
        proof=on_paper(),
        by=clerk_of(here),
        at=AT,
        facility=here,
    )
    assert reading(person, here).allowed
    key = {"citizen_id": person.citizen_id, "consent_id": row.id}
    case = deny_consent(**key, denied_by_id=person.citizen_id, by=account_of(person), at=LATER)
    assert reading(person, here).code == "YM-CONSENT-WITHDRAWN"
    assert (case.kind, case.about, case.facility_id) == ("unsigned", f"consent:{row.id}", None)
    assert case.province_code == here.province_code
    assert Notice.objects.filter(facility_id=here.id, vi__contains="báo không ký").exists()
    with pytest.raises(AskedAlready):
        deny_consent(**key, denied_by_id=person.citizen_id, by=account_of(person), at=LATER)


def test_what_vneid_confirmed_is_not_denied_but_withdrawn(person: Citizen, here: Facility) -> None:
    row = given_alone(person, here)
    with pytest.raises(errors.SignedByOneself):
        deny_consent(
            citizen_id=row.citizen_id, consent_id=row.id, denied_by_id=row.giver_id, by=account_of(person), at=LATER
        )


def test_a_mandate_that_was_never_given_ends_with_all_it_consented_to(person: Citizen, here: Facility) -> None:
    other = make_person("Hồ Văn Ba")
    mandate = {"evidence": Evidence.MANDATE, "until": date(2027, 1, 1)}
    made = make_proxy(person, other, Relation.MANDATE, **mandate, facility=here)
    terms = terms_for(person, here.id, capacity=Capacity.MANDATE)
    give(terms=terms, giver_id=other.citizen_id, proof=on_paper(), by=clerk_of(here), at=AT, facility=here)
    key = {"citizen_id": person.citizen_id, "proxy_row_id": made.id}
    with pytest.raises(NotAllowed):
        deny_proxy(**key, by=account_of(other), at=LATER)
    assert deny_proxy(**key, by=account_of(person), at=LATER).about == f"proxy:{made.id}"
    assert proxies_of(person.citizen_id, on=AT.date()) == []
    assert reading(person, here).code == "YM-CONSENT-WITHDRAWN"
