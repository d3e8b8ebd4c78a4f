"""The parts of a worker: each has a name that operators read, and those that are wanted are made."""

from __future__ import annotations

import logging
from threading import Event

import pytest
from tests.support.intake import AT, authority

from ymach.base.actors import SYSTEM
from ymach.exchange.operations import parts
from ymach.trust.actions import add_anchor
from ymach.web.shown.operations import PARTS


def test_every_part_has_words_for_operators() -> None:
    assert PARTS.keys() == parts.MAKERS.keys()


def test_only_parts_that_are_wanted_are_made() -> None:
    assert list(parts.parts(["reminders", "revocation", "insurance"], Event())) == ["reminders", "revocation"]


@pytest.mark.django_db
def test_a_list_that_cannot_be_had_is_told_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    address = "http://127.0.0.1/list.crl"
    add_anchor(certificate=authority().issuing, by=SYSTEM, at=AT, reason="test", trusted=False, crl_url=address)
    with caplog.at_level(logging.WARNING):
        assert parts.refresh_lists(at=AT) == {"newer lists": 0, "lists not had": 1}
    assert "YM-CRL-UNREACHABLE" in caplog.text
