"""A citizen's own pages, on real submissions: what is shown, to whom, and what the journal says of it."""

from __future__ import annotations

import io

import orjson
import pytest
from django.test import Client
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from tests.support.accounts import signed_in
from tests.support.books import send_book
from tests.support.intake import Desk, example, open_desk

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.actors import SYSTEM
from ymach.base.clock import now, vietnam_day
from ymach.citizens.emergency_cards.queries import card_of
from ymach.exchange.models import Record
from ymach.web.views.own_card import PER_ADDRESS

pytestmark = pytest.mark.django_db

PAGES = ("", "/visits", "/health", "/measures", "/medicines", "/plans", "/about", "/readers", "/files", "/card")


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    """One visit as XML, and the same person's health book as FHIR."""
    desk = open_desk()
    desk.send_one(desk.sign(example("01-outpatient.xml")), at=now())
    send_book(desk)
    return desk


def citizen_of(desk: Desk) -> Client:
    return signed_in(Role.CITIZEN, "dan", "Nguyễn Thị Mẫu", citizen_id=Record.objects.all()[0].citizen_id)


def text(client: Client, path: str) -> str:
    answer = client.get(f"/records{path}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_the_book_shows_every_group_in_words(desk: Desk) -> None:
    client = citizen_of(desk)
    pages = {path: text(client, path) for path in PAGES}
    assert "Dị ứng nặng: Penicillin" in pages[""]
    assert "Cúm mùa, mũi 1" in pages["/health"]
    assert "Amlodipin" in pages["/medicines"]
    assert "Chiều cao" in pages["/measures"]
    assert "99001.26.0001234" not in "".join(pages.values())


def test_an_episode_opens_with_diagnoses_medicines_and_what_to_do(desk: Desk) -> None:
    visit = Record.objects.filter(kind="visit").order_by("dossier_code")[0]
    page = text(citizen_of(desk), f"/visits/{visit.id}")
    assert "Bạn cần làm gì tiếp" in page
    assert "Amlodipin" in page
    assert visit.summary["diagnosis"] in page


def test_every_page_is_a_reading_of_the_journal_on_the_persons_own_ground(desk: Desk) -> None:
    client = citizen_of(desk)
    for path in PAGES:
        text(client, path)
    own = AuditEvent.objects.filter(action="patient:read", basis="self")
    assert own.count() == len(PAGES)


def test_a_strangers_episode_is_not_there(desk: Desk) -> None:
    visit = Record.objects.filter(kind="visit")[0]
    stranger = create_user(username="la", full_name="Người Lạ", password=None, by=SYSTEM, at=now())
    other = open_desk("99002", authors=())
    other.send_one(other.sign(example("02-inpatient-referral.xml")), at=now())
    theirs = Record.objects.exclude(citizen_id=visit.citizen_id)[0].citizen_id
    grant_role(user=stranger, role=Role.CITIZEN, by=SYSTEM, at=now(), citizen_id=theirs)
    client = Client()
    client.force_login(stranger)
    assert client.get(f"/records/visits/{visit.id}").status_code == 404
    assert client.get(f"/records/visits/{visit.id}/visit.pdf").status_code == 404


def test_the_list_is_narrowed_by_its_address_and_taken_along(desk: Desk) -> None:
    client = citizen_of(desk)
    assert "Không có lần khám nào như vậy." in text(client, "/visits?year=1999")
    assert client.get("/records/visits?format=csv").content.count(b"\n") == 3


def test_the_book_is_a_pdf_sealed_by_the_platform(desk: Desk) -> None:
    answer = citizen_of(desk).get("/records/files/book.pdf")
    assert answer["Content-Type"] == "application/pdf"
    (seal,) = PdfFileReader(io.BytesIO(answer.content)).embedded_signatures
    trusted = ValidationContext(trust_roots=[seal.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(seal, trusted)
    assert (status.intact, status.bottom_line) == (True, True)
    sheets = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert all(f"trang {number}/{len(sheets)}" in sheet for number, sheet in enumerate(sheets, 1))
    words = "".join(sheets)
    assert all(word in words for word in ("SỔ SỨC KHỎE ĐIỆN TỬ", "Penicillin", "Cúm mùa", "Amlodipin"))


def test_the_international_summary_tells_allergies_problems_and_medicines(desk: Desk) -> None:
    answer = citizen_of(desk).get("/records/files/ips.json")
    kinds = [one["resource"]["resourceType"] for one in orjson.loads(answer.content)["entry"]]
    assert {"AllergyIntolerance", "Condition", "MedicationStatement", "Immunization", "Observation"} <= set(kinds)


def test_a_card_shows_a_stranger_what_was_ticked_and_nothing_when_it_is_off(desk: Desk) -> None:
    client, citizen = citizen_of(desk), Record.objects.all()[0].citizen_id
    chosen = {"shown": ["blood", "allergy:penicillin"], "contact_name": "Trần Văn Con", "contact_phone": "0912 345 678"}
    assert client.post("/records/card", chosen).status_code == 302
    card = card_of(citizen, on=vietnam_day(now()))
    assert card is not None
    seen = Client().get(f"/card/{card.token}").content.decode()
    assert all(word in seen for word in ("O+", "Penicillin", "0912345678"))
    assert "Amlodipin" not in seen
    assert client.get("/records/card/large.png")["Content-Type"] == "image/png"
    assert "Người có mã QR của thẻ" in text(client, "/readers")
    client.post("/records/card/off")
    assert Client().get(f"/card/{card.token}").status_code == 404


def test_a_wrong_telephone_is_told_beside_its_field_and_nothing_typed_is_lost(desk: Desk) -> None:
    answer = citizen_of(desk).post("/records/card", {"contact_name": "Trần Văn Con", "contact_phone": "12"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Số điện thoại chưa đúng" in page
    assert "Trần Văn Con" in page


def test_links_of_cards_cannot_be_tried_without_end(db: None) -> None:
    client = Client()
    answers = [client.get(f"/card/{number}").status_code for number in range(PER_ADDRESS + 1)]
    assert answers == [404] * PER_ADDRESS + [429]
