"""Second ways to a person's records: narrowed consents, wristbands as bridges, earlier versions, papers nobody was told of."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests.support.factories import make_facility
from tests.support.hostile import with_values
from tests.support.intake import AT, Desk, example, open_desk
from tests.support.patients import doctor, make_patient, make_record, make_referral
from tests.support.people import account_of, by_vneid, clerk_of, make_person, make_proxy, on_paper, terms_for
from tests.support.profiles import reader

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.audit.queries import readings_of
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.base.errors import NotAllowed
from ymach.base.ids import new_id
from ymach.citizens.keeping import blind_key
from ymach.citizens.links import actions as links
from ymach.citizens.links.errors import TwoPersons
from ymach.citizens.links.evidence import Evidence
from ymach.citizens.links.evidence import Kind as Shows
from ymach.citizens.links.queries import identities_of
from ymach.citizens.models import Citizen, Identifier
from ymach.citizens.provisional.actions import give as give_band
from ymach.citizens.provisional.details import Details, Kind
from ymach.citizens.provisional.linking import confirm
from ymach.citizens.provisional.queries import Band
from ymach.citizens.provisional.shown import read_shown
from ymach.citizens.proxies.rules import Evidence as Paper
from ymach.citizens.proxies.rules import Relation
from ymach.consent import actions
from ymach.consent.actions import withdraw
from ymach.consent.models import Consent
from ymach.consent.rules import Purpose
from ymach.consent.terms import Terms
from ymach.exchange.models import Record
from ymach.exchange.reading import gate
from ymach.exchange.reading.dossiers import Whose, read_dossier
from ymach.exchange.reading.emergencies import Terms as Hours
from ymach.exchange.reading.emergencies import open_emergency, what_was_read
from ymach.exchange.reading.errors import ReadingRefused
from ymach.facilities.models import Facility
from ymach.notices.models import Letter, Notice

pytestmark = pytest.mark.django_db
GIVEN = datetime(2026, 10, 5, 2, tzinfo=UTC)
MANDATE: dict[str, Any] = {"evidence": Paper.MANDATE, "until": date(2027, 1, 1)}
OURS, THEIRS = "001085012345", "079090054321"


@pytest.fixture(scope="module")
def _opened_here(_kept_rows: None) -> Facility:
    return make_facility("01001")


@pytest.fixture
def here(_opened_here: Facility) -> Facility:
    return deepcopy(_opened_here)


@pytest.fixture(scope="module")
def _opened_sender(_kept_rows: None) -> Desk:
    return open_desk()


@pytest.fixture
def sender(_opened_sender: Desk) -> Desk:
    return deepcopy(_opened_sender)


def give(terms: Terms, person: Citizen, here: Facility) -> Consent:
    """Signed on paper at the desk of `here`."""
    return actions.give(terms=terms, giver_id=person.pk, proof=on_paper(), by=clerk_of(here), at=GIVEN, facility=here)


def band(here: Facility) -> Band:
    details = Details(sex="1", age=40)
    return give_band(kind=Kind.UNKNOWN, details=details, facility=here, form=new_id(), by=clerk_of(here), at=AT)


def said_to_be(one: Band, number: str, here: Facility) -> None:
    typed = {"number": number, "full_name": "Lê Văn An", "birth": "17/05/1985", "reference": "Vợ"}
    shown = read_shown(Shows.RELATIVE, typed, on=date(2026, 11, 22))
    confirm(one, shown, reason="Người nhà nhận", by=clerk_of(here), at=AT)


def test_no_wristband_joins_somebody_known_by_insurance_alone_with_another(here: Facility) -> None:
    mine, victim = make_patient("Lê Văn An", born=date(1985, 5, 17), number=OURS), make_person("Trần Thị Bé")
    value = blind_key(("insurance-number", "0123456789"))[1]
    Identifier.objects.create(kind="insurance-number", value=value, citizen_id=victim.pk, since=AT)
    bridge = band(here)
    said_to_be(bridge, OURS, here)
    typed = {"number": "0123456789", "full_name": "Trần Thị Bé", "birth": "01/05/1990"}
    shown = read_shown(Shows.INSURANCE_CARD, typed, on=date(2026, 11, 22))
    with pytest.raises(TwoPersons):
        confirm(bridge, shown, reason="Thẻ", by=clerk_of(here), at=AT)
    assert victim.pk not in identities_of([mine])


def test_a_consent_for_visits_opens_no_dossier_with_a_prescription_in_it(sender: Desk, here: Facility) -> None:
    sender.send_one(sender.sign(example("01-outpatient.xml")))
    visit = Record.objects.get(kind="visit")
    assert Record.objects.filter(kind="prescription", citizen_id=visit.citizen_id).exists()
    person, since = Citizen.objects.get(pk=visit.citizen_id), now() - timedelta(hours=1)
    terms = terms_for(person, here.id, since=since, kinds=frozenset({"visit"}))
    actions.give(terms=terms, giver_id=person.pk, proof=by_vneid(terms), by=account_of(person), at=since)
    client = reader(Role.FACILITY, "bac-si", facility_id=here.pk)
    birth = f"{person.birth_day:02d}/{person.birth_month:02d}/{person.birth_year}"
    page = client.post("/patients", {"full_name": person.full_name, "birth": birth})["Location"]
    assert client.get(page).status_code == 200
    assert client.get(f"{page}/records/{visit.id}").status_code == 404


def test_no_wristband_makes_one_person_of_two_who_have_a_number_each(here: Facility) -> None:
    mine, victim = (make_patient("Lê Văn An", born=date(1985, 5, 17), number=one) for one in (OURS, THEIRS))
    bridge, other = band(here), band(here)
    said_to_be(bridge, OURS, here)
    with pytest.raises(TwoPersons):
        said_to_be(bridge, THEIRS, here)
    said_to_be(other, THEIRS, here)
    shown = read_shown(Shows.WRISTBAND, {"scan": other.code}, on=date(2026, 11, 22))
    with pytest.raises(TwoPersons):
        confirm(bridge, shown, reason="Cùng một người", by=clerk_of(here), at=AT)
    assert victim not in identities_of([mine])


def test_an_earlier_restricted_version_is_not_told_by_its_differences(sender: Desk) -> None:
    sender.send_one(sender.sign(with_values({"MA_BENH_CHINH": "B20"})))
    answer = sender.send_one(sender.sign(example("01-outpatient.xml")), at=AT + timedelta(minutes=5))
    long_ago = now() - timedelta(days=200)
    assert Record.objects.update(happened_at=long_ago, ended_at=long_ago)
    nurse = reader(Role.FACILITY, "dieu-duong", facility_id=sender.facility.pk)
    page = dossier_page(nurse, answer.body["id"])
    assert "B20" not in page


def dossier_page(client: Client, submission: UUID) -> str:
    answer = client.get(f"/submissions/{submission}/dossiers/0")
    assert answer.status_code == 200
    return answer.content.decode()


def account(citizen_id: UUID, name: str) -> User:
    user = create_user(username=name, full_name=name, password=None, by=SYSTEM, at=GIVEN, email=f"{name}@nha.test")
    grant_role(user=user, role=Role.CITIZEN, citizen_id=citizen_id, by=SYSTEM, at=GIVEN - timedelta(days=1))
    return user


def test_a_desk_is_not_told_where_a_person_was_treated(here: Facility) -> None:
    person, there = make_patient(number=OURS), make_facility("79001", province_code="79", name="Bệnh viện Kín Đáo")
    make_record(person, there)
    clerk = reader(Role.FACILITY, "le-tan", facility_id=here.pk)
    page = clerk.post("/consents", {"number": OURS, "full_name": "Đặng Thị Ngọc Lan"})["Location"]
    assert "Kín Đáo" not in clerk.get(f"{page}/new").content.decode()


def test_what_a_desk_records_in_somebodys_name_they_are_told(here: Facility) -> None:
    person, carer, clerk = make_person(), make_person("Lê Văn Tư"), clerk_of(here)
    user = account(person.pk, "mai")
    row = give(terms_for(person, here.id), person, here)
    withdraw(citizen_id=person.pk, consent_id=row.id, withdrawn_by_id=person.pk, by=clerk, at=GIVEN, facility=here)
    make_proxy(person, carer, Relation.MANDATE, **MANDATE, facility=here, by=clerk)
    told = [one.vi for one in Notice.objects.filter(user_id=user.pk).order_by("id")]
    assert [word in text for word, text in zip(("đồng ý", "rút", "đại diện"), told, strict=True)] == [True] * 3


def test_nobody_at_a_desk_appoints_themselves(here: Facility) -> None:
    victim, me = make_person(), make_person("Lê Thị Hạnh")
    clerk = clerk_of(here)
    both = replace(clerk, grants=(*clerk.grants, *account_of(me).grants))
    with pytest.raises(NotAllowed):
        make_proxy(victim, me, Relation.MANDATE, **MANDATE, facility=here, by=both)


def test_a_letter_says_nothing_of_ones_health(here: Facility) -> None:
    person = make_patient()
    user = account(person, "lan")
    reason = "Nhồi máu cơ tim cấp"
    open_emergency(citizen_id=person, kind="life", reason=reason, terms=Hours(), by=doctor(here), at=AT)
    assert "Nhồi máu" in Notice.objects.get(user_id=user.pk).vi
    letter = Letter.objects.get(address="lan@nha.test")
    assert "Nhồi máu" not in letter.body_vi + letter.body_en


def at_the_book_of_another(carer: Citizen) -> Client:
    """Signed in, with the book open of the only person whom `carer` acts for."""
    client = Client()
    client.force_login(account(carer.pk, "tu"))
    page = client.get("/records").content.decode()
    client.post("/records/whose", {"whose": re.findall(r'name="whose" value="(\w+)"', page)[-1]})
    return client


def test_who_holds_a_mandate_does_not_learn_of_a_consent_about_hiv(here: Facility) -> None:
    person, carer = make_person(), make_person("Lê Văn Tư")
    given = give(terms_for(person, here.id, compartments=frozenset({"hiv"})), person, here)
    make_proxy(person, carer, Relation.MANDATE, **MANDATE)
    client = at_the_book_of_another(carer)
    assert "HIV" not in client.get("/own/consents").content.decode()
    assert client.get(f"/own/consents/{given.id}").status_code == 404


def test_who_read_through_a_link_stays_known_when_it_is_undone(here: Facility) -> None:
    mine, victim, by = band(here).citizen_id, make_patient(), doctor(here)
    make_record(victim, here)
    links.link(mine, victim, evidence=Evidence(Shows.RELATIVE, "Vợ"), reason="nhầm", by=SYSTEM, at=AT)
    gate.read(mine, purpose=Purpose.TREATMENT, part="summary", by=by, at=AT)
    links.unlink(mine, victim, reason="nhầm", by=SYSTEM, at=AT)
    assert [one.actor for one in readings_of([victim]) if one.action == "patient:read"] == [str(by)]


def test_a_review_tells_of_dossiers_that_others_keep(sender: Desk, here: Facility) -> None:
    sender.send_one(sender.sign(example("01-outpatient.xml")))
    visit, by, purpose = Record.objects.get(kind="visit"), doctor(here), Purpose.TREATMENT
    person, reason = visit.citizen_id, "Hôn mê, không người nhà"
    one = open_emergency(citizen_id=person, kind="life", reason=reason, terms=Hours(), by=by, at=AT)
    whose = Whose(visit.facility_id, visit.submission_id, visit.dossier_code)
    read_dossier(whose, citizen_id=person, purpose=purpose, part="dossier", by=by, at=AT)
    assert [event.detail["code"] for event in what_was_read(one)] == [visit.dossier_code]


def test_a_referral_that_nobody_answers_opens_nothing_for_ever(here: Facility) -> None:
    person, there, by = make_patient(), make_facility("79001", province_code="79"), doctor(here)
    make_record(person, there)
    make_referral(person, there, here, at=AT - timedelta(days=400))
    with pytest.raises(ReadingRefused):
        gate.read(person, purpose=Purpose.TREATMENT, part="summary", by=by, at=AT)


def test_who_holds_a_mandate_is_not_told_where_restricted_care_was_read(here: Facility) -> None:
    person, carer, clinic = make_person(), make_person("Lê Văn Tư"), make_facility("01777", name="Phòng khám Kín Đáo")
    make_record(person.pk, here)
    make_record(person.pk, clinic, compartment="hiv")
    make_proxy(person, carer, Relation.MANDATE, **MANDATE)
    for place in (here, clinic):
        gate.read(person.pk, purpose=Purpose.TREATMENT, part="summary", by=clerk_of(place), at=AT)
    page = at_the_book_of_another(carer).get("/records/readers").content.decode()
    assert here.name in page
    assert "Kín Đáo" not in page


def test_a_narrow_consent_hides_no_emergency_from_its_review(here: Facility) -> None:
    person, there, by = make_person(), make_facility("79001", province_code="79"), doctor(here)
    make_record(person.pk, there, kind="prescription")
    give(terms_for(person, here.id, kinds=frozenset({"visit"})), person, here)
    reason = "Hôn mê, không người nhà"
    one = open_emergency(citizen_id=person.pk, kind="life", reason=reason, terms=Hours(), by=by, at=AT)
    gate.read(person.pk, purpose=Purpose.TREATMENT, part="summary", by=by, at=AT)
    assert [event.basis for event in what_was_read(one)] == ["emergency"]


def test_whoever_a_desk_links_with_a_wristband_is_told(here: Facility) -> None:
    user = account(make_patient("Lê Văn An", born=date(1985, 5, 17), number=OURS), "an")
    said_to_be(band(here), OURS, here)
    assert here.name in Notice.objects.get(user_id=user.pk).vi
