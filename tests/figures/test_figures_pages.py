"""The registry's figures as pages and files: each number opens the list that made it, of the reader's own reach."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from tests.support.accounts import signed_in
from tests.support.factories import START, make_facility, make_licence, make_practitioner, make_registration
from tests.support.settled import settled_together

from ymach.accounts.permissions import Role
from ymach.base.clock import now, vietnam_day
from ymach.base.periods import Period

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "second_factor", "offered")  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def registry(_kept_rows: None) -> None:
    """A facility without head in Hanoi with a person whose licence ends soon, and a clinic in Ho Chi Minh City."""
    soon = vietnam_day(now()) + timedelta(days=30)
    make_registration(
        make_licence(practitioner=make_practitioner("Đặng Văn Ân"), valid=Period(START, soon)), make_facility()
    )
    clinic = make_facility("79001", province_code="79", form="CLIN_POLY", name="Phòng khám Bến Thành")
    make_registration(make_licence(practitioner=make_practitioner("=HYPERLINK(1)")), clinic)


def _links(page: str) -> set[str]:
    return {one.replace("&amp;", "&") for one in re.findall(r'href="(/registry/[^"]+)"', page)}


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(
    ("role", "limits", "address"),
    [
        (Role.MINISTRY, {}, "/registry"),
        (Role.DEPARTMENT, {"province_code": "01"}, "/department"),
    ],
)
def test_every_number_opens_a_list_that_answers(role: Role, limits: dict[str, str], address: str) -> None:
    client = signed_in(role, **limits)
    links = _links(client.get(address).content.decode())
    # One province will do, and one day: every link's file is read in test_figures_open_lists.
    each = {re.sub(r"(province|on)=[\d-]+", r"\1=", link): link for link in sorted(links)}
    assert len(each) > 8
    assert {client.get(link).status_code for link in each.values()} == {200}


@pytest.mark.usefixtures("registry")
def test_a_department_sees_its_own_province_only() -> None:
    client = signed_in(Role.DEPARTMENT, province_code="01")
    page = client.get("/registry/practitioners?state=active").content.decode()
    assert "Đặng Văn Ân" in page
    assert "HYPERLINK" not in page
    assert "HYPERLINK" not in client.get("/registry/practitioners?state=active&province=79").content.decode()
    assert client.get("/registry").status_code == 403


@pytest.mark.usefixtures("registry")
def test_an_auditor_sees_figures_and_no_names() -> None:
    client = signed_in(Role.AUDITOR)
    assert not _links(client.get("/registry").content.decode())
    assert "Đặng Văn Ân" not in client.get("/registry/practitioners?state=active").content.decode()


@pytest.mark.usefixtures("registry")
def test_a_list_as_csv_holds_no_formula() -> None:
    answer = signed_in(Role.MINISTRY).get("/registry/practitioners?state=active&format=csv")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["Đặng Văn Ân", "'=HYPERLINK(1)"]


@pytest.mark.usefixtures("registry")
def test_a_list_as_a_workbook_holds_text_and_days() -> None:
    answer = signed_in(Role.MINISTRY).get("/registry/practitioners?state=expiring&format=xlsx")
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    assert sheet["A2"].value == "Đặng Văn Ân"
    assert sheet["F2"].value.date() == vietnam_day(now()) + timedelta(days=30)
    answer = signed_in(Role.AUDITOR).get("/registry/practitioners?state=active&format=xlsx")
    assert load_workbook(io.BytesIO(answer.getvalue())).active.max_row == 1


def test_pages_of_a_list_go_there_and_back_in_vietnamese_order() -> None:
    clinic = make_facility("48001", province_code="48")
    names = [f"Nguyễn Văn {letter}{other}" for letter in "AĂÂBCDĐEÊ" for other in ("n", "nh", "o", "ô", "ơ", "u", "ư")]
    with settled_together():
        for name in reversed(names):
            make_registration(make_licence(practitioner=make_practitioner(name)), clinic)
    client = signed_in(Role.MINISTRY)
    first = client.get("/registry/practitioners?state=working&province=48").content.decode()
    older = re.search(r'href="(\?[^"]*after=[^"]+)"', first)
    assert older is not None
    second = client.get("/registry/practitioners" + older[1].replace("&amp;", "&")).content.decode()
    shown = [re.findall(r'class="key[^"]*">\s*(?:<a [^>]*>)?([^<]+?)\s*<', page) for page in (first, second)]
    assert [len(page) for page in shown] == [50, len(names) - 50]
    assert set(shown[0]).isdisjoint(shown[1])
    back = re.search(r'href="(\?[^"]*before=[^"]+)"', second)
    assert back is not None
    again = client.get("/registry/practitioners" + back[1].replace("&amp;", "&")).content.decode()
    assert re.findall(r'class="key[^"]*">\s*(?:<a [^>]*>)?([^<]+?)\s*<', again) == shown[0]
