from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from ymach.accounts.actions import create_user
from ymach.accounts.models import User
from ymach.base.actors import command
from ymach.base.clock import now
from ymach.base.history.models import HistoryEntry

pytestmark = pytest.mark.django_db


def test_change_without_actor_and_reason_is_refused_by_the_database() -> None:
    with pytest.raises(DatabaseError, match="nobody said who"):
        User(username="mai", full_name="Mai", created_at=now()).save()


def test_change_is_recorded_with_actor_and_reason() -> None:
    user = create_user(username="mai", full_name="Mai", password="a long password", by=command("test"), at=now())
    entry = HistoryEntry.objects.get(table="accounts_user", row_id=str(user.pk))
    assert (entry.operation, entry.actor, entry.reason) == ("I", "command:test", "account created")


def test_secrets_are_left_out_of_the_history() -> None:
    user = create_user(username="mai", full_name="Mai", password="a long password", by=command("test"), at=now())
    entry = HistoryEntry.objects.get(row_id=str(user.pk))
    assert "password" not in entry.after
    assert entry.after["username"] == "mai"


@pytest.mark.parametrize("statement", ["DELETE FROM history_entry", "UPDATE history_entry SET actor = 'x'"])
def test_running_role_cannot_change_history(statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)
