"""The golden files of the conformance kit: each brings its finding and its outcome, and every finding has one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tests.support.intake import platform_issuer
from tests.synth.conftest import World

from ymach.base.clock import now
from ymach.base.findings import Severity
from ymach.exchange.conformance.cases import cases, finding_of, not_from_outside
from ymach.exchange.findings import catalogue
from ymach.exchange.intake.answer import Answer
from ymach.exchange.intake.pipeline import dry_run, submit
from ymach.exchange.intake.receive import receive
from ymach.exchange.senders import machine_sender
from ymach.synth.golden.kit import make_kit
from ymach.synth.golden.signing import sign_golden
from ymach.trust import detached
from ymach.trust.demo_ca import Issued
from ymach.trust.signing import Signer


@dataclass(frozen=True)
class Key:
    """A facility's key as its software holds it."""

    issued: Issued

    @property
    def xml(self) -> Signer:
        return self.issued.signer()

    def sign_fhir(self, content: bytes, at: datetime) -> bytes:
        own = self.issued
        return detached.sign(content, own.key, own.certificate, chain=own.chain, at=at)


def found(answer: Answer) -> set[str]:
    records = [finding for record in answer.body["records"] for finding in record["findings"]]
    return {finding["code"] for finding in (*answer.body["findings"], *records)}


def told(answer: Answer) -> tuple[object, ...]:
    """What a dry run and a submission answer alike."""
    body = answer.body
    records = [(one["kind"], one["code"], one["outcome"], one["findings"]) for one in body["records"]]
    return 200 if answer.status == 201 else answer.status, body["outcome"], body.get("code"), body["findings"], records


def test_every_finding_has_a_case_or_a_reason() -> None:
    codes = {kind.code for kind in catalogue()}
    with_case = {case.finding for case in cases().values()} - {None}
    assert with_case | not_from_outside().keys() == codes
    assert with_case & not_from_outside().keys() == set()


def test_a_good_case_may_bring_nothing_but_notes_and_a_bad_one_names_a_finding() -> None:
    for case in cases().values():
        kind = finding_of(case)
        assert (kind is None) == case.name.startswith("GOOD-")
        if kind and case.outcome == "accepted":
            assert kind.severity is Severity.NOTE


def test_each_file_of_the_kit_brings_its_finding_and_outcome(fixed_world: World) -> None:
    sender, staff = fixed_world.writers[0]
    at, key = now(), Key(fixed_world.certificates.issued(sender))
    files = [one for one in make_kit(sender, staff, seed="1", at=at) if not one.case.sending]
    assert {one.case.name for one in files} == {name for name, case in cases().items() if not case.sending}
    received = [receive(sign_golden(one.content, one.case.signing, key, at=at), at=at) for one in files]
    sending = machine_sender(sender.code)
    answers = dry_run(received, sender=sending)
    wrong = [
        (one.case.name, answer.body["outcome"], sorted(found(answer)))
        for one, answer in zip(files, answers, strict=True)
        if answer.body["outcome"] != one.case.outcome or (one.case.finding and one.case.finding not in found(answer))
    ]
    assert not wrong, "\n".join(map(str, wrong))
    really = submit(received, sender=sending, at=at, issuer=platform_issuer())
    assert [told(one) for one in answers] == [told(one) for one in really]


def test_the_same_seed_gives_the_same_kit(fixed_world: World) -> None:
    sender, staff = fixed_world.writers[0]
    at = now()
    assert list(make_kit(sender, staff, seed="1", at=at)) == list(make_kit(sender, staff, seed="1", at=at))
