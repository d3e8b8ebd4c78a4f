"""Pages of consents over HTTP: the desk with a signed paper, one's own, and what strangers get."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from tests.support.accounts import signed_in
from tests.support.changing import pdf
from tests.support.factories import make_facility
from tests.support.patients import make_patient
from tests.support.people import BY, make_proxy

from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.clock import now
from ymach.citizens.models import Citizen
from ymach.citizens.proxies.models import ProxyEnd, ProxyRow
from ymach.consent.models import Assent, Consent, Withdrawal
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db
NUMBER, NAME = "001158000401", "Đặng Thị Ngọc Lan"
TERMS = {"giver": "self", "purpose": "treatment", "recipients": "01001", "part": "all"}


@pytest.fixture
def here() -> Facility:
    return make_facility()


@pytest.fixture
def lan() -> Citizen:
    return Citizen.objects.get(pk=make_patient(NAME, number=NUMBER))


@pytest.fixture
def clerk(here: Facility) -> Client:
    return signed_in(Role.FACILITY, "thuky", facility_id=here.id)


def scan() -> BytesIO:
    file = BytesIO(pdf())
    file.name = "phieu.pdf"
    return file


def at_the_desk(clerk: Client, number: str = NUMBER, name: str = NAME) -> str:
    """The person's page at the desk."""
    answer = clerk.post("/consents", {"number": number, "full_name": name})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return str(answer["Location"])


def test_a_desk_takes_a_signed_paper(clerk: Client, lan: Citizen) -> None:
    page = at_the_desk(clerk)
    assert str(lan.pk) not in page
    read = clerk.post(f"{page}/new", TERMS).content.decode()
    assert NAME in read
    assert "rút lại lúc nào cũng được" in read
    unsigned = clerk.post(f"{page}/new", {**TERMS, "do": "sign", "signer": NAME})
    assert "YM-" not in unsigned.content.decode()
    assert unsigned.status_code == 422
    done = clerk.post(f"{page}/new", {**TERMS, "do": "sign", "signer": NAME, "paper": scan()})
    assert (done.status_code, done["Location"]) == (302, page)
    assert Consent.objects.get().citizen_id == lan.pk
    assert f"({NAME})" in clerk.get(page).content.decode()
    assert NAME in clerk.get("/consents").content.decode()
    assert NAME in clerk.get("/consents?format=csv").content.decode()


def test_nothing_is_chosen_before_the_person_chooses(clerk: Client, lan: Citizen) -> None:
    page = at_the_desk(clerk)
    form = clerk.get(f"{page}/new").content.decode()
    assert " checked" not in form
    wrong = clerk.post(f"{page}/new", {**TERMS, "part": "some", "until": "31/12/2026"}).content.decode()
    assert 'id="f-part-e"' in wrong
    assert "31/12/2026" in wrong
    assert wrong.count(" checked") == 3


def test_every_fault_of_a_form_is_told_at_once_beside_its_field(clerk: Client, lan: Citizen) -> None:
    page = at_the_desk(clerk)
    wrong = {"hiv": "1", "recipients": "01001; 99999; Phòng khám X", "until": "31/31/2026"}
    for address, typed, fields in (
        ("/consents", {}, ("number", "full_name")),
        (f"{page}/new", wrong, ("giver", "purpose", "recipients", "part", "until")),
        (f"{page}/new", {**TERMS, "do": "sign"}, ("paper", "signer")),
        (
            f"{page}/proxy",
            {"until": "hôm qua"},
            ("number", "full_name", "relation", "evidence", "evidence_number", "until"),
        ),
    ):
        answer = clerk.post(address, typed)
        assert answer.status_code == 422
        assert [name for name in fields if f'id="f-{name}-e"' not in answer.content.decode()] == []
    form = clerk.post(f"{page}/new", wrong).content.decode()
    assert "99999”, “Phòng khám X" in form
    assert all(f'value="{typed}"' in form for typed in (wrong["recipients"], wrong["until"]))
    assert not Consent.objects.exists()


def test_a_desk_withdraws_as_the_patient_asks(clerk: Client, lan: Citizen) -> None:
    page = at_the_desk(clerk)
    clerk.post(f"{page}/new", {**TERMS, "do": "sign", "signer": NAME, "paper": scan()})
    key = str(Consent.objects.get().id)
    assert clerk.post(page, {"do": "withdraw", "key": key}).status_code == 302
    assert Withdrawal.objects.get().withdrawn_by_id == lan.pk
    assert clerk.post(page, {"do": "withdraw", "key": key}).status_code == 409


