"""What is private stays with those who may see it: on pages, in files, in the journal of a life, in caches."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern
from tests.support.profiles import EMAIL, NUMBER, PHONE, Whole, reader, whole_profile
from tests.support.strangers import province, reads, routes

from ymach.accounts.permissions import Role

pytestmark = pytest.mark.django_db
PAGES = ["", "/timeline", "/as-of"]


@pytest.fixture(scope="module")
def _opened_whole(_kept_rows: None) -> Whole:
    return whole_profile()


@pytest.fixture
def whole(_opened_whole: Whole) -> Whole:
    return deepcopy(_opened_whole)


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_personal_number_stands_in_full_on_no_page(whole: Whole, page: str) -> None:
    for client in (
        reader(Role.DEPARTMENT, province_code="40"),
        reader(Role.PRACTITIONER, practitioner_id=whole.person.pk),
    ):
        assert NUMBER not in read(client, whole.address + page)


@pytest.mark.parametrize("page", PAGES)
def test_former_workplace_learns_no_way_to_reach_the_person(whole: Whole, page: str) -> None:
    text = read(reader(Role.FACILITY, facility_id=whole.former.pk), whole.address + page)
    assert [one for one in (PHONE, EMAIL, "17/05/1985") if one in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_department_of_a_former_workplace_learns_none_either(whole: Whole, page: str) -> None:
    text = read(reader(Role.DEPARTMENT, province_code="01"), whole.address + page)
    assert [one for one in (PHONE, EMAIL, "17/05/1985") if one in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_ministry_learns_none_either(whole: Whole, page: str) -> None:
    text = read(reader(Role.MINISTRY), whole.address + page)
    assert [one for one in (PHONE, EMAIL, "17/05/1985") if one in text] == []


def test_pages_for_one_reader_are_kept_by_no_cache() -> None:
    here = province("79", "79001")
    readers = {
        Role.DEPARTMENT_ADMIN: reader(Role.DEPARTMENT_ADMIN, province_code="79"),
        Role.FACILITY: reader(Role.FACILITY, facility_id=here.facility.pk),
    }
    kept = []
    for one in routes():
        if one.name in {"sign-out", "healthz", "readyz", "metrics"}:
            continue  # the last three are for machines: plain text that is nobody's
        path = here.address(one)
        for answer in answers(readers, one, path):
            rules = answer.headers.get("Cache-Control", "")
            kept += [path] if "no-store" not in rules and answer.status_code == 200 else []
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
            assert "unsafe" not in answer.headers["Content-Security-Policy"], path
    assert kept == []


def answers(readers: dict[Role, Client], page: URLPattern, path: str) -> Iterator[HttpResponse]:
    """What the page answers those whom its word lets in, until it opens; somebody, if it lets in none of them."""
    asking = [client for role, client in readers.items() if reads(role, page)]
    for client in asking or list(readers.values())[:1]:
        answer = client.get(path)
        yield answer
        if answer.status_code == 200:
            return


def test_nothing_private_is_public_and_nothing_private_is_logged(
    whole: Whole, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    public = Client()
    paths = [
        *(
            "/licences?q=phan+thi+hien",
            f"/licences/{whole.licence.pk}",
            f"/licences?q={NUMBER}",
            f"/licences?q={PHONE}",
        ),
        *("/api/v1/licences?name=phan+thi+hien", f"/api/v1/licences/{whole.licence.pk}"),
        *(f"/api/v1/licences/{whole.licence.pk}/status", f"/licences/{whole.licence.pk}/certificate.pdf"),
    ]
    for path in paths:
        text = (
            public.get(path)
            .getvalue()
            .decode("utf-8", "replace")
            .replace(f'value="{NUMBER}"', "")
            .replace(f'value="{PHONE}"', "")
        )
        assert [one for one in (EMAIL, "17/05/1985", "1985-05-17") if one in text] == [], path
        assert "Phan Thị Hiền" not in text or "q=0" not in path
    for client in (reader(Role.DEPARTMENT, province_code="40"), reader(Role.FACILITY, facility_id=whole.facility.pk)):
        for page in (*PAGES, "?format=csv"):
            client.get(whole.address + page)
        assert client.get("/staff?format=csv").getvalue().decode().find(NUMBER) == -1
    assert [
        one for one in (NUMBER, PHONE, EMAIL) if one in caplog.text.replace(f"q={NUMBER}", "").replace(f"q={PHONE}", "")
    ] == []
