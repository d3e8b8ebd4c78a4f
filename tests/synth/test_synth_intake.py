"""What the real intake makes of synthetic dossiers: exactly what they expect."""

from __future__ import annotations

from random import Random

import pytest
from tests.synth.conftest import World, load_world

from ymach.base.clock import now
from ymach.exchange.intake.answer import Answer
from ymach.synth.certificates import Certificates
from ymach.synth.dossiers import RECORDS, SynthDossier, make_dossier
from ymach.synth.examples import examples
from ymach.synth.faults import FAULTS
from ymach.synth.folder import in_order, make_dossiers
from ymach.synth.registry import Country


def found(answer: Answer) -> set[str]:
    """The codes of all findings of an answer."""
    records = [finding for record in answer.body["records"] for finding in record["findings"]]
    return {finding["code"] for finding in (*answer.body["findings"], *records)}


def outcomes(answer: Answer) -> dict[str, str]:
    return {record["kind"]: record["outcome"] for record in answer.body["records"]}


def check(answer: Answer, dossier: SynthDossier) -> None:
    assert found(answer) == set(dossier.codes), dossier.fault
    if dossier.refused:
        assert answer.body["outcome"] == "rejected"
    else:
        assert outcomes(answer) == dict(dossier.outcomes)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_brings_its_findings_and_outcomes(fixed_world: World, rng: Random, fault: str) -> None:
    sender, staff = fixed_world.writers[0]
    dossier = make_dossier(sender, staff, rng, now(), fault=fault)
    for one in in_order(dossier):
        check(fixed_world.send(fixed_world.certificates.sign(one, sender), sender), one)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_dossier_in_order_is_accepted_without_findings(fixed_world: World, rng: Random, kind: str) -> None:
    for sender, staff in fixed_world.writers:
        dossier = make_dossier(sender, staff, rng, now(), kind=kind)
        check(fixed_world.send(fixed_world.certificates.sign(dossier, sender), sender), dossier)


def test_the_shipped_examples_are_accepted_without_findings(fixed_world: World) -> None:
    senders = {sender.code: sender for sender, _ in fixed_world.writers}
    for example in examples():
        sender = senders[example.facility_code]
        answer = fixed_world.send(fixed_world.certificates.signer(sender).sign(example.xml), sender)
        assert (example.name, found(answer), answer.body["outcome"]) == (example.name, set(), "accepted")


@pytest.mark.slow
@pytest.mark.django_db
def test_a_country_sends_what_it_says(
    country: Country, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, rng: Random
) -> None:
    world = load_world(country, certificates, monkeypatch)
    stream = make_dossiers(world.writers, rng, at=now, faults=0.4)
    for _ in range(150):
        sender, dossier = next(stream)
        for one in in_order(dossier):
            check(world.send(certificates.sign(one, sender), sender), one)
