"""The demonstration's consents: one that holds, one withdrawn, and a child's that waits for the child."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from ymach.accounts.models import Membership
from ymach.accounts.permissions import Role
from ymach.base.clock import vietnam_day
from ymach.citizens.actions import settle
from ymach.citizens.identify import Claim
from ymach.citizens.models import Citizen
from ymach.citizens.proxies.actions import appoint, born_of
from ymach.citizens.proxies.rules import Evidence, Relation, is_child
from ymach.citizens.queries import ask_identities
from ymach.clinical.person import PartialDate
from ymach.consent.actions import Proof, give, withdraw
from ymach.consent.models import Channel, Consent
from ymach.consent.rules import Capacity
from ymach.consent.terms import Terms
from ymach.consent.texts import text_for
from ymach.facilities.models import Facility
from ymach.synth import acting

CHILD_NUMBER, CHILD_NAME, CHILD_AGE = "999317000009", "Nguyễn Mẫu Nhi", 9


def make_consents(*, at: datetime) -> int:
    """Let the demonstration's citizen sign at a desk, once; how many consents there are afterwards. at: aware."""
    held = Membership.objects.filter(role=Role.CITIZEN.value, user__username="nguoi-dan").first()
    facilities = {one.code: one for one in Facility.objects.filter(code__in=["99001", "99777"])}
    if held is None or held.citizen_id is None or len(facilities) < 2 or Consent.objects.exists():
        return Consent.objects.count()
    desk, other = facilities["99001"], facilities["99777"]
    mother = Citizen.objects.get(pk=held.citizen_id)
    terms = _terms(mother.citizen_id, other, at)
    _sign(terms, mother, desk, at)
    claim = replace(terms, purpose="insurance", text_version=text_for("insurance", vietnam_day(at)).version)
    over = _sign(claim, mother, desk, at)
    withdraw(
        citizen_id=mother.citizen_id,
        consent_id=over.id,
        withdrawn_by_id=mother.citizen_id,
        by=acting.staff(desk),
        at=at,
        facility=desk,
    )
    if not is_child(born_of(mother), vietnam_day(at)):
        _for_the_child(mother, desk, other, at)
    return Consent.objects.count()


def _for_the_child(mother: Citizen, desk: Facility, other: Facility, at: datetime) -> None:
    child = _child(desk, at)
    appoint(
        subject_id=child,
        proxy_id=mother.citizen_id,
        relation=Relation.PARENT,
        evidence=Evidence.BIRTH_CERTIFICATE,
        evidence_number="17/2017",
        by=acting.staff(desk),
        at=at,
        facility=desk,
        paper=acting.paper("giay khai sinh"),
    )
    _sign(replace(_terms(child, other, at), capacity=Capacity.PARENT), mother, desk, at)


def _child(desk: Facility, at: datetime) -> UUID:
    born = vietnam_day(at) - timedelta(days=CHILD_AGE * 365 + 100)
    claim = Claim(
        full_name=CHILD_NAME,
        birth=PartialDate.of(born),
        sex="1",
        personal_number=CHILD_NUMBER,
        insurance_card=None,
        facility_id=desk.id,
        patient_code=None,
        dossier_code="MAU-NHI",
    )
    (child,) = settle(ask_identities([claim])(), at=at)
    return child


def _terms(subject: UUID, recipient: Facility, at: datetime) -> Terms:
    return Terms(
        subject_id=subject,
        purpose="treatment",
        capacity=Capacity.SELF,
        facilities=frozenset({recipient.id}),
        is_for_treating=False,
        kinds=None,
        compartments=frozenset(),
        since=at.replace(microsecond=0),
        until=None,
        text_version=text_for("treatment", vietnam_day(at)).version,
    )


def _sign(terms: Terms, giver: Citizen, desk: Facility, at: datetime) -> Consent:
    proof = Proof(Channel.DESK_PAPER, giver.full_name, paper=acting.paper("phieu dong y"))
    return give(terms=terms, giver_id=giver.citizen_id, proof=proof, by=acting.staff(desk), at=at, facility=desk)
