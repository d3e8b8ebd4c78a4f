"""What the real intake makes of synthetic dossiers: exactly what they expect."""

from __future__ import annotations

from random import Random

import pytest
from tests.synth.conftest import World, check, found

from ymach.base.clock import now
from ymach.synth.dossiers import RECORDS, make_dossier
from ymach.synth.examples import examples
from ymach.synth.faults import FAULTS
from ymach.synth.folder import in_order


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
