"""The desk for people without papers, through its pages and the intake."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.test import Client
from tests.support.hostile import with_code, with_values
from tests.support.intake import Desk, example, open_desk
from tests.support.profiles import reader

from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.citizens.links.queries import identities_of
from ymach.citizens.provisional.models import Provisional
from ymach.exchange.models import Record
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db
CARD = "001085012345|012345678|Lê Văn An|17051985|Nam|Phường 1, Hà Nội|02052022"
FOUND = {"found_at": "Ngã tư Sở, xe 115", "sex": "1", "age": "40", "marks": "Sẹo tay trái"}


def staff(desk: Desk) -> Client:
    return reader(Role.FACILITY, f"desk-{desk.facility.code}", facility_id=desk.facility.pk)


def give(client: Client, kind: str = "unknown", **typed: str) -> str:
    """The form opened and sent; the code of the wristband."""
    page = client.get(f"/desk/new/{kind}").content.decode()
    form = re.search(r'name="form" value="([^"]+)"', page)
    assert form
    answer = client.post(f"/desk/new/{kind}", {"form": form[1], **(typed or FOUND)})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"].rpartition("/")[2]


def send(desk: Desk, code: str, values: Mapping[str, str]) -> Record:
    """A dossier of the desk whose patient is written as `values`."""
    content = with_values(values, content=with_code(code, example("01-outpatient.xml")))
    answer = desk.send_one(desk.sign(content))
    assert answer.body["outcome"] != "rejected", answer.body
    return Record.objects.get(dossier_code=code, kind="visit")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_record_under_the_wristband_is_found_at_once_and_follows_the_person_when_known(desk: Desk) -> None:
    client = staff(desk)
    code = give(client)
    first = send(desk, "HS0001", {"MA_BN": code, "SO_CCCD": "", "HO_TEN": "Không rõ", "MA_THE_BHYT": ""})
    assert "HS0001" in text(client, f"/desk/{code}")

    evidence = {"kind": "citizen-card", "scan": CARD}
    seen = client.post(f"/desk/{code}/identify", {**evidence, "do": "look"}).content.decode()
    assert "Lê Văn An" in seen
    assert Provisional.objects.get(code=code).citizen_id == first.citizen_id
    answer = client.post(f"/desk/{code}/identify", {**evidence, "do": "link", "reason": "Tỉnh lại, có thẻ"})
    assert answer.status_code == 302
    known = {"SO_CCCD": "001085012345", "HO_TEN": "Lê Văn An", "NGAY_SINH": "198505170000", "MA_THE_BHYT": ""}
    later = send(desk, "HS0002", known)

    listed = text(client, "/desk")
    assert "Lê Văn An" in listed
    assert "đã nối với danh tính khác" in listed
    page = text(client, f"/desk/{code}")
    assert set(identities_of([first.citizen_id])) == {first.citizen_id, later.citizen_id}
    assert all(words in page for words in ("HS0001", "HS0002", "dưới danh tính đã nối", "Đã đọc thẻ căn cước"))
    link = re.search(r'name="link" value="([^"]+)"', page)
    assert link
    assert client.post(f"/desk/{code}", {"link": link[1], "reason": ""}).status_code == 422
    assert client.post(f"/desk/{code}", {"link": link[1], "reason": "Nhầm"}).status_code == 302
    page = text(client, f"/desk/{code}")
    assert "HS0001" in page
    assert "HS0002" not in page


def test_the_code_in_place_of_the_personal_number_is_no_wrong_number(desk: Desk) -> None:
    code = give(staff(desk))
    record = send(desk, "HS0003", {"SO_CCCD": code, "HO_TEN": "Không rõ", "MA_THE_BHYT": ""})
    assert record.citizen_id == Provisional.objects.get(code=code).citizen_id


def test_scanning_says_what_is_wrong_and_when_it_is_the_same_patient(desk: Desk) -> None:
    client = staff(desk)
    code = give(client)
    client.post("/desk/scan", {"code": code})
    answer = client.post("/desk/scan", {"code": code.lower()}, follow=True)
    assert "vẫn là người bệnh này" in answer.content.decode()
    for typed, words in [("HS-1", "không phải mã vòng tay"), ("VT000000001", "sai một ký tự")]:
        wrong = client.post("/desk/scan", {"code": typed})
        assert wrong.status_code == 422
        assert words in wrong.content.decode()
        assert f'value="{typed}"' in wrong.content.decode()


def test_another_facility_is_told_whose_wristband_it_is_and_the_attempt_is_kept(desk: Desk) -> None:
    code = give(staff(desk))
    other = staff(open_desk("99002", authors=()))
    answer = other.post("/desk/scan", {"code": code})

    assert answer.status_code == 404
    assert f"do {desk.facility.name} cấp" in answer.content.decode()
    assert {other.get(f"/desk/{code}{part}").status_code for part in ("", "/identify", "/wristband")} == {404}
    assert AuditEvent.objects.filter(action="identity:open:refused").count() == 4


def test_twins_get_wristbands_under_their_mother(desk: Desk) -> None:
    client = staff(desk)
    one = give(client, "newborn", mother=CARD.replace("Nam", "Nữ"), birth_order="1", sex="2")
    two = give(client, "newborn", mother=one, birth_order="2", sex="1")

    assert "Con bà Lê Văn An (2)" in text(client, f"/desk/{two}/wristband")
    mothers = set(Provisional.objects.filter(code__in=[one, two]).values_list("mother_id", flat=True))
    assert len(mothers) == 1
    assert None not in mothers


def test_nothing_typed_is_lost_and_errors_stand_beside_their_fields(desk: Desk) -> None:
    client = staff(desk)
    answer = client.post("/desk/new/unknown", {"form": "", "age": "bốn mươi", "marks": "Hình xăm"})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert 'id="f-age-e"' in page
    assert 'value="Hình xăm"' in page


def test_every_fault_of_a_desks_form_is_told_at_once(desk: Desk) -> None:
    client = staff(desk)
    code = give(client)
    wrong = {"mother": "VT0000000", "birth_order": "x", "sex": "9"}
    shown = {"kind": "birth-certificate", "number": "12", "birth": "31/02/2020", "do": "look"}
    for address, typed, fields in (
        ("/desk/new/newborn", wrong, ("mother", "birth_order", "sex")),
        (f"/desk/{code}/identify", shown, ("number", "full_name", "birth", "reference")),
    ):
        answer = client.post(address, typed)
        assert answer.status_code == 422
        assert [name for name in fields if f'id="f-{name}-e"' not in answer.content.decode()] == []


def test_no_personal_number_is_written_into_the_journal(desk: Desk) -> None:
    client = staff(desk)
    code = give(client)
    client.post(f"/desk/{code}/identify", {"kind": "citizen-card", "scan": CARD, "do": "look"})
    client.post(f"/desk/{code}/identify", {"kind": "citizen-card", "scan": CARD, "do": "link", "reason": "Có thẻ"})

    events = AuditEvent.objects.filter(action__startswith="identity:")
    assert {"identity:made", "identity:previewed", "identity:linked"} <= {event.action for event in events}
    assert all(word not in str(event.detail) for event in events for word in ("001085012345", "An"))


def test_a_department_sees_its_province_and_gives_no_wristbands(desk: Desk) -> None:
    code = give(staff(desk))
    department = reader(Role.DEPARTMENT, province_code=Facility.objects.get(pk=desk.facility.pk).province_code)

    assert code[2:6] in text(department, "/desk")
    assert department.get("/desk/new/unknown").status_code == 422
    assert "wristbands" in department.get("/desk?format=csv")["Content-Disposition"]
    assert AuditEvent.objects.filter(action="identity:wristbands-listed").count() == 2
