"""Keys of the synthetic country: kept, found again, and used as each dossier asks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from lxml import etree

from ymach.base.clock import now
from ymach.synth.care.staff import Staff
from ymach.synth.certificates import Certificates
from ymach.synth.faults import FAULTS
from ymach.synth.folder import write_folder
from ymach.synth.model import Facility
from ymach.trust.chains import check_chain
from ymach.trust.errors import CertificateRefused
from ymach.trust.xmldsig import verify

Writers = list[tuple[Facility, Staff]]


def test_a_folder_opened_again_holds_the_same_authority_and_certificates(tmp_path: Path, writers: Writers) -> None:
    place = writers[0][0]
    first = Certificates(tmp_path, at=now())
    issued = first.issued(place)
    again = Certificates(tmp_path, at=now() + timedelta(days=3))
    assert again.authority.root == first.authority.root
    assert again.authority.at == first.authority.at.replace(microsecond=0)
    assert again.issued(place).certificate == issued.certificate


def test_private_keys_are_readable_by_their_owner_only(certificates: Certificates) -> None:
    for path in certificates.folder.rglob("*.pem"):
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_a_signed_dossier_is_verified_and_its_certificate_relied_on(
    certificates: Certificates, writers: Writers, tmp_path: Path
) -> None:
    at = now()
    written = write_folder(tmp_path, writers, seed=3, at=at, count=10, faults=0, sign=certificates.sign)
    store = certificates.authority.trust_store()
    assert written.files == 10
    for path in tmp_path.glob("*.xml"):
        verified = verify(etree.fromstring(path.read_bytes()))
        checked = {"anchors": store.anchors, "revocations": store.revocations}
        assert check_chain(verified.certificate, verified.chain, at=at + timedelta(minutes=1), **checked) == ()


def test_the_revoked_certificate_is_on_the_list_after_opening_again(certificates: Certificates) -> None:
    again = Certificates(certificates.folder, at=now())
    store = again.authority.trust_store()
    revoked = again._faulty["revoked"]
    with pytest.raises(CertificateRefused, match="YM-CRT-REVOKED"):
        check_chain(revoked.certificate, revoked.chain, store.anchors, at=now(), revocations=store.revocations)


def test_a_folder_tells_what_to_expect_of_each_file(
    certificates: Certificates, writers: Writers, tmp_path: Path
) -> None:
    write_folder(tmp_path, writers, seed=3, at=now(), count=40, faults=0.5, sign=certificates.sign)
    told = [orjson.loads(line) for line in (tmp_path / "expected.jsonl").read_bytes().splitlines()]
    assert {one["file"] for one in told} == {path.name for path in tmp_path.glob("*.xml")}
    assert {one["fault"] for one in told} - {None} <= set(FAULTS)
    assert any(one["findings"] for one in told)


def test_the_same_seed_writes_the_same_unsigned_files(writers: Writers, tmp_path: Path) -> None:
    at = now()
    for name in ("one", "other"):
        write_folder(tmp_path / name, writers, seed=5, at=at, count=12, faults=0.3, sign=None)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()
