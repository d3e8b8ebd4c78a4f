"""What tests of the intake need: a facility with its authors, a certificate, and one line to send a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from tests.support.factories import BY, make_facility, make_licence, make_registration
from tests.support.settled import settled_together
from ymach.accounts.queries import machine_actor
from ymach.base.clock import vietnam_day
from ymach.base.kept import Kept
from ymach.base.periods import Period
from ymach.exchange.intake.answer import Answer
from ymach.exchange.intake.case import Sender
from ymach.exchange.intake.pipeline import dry_run, submit
from ymach.exchange.intake.receive import receive
from ymach.exchange.receipts.issuer import Issuer
from ymach.facilities.actions import register_certificate
from ymach.facilities.models import Facility
from ymach.facilities.queries import sending_facility
from ymach.practitioners.models import Licence
from ymach.trust.actions import add_anchor, load_revocation_list
from ymach.trust.demo_ca import DemoAuthority, Issued, KeyPool
from ymach.trust.platform import PlatformKey
from ymach.trust.queries import trust_store

EXAMPLES = Path(__file__).parents[1] / "data" / "examples"
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # Sunday 10:00 in Viet Nam, after every example
AUTHORS = {"0099900/BYT-CCHN": "a", "0099901/BYT-CCHN": "a", "0099902/BYT-CCHN": "a", "0099903/BYT-CCHN": "a"}
RECEIVER = "99777"
"""The facility that the examples refer patients to."""
TAX_CODES = {"99001": "0109900101", "99002": "0109900202", "99003": "0109900303"}


@cache
def authority() -> DemoAuthority:
    """One authority for the whole run: making keys is slow."""
    return DemoAuthority(at=AT, keys=KeyPool(1))


@cache
def certificate_of(code: str) -> Issued:
    return authority().issue_facility(TAX_CODES[code], f"Cơ sở {code}")


@cache
def platform_issuer() -> Issuer:
    return Issuer(PlatformKey.create(), "https://ymach.test")


@dataclass
class Desk:
    """A facility ready to send."""

    facility: Facility
    issued: Issued

    @property
    def sender(self) -> Sender:
        facility = sending_facility(self.facility.code, on=vietnam_day(AT))
        assert facility is not None
        return Sender(machine_actor(facility.code, facility.id), facility)

    def sign(self, content: bytes, *, at: datetime | None = None) -> bytes:
        return self.issued.signer().sign(content, at=at)

    def send(self, *contents: bytes, at: datetime = AT) -> list[Answer]:
        """Send signed contents as one batch."""
        received = [receive(content, at=at) for content in contents]
        return submit(received, sender=self.sender, at=at, issuer=platform_issuer())

    def send_one(self, content: bytes, *, at: datetime = AT) -> Answer:
        return self.send(content, at=at)[0]

    def try_out(self, content: bytes, *, at: datetime = AT) -> Answer:
        return self.try_out_all(content, at=at)[0]

    def try_out_all(self, *contents: bytes, at: datetime = AT) -> list[Answer]:
        return dry_run([receive(content, at=at) for content in contents], sender=self.sender)


def trust_the_demo_authority() -> None:
    ca = authority()
    add_anchor(certificate=ca.root, by=BY, at=AT, reason="test")
    add_anchor(certificate=ca.issuing, by=BY, at=AT, reason="test", trusted=False)
    load_revocation_list(content=ca.crl(at=AT), issuer=ca.issuing, by=BY, at=AT)
    trust_store(fresh=True)


def open_desk(code: str = "99001", *, authors: Sequence[str] = tuple(AUTHORS), licensed: bool = True) -> Desk:
    """A licensed facility whose certificate is bound, with the authors of the examples registered without fixed hours."""
    Kept.forget_all()  # a desk is made once for a module, and what was kept of the last module is gone
    trust_the_demo_authority()
    with settled_together():
        if not Facility.objects.filter(code=RECEIVER).exists():
            make_facility(RECEIVER, province_code="79", name="Bệnh viện Trung tâm")
        facility = make_facility(code, licensed=licensed, province_code="01", name=f"Cơ sở {code}")
        since, issued = datetime(2026, 1, 1, tzinfo=UTC), certificate_of(code)
        register_certificate(facility=facility, certificate=issued.certificate, by=BY, at=since)
        for number in authors:
            licence = Licence.objects.filter(number=number).first() or make_licence(
                number, title=AUTHORS[number], valid=Period(date(2020, 1, 1), None)
            )
            make_registration(licence, facility)
    return Desk(facility, issued)


def example(name: str) -> bytes:
    """One of the shipped dossiers, unsigned."""
    return (EXAMPLES / name).read_bytes()
