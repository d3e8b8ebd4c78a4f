"""What each role reads, on real submissions."""

import pytest
from django.test import Client
from tests.support.accounts import signed_in
from tests.support.intake import Desk, example, open_desk

from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.clock import now
from ymach.exchange.models import Record, Submission
from ymach.practitioners.models import Licence

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _opened_desk(_kept_rows: None) -> Desk:
    desk = open_desk()
    desk.send_one(desk.sign(example("01-outpatient.xml")), at=now())
    desk.send_one(example("01-outpatient.xml"), at=now())
    return desk


def _read(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, follow=True, headers=headers)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_facility_begins_with_what_it_has_to_do(desk: Desk) -> None:
    page = _read(signed_in(Role.FACILITY, facility_id=desk.facility.id), "/")
    assert "1 hồ sơ không được nhận." in page
    assert "99001.26.0001234" in page
    assert "Chứng thư số của cơ sở" in page


def test_the_living_part_alone_answers_to_the_page_that_refreshes_itself(desk: Desk) -> None:
    part = _read(signed_in(Role.FACILITY, facility_id=desk.facility.id), "/today", **{"HX-Request": "true"})
    assert part.count('id="live"') == 1
    assert "<html" not in part


def test_the_list_is_narrowed_by_its_address(desk: Desk) -> None:
    client = signed_in(Role.FACILITY, facility_id=desk.facility.id)
    assert "99001.26.0001234" in _read(client, "/submissions?outcome=accepted")
    assert "99001.26.0001234" not in _read(client, "/submissions?outcome=rejected")
    assert "Không có hồ sơ nào ở đây." in _read(client, "/submissions?day=01/01/2020")
    assert "Ngày viết như 20/11/2026." in _read(client, "/submissions?day=hôm qua")


def test_a_receipt_number_in_the_search_opens_its_receipt(desk: Desk) -> None:
    found = Submission.objects.get(outcome="accepted")
    page = _read(signed_in(Role.FACILITY, facility_id=desk.facility.id), f"/submissions?q={found.id}")
    assert "Biên nhận của hồ sơ 99001.26.0001234" in page
    assert "Cổng giám định BHYT" in page


def test_a_refusal_says_why_and_what_to_do(desk: Desk) -> None:
    found = Submission.objects.get(outcome="rejected")
    page = _read(signed_in(Role.FACILITY, facility_id=desk.facility.id), f"/submissions/{found.id}")
    assert "YM-SIG-MISSING" in page
    assert "Vì sao không nhận, và sửa thế nào" in page


def test_the_receipt_is_given_exactly_as_it_was(desk: Desk) -> None:
    found = Submission.objects.get(outcome="accepted")
    answer = signed_in(Role.FACILITY, facility_id=desk.facility.id).get(f"/submissions/{found.id}/receipt.jws")
    assert answer["Content-Type"] == "application/jose"
    assert answer.content.count(b".") == 2


def test_a_check_in_says_who_came_when_and_for_what(desk: Desk) -> None:
    desk.send_one(desk.sign(example("00-checkin-XML0.xml")), at=now())
    found = Submission.objects.latest("received_at")
    page = _read(signed_in(Role.FACILITY, facility_id=desk.facility.id), f"/submissions/{found.id}/dossiers/0")
    told = ("NGUYỄN THỊ MẪU", "15/03/1968", "999•••••0017", "08:05 10/11/2026", "Khám Nội", "08:15 10/11/2026")
    assert [one for one in told if one not in page] == []


def test_reading_a_dossier_shows_it_and_is_written_to_the_journal(desk: Desk) -> None:
    found = Submission.objects.get(outcome="accepted")
    page = _read(signed_in(Role.FACILITY, facility_id=desk.facility.id), f"/submissions/{found.id}/dossiers/0")
    assert "Amlodipin 5 mg (ví dụ)" in page
    assert "HA150/90" not in page
    assert (
        AuditEvent.objects.filter(
            action="dossier:read", subject=f"submission:{found.id}", citizen_id__isnull=False
        ).count()
        == 1
    )


def test_another_facility_sees_none_of_it(desk: Desk) -> None:
    other = open_desk("99002", authors=())
    found = Submission.objects.filter(facility_id=desk.facility.id)[0]
    client = signed_in(Role.FACILITY, facility_id=other.facility.id)
    assert client.get(f"/submissions/{found.id}").status_code == 404
    assert client.get(f"/submissions/{found.id}/dossiers/0").status_code == 404


def test_a_department_sees_receipts_but_reads_no_record(desk: Desk) -> None:
    found = Submission.objects.get(outcome="accepted")
    client = signed_in(Role.DEPARTMENT, province_code="01")
    assert "99001" in _read(client, "/facilities")
    assert "Biên nhận của hồ sơ" in _read(client, f"/submissions/{found.id}")
    assert client.get(f"/submissions/{found.id}/dossiers/0").status_code == 403


def test_the_ministry_sees_sums_that_agree_and_the_whole_map(desk: Desk) -> None:
    page = _read(signed_in(Role.MINISTRY), "/")
    assert "Số khớp." in page
    assert "Hoàng Sa" in page
    assert "Trường Sa" in page
    assert "99001.26.0001234" not in page


def test_a_practitioner_sees_their_own_licence(desk: Desk) -> None:
    licence = Licence.objects.all()[0]
    page = _read(signed_in(Role.PRACTITIONER, practitioner_id=licence.practitioner_id), "/")
    assert licence.number in page
    assert "Đang hiệu lực" in page


def test_a_citizen_sees_their_own_records(desk: Desk) -> None:
    citizen = Record.objects.all()[0].citizen_id
    client = signed_in(Role.CITIZEN, citizen_id=citizen)
    assert "Đơn thuốc" in _read(client, "/")
    assert "Amlodipin 5 mg (ví dụ)" in _read(client, "/records/medicines")


def test_the_catalogue_of_findings_names_every_area_in_words(client: Client) -> None:
    from ymach.exchange.findings import catalogue
    from ymach.web.shown.findings import AREAS

    assert {kind.code.split("-")[1] for kind in catalogue()} <= set(AREAS)
    assert "YM-SIG-MISSING" in _read(client, "/findings?q=ky so")
