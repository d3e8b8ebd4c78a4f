"""The accounts of a demonstration open with the password that its screen shows."""

from __future__ import annotations

import pytest

from ymach.accounts.models import User
from ymach.base.actors import command
from ymach.base.clock import now
from ymach.synth.accounts import make_accounts
from ymach.synth.sign_ins import PASSWORD


@pytest.mark.django_db
def test_each_account_is_made_once_and_opens_with_the_password_shown() -> None:
    made = make_accounts(by=command("demo"), at=now())
    accounts = User.objects.all()
    assert made == len(accounts) > 2
    assert all(one.check_password(PASSWORD) and not one.check_password(PASSWORD.upper()) for one in accounts)
    assert make_accounts(by=command("demo"), at=now()) == 0
