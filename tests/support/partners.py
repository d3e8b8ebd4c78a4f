"""Every destination of the exchange with its stand-in, so that one contract is tested on all of them."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import rsa

from ymach.base.clock import now
from ymach.clinical.dossier import Dossier
from ymach.clinical.medication import Medicine
from ymach.clinical.visit import Visit
from ymach.exchange.channels.contract import Channel, Parcel, PartnerAnswer
from ymach.exchange.channels.guard import PublicOnly
from ymach.exchange.channels.health_book.channel import HealthBookChannel
from ymach.exchange.channels.insurance.channel import InsuranceChannel
from ymach.exchange.channels.prescriptions.accounts import Accounts
from ymach.exchange.channels.prescriptions.channel import PrescriptionsChannel
from ymach.exchange.channels.prescriptions.payload import Numbered
from ymach.exchange.channels.referral.channel import ReferralChannel
from ymach.exchange.channels.webhook.channel import WebhookChannel
from ymach.exchange.prescriptions.sheets import sheets_of
from ymach.formats.xml130.write import write_envelope
from ymach.sandbox import health_book, insurance_portal, prescriptions
from ymach.sandbox.http import serving
from ymach.sandbox.receivers import ReferralReceiver, Subscriber
from ymach.sandbox.stand_in import StandIn
from ymach.sandbox.tls import tls_context
from ymach.trust.platform import PlatformKey, jwks

HERE = PublicOnly((ipaddress.ip_network("127.0.0.0/8"),))
ISSUER = "https://ymach.example"
ALREADY_HELD = 1010


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def platform_key() -> PlatformKey:
    return PlatformKey.create()


@dataclass(frozen=True)
class Partner:
    """A stand-in and how to reach it: `reach(address, patience, authorities)` gives the channel."""

    stand_in: Callable[[], StandIn]
    reach: Callable[[str, timedelta, Path | None], Channel]
    has_sessions: bool = True


def _insurance(url: str, patience: timedelta, authorities: Path | None) -> Channel:
    account = {"username": insurance_portal.USERNAME, "password": insurance_portal.PASSWORD}
    return InsuranceChannel(url, **account, patience=patience, already_held={ALREADY_HELD}, authorities=authorities)


def _health_book(url: str, patience: timedelta, authorities: Path | None) -> Channel:
    account = {"username": health_book.USERNAME, "password": health_book.PASSWORD, "sender_id": health_book.SENDER}
    return HealthBookChannel(url, **account, key=rsa_key(), patience=patience, authorities=authorities)


def _prescriptions(url: str, patience: timedelta, authorities: Path | None) -> Channel:
    accounts = Accounts(shared=prescriptions.PASSWORD)
    return PrescriptionsChannel(url, accounts=accounts, patience=patience, authorities=authorities, codes=numbered)


def numbered(parcel: Parcel, dossier: Dossier) -> dict[int, Numbered]:
    """Codes without a database: of this dossier in this version."""
    found = {}
    for sheet in sheets_of(dossier):
        seed = f"{dossier.code} {parcel.version} {sheet.part}".encode()
        serial = hashlib.sha256(seed).hexdigest()[:7]
        found[sheet.part] = Numbered(f"{parcel.facility_code.lower()}{serial}-{sheet.kind}")
    return found


def _referral(url: str, patience: timedelta, authorities: Path | None) -> Channel:
    sender = {"receiver": "99002", "key": platform_key(), "issuer": ISSUER, "guard": HERE}
    return ReferralChannel(f"{url}/referrals", **sender, patience=patience, authorities=authorities)  # type: ignore[arg-type]


def _webhook(url: str, patience: timedelta, authorities: Path | None) -> Channel:
    sender = {"key": platform_key(), "issuer": ISSUER, "guard": HERE}
    return Telling(f"{url}/events", **sender, patience=patience, authorities=authorities)  # type: ignore[arg-type]


class Telling(WebhookChannel):
    """The channel to a subscriber under the contract of all channels: a parcel is told as an event of its number."""

    needs_content = False

    def send(self, parcel: Parcel) -> PartnerAnswer:
        event = {"id": str(parcel.id), "kind": "submission:stored", "submission": str(parcel.submission_id)}
        return self.tell({**event, "facility": parcel.facility_code}, str(parcel.id))


PARTNERS = {
    "insurance": Partner(insurance_portal.InsurancePortal, _insurance),
    "health_book": Partner(lambda: health_book.HealthBook(public=rsa_key().public_key()), _health_book),
    "prescriptions": Partner(prescriptions.PrescriptionSystem, _prescriptions),
    "referral": Partner(lambda: ReferralReceiver(keys=jwks(platform_key())), _referral, has_sessions=False),
    "webhook": Partner(lambda: Subscriber(keys=jwks(platform_key())), _webhook, has_sessions=False),
}


@dataclass
class Reached:
    """A partner that runs, and the channel to it."""

    name: str
    stand_in: StandIn
    address: str
    channel: Channel
    has_sessions: bool = field(default=True)

    def parcel(self, number: int = 1, *, version: int = 1) -> Parcel:
        """The dossier `number`: a prescription, so that every partner has a use for it."""
        return parcel(self.name, content(number), code=f"LK{number}", version=version)


@cache
def content(number: int) -> bytes:
    """A file with one dossier, LK<number>: a visit with a prescription."""
    at, code = datetime(2026, 11, 20, 2, 0, tzinfo=UTC), f"LK{number}"
    visit = Visit(code=code, facility_code="99003", kind="01", full_name="Lý Thị Mẫu", sex="2", started_at=at)
    line = Medicine(visit_code=code, sequence=1, name="Amlodipin 5mg", prescribers=("0099901/BYT-CCHN",), ordered_at=at)
    dossier = Dossier(code=code, facility_code="99003", visit=visit, medicines=(line,))
    return write_envelope([dossier], facility_code="99003", created_on=at.date())


def parcel(destination: str, body: bytes, *, code: str, version: int = 1) -> Parcel:
    key = UUID(bytes=hashlib.sha256(body).digest()[:16], version=4)
    names = (destination, "99003", "visit", code, version, hashlib.sha256(body).digest(), lambda: body)
    return Parcel(*names, id=key, submission_id=key, created_at=now())


@contextmanager
def reached(name: str, *, seconds: float = 5, tls: Path | None = None) -> Iterator[Reached]:
    """The stand-in of a destination, running, with TLS if a folder for its certificates is given."""
    partner = PARTNERS[name]
    stand_in = partner.stand_in()
    context, authority = (None, None)
    if tls is not None:
        context, authority = tls_context(tls, is_changed=lambda: stand_in.behaviour.certificate_change)
    with serving(stand_in, tls=context) as address:
        channel = partner.reach(address, timedelta(seconds=seconds), authority)
        yield Reached(name, stand_in, address, channel, partner.has_sessions)
        channel.close()
    stand_in.ledger.close()
