"""The signed bytes as they are kept: nothing readable on the disk, opened only for their own submission."""

from __future__ import annotations

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from ymach.base.ids import new_id
from ymach.base.sealing import SealBroken
from ymach.exchange import kept_bytes


@given(st.binary(max_size=5000))
def test_bytes_come_back_as_they_were_sent(content: bytes) -> None:
    key = new_id()
    stored = kept_bytes.sealed(key, kept_bytes.compressed(content))
    assert kept_bytes.opened(key, stored, len(content)) == content


def test_what_is_stored_holds_nothing_that_can_be_read_and_opens_for_no_other_submission() -> None:
    content = b"<HO_TEN>NGUYEN VAN AN</HO_TEN>" * 40
    stored = kept_bytes.sealed(new_id(), kept_bytes.compressed(content))
    assert b"NGUYEN" not in stored
    with pytest.raises(SealBroken):
        kept_bytes.opened(new_id(), stored, len(content))


def test_what_was_kept_before_data_was_sealed_opens_as_it_is() -> None:
    assert kept_bytes.opened(new_id(), zstandard.compress(b"earlier"), 7) == b"earlier"
