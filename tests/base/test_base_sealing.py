"""Sealing: what is sealed opens only unchanged, in its place and under its key; keys follow each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.base import data_keys, sealing
from ymach.base.errors import Misconfigured
from ymach.base.sealing import OVERHEAD, KeyMissing, SealBroken, Sealer

DAY = date(2026, 11, 23)
RING = data_keys.fresh(DAY)
SEALER = Sealer(RING)


@given(st.binary(max_size=300), st.text(max_size=30))
def test_what_was_sealed_opens_in_its_place_and_tells_nothing_before(plain: bytes, context: str) -> None:
    sealed = SEALER.seal(plain, context=context)
    assert SEALER.unseal(sealed, context=context) == plain
    assert len(sealed) == len(plain) + OVERHEAD
    assert SEALER.seal(plain, context=context) != sealed


@given(st.binary(min_size=1, max_size=100), st.data())
def test_a_changed_bit_is_refused(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(SEALER.seal(plain, context="here"))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises((SealBroken, KeyMissing)):
        SEALER.unseal(bytes(sealed), context="here")


@given(st.text(max_size=20), st.text(max_size=20))
def test_another_place_is_refused(here: str, there: str) -> None:
    sealed = SEALER.seal(b"plain", context=here)
    if here != there:
        with pytest.raises(SealBroken):
            SEALER.unseal(sealed, context=there)


@pytest.mark.parametrize("length", [0, 3, 8, OVERHEAD - 1])
def test_what_is_cut_short_is_refused(length: int) -> None:
    with pytest.raises(SealBroken):
        SEALER.unseal(SEALER.seal(b"plain", context="")[:length], context="")


def test_an_older_key_opens_what_it_sealed_and_the_newest_seals() -> None:
    sealed, later = SEALER.seal(b"plain", context=""), Sealer(RING.rotated(DAY))
    assert later.unseal(sealed, context="") == b"plain"
    assert sealing.key_of(later.seal(b"", context="")) == later.ring.newest.id != RING.newest.id


def test_a_key_that_is_gone_is_named() -> None:
    sealed = SEALER.seal(b"plain", context="")
    with pytest.raises(KeyMissing) as refused:
        Sealer(data_keys.fresh(DAY)).unseal(sealed, context="")
    assert RING.newest.id.hex() in refused.value.text.en


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_a_number_is_found_again_by_its_blind_form_alone(value: str, context: str, other: str, place: str) -> None:
    blind = SEALER.blind(value, context=context)
    assert len(blind) == 43
    assert (blind == SEALER.blind(other, context=place)) == ((value, context) == (other, place))
    assert blind == Sealer(RING.rotated(DAY)).blind(value, context=context)


def test_no_key_is_ever_written_out() -> None:
    assert RING.newest.secret.hex() not in repr(RING)
    assert repr(RING.newest.secret) not in repr(RING) + repr(RING.newest)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    before = sealing._file
    sealing.configure(tmp_path / "data-keys", made_on=DAY)
    yield tmp_path / "data-keys"
    sealing._file = before


def test_a_file_is_made_once_and_for_its_owner_alone(file: Path) -> None:
    made = data_keys.load(file)
    data_keys.create(file, DAY)
    assert data_keys.load(file) == made
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["data-keys"]


def test_a_key_made_while_the_program_runs_opens_at_once(file: Path) -> None:
    later = data_keys.load(file).rotated(DAY)
    data_keys.save(file, later)
    sealed = Sealer(later).seal(b"plain", context="x")
    assert sealing.unseal(sealed, context="x") == b"plain"
    assert sealing.keyring() == later


def test_a_file_that_is_away_leaves_the_keys_as_they_were(file: Path) -> None:
    sealed = sealing.seal(b"plain", context="x")
    file.unlink()
    with pytest.raises(KeyMissing):
        sealing.unseal(Sealer(data_keys.fresh(DAY)).seal(b"", context="x"), context="x")
    assert sealing.unseal(sealed, context="x") == b"plain"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"index": "", "keys": []}',
        json.dumps({"index": "AAAA", "keys": [{"id": "00000000", "since": "2026-01-01", "key": "AAAA"}]}),
        json.dumps({"index": "*", "keys": [{"id": "zz", "since": "x", "key": 3}]}),
    ],
)
def test_a_wrong_file_stops_the_start_with_its_name(content: str, tmp_path: Path) -> None:
    path = tmp_path / "data-keys"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(Misconfigured) as refused:
        sealing.configure(path)
    assert "YMACH_DATA_KEYS" in refused.value.text.en


def test_two_keys_of_one_id_are_refused(tmp_path: Path) -> None:
    data_keys.save(tmp_path / "data-keys", replace(RING, keys=(RING.newest, RING.newest)))
    with pytest.raises(Misconfigured):
        data_keys.load(tmp_path / "data-keys")


def test_a_file_named_in_the_settings_is_never_made(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        sealing.configure(tmp_path / "lost")
    assert "copy of the file" in refused.value.text.en


def test_a_file_that_others_may_read_is_refused(file: Path) -> None:
    file.chmod(0o640)
    with pytest.raises(Misconfigured, match="YM-MISCONFIGURED"):
        sealing.configure(file)


def test_a_file_made_anew_after_a_loss_is_found_out_by_what_was_sealed_before(file: Path) -> None:
    sealing.check_known(sealing.seal(b"plain", context="x"))
    sealing.check_known(b"kept before data was sealed, longer than a head is")
    with pytest.raises(KeyMissing):
        sealing.check_known(Sealer(data_keys.fresh(DAY)).seal(b"plain", context="x"))
