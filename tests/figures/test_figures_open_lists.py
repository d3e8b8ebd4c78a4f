"""Every figure on the registry's page and on the department's page holds a link, and its list equals the number shown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from lxml import html
from openpyxl import load_workbook
from tests.changes.test_changes_pages import client_of
from tests.support.changing import department_of, joining, ready
from tests.support.factories import BY, START, make_facility, make_licence, make_practitioner, make_registration

from ymach.accounts.permissions import Role
from ymach.base.clock import now, vietnam_day
from ymach.base.periods import Period
from ymach.changes import actions
from ymach.changes.models import ChangeRequest
from ymach.figures.inhabitants import PER, inhabitants
from ymach.practitioners.actions import confirm_profile, suspend_licence
from ymach.practitioners.models import Licence

pytestmark = pytest.mark.django_db
MIN_FIGURES = {"/registry": 45, "/department": 40}


@pytest.fixture(autouse=True)
def _without_second_factor(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.ENVIRONMENT, "second_factor", "offered")  # type: ignore[attr-defined]


def _suspend(licence: Licence) -> None:
    today = vietnam_day(now())
    period = Period(today - timedelta(days=3), today + timedelta(days=60))
    suspend_licence(licence=licence, period=period, reason="x", decision="1/QĐ", by=BY, at=now())


@pytest.fixture(scope="module")
def country(_kept_rows: None) -> None:
    """Two provinces with people in every state, and requests that wait, are late, due today, new and decided."""
    today = vietnam_day(now())
    clinic, other = make_facility("01001"), make_facility("79001", province_code="79", form="CLIN_POLY")
    people = [make_practitioner(f"Nguyễn Văn {letter}") for letter in "ABCDEĐGH"]
    held = [make_licence(practitioner=one, issuer_province_code="01") for one in people[:6]]
    soon = make_licence(practitioner=people[6], valid=Period(START, today + timedelta(days=30)))
    for licence in (*held[:3], soon):
        make_registration(licence, clinic, schedule="T2-T6: 07:00 đến 11:00")
    make_registration(make_licence(practitioner=people[7]), other)
    _suspend(held[1])
    for one in (people[0], people[7]):
        confirm_profile(practitioner=one, by=BY, at=now())
    requests = [ready(one, clinic, schedule="T7: 13:00 đến 17:00") for one in people[3:6:2]]
    requests += [joining(people[4], clinic), ready(people[7], clinic, schedule="T7: 13:00 đến 17:00")]
    rows = ChangeRequest.objects
    for number, request in enumerate(requests):
        days = {0: -4, 1: 0, 3: 2}.get(number)
        due = today + timedelta(days=days) if days is not None else None
        rows.filter(pk=request.pk).update(due_on=due, submitted_at=now() - timedelta(days=number * 4))
    actions.reject(request_id=requests[3].pk, by=department_of("01"), at=now(), reason="Thiếu giấy")


@dataclass(frozen=True)
class Figure:
    """A number on a page: its words, what it says, the list it opens."""

    where: str
    said: str
    href: str

    @property
    def number(self) -> float | None:
        found = re.search(r"-?\d[\d.]*(?:,\d+)?", self.said)
        return float(found[0].replace(".", "").replace(",", ".")) if found else None


def pick(node: Any, path: str) -> list[Any]:
    """The elements below a node, by tags and classes: “ul.todo li”."""
    steps = (step.split(".") for step in path.split())
    classes = "[contains(concat(' ', @class, ' '), ' {} ')]"
    way = "".join(f"//{tag or '*'}{''.join(map(classes.format, names))}" for tag, *names in steps)
    return list(node.xpath(f".{way}"))


def figures_of(page: str) -> Iterator[Figure]:
    """Every element of a page that shows a figure, linked or not."""
    tree = html.fromstring(page)
    for one in pick(tree, ".stats .figure"):
        parent = one.getparent()
        yield Figure(f"tile {pick(parent, '.label')[0].text_content()}", one.text_content(), parent.get("href", ""))
    for one in pick(tree, "ol.lying li"):
        link = pick(one, ".number a")
        where = f"bar {pick(one, '.word')[0].text_content()}"
        yield Figure(where, pick(one, ".number b")[0].text_content(), link[0].get("href") if link else "")
    for row in pick(tree, "main table tr"):
        cells = pick(row, "td.num")
        states = row.getparent().getparent().getparent().getparent().get("class") == "pair"
        for cell in cells[:1] if states else cells:
            link = pick(cell, "a")
            where = f"row {pick(row, 'th')[0].text_content()}: {cell.get('data-label', '')}"
            yield Figure(where, cell.text_content(), link[0].get("href") if link else "")
    for one in pick(tree, "details.more dd"):
        link = pick(one, "a")
        yield Figure(
            f"month {one.text_content()}", one.text_content().split(":")[-1], link[0].get("href") if link else ""
        )
    for one in pick(tree, "ul.todo li"):
        link = pick(one, "a.btn")
        yield Figure(f"todo {one.text_content()}", pick(one, "b")[0].text_content(), link[0].get("href"))


class Lists:
    """The lists behind figures, each asked for once, as its file."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.kept: dict[str, list[list[str]]] = {}

    def rows(self, address: str) -> list[list[str]]:
        if address not in self.kept:
            parted = "&" if "?" in address else "?"
            answer: Any = self.client.get(f"{address}{parted}format=csv")
            assert answer.status_code == 200, address
            self.kept[address] = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
        return self.kept[address][1:]

    def wanted(self, figure: Figure) -> float | None:
        """What the figure should be by its list: how many, a share, a mean or a density."""
        rows = self.rows(figure.href)
        if "Trung bình" in figure.where:
            return sum(float(row[7]) for row in rows) / len(rows)
        if "%" in figure.said:
            return 100 * len(rows) / len(self.rows(figure.href.replace("state=confirmed", "state=active")))
        if "1 vạn dân" in figure.where:
            [code] = re.findall(r"province=(\d+)", figure.href)
            people = inhabitants(None).by_province[code]
            return PER * len(rows) / people
        return len(rows)


