"""A staff list: every line is checked as a form would be, nothing is sent before it was looked at, nothing sent twice."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from tests.changes.test_changes_pages import client_of, text_of
from tests.support.changing import AT, department_of, staff_of
from tests.support.factories import make_facility, make_licence, make_practitioner

from ymach.accounts.permissions import Role
from ymach.base.errors import NotFound
from ymach.changes import staff_lists
from ymach.changes.errors import NotYours
from ymach.changes.models import ChangeRequest, StaffLine, StaffList
from ymach.changes.staff_lists import StaffListRefused
from ymach.facilities.models import Facility

pytestmark = pytest.mark.django_db
HEAD = ["Số giấy phép", "Họ và tên", "Vị trí chuyên môn", "Giờ hành nghề trong tuần", "Làm việc từ ngày"]
GOOD = ["000777/BYT-GPHN", "Trần Minh Đức", "Bác sĩ", "T2-T6: 07:00 đến 16:00", "01/12/2026"]


@pytest.fixture
def facility() -> Facility:
    make_licence("000777/BYT-GPHN", practitioner=make_practitioner("Trần Minh Đức"))
    make_licence("000778/BYT-GPHN", practitioner=make_practitioner("Lê Thị Hoa"))
    return make_facility("01001")


def taken(facility: Facility, *rows: list[str]) -> StaffList:
    return staff_lists.take([HEAD, *rows], facility=facility, name="a.csv", by=staff_of(facility), at=AT)


def checked(facility: Facility, *rows: list[str]) -> list[StaffLine]:
    kept = taken(facility, *rows)
    assert staff_lists.go_on(kept, by=staff_of(facility), at=AT, seconds=60) == 0
    return list(kept.lines.order_by("number"))


def test_a_good_line_is_ready_with_its_person(facility: Facility) -> None:
    (line,) = checked(facility, GOOD)
    assert (line.state, line.who, line.errors) == ("ready", "Trần Minh Đức", [])
    assert line.values["starts_on"] == "2026-12-01"
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize(
    ("place", "cell", "field"),
    [
        (0, "999999/X-GPHN", "licence"),
        (0, "", "licence"),
        (1, "Người Khác", "name"),
        (2, "", "position"),
        (3, "buổi sáng", "schedule"),
        (4, "mai", "starts_on"),
    ],
)
def test_what_is_wrong_is_said_beside_its_cell(facility: Facility, place: int, cell: str, field: str) -> None:
    row = [*GOOD]
    row[place] = cell
    (line,) = checked(facility, row)
    assert (line.state, [name for name, _, _ in line.errors]) == ("wrong", [field])
    assert all(vi and en for _, vi, en in line.errors)


def test_somebody_twice_in_a_list_is_told(facility: Facility) -> None:
    first, second = checked(facility, GOOD, GOOD)
    assert (first.state, second.state) == ("ready", "wrong")
    assert "dòng 1" in second.errors[0][1]


def test_good_lines_are_sent_once_and_wrong_ones_never(facility: Facility) -> None:
    other = ["000778/BYT-GPHN", "", "Điều dưỡng", "", "01/12/2026"]
    kept = taken(facility, GOOD, other, [*GOOD[:4], "mai"])
    by = staff_of(facility)
    staff_lists.go_on(kept, by=by, at=AT, seconds=60)
    staff_lists.begin_sending(kept)
    for _ in range(2):
        assert staff_lists.go_on(kept, by=by, at=AT, seconds=60) == 0
    assert ChangeRequest.objects.filter(kind="practice-registration", state="submitted").count() == 2
    assert list(kept.lines.order_by("number").values_list("state", flat=True)) == ["sent", "sent", "wrong"]


@pytest.mark.parametrize("rows", [[], [HEAD], [["a", "b"], GOOD], [HEAD, *([GOOD] * 2001)]])
def test_a_list_without_head_or_lines_or_too_long_is_refused(facility: Facility, rows: list[list[str]]) -> None:
    with pytest.raises(StaffListRefused):
        staff_lists.take(rows, facility=facility, name="a", by=staff_of(facility), at=AT)


def test_only_the_facility_itself_sends_and_sees_its_list(facility: Facility) -> None:
    stranger = staff_of(make_facility("01002"), "Người lạ")
    for by in (stranger, department_of()):
        with pytest.raises(NotYours):
            staff_lists.take([HEAD, GOOD], facility=facility, name="a", by=by, at=AT)
    kept = taken(facility, GOOD)
    with pytest.raises(NotFound):
        staff_lists.get(stranger, kept.pk)


def upload(client: Client, content: bytes) -> str:
    answer = client.post("/changes/import", {"file": SimpleUploadedFile("ds.xlsx", content)})
    assert answer.status_code == 302, text_of(answer)
    return str(answer.headers["Location"])


def workbook(*rows: list[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_a_workbook_goes_all_the_way_without_script(facility: Facility) -> None:
    client = client_of(Role.FACILITY, "staff", facility_id=facility.pk)
    page = upload(client, workbook(list(HEAD), [*GOOD[:4], "01/12/2026"]))
    client.post(f"{page}/go-on")
    assert "Gửi 1 yêu cầu" in text_of(client.get(page))
    client.post(f"{page}/go-on", {"do": "send"})
    request = ChangeRequest.objects.get()
    assert f"/changes/{request.pk}" in text_of(client.get(page))
    assert StaffLine.objects.get().request_id == UUID(str(request.pk))


def test_a_list_that_cannot_be_read_says_why(facility: Facility) -> None:
    client = client_of(Role.FACILITY, "staff", facility_id=facility.pk)
    for content in (b"\xff\x00", b"a;b\n1;2", workbook(list(HEAD), ["=1+1"])):
        answer = client.post("/changes/import", {"file": SimpleUploadedFile("a.csv", content)})
        assert answer.status_code == 422
        assert 'id="f-file-e"' in text_of(answer)


def test_the_example_can_be_uploaded_as_it_is(facility: Facility) -> None:
    client = client_of(Role.FACILITY, "staff", facility_id=facility.pk)
    answer = client.get("/changes/import?format=xlsx&table=staff")
    head = [cell.value for cell in load_workbook(io.BytesIO(answer.content)).active[1]]
    assert head[:3] == ["Số giấy phép", "Số định danh cá nhân", "Họ và tên"]
    page = upload(client, answer.content)
    client.post(f"{page}/go-on")
    assert "Sổ bộ không có số này" in text_of(client.get(page))
