"""Persons and their accounts for tests of consent: a family, a desk, and what they sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.support.changing import pdf
from ymach.accounts.permissions import ROLE_PERMISSIONS, Role
from ymach.base.actors import Actor, ActorKind, Grant, command
from ymach.base.ids import new_id
from ymach.base.vietnamese import fold
from ymach.citizens.models import Citizen
from ymach.citizens.proxies import actions as proxies
from ymach.citizens.proxies.rules import Evidence, Proxy, Relation
from ymach.consent.actions import Proof
from ymach.consent.models import Channel
from ymach.consent.rules import Capacity
from ymach.consent.terms import Terms, digest_of
from ymach.facilities.models import Facility

AT = datetime(2026, 10, 5, 2, tzinfo=UTC)
BY = command("test")


def make_person(full_name: str = "Lê Thị Mai", *, born: tuple[int | None, ...] = (1990, 5, 1)) -> Citizen:
    year, month, day = (*born, None, None)[:3]
    return Citizen.objects.create(
        full_name=full_name,
        name_folded=fold(full_name),
        birth_year=year,
        birth_month=month,
        birth_day=day,
        assurance="stated",
        created_at=AT,
    )


def account_of(person: Citizen) -> Actor:
    """The person's own account."""
    return _actor(Role.CITIZEN, person.full_name, citizen_id=person.citizen_id)


def clerk_of(facility: Facility) -> Actor:
    return _actor(Role.FACILITY, "Lê Thị Hạnh", facility_id=facility.id)


def _actor(role: Role, label: str, **limits: Any) -> Actor:
    words = frozenset(word.value for word in ROLE_PERMISSIONS[role])
    return Actor(ActorKind.USER, str(new_id()), label, (Grant(role.value, words, **limits),))


def make_proxy(child: Citizen, parent: Citizen, relation: Relation = Relation.PARENT, **more: Any) -> Proxy:
    """`parent` acts for `child` since AT, by the birth certificate."""
    given = {"evidence": Evidence.BIRTH_CERTIFICATE, "evidence_number": "12/2019", "by": BY, "at": AT, **more}
    return proxies.appoint(subject_id=child.citizen_id, proxy_id=parent.citizen_id, relation=relation, **given)


def terms_for(person: Citizen, *recipients: UUID, **changes: Any) -> Terms:
    """Care and treatment, everything but compartments, from AT on, without an end."""
    made = Terms(
        subject_id=person.citizen_id,
        purpose="treatment",
        capacity=Capacity.SELF,
        facilities=frozenset(recipients),
        is_for_treating=False,
        kinds=None,
        compartments=frozenset(),
        since=AT,
        until=None,
        text_version="treatment-2026-1",
    )
    return replace(made, **changes)


def on_paper(signer: str = "Lê Thị Mai") -> Proof:
    return Proof(Channel.DESK_PAPER, signer, paper=pdf())


def by_vneid(terms: Terms, signer: str = "Lê Thị Mai") -> Proof:
    return Proof(Channel.VNEID, signer, transaction="a.signed.statement", digest=digest_of(terms))