def _without_most_empty_provinces(figures: list[Figure]) -> Iterator[Figure]:
    """All figures but the noughts of provinces where nobody is: of three such provinces they will do."""
    places = [re.search(r"province=(\d+)", one.href) for one in figures]
    held = {place[1] for place, one in zip(places, figures, strict=True) if place and one.number}
    empty = sorted({place[1] for place in places if place} - held)[:3]
    for place, one in zip(places, figures, strict=True):
        if place is None or place[1] in held or place[1] in empty:
            yield one


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(
    ("role", "limits", "address"),
    [(Role.MINISTRY, {}, "/registry"), (Role.DEPARTMENT, {"province_code": "01"}, "/department")],
)
def test_every_figure_opens_a_list_that_equals_it(role: Role, limits: dict[str, str], address: str) -> None:
    client = client_of(role, "reader", **limits)
    lists, wrong = Lists(client), []
    figures = [one for one in figures_of(client.get(address).content.decode()) if one.number is not None]
    for one in _without_most_empty_provinces(figures):
        wanted = lists.wanted(one) if one.href else None
        if wanted is None or abs(wanted - (one.number or 0)) > 0.051:
            wrong.append((one, wanted))
    assert not wrong
    assert len(figures) >= MIN_FIGURES[address]
    assert {state for one in figures for state in re.findall(r"requests\?state=(\w+)", one.href)} >= {
        *("waiting", "overdue", "new", "decided")
    }


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("state", ["waiting", "overdue", "today", "soon", "new", "decided"])
def test_the_page_of_requests_says_how_many_and_gives_both_files(state: str) -> None:
    client = client_of(Role.MINISTRY, "ministry")
    address = f"/registry/requests?state={state}&province=01"
    rows, page = Lists(client).rows(address), html.fromstring(client.get(address).content.decode())
    assert int(pick(page, ".tools b")[0].text_content()) == len(rows) == len(pick(page, "tbody tr"))
    book = load_workbook(io.BytesIO(client.get(f"{address}&format=xlsx").getvalue())).active  # type: ignore[attr-defined]
    assert book.max_row == len(rows) + 1


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(("due", "number"), [("overdue", 1), ("today", 1), ("soon", 1)])
def test_the_worklist_is_narrowed_by_what_is_due(due: str, number: int) -> None:
    client = client_of(Role.DEPARTMENT, "department", province_code="01")
    assert len(Lists(client).rows(f"/worklist?due={due}")) == number


@pytest.mark.usefixtures("country")
def test_requests_are_listed_for_their_own_province_and_never_for_who_may_not_see_names() -> None:
    department = client_of(Role.DEPARTMENT, "department", province_code="79")
    assert Lists(department).rows("/registry/requests?state=waiting&province=01") == []
    auditor = client_of(Role.AUDITOR, "auditor")
    assert Lists(auditor).rows("/registry/requests?state=waiting") == []
    assert "/registry/requests" not in auditor.get("/registry").content.decode()


@pytest.mark.usefixtures("country")
def test_a_list_of_a_past_day_is_as_it_stood() -> None:
    client = client_of(Role.MINISTRY, "ministry")
    first = vietnam_day(now()).replace(day=1)
    today = Lists(client).rows("/registry/practitioners?state=active")
    before = Lists(client).rows(f"/registry/practitioners?state=active&on={first.isoformat()}")
    assert len(before) >= len(today)
