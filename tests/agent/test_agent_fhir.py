"""FHIR Bundles go the same way as XML dossiers: signed as a JWS, queued, sent, receipted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ymach.agent.documents import Kind, is_signed, kind_of
from ymach.agent.errors import Unreadable
from ymach.base.errors import Invalid
from ymach.trust import detached
from ymach.trust.demo_ca import Issued

if TYPE_CHECKING:
    from tests.agent.conftest import Machine

BUNDLE = '{"resourceType": "Bundle", "type": "document", "note": "Nguyễn Thị Mẫu"}\r\n'.encode()


def bundle(machine: Machine, name: str = "bệnh án.json", content: bytes = BUNDLE) -> Path:
    path = machine.folder / "fhir" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_bundle_is_signed_over_its_exact_bytes_and_receipted(machine: Machine) -> None:
    (result,) = machine.json("send", bundle(machine))
    assert (result["state"], machine.exchange.kinds) == ("accepted", ["application/jose"])
    verified = detached.verify(machine.signed()[0])
    assert verified.content == BUNDLE
    assert verified.certificate == machine.exchange.issued.certificate
    assert list(verified.chain) == list(machine.exchange.issued.chain)
    assert machine.run("receipts", "--verify").exit_code == 0


def test_a_bundle_states_when_it_was_signed(machine: Machine) -> None:
    machine.run("send", bundle(machine))
    stated = detached.verify(machine.signed()[0]).claimed_at
    assert stated is not None
    assert abs(datetime.now(UTC) - stated) < timedelta(minutes=5)


def test_xml_and_fhir_of_one_folder_go_together(machine: Machine) -> None:
    bundle(machine)
    machine.dossier("a", folder=machine.folder / "fhir")
    assert machine.run("send", machine.folder / "fhir", "--concurrency", "1").exit_code == 0
    assert sorted(machine.exchange.kinds) == ["application/jose", "application/xml"]


def test_a_bundle_that_is_signed_already_is_sent_as_it_is(machine: Machine, issued: Issued) -> None:
    signed = detached.sign(BUNDLE, issued.key, issued.certificate, chain=issued.chain, at=datetime.now(UTC))
    assert machine.run("send", bundle(machine, "a.jws", signed)).exit_code == 0
    assert machine.signed() == [signed]


@pytest.mark.parametrize("content", [b'{"settings": 1}', b'{"resourceType": "Patient"}', b"{"])
def test_json_that_is_no_bundle_is_not_sent(machine: Machine, content: bytes) -> None:
    done = machine.run("send", bundle(machine, content=content))
    assert (done.exit_code, "YM-AGENT-FILE" in done.stdout) == (1, True)
    assert machine.exchange.requests == []


def test_documents_are_told_apart_by_what_is_in_them() -> None:
    assert kind_of(b"<GIAMDINHHS/>") is Kind.XML
    assert kind_of(b" \n{}") is Kind.FHIR
    assert kind_of(b"eyJhbGciOiJFUzI1NiJ9.e30.AA") is Kind.SIGNED_FHIR
    with pytest.raises(Unreadable):
        is_signed(b"{}")
    with pytest.raises(Invalid):
        is_signed(b"%PDF-1.7")
