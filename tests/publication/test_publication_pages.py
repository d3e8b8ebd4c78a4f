"""The pages: without an account and without script, public fields only, red where a code is forged."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.support.factories import AT, BY, make_facility, make_licence, make_practitioner, make_registration

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.audit.actions import REGISTRY
from ymach.audit.models import AuditEvent
from ymach.base.clock import now
from ymach.base.periods import Period
from ymach.exchange.platform import platform_key
from ymach.publication.many import Line, keep_list
from ymach.publication.queries import get
from ymach.publication.seals import sign_qr

pytestmark = pytest.mark.django_db
NUMBER, SECRET = "000123/HCM-GPHN", "079085123456"


@pytest.fixture(autouse=True)
def _no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "public_per_minute", 0)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def known(**more: object) -> UUID:
    licence = make_licence(NUMBER, practitioner=make_practitioner("Trần Minh Đức", personal_number=SECRET), **more)  # type: ignore[arg-type]
    make_registration(licence, make_facility("01001"), schedule="T2-CN: 00:00 đến 24:00")
    return licence.id


def text_of(client: Client, address: str, *, status: int = 200, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_search_needs_no_account_and_shows_the_verdict_of_the_only_hit(client: Client) -> None:
    known()
    page = text_of(client, reverse("licences"), q="tran minh duc")
    assert "Được phép hành nghề" in page
    assert "Làm việc ở Bệnh viện Đa khoa Thử nghiệm" in page


def test_while_typing_only_the_results_are_answered(client: Client) -> None:
    known()
    answer = client.get(reverse("licences"), {"q": "tran minh"}, headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert "Trần Minh Đức" in answer.content.decode()


def test_the_verdict_page_names_a_suspension_first_and_no_private_field(client: Client) -> None:
    key = known(suspended=Period(date(2026, 1, 1), date(2027, 12, 1)))
    page = text_of(client, reverse("licence", args=[key]))
    assert "đến hết 30/11/2027" in page
    assert "Đang bị đình chỉ" in page
    assert SECRET not in page
    assert "17/05/1985" not in page


def test_a_printed_number_leads_to_its_licence_and_an_unknown_one_to_the_search(client: Client) -> None:
    key = known()
    assert client.get(f"/licences/number/{NUMBER}")["Location"] == reverse("licence", args=[key])
    assert client.get("/licences/number/999/X")["Location"] == "/licences?q=999%2FX"


def test_a_scanned_code_shows_the_state_as_it_is_now(client: Client) -> None:
    token = sign_qr(get(known()), key=platform_key(), at=now())
    page = text_of(client, reverse("licence-qr", args=[token]))
    assert "Mã QR thật" in page
    assert "Được phép hành nghề" in page
    assert client.get(reverse("licence-verify"), {"token": f"https://x/licences/qr/{token}"})["Location"].endswith(
        token
    )


def test_a_forged_code_is_red_says_what_to_do_and_is_in_the_journal(client: Client) -> None:
    token = sign_qr(get(known()), key=platform_key(), at=now())
    page = text_of(client, reverse("licence-qr", args=[f"{token[:-9]}AAAAAAAAA"]), status=422)
    assert "YM-QR-FORGED" in page
    assert "Tra bằng số" in page
    event = AuditEvent.objects.get(facility_id=REGISTRY, action="licence-qr:refused")
    assert event.detail["code"] == "YM-QR-FORGED"


def test_an_expired_code_is_told_apart_and_is_no_offence(client: Client) -> None:
    token = sign_qr(get(known()), key=platform_key(), at=now() - timedelta(days=400))
    assert "YM-QR-EXPIRED" in text_of(client, reverse("licence-qr", args=[token]), status=422)
    assert not AuditEvent.objects.filter(action="licence-qr:refused").exists()


def test_the_certificate_is_a_sealed_pdf(client: Client) -> None:
    answer = client.get(reverse("licence-certificate", args=[known()]))
    assert answer.content.startswith(b"%PDF")
    assert b"/ByteRange" in answer.content


def test_lists_need_an_account(client: Client) -> None:
    assert client.get(reverse("licence-lists"))["Location"].startswith(reverse("sign-in"))


def test_a_reader_who_asks_too_often_is_told_when_to_come_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "public_per_minute", 1)
    statuses = [client.get(reverse("licences"), {"q": "an"}).status_code for _ in range(2)]
    assert statuses == [200, 429]


@hypothesis_settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(max_size=120), facility=st.text(max_size=20))
def test_the_search_box_takes_anything(client: Client, q: str, facility: str) -> None:
    assert client.get(reverse("licences"), {"q": q, "facility": facility}).status_code == 200


@pytest.fixture
def department(client: Client) -> Client:
    user = create_user(username="so-y-te", full_name="Nguyễn Thị Thu", password="mot-hai-ba-bon-nam", by=BY, at=AT)
    grant_role(user=user, role=Role.DEPARTMENT, by=BY, at=AT, province_code="01")
    client.force_login(user)
    return client


def test_a_pasted_list_is_answered_row_by_row_and_as_a_file(department: Client) -> None:
    known()
    lines = f"{NUMBER}, Tran Minh Duc\n{NUMBER}, Lê Văn Tám\n999999/HCM-GPHN"
    answer = department.post(reverse("licence-lists"), {"lines": lines})
    page = text_of(department, answer["Location"])
    for words in ("Được phép hành nghề", "tên khác", "Không có số này trong sổ bộ"):
        assert words in page
    assert department.get(answer["Location"], {"format": "csv"}).content.decode("utf-8-sig").count(NUMBER) == 2


def test_a_list_that_cannot_be_read_says_why_and_keeps_what_was_typed(department: Client) -> None:
    answer = department.post(reverse("licence-lists"), {"lines": "khong co so nao"})
    assert answer.status_code == 422
    assert "khong co so nao" in answer.content.decode()
    file = SimpleUploadedFile("x.xlsx", b"PK broken")
    assert department.post(reverse("licence-lists"), {"file": file}).status_code == 422


def test_the_list_of_another_account_is_not_found(department: Client) -> None:
    key = keep_list([Line(NUMBER)], by=BY, at=AT)
    assert department.get(reverse("licence-list", args=[key])).status_code == 404
