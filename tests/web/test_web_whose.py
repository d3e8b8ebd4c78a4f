"""Whose book is open: one's own, or of somebody one acts for; never by an address."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client
from tests.support.accounts import signed_in

from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.audit.models import AuditEvent
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.base.history.attribution import attributed
from ymach.base.ids import new_id
from ymach.base.text import Text
from ymach.citizens.actions import settle
from ymach.citizens.identify import Claim, How, Identity
from ymach.citizens.proxies.actions import appoint, end
from ymach.citizens.proxies.rules import Evidence, Proxy, Relation
from ymach.citizens.telling import tell_person
from ymach.clinical.dosages import plain_dosage
from ymach.clinical.person import PartialDate
from ymach.notices.models import Letter, Notice

MOTHER, CHILD = "Nguyễn Thị Mẹ", "Nguyễn Văn Con"


def person(name: str, number: str, birth: PartialDate) -> UUID:
    claim = Claim(name, birth, None, number, None, new_id(), None, number)
    return settle([Identity(claim, How.NEW, None, (("personal-number", number),))], at=now())[0]


def family() -> tuple[Client, Proxy]:
    mother = person(MOTHER, "001185000011", PartialDate(1985, 1, 2))
    child = person(CHILD, "001220000012", PartialDate(2020, 6, 1))
    held = appoint(
        subject_id=child,
        proxy_id=mother,
        relation=Relation.PARENT,
        evidence=Evidence.BIRTH_CERTIFICATE,
        evidence_number="12/2020",
        by=SYSTEM,
        at=now(),
    )
    return signed_in(Role.CITIZEN, "me", MOTHER, citizen_id=mother), held


def handles(client: Client) -> list[str]:
    return re.findall(r'name="whose" value="([0-9a-f]+)"', client.get("/records").content.decode())


@pytest.mark.django_db
def test_a_mother_reads_for_her_child_and_every_page_says_so() -> None:
    client, held = family()
    client.post("/records/whose", {"whose": handles(client)[1]})
    for path in ("", "/visits", "/card", "/readers"):
        assert f"<b>{CHILD}</b> (Con tôi)" in client.get(f"/records{path}").content.decode()
    last = AuditEvent.objects.filter(action="patient:read", citizen_id=held.subject_id)
    assert set(last.values_list("basis", flat=True)) == {"proxy"}


@pytest.mark.django_db
def test_a_proxy_that_ended_opens_nothing_from_the_next_page_on() -> None:
    client, held = family()
    client.post("/records/whose", {"whose": handles(client)[1]})
    end(subject_id=held.subject_id, proxy_row_id=held.id, reason="hết quyền", by=SYSTEM, at=now())
    assert CHILD not in client.get("/records").content.decode()


@pytest.mark.django_db
def test_a_notice_opens_the_book_that_it_is_about() -> None:
    client, held = family()
    for about in (held.subject_id, held.proxy_id):
        tell_person(about, Text("Có giấy mới.", "A new paper."), link="/records/about", by=SYSTEM, at=now())
    childs, mothers = Notice.objects.get(citizen_id=held.subject_id), Notice.objects.get(citizen_id=held.proxy_id)
    assert client.get("/notices").content.decode().count(f"Con tôi: {CHILD}") == 1
    for one, is_childs in ((childs, True), (mothers, False), (childs, True)):
        page = client.post(f"/notices/{one.pk}/read", follow=True)
        assert page.redirect_chain == [("/records/about", 302)]
        assert (f"<b>{CHILD}</b> (Con tôi)" in page.content.decode()) is is_childs


@pytest.mark.django_db
def test_a_notice_of_somebody_for_whom_one_acts_no_more_opens_no_book() -> None:
    client, held = family()
    tell_person(held.subject_id, Text("Có giấy mới.", "A new paper."), link="/records/about", by=SYSTEM, at=now())
    end(subject_id=held.subject_id, proxy_row_id=held.id, reason="hết quyền", by=SYSTEM, at=now())
    one = Notice.objects.filter(link="/records/about").earliest("at")
    page = client.post(f"/notices/{one.pk}/read", follow=True)
    assert page.redirect_chain == [("/notices", 302)]
    assert "không còn được xem sổ sức khỏe" in page.content.decode()
    assert CHILD not in page.content.decode()


@pytest.mark.django_db
def test_a_letter_to_who_acts_for_somebody_leads_to_the_notice() -> None:
    _, held = family()
    with attributed(by=SYSTEM, reason="test", at=now()):
        User.objects.update(email="me@nha.vn")
    for about in (held.subject_id, held.proxy_id):
        tell_person(about, Text("Có giấy mới.", "A new paper."), link="/records/about", by=SYSTEM, at=now())
    assert list(Letter.objects.order_by("created_at").values_list("link", flat=True)) == ["/notices", "/records/about"]


@pytest.mark.django_db
def test_a_handle_of_somebody_else_opens_nothing() -> None:
    client, held = family()
    for wrong in ("", "0" * 24, str(held.subject_id)):
        assert client.post("/records/whose", {"whose": wrong}).status_code == 404


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1 viên/lần * 2 lần/ngày * 30 ngày [2 viên/ngày]", Text("Mỗi lần 1 viên, ngày 2 lần, trong 30 ngày", "")),
        ("0,5 viên/lần * 1 lần/ngày", Text("Mỗi lần 0,5 viên, ngày 1 lần", "")),
        ("Uống khi đau", "Uống khi đau"),
        ("", ""),
    ],
)
def test_a_dose_is_said_in_plain_words(written: str, said: Text | str) -> None:
    found = plain_dosage(written)
    assert (found.vi if isinstance(found, Text) else found) == (said.vi if isinstance(said, Text) else said)
