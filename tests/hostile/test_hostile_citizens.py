"""Second ways to a person's records: narrowed consents, wristbands as bridges, earlier versions, papers nobody was told of."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.test import Client
from tests.support.factories import make_facility
from tests.support.hostile import with_values
from tests.support.intake import AT, Desk, example, open_desk
from tests.support.patients import make_patient
from tests.support.people import account_of, by_vneid, clerk_of, terms_for
from tests.support.profiles import reader

from ymach.accounts.permissions import Role
from ymach.base.clock import now
from ymach.base.ids import new_id
from ymach.citizens.links.errors import TwoNumbers
from ymach.citizens.links.evidence import Kind as Shows
from ymach.citizens.links.queries import identities_of
from ymach.citizens.models import Citizen
from ymach.citizens.provisional.actions import give as give_band
from ymach.citizens.provisional.details import Details, Kind
from ymach.citizens.provisional.linking import confirm
from ymach.citizens.provisional.queries import Band
from ymach.citizens.provisional.shown import read_shown
from ymach.consent.actions import give
from ymach.exchange.models import Record
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db
OURS, THEIRS = "001085012345", "079090054321"


@pytest.fixture
def here() -> Facility:
    return make_facility("01001")


@pytest.fixture
def sender() -> Desk:
    return open_desk()


def band(here: Facility) -> Band:
    details = Details(sex="1", age=40)
    return give_band(kind=Kind.UNKNOWN, details=details, facility=here, form=new_id(), by=clerk_of(here), at=AT)


def said_to_be(one: Band, number: str, here: Facility) -> None:
    typed = {"number": number, "full_name": "Lê Văn An", "birth": "17/05/1985", "reference": "Vợ"}
    shown = read_shown(Shows.RELATIVE, typed, on=date(2026, 11, 22))
    confirm(one, shown, reason="Người nhà nhận", by=clerk_of(here), at=AT)


def test_a_consent_for_visits_opens_no_dossier_with_a_prescription_in_it(sender: Desk, here: Facility) -> None:
    sender.send_one(sender.sign(example("01-outpatient.xml")))
    visit = Record.objects.get(kind="visit")
    assert Record.objects.filter(kind="prescription", citizen_id=visit.citizen_id).exists()
    person, since = Citizen.objects.get(pk=visit.citizen_id), now() - timedelta(hours=1)
    terms = terms_for(person, here.id, since=since, kinds=frozenset({"visit"}))
    give(terms=terms, giver_id=person.pk, proof=by_vneid(terms), by=account_of(person), at=since)
    doctor = reader(Role.FACILITY, "bac-si", facility_id=here.pk)
    birth = f"{person.birth_day:02d}/{person.birth_month:02d}/{person.birth_year}"
    page = doctor.post("/patients", {"full_name": person.full_name, "birth": birth})["Location"]
    assert doctor.get(page).status_code == 200
    assert doctor.get(f"{page}/records/{visit.id}").status_code == 404


def test_no_wristband_makes_one_person_of_two_who_have_a_number_each(here: Facility) -> None:
    mine, victim = (make_patient("Lê Văn An", born=date(1985, 5, 17), number=one) for one in (OURS, THEIRS))
    bridge, other = band(here), band(here)
    said_to_be(bridge, OURS, here)
    with pytest.raises(TwoNumbers):
        said_to_be(bridge, THEIRS, here)
    said_to_be(other, THEIRS, here)
    shown = read_shown(Shows.WRISTBAND, {"scan": other.code}, on=date(2026, 11, 22))
    with pytest.raises(TwoNumbers):
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
