"""Authorities and certificates of facilities, from the terminal."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.support.factories import make_facility

from ymach.base.clock import now
from ymach.cli.certificate import certificate
from ymach.facilities.queries import certificate_binding
from ymach.trust.demo_ca import DemoAuthority
from ymach.trust.models import TrustAnchor


def run(*arguments: str) -> Result:
    return CliRunner().invoke(certificate, arguments)


@pytest.fixture(scope="module")
def authority() -> DemoAuthority:
    return DemoAuthority(at=now() - timedelta(days=1))


@pytest.mark.django_db
def test_an_authority_is_believed_until_it_is_withdrawn(authority: DemoAuthority, tmp_path: Path) -> None:
    file = tmp_path / "root.pem"
    file.write_bytes(authority.root.pem())
    assert run("trust", str(file), "--reason", "licence 12").exit_code == 0
    assert TrustAnchor.objects.get(pk=authority.root.fingerprint).trusted_until is None
    assert run("distrust", authority.root.fingerprint, "--reason", "licence ended").exit_code == 0
    assert TrustAnchor.objects.get(pk=authority.root.fingerprint).trusted_until is not None
    assert run("distrust", "0" * 64, "--reason", "x").exit_code == 2


@pytest.mark.django_db
def test_a_certificate_is_a_facilitys_until_it_is_ended(authority: DemoAuthority, tmp_path: Path) -> None:
    facility, issued = make_facility("01001"), authority.issue_facility("0101234567", "Trạm Y tế").certificate
    file = tmp_path / "facility.pem"
    file.write_bytes(issued.pem())
    assert run("bind", str(file), "--facility", "01001").exit_code == 0
    bound = certificate_binding(issued.fingerprint, at=now())
    assert bound is not None
    assert bound.facility == facility
    assert run("end", issued.fingerprint, "--reason", "lost").exit_code == 0
    assert certificate_binding(issued.fingerprint, at=now()) is None
    assert run("end", issued.fingerprint, "--reason", "lost").exit_code == 2