def test_number_and_name_must_both_be_theirs(clerk: Client, lan: Citizen) -> None:
    wrong_name = clerk.post("/consents", {"number": NUMBER, "full_name": "Lê Văn Khác"}).content.decode()
    unknown = clerk.post("/consents", {"number": "001158000999", "full_name": "Lê Văn Khác"}).content.decode()
    assert NAME not in wrong_name
    alert = wrong_name.split('role="alert"')[1].split("</section>")[0]
    assert alert == unknown.split('role="alert"')[1].split("</section>")[0]
    assert AuditEvent.objects.filter(action="consent:looked-up:nobody").count() == 2


def test_another_clerk_opens_no_handle(clerk: Client, lan: Citizen) -> None:
    page = at_the_desk(clerk)
    assert clerk.get(page).status_code == 200
    assert AuditEvent.objects.filter(action="consent:read", citizen_id=lan.pk).count() == 1
    other = signed_in(Role.FACILITY, "khac", facility_id=make_facility("01002").id)
    assert other.get(page).status_code == 404


def test_a_desk_records_and_ends_a_proxy_and_the_childs_yes(clerk: Client, lan: Citizen) -> None:
    make_patient("Trần Minh An", born=date(2018, 3, 9), number="001318000402")
    Citizen.objects.filter(pk=lan.pk).update(birth_year=1990)
    page = at_the_desk(clerk, "001318000402", "Trần Minh An")
    assert "chưa có người đại diện" in clerk.get(page).content.decode()
    paper = {"relation": "parent", "evidence": "birth-certificate", "evidence_number": "12/2018"}
    assert clerk.post(f"{page}/proxy", {"number": NUMBER, "full_name": NAME, **paper}).status_code == 302
    giver = str(ProxyRow.objects.get().id)
    signed = {**TERMS, "giver": giver, "do": "sign", "signer": NAME, "paper": scan()}
    assert clerk.post(f"{page}/new", signed).status_code == 302
    key = str(Consent.objects.get().id)
    assert "Chờ trẻ đồng ý" in clerk.get(page).content.decode()
    assert clerk.post(page, {"do": "child", "key": key, "paper": scan()}).status_code == 302
    assert Assent.objects.exists()
    assert clerk.post(page, {"do": "end-proxy", "key": giver, "reason": "Hết giám hộ"}).status_code == 302
    assert ProxyEnd.objects.exists()


def test_ones_own_consents_and_the_receipt(clerk: Client, lan: Citizen) -> None:
    page = at_the_desk(clerk)
    clerk.post(f"{page}/new", {**TERMS, "do": "sign", "signer": NAME, "paper": scan()})
    key = Consent.objects.get().id
    me = signed_in(Role.CITIZEN, "lan", citizen_id=lan.pk)
    assert "Khám bệnh, chữa bệnh" in me.get("/own/consents").content.decode()
    assert "Ký giấy tại quầy" in me.get(f"/own/consents/{key}").content.decode()
    receipt = me.get(f"/own/consents/{key}/receipt.jws").content.decode()
    checked = Client().post("/receipts/check", {"receipt": receipt}).content.decode()
    assert "một lần đồng ý chia sẻ hồ sơ sức khỏe" in checked
    assert NAME not in checked
    assert me.post(f"/own/consents/{key}", {"reason": "Đổi ý"}).status_code == 302
    assert me.post(f"/own/consents/{key}", {}).status_code == 409
    assert "Đã rút" in me.get(f"/own/consents/{key}").content.decode()


def test_that_was_not_me_is_one_touch_and_the_department_sees_who_recorded_it(clerk: Client, lan: Citizen) -> None:
    page = at_the_desk(clerk)
    clerk.post(f"{page}/new", {**TERMS, "do": "sign", "signer": NAME, "paper": scan()})
    key = Consent.objects.get().id
    me = signed_in(Role.CITIZEN, "lan", citizen_id=lan.pk)
    assert "Không phải tôi ký" in me.get("/own/consents").content.decode()
    answer = me.post(f"/own/consents/{key}", {"do": "deny"})
    assert answer["Location"].startswith("/own/requests/")
    assert "Báo không phải tôi ký" in me.get(answer["Location"]).content.decode()
    assert "Không phải tôi ký" not in me.get("/own/consents").content.decode()
    province = Facility.objects.get(code="01001").province_code
    officer = signed_in(Role.DEPARTMENT, "so", province_code=province)
    case = officer.get(answer["Location"].removeprefix("/own")).content.decode()
    assert "Lê Thị Hạnh" in case
    assert "01001" in case
    assert me.get("/own/requests/new?kind=unsigned").status_code == 422


