"""Patients with records, without the whole intake: rows as the intake leaves them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant
from ymach.base.ids import new_id
from ymach.base.vietnamese import fold
from ymach.citizens.keeping import blind_key, sealed_value
from ymach.citizens.models import Citizen, Identifier
from ymach.exchange.models import Record
from ymach.exchange.reading.entries import Entry
from ymach.exchange.referrals.models import Referral
from ymach.facilities.models import Facility

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
_serial = count(1)


def doctor(facility: Facility, name: str = "") -> Actor:
    """Somebody of the facility with all the words of its role."""
    words = frozenset(word.value for word in ROLE_PERMISSIONS[Role.FACILITY])
    grant = Grant(Role.FACILITY, words, facility_id=facility.id)
    return Actor(ActorKind.USER, name or f"doctor-{facility.code}", name or f"BS {facility.code}", (grant,))


def make_patient(
    full_name: str = "Đặng Thị Ngọc Lan", *, born: date | None = date(1958, 3, 12), number: str = "", at: datetime = NOW
) -> UUID:
    """A person under a personal number of their own."""
    made = Citizen.objects.create(
        full_name=full_name,
        name_folded=fold(full_name),
        birth_year=born.year if born else None,
        birth_month=born.month if born else None,
        birth_day=born.day if born else None,
        sex="2",
        assurance="stated",
        created_at=at,
    )
    key = ("personal-number", number or f"0011580{next(_serial):05d}")
    kind, value = blind_key(key)
    Identifier.objects.create(
        kind=kind, value=value, citizen_id=made.citizen_id, since=at, sealed=sealed_value(key, value)
    )
    return made.citizen_id


def make_record(
    citizen_id: UUID,
    facility: Facility,
    *,
    kind: str = "visit",
    at: datetime = NOW - timedelta(days=90),
    compartment: str = "",
    outcome: str = "accepted",
    **summary: Any,
) -> Record:
    """One current record; without content behind it."""
    return Record.objects.create(
        citizen_id=citizen_id,
        facility_id=facility.id,
        facility_code=facility.code,
        submission_id=new_id(),
        dossier_code=f"{facility.code}.{next(_serial)}",
        kind=kind,
        version=1,
        is_current=True,
        outcome=outcome,
        happened_at=at,
        ended_at=at + timedelta(hours=1),
        summary=summary,
        compartment=compartment,
    )


def make_referral(citizen_id: UUID, sender: Facility, receiver: Facility, *, at: datetime = NOW) -> Referral:
    """A referral that the receiver may act on."""
    return Referral.objects.create(
        facility_id=sender.id,
        facility_code=sender.code,
        province_code=sender.province_code,
        submission_id=new_id(),
        dossier_code=f"{sender.code}.{next(_serial)}",
        version=1,
        record_id=new_id(),
        citizen_id=citizen_id,
        receiver_code=receiver.code,
        receiver_id=receiver.id,
        receiver_province_code=receiver.province_code,
        is_urgent=False,
        is_held=False,
        referred_at=at,
        sent_at=at,
        state="sent",
        changed_at=at,
    )


def entry(kind: str, at: datetime = NOW, *, facility: str = "01001", compartment: str = "", **summary: Any) -> Entry:
    """A record as rules take it."""
    key = new_id()
    return Entry(key, new_id(), new_id(), facility, new_id(), "MA_LK", kind, at, at, compartment, 1, summary)
