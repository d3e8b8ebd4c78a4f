"""Confirming a consent with VNeID: only the very same person, of the very same text, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.test import Client
from tests.support.accounts import signed_in
from tests.support.factories import make_facility
from tests.support.patients import make_patient

from ymach.accounts.permissions import Role
from ymach.consent.models import Channel, Consent
from ymach.sandbox.http import serving
from ymach.sandbox.vneid import CLIENT_ID, CLIENT_SECRET, Vneid, VneidPerson

pytestmark = pytest.mark.django_db
LAN = VneidPerson("001158000501", "ĐẶNG THỊ NGỌC LAN", "1958-03-12")
OTHER = VneidPerson("001158000502", "HỒ VĂN BA", "1960-01-01")
TERMS = {"purpose": "treatment", "recipients": "01001", "part": "all"}


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[Vneid, str]]:
    stand_in = Vneid([LAN, OTHER])
    with serving(stand_in) as address:
        yield stand_in, address


@pytest.fixture
def me(provider: tuple[Vneid, str], settings: Any) -> Client:
    """The account of the person, with VNeID at hand."""
    stand_in, address = provider
    stand_in.behaviour = replace(stand_in.behaviour, other_text=False)
    secret = type(settings.ENVIRONMENT.vneid_client_secret)(CLIENT_SECRET)
    told = {"vneid_url": address, "vneid_client_id": CLIENT_ID, "vneid_client_secret": secret}
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update=told)
    make_facility()
    make_patient("Hồ Văn Ba", number=OTHER.personal_number)
    return account(make_patient(number=LAN.personal_number))


def account(citizen_id: UUID) -> Client:
    return signed_in(Role.CITIZEN, "lan", "Đặng Thị Ngọc Lan", citizen_id=citizen_id)


def confirmed_by(me: Client, person: VneidPerson) -> str:
    """The address with which VNeID leads back after `person` confirmed what `me` has read."""
    assert me.post("/own/consents/new", TERMS).status_code == 200
    page = httpx.get(me.get("/own/consents/sign")["Location"], trust_env=False).text
    assert "Khám bệnh, chữa bệnh" in page
    link = re.search(rf'href="https?://[^/]+([^"]+)">{person.name}<', page)
    assert link
    return unescape(link[1])


def test_the_person_confirms_and_the_statement_is_kept(me: Client) -> None:
    back = confirmed_by(me, LAN)
    assert me.get(back)["Location"].startswith("/own/consents/")
    row = Consent.objects.get()
    assert (row.channel, row.transaction.count("."), row.paper_id) == (Channel.VNEID, 2, None)
    assert LAN.personal_number not in row.transaction


def test_an_answer_counts_once(me: Client) -> None:
    back = confirmed_by(me, LAN)
    me.get(back)
    assert me.get(back)["Location"] == "/own/consents"
    assert Consent.objects.count() == 1


def test_somebody_elses_confirmation_counts_for_nothing(me: Client) -> None:
    assert me.get(confirmed_by(me, OTHER))["Location"] == "/own/consents"
    assert "do người khác xác nhận" in me.get("/own/consents").content.decode()
    assert not Consent.objects.exists()


def test_another_text_confirmed_counts_for_nothing(me: Client, provider: tuple[Vneid, str]) -> None:
    provider[0].behaviour = replace(provider[0].behaviour, other_text=True)
    me.get(confirmed_by(me, LAN))
    assert not Consent.objects.exists()
