"""`ymach keys`: a newer key seals, what older ones sealed is sealed anew in pieces, and no column is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import zstandard
from click.testing import CliRunner
from django.apps import apps
from django.db import connection, connections
from django.db.models import BinaryField
from tests.support.committed import own_database

from ymach.base import data_keys, sealing
from ymach.base.embedded import OWNER
from ymach.base.ids import new_id
from ymach.cli import resealing
from ymach.cli.keys import keys
from ymach.cli.sealed_columns import SEALED_COLUMNS
from ymach.exchange import kept_bytes
from ymach.exchange.models import SubmissionContent

DAY = date(2026, 11, 23)
IN_THE_CLEAR = {
    *("signin_taken.key", "signin_vneid_link.subject", "accounts_system_client.certificate"),
    *("exchange_submission.digest", "exchange_upload.digest", "conformance_try.digest", "conformance_run.digest"),
}
"""Bytes that say nothing of a person: digests, certificates, what is blind already."""


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[Path]:
    before = sealing._file
    sealing.configure(tmp_path / "data-keys", made_on=DAY)
    yield tmp_path / "data-keys"
    sealing._file = before


def rotate(path: Path) -> None:
    data_keys.save(path, data_keys.load(path).rotated(DAY))
    sealing.configure(path)


def kept(content: bytes, *, plain: bool = False) -> SubmissionContent:
    key, packed = new_id(), zstandard.compress(content)
    stored = packed if plain else kept_bytes.sealed(key, packed)
    return SubmissionContent.objects.create(facility_id=new_id(), submission_id=key, content=stored)


def read(row: SubmissionContent) -> bytes:
    row.refresh_from_db()
    return kept_bytes.opened(row.submission_id, bytes(row.content), 100)


def test_sealing_anew_moves_what_is_old_or_plain_in_pieces_and_leaves_the_rest(
    ring: Path, django_db_blocker: object
) -> None:
    with own_database("keys", django_db_blocker):
        connections.close_all()
        running = connection.settings_dict["USER"]
        connection.settings_dict["USER"] = OWNER
        try:
            old, plain = kept(b"old"), kept(b"plain", plain=True)
            rotate(ring)
            new = kept(b"new")
            before = bytes(new.content)
            assert resealing.reseal(limit=1) == resealing.Done(1, left=True)
            assert resealing.reseal() == resealing.Done(1, left=False)
            assert [read(row) for row in (old, plain, new)] == [b"old", b"plain", b"new"]
            assert bytes(new.content) == before
            newest = sealing.keyring().newest.id.hex()
            assert resealing.counts()["exchange_submission_content.content"] == {newest: 3}
        finally:
            connections.close_all()
            connection.settings_dict["USER"] = running


@pytest.mark.django_db
def test_the_keys_are_told_by_their_ids_and_never_shown(ring: Path) -> None:
    made = CliRunner().invoke(keys, ["rotate"])
    told = CliRunner().invoke(keys, ["status"])
    assert (made.exit_code, told.exit_code) == (0, 0)
    held = data_keys.load(ring)
    assert [f"key {one.id.hex()}" in told.output for one in held.keys] == [True, True]
    assert not any(one.secret.hex() in told.output for one in held.keys)


def test_every_column_of_bytes_is_sealed_or_says_nothing_of_a_person() -> None:
    found = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, BinaryField)
    }
    of_people = {name for name in found if not name.startswith(("audit_", "trust_", "facilities_"))} - IN_THE_CLEAR
    sealed = {column.name for column in SEALED_COLUMNS}
    assert of_people - sealed == {"exchange_upload_chunk.content"}
    assert sealed <= found
