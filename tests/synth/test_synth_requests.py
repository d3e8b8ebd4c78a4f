"""The demonstration's requests are asked and answered by the rules, once."""

from __future__ import annotations

import pytest
from tests.support.factories import make_facility
from tests.support.patients import make_patient

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.citizens.requests.models import Request
from ymach.synth.requests import make_requests

pytestmark = pytest.mark.django_db


def test_the_demonstrations_citizen_has_asked_once() -> None:
    make_facility("99001")
    user = create_user(username="nguoi-dan", full_name="Nguyễn Thị Mẫu", password=None, by=SYSTEM, at=now())
    grant_role(user=user, role=Role.CITIZEN, by=SYSTEM, at=now(), citizen_id=make_patient())
    assert make_requests(at=now()) == 4
    assert make_requests(at=now()) == 4
    assert sorted(Request.objects.values_list("state", flat=True)) == ["done", "refused", "sent", "taken"]
