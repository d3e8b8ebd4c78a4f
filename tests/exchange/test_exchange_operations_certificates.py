"""Owners of certificates are told before the end: once a mark, and not where a newer certificate is bound."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.support.certificates import bind_certificate
from tests.support.factories import make_facility
from tests.support.intake import authority

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.base.actors import SYSTEM
from ymach.changes.models import Reminder
from ymach.exchange.operations.certificates import ending_of_facilities, ending_of_others, warn, weeks_of_facilities
from ymach.notices.models import Notice
from ymach.trust.actions import add_anchor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def notices(facility_id: UUID) -> list[str]:
    return [one.vi for one in Notice.objects.filter(facility_id=facility_id).order_by("at")]


def test_a_facility_is_told_at_each_mark_once() -> None:
    facility = make_facility("99001")
    bind_certificate(facility, at=AT, days=29)
    assert sum(warn(at=AT).values()) == 1
    assert sum(warn(at=AT + timedelta(hours=1)).values()) == 0
    warn(at=AT + timedelta(days=16))
    warn(at=AT + timedelta(days=23))
    warn(at=AT + timedelta(days=28))
    told = notices(facility.id)
    assert len(told) == 3
    assert "hết hạn ngày 22/12/2026" in told[0]


def test_a_certificate_found_late_is_told_once_not_three_times() -> None:
    bind_certificate(make_facility("99001"), at=AT, days=5)
    assert sum(warn(at=AT).values()) == 1
    assert [one.mark for one in Reminder.objects.filter(what="certificate")] == [7]


def test_who_has_bound_a_newer_certificate_is_left_alone() -> None:
    facility = make_facility("99001")
    bind_certificate(facility, at=AT, days=5)
    bind_certificate(facility, at=AT, days=400)
    assert ending_of_facilities(at=AT, within=timedelta(days=30)) == []
    assert not warn(at=AT)


def test_the_radar_counts_by_week() -> None:
    for number, days in enumerate((1, 6.9, 7.1, 83, 85)):
        bind_certificate(make_facility(f"9900{number}"), at=AT, days=days)
    assert weeks_of_facilities(at=AT) == [2, 1, *[0] * 9, 1]


def test_the_ministry_is_told_of_authorities() -> None:
    root = authority().root
    add_anchor(certificate=root, by=SYSTEM, at=AT, reason="test")
    user = create_user(username="bo", full_name="Phạm Quốc Việt", password=None, by=SYSTEM, at=AT)
    grant_role(user=user, role=Role.MINISTRY, by=SYSTEM, at=AT - timedelta(days=1))
    before = root.not_after - timedelta(days=10)
    assert [one.name for one in ending_of_others(at=before, within=timedelta(days=30))] != []
    warn(at=before)
    assert any(str(root.identity.common_name) in one.vi for one in Notice.objects.filter(user_id=user.id))
