"""Accounts to sign in with, and a stand-in of VNeID that knows their people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import httpx
import pytest
from django.test import Client
from pytest_django import Settings
from tests.support.factories import make_facility, make_practitioner

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.models import User
from ymach.accounts.permissions import Role
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.sandbox.http import serving
from ymach.sandbox.vneid import CLIENT_ID, CLIENT_SECRET, Vneid, VneidBehaviour, VneidPerson

PASSWORD = "mot-hai-ba-bon-nam"
KHAI = VneidPerson("001085000031", "Vũ Đình Khải", "1985-05-17")
STRANGER = VneidPerson("001085000049", "Người Lạ", "1985-05-17")


def make_user(username: str = "hanh", role: Role | None = None, **limits: Any) -> User:
    user = create_user(username=username, full_name="Lê Thị Hạnh", password=PASSWORD, by=SYSTEM, at=now())
    if role:
        grant_role(user=user, role=role, by=SYSTEM, at=now(), **limits)
    return user


@pytest.fixture
def staff(db: None) -> User:
    return make_user("staff", Role.FACILITY, facility_id=make_facility().id)


@pytest.fixture
def practitioner(db: None) -> User:
    person = make_practitioner(KHAI.name, personal_number=KHAI.personal_number)
    return make_user("khai", Role.PRACTITIONER, practitioner_id=person.id)


@pytest.fixture(scope="module")
def _served() -> Iterator[tuple[Vneid, str]]:
    stand_in = Vneid([])
    with serving(stand_in) as address:
        yield stand_in, address


@pytest.fixture
def provider(_served: tuple[Vneid, str]) -> tuple[Vneid, str]:
    """A stand-in that knows two people and behaves; served once for a module."""
    stand_in, address = _served
    stand_in.persons = {one.subject: one for one in (KHAI, STRANGER)}
    stand_in.behaviour = VneidBehaviour()
    return stand_in, address


@pytest.fixture
def vneid(provider: tuple[Vneid, str], settings: Settings) -> Vneid:
    """The stand-in, with the site told to use it."""
    stand_in, address = provider
    secret = type(settings.ENVIRONMENT.vneid_client_secret)(CLIENT_SECRET)
    told = {"vneid_url": address, "vneid_client_id": CLIENT_ID, "vneid_client_secret": secret}
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update=told)
    return stand_in


@pytest.fixture
def answer_for(client: Client, vneid: Vneid) -> Callable[..., str]:
    """Lets a person go to VNeID and choose a name; gives the address with which VNeID leads back."""

    def go(person: VneidPerson = KHAI, *, to: str = "") -> str:
        asked = client.get("/sign-in/vneid", {"next": to} if to else {})
        page = httpx.get(asked["Location"], trust_env=False).text
        link = re.search(rf'href="https?://[^/]+([^"]+)">{person.name}<', page)
        assert link
        return unescape(link[1])

    return go
