"""Pages of data protection: the journal's health, the question of a breach, incidents, the register of processing."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from pyhanko.pdf_utils.reader import PdfFileReader
from tests.support.factories import make_facility
from tests.support.journal import AT, OTHER, PERSON, day_of_events, event, written
from tests.support.profiles import reader, words

from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.audit.faults import Fault, FaultKind
from ymach.audit.models import AuditCheck, AuditEvent
from ymach.audit.queries import Proof
from ymach.audit.roots import close_days
from ymach.base.clock import now
from ymach.citizens.models import Citizen
from ymach.exchange.journal import sign_root, tell_auditors
from ymach.registers.models import Incident, ProcessingVersion

pytestmark = pytest.mark.django_db
TIMES = {"from": "08:00 20/11/2026", "until": "12:00 20/11/2026"}


def read_by(user: User) -> None:
    """The user read data of two persons."""
    written([event(0, actor=f"user:{user.pk}"), event(1, actor=f"user:{user.pk}", citizen=OTHER)])


def suspect() -> User:
    reader(Role.FACILITY, "bac-si-nghi", facility_id=make_facility().pk)
    return User.objects.get(username="bac-si-nghi")


def opened(client: Client, **changes: str) -> Incident:
    values = {
        "kind": "account-misused",
        "detected": (now() + timedelta(hours=7) - timedelta(minutes=5)).strftime("%H:%M %d/%m/%Y"),
        "summary": "Mật khẩu bị lộ",
        "data_kinds": "Chẩn đoán",
        "contact": "Bà Bảo Vệ",
        "account": "bac-si-nghi",
        "began": TIMES["from"],
        "ended": TIMES["until"],
        **changes,
    }
    answer = client.post("/incidents", values)
    assert answer.status_code == 302, words(answer)
    return Incident.objects.get()


def test_an_incident_that_cannot_be_written_down_says_all_that_is_missing_at_once() -> None:
    answer = reader(Role.AUDITOR).post("/incidents", {"began": "hôm qua", "place": "Khoa Nội"})
    page = answer.content.decode()
    faulty = [
        name for name in ("kind", "detected", "summary", "data_kinds", "contact", "began") if f"f-{name}-e" in page
    ]
    assert (answer.status_code, len(faulty)) == (422, 6)
    assert "Khoa Nội" in page
    assert not Incident.objects.exists()


def test_an_auditor_sees_whether_the_journal_holds_and_its_closed_days() -> None:
    auditor = reader(Role.AUDITOR)
    assert "Chưa kiểm lần nào" in words(auditor.get("/audit"))
    day_of_events(AT.date())
    close_days(sign_root, at=AT + timedelta(days=2))
    fault = {"kind": "missing", "day": "2026-11-20", "facility_id": str(make_facility().pk), "first": 3, "last": 3}
    AuditCheck.objects.create(
        began_at=now(), ended_at=now(), chains=1, events=3, roots=1, fault_count=1, faults=[fault], checked_by="x"
    )
    page = words(auditor.get("/audit"))
    assert "Nhật ký không còn nguyên" in page
    assert "Thiếu sự kiện số 3" in page
    assert "Bệnh viện Đa khoa Thử nghiệm (01001)" in page


def test_auditors_and_the_ministry_are_told_that_the_journal_does_not_hold() -> None:
    auditor, clerk = reader(Role.AUDITOR), reader(Role.FACILITY, facility_id=make_facility().pk)
    tell_auditors(Proof(1, 3, 1, (Fault(FaultKind.MISSING, "2026-11-20", "", 3),), ()), now())
    assert "không còn nguyên: 1 chỗ" in words(auditor.get("/notices"))
    assert "không còn nguyên" not in words(clerk.get("/notices"))


def test_the_question_of_a_breach_counts_lists_and_exports_and_is_written_down() -> None:
    read_by(suspect())
    auditor = reader(Role.AUDITOR)
    page = auditor.get("/audit", {"account": "bac-si-nghi", **TIMES})
    assert f"{PERSON}" in words(page)
    assert "Xem hồ sơ khám chữa bệnh" in words(page)
    file = auditor.get("/audit", {"account": "bac-si-nghi", **TIMES, "format": "csv", "table": "persons"})
    assert len(file.getvalue().decode().splitlines()) == 3
    assert AuditEvent.objects.filter(action="audit:asked").count() == 2


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"account": "nobody", **TIMES}, "Không có tài khoản này"),
        ({"account": "bac-si-nghi", "from": "x", "until": TIMES["until"]}, "Viết giờ và ngày như"),
        ({"account": "bac-si-nghi", "from": TIMES["until"], "until": TIMES["from"]}, "phải sau"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why_at_its_field(asked: dict[str, str], said: str) -> None:
    suspect()
    answer = reader(Role.AUDITOR).get("/audit", asked)
    assert said in words(answer)
    assert f'value="{asked["account"]}"' in answer.content.decode()


def test_an_incident_is_opened_with_the_persons_its_account_reached() -> None:
    read_by(suspect())
    Citizen.objects.create(citizen_id=PERSON, full_name="Nguyễn Thị Hoa", created_at=AT)
    auditor = reader(Role.AUDITOR)
    found = opened(auditor)
    page = words(auditor.get(f"/incidents/{found.id}"))
    assert "Nguyễn Thị Hoa" in page
    assert "2 người" in page
    assert AuditEvent.objects.filter(action="incident:read", subject=f"incident:{found.id}").exists()
    notice = auditor.get(f"/incidents/{found.id}/notice.txt").content.decode()
    assert "Số người bị ảnh hưởng\n2 người" in notice


def test_minutes_are_written_and_what_is_refused_stays_typed() -> None:
    ministry = reader(Role.MINISTRY)
    suspect()
    found = opened(ministry, account="")
    address = f"/incidents/{found.id}"
    refused = ministry.post(address, {"act": "write", "step": "measure", "text": "Khóa tài khoản", "done": "hôm qua"})
    assert refused.status_code == 422
    assert "Khóa tài khoản" in words(refused)
    done = (now() + timedelta(hours=7)).strftime("%H:%M %d/%m/%Y")
    told = {"act": "write", "step": "authority-told", "text": "A05, công văn 12", "done": done}
    assert ministry.post(address, told).status_code == 302
    assert "Đã báo" in words(ministry.get("/incidents"))
    assert ministry.post(address, {"act": "close", "end_text": "Xong"}).status_code == 302
    assert ministry.post(address, told).status_code == 409
    assert ministry.post(address, {"act": "burn"}).status_code == 404


def test_an_overdue_incident_says_so_in_the_list() -> None:
    auditor = reader(Role.AUDITOR)
    suspect()
    opened(auditor, detected="08:00 01/11/2026", account="", began="", ended="")
    page = words(auditor.get("/incidents"))
    assert "Quá hạn báo" in page


def test_the_register_is_kept_and_its_assessment_is_sealed() -> None:
    ministry = reader(Role.MINISTRY)
    assert "Nhận và giao hồ sơ khám bệnh" in words(ministry.get("/registers"))
    assert ministry.post("/registers", {"why": ""}).status_code == 422
    assert ministry.post("/registers", {"why": "Lần đầu"}).status_code == 302
    assert ProcessingVersion.objects.get().number == 1
    pdf = ministry.get("/registers/assessment.pdf").content
    assert len(PdfFileReader(io.BytesIO(pdf)).embedded_signatures) == 1
    told = ministry.get("/registers/assessment.json").json()
    assert told["version"] == 1
    assert "summary" in told["columns"]["sensitive"]["exchange_record"]
    assert ministry.get("/registers/assessment.doc").status_code == 404


@pytest.mark.parametrize("path", ["/audit", "/incidents", "/registers", "/registers/assessment.json"])
def test_a_facility_sees_none_of_it(path: str) -> None:
    clerk = reader(Role.FACILITY, facility_id=make_facility().pk)
    assert clerk.get(path).status_code == 403