def test_a_mandate_that_was_never_given_is_ended_where_it_is_shown(clerk: Client, lan: Citizen) -> None:
    make_patient("Hồ Văn Ba", born=date(1980, 1, 2), number="001080000404")
    paper = {
        "relation": "mandate",
        "evidence": "mandate",
        "evidence_number": "7",
        "until": f"{now():%d/%m}/{now().year + 1}",
    }
    page = at_the_desk(clerk)
    made = clerk.post(f"{page}/proxy", {"number": "001080000404", "full_name": "Hồ Văn Ba", **paper})
    assert made.status_code == 302, made.content.decode()[-2000:]
    me, key = signed_in(Role.CITIZEN, "lan", citizen_id=lan.pk), ProxyRow.objects.get().id
    assert "Không phải tôi ký" in me.get("/records/about").content.decode()
    assert me.post("/records/about", {"key": str(key)})["Location"].startswith("/own/requests/")
    assert ProxyEnd.objects.get().proxy_row_id == key
    assert "Hồ Văn Ba" not in me.get("/records/about").content.decode()


def test_the_signed_paper_is_shown_to_whom_it_concerns(clerk: Client, lan: Citizen) -> None:
    page = at_the_desk(clerk)
    clerk.post(f"{page}/new", {**TERMS, "do": "sign", "signer": NAME, "paper": scan()})
    key = Consent.objects.get().id
    me = signed_in(Role.CITIZEN, "lan", citizen_id=lan.pk)
    for answer in (clerk.get(f"{page}/papers/{key}"), me.get(f"/own/consents/{key}/paper")):
        assert answer.content == pdf()
        assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(action="consent:paper-read", citizen_id=lan.pk).count() == 2


def test_nobody_sees_or_withdraws_somebody_elses_consent(clerk: Client, lan: Citizen) -> None:
    page = at_the_desk(clerk)
    clerk.post(f"{page}/new", {**TERMS, "do": "sign", "signer": NAME, "paper": scan()})
    key = Consent.objects.get().id
    other = signed_in(Role.CITIZEN, "khac", citizen_id=make_patient("Hồ Văn Ba"))
    for address in (f"/own/consents/{key}", f"/own/consents/{key}/paper", f"/own/consents/{key}/agree"):
        assert other.get(address).status_code == 404
    assert other.post(f"/own/consents/{key}").status_code == 404
    assert clerk.get("/own/consents").status_code == 403
    assert other.get("/consents").status_code == 403


def test_without_vneid_one_is_led_to_a_desk(lan: Citizen, here: Facility) -> None:
    me = signed_in(Role.CITIZEN, "lan", citizen_id=lan.pk)
    read = me.post("/own/consents/new", TERMS).content.decode()
    assert "nộp ở quầy" in read
    assert me.get("/own/consents/confirmed?state=x&code=y").status_code == 302
    assert not Consent.objects.exists()


def test_a_child_says_no_to_what_a_parent_signed(clerk: Client, lan: Citizen) -> None:
    child = Citizen.objects.get(pk=make_patient("Trần Minh An", born=date(2018, 3, 9), number="001318000403"))
    Citizen.objects.filter(pk=lan.pk).update(birth_year=1990)
    made = make_proxy(child, Citizen.objects.get(pk=lan.pk), by=BY, at=now())
    page = at_the_desk(clerk, "001318000403", "Trần Minh An")
    signed = {**TERMS, "giver": str(made.id), "do": "sign", "signer": NAME, "paper": scan()}
    clerk.post(f"{page}/new", signed)
    me = signed_in(Role.CITIZEN, "an", citizen_id=child.pk)
    key = Consent.objects.get().id
    assert "Bạn có đồng ý không?" in me.get(f"/own/consents/{key}").content.decode()
    assert me.post(f"/own/consents/{key}").status_code == 302
    assert "Bạn có đồng ý không?" not in me.get(f"/own/consents/{key}").content.decode()
