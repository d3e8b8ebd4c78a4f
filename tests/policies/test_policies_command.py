"""The policy on the command line: as a file, and what a change would have done."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from tests.support.held import SOME, outpatient
from tests.support.intake import open_desk

from ymach.base.clock import now
from ymach.cli.policies import policies
from ymach.exchange.policies.models import PolicyChange

pytestmark = pytest.mark.django_db


def test_policy_is_printed_and_a_change_tried_without_a_trace() -> None:
    desk = open_desk(authors=SOME)
    desk.send_one(outpatient(desk), at=now() - timedelta(days=1))
    listed = CliRunner().invoke(policies, ["list", "--on", "2026-11-22"]).output
    assert "YM-STA-AUTHOR-UNKNOWN,prescription,rejected,2020-01-01,," in listed
    tried = CliRunner().invoke(policies, ["preview", "YM-STA-AUTHOR-UNKNOWN", "rejected"]).output
    assert "held to rejected: 1 records" in tried
    assert not PolicyChange.objects.exists()
