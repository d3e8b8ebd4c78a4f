"""The demonstration's consents are given by the rules, once."""

from __future__ import annotations

import pytest
from tests.support.factories import make_facility
from tests.support.patients import make_patient

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.base.actors import SYSTEM
from ymach.base.clock import now
from ymach.citizens.proxies.models import ProxyRow
from ymach.consent.models import Consent, Withdrawal
from ymach.synth.consents import make_consents

pytestmark = pytest.mark.django_db


def test_the_demonstrations_citizen_has_signed_once() -> None:
    for code in ("99001", "99777"):
        make_facility(code)
    user = create_user(username="nguoi-dan", full_name="Nguyễn Thị Mẫu", password=None, by=SYSTEM, at=now())
    grant_role(user=user, role=Role.CITIZEN, by=SYSTEM, at=now(), citizen_id=make_patient())
    assert make_consents(at=now()) == 3
    assert make_consents(at=now()) == 3
    assert (ProxyRow.objects.count(), Withdrawal.objects.count()) == (1, 1)
    assert Consent.objects.filter(needs_child=True).count() == 1
