"""Appointing who acts for somebody, and ending it. Each is one transaction with its event in both persons' journal."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import REGISTRY, Journal, day_of
from ymach.audit.chain import Event
from ymach.base.actors import Actor, ActorKind
from ymach.base.clock import vietnam_day
from ymach.base.errors import NotAllowed, YmachError
from ymach.base.text import Text
from ymach.citizens.links.queries import are_joined, identities_of
from ymach.citizens.models import Citizen
from ymach.citizens.proxies import queries, rules
from ymach.citizens.proxies.errors import (
    AlreadyProxy,
    ProxyEnded,
    ProxyNotFound,
    ProxyOfOneself,
    ReasonMissing,
    SubjectMissing,
)
from ymach.citizens.proxies.models import ProxyEnd, ProxyRow
from ymach.citizens.proxies.papers import keep_paper
from ymach.citizens.proxies.rules import Asked, Evidence, Proxy, Relation, Scope
from ymach.citizens.telling import tell_person
from ymach.facilities.models import Facility

BASIS = "Civil Code 91/2015/QH13 art. 134-140; Law 91/2025/QH15 art. 24"
COMPARTMENTS = frozenset({"hiv"})
_LONGEST = 200
_APPOINTED = Text(
    "Cơ sở {facility} vừa ghi một người đại diện cho bạn hoặc cho người mà bạn đại diện. Nếu bạn không ký, bấm “Không phải "
    "tôi ký”.",
    "The facility {facility} has recorded somebody who acts for you or somebody you act for. If it was not you, press “Not me”.",
)


def appoint(
    *,
    subject_id: UUID | None,
    proxy_id: UUID,
    relation: Relation,
    evidence: Evidence,
    evidence_number: str,
    by: Actor,
    at: datetime,
    facility: Facility | None = None,
    until: date | None = None,
    scope: frozenset[Scope] = frozenset(Scope),
    paper: bytes | None = None,
) -> Proxy:
    """Let `proxy_id` act for `subject_id` from today on. facility: whose desk has seen the paper. paper: its scan.

    A child's proxy ends on the 18th birthday by itself. Raises NotAllowed, SubjectMissing, what `rules.end_of` raises,
    AlreadyProxy, EvidenceRefused.
    """
    _require_desk(by, facility)
    _require_another(by, proxy_id)
    today = vietnam_day(at)
    with transaction.atomic():
        asked = _asked(subject_id, proxy_id, relation, evidence, evidence_number, since=today, until=until)
        end = rules.end_of(asked)
        if any(one.proxy_id == proxy_id for one in queries.proxies_of(asked.subject_id, on=today)):
            raise AlreadyProxy(field="proxy")
        kept = keep_paper(citizen_id=asked.subject_id, content=paper, by=by, at=at) if paper else None
        row = ProxyRow(
            citizen_id=asked.subject_id,
            proxy_id=proxy_id,
            relation=relation.value,
            scope=sorted(scope),
            compartments=sorted(rules.compartments_of(relation, asked.subject_born, today, COMPARTMENTS)),
            since=today,
            until=end,
            evidence=evidence.value,
            evidence_number=evidence_number.strip()[:_LONGEST],
            paper_id=kept.id if kept else None,
            facility_id=facility.id if facility else None,
            appointed_at=at,
            appointed_by=str(by),
            appointed_by_label=by.label,
        )
        row.save(force_insert=True)
        _note(row, "proxy:appointed", by=by, at=at)
        if facility is not None:
            text = _APPOINTED.format(facility=facility.name)
            tell_person(row.citizen_id, text, link="/records/about", by=by, at=at)
    return queries.history_of([row.citizen_id])[0]


def faults_of(
    *,
    subject: Citizen,
    proxy_id: UUID | None,
    relation: Relation | None,
    evidence: Evidence | None,
    evidence_number: str,
    until: date | None,
    at: datetime,
) -> list[YmachError]:
    """Everything for which `appoint` would be refused by the rules, for a form. None: not found, not chosen."""
    proxy = Citizen.objects.filter(pk=proxy_id).first() if proxy_id else None
    asked = _of(subject, proxy, relation, evidence, evidence_number, since=vietnam_day(at), until=until)
    return list(rules.faults(asked))


def end(*, subject_id: UUID, proxy_row_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """End a proxy now: by the desk of a facility, or by one of the two persons. Raises ProxyNotFound, NotAllowed,
    ReasonMissing, ProxyEnded."""
    row = ProxyRow.objects.filter(citizen_id=subject_id, id=proxy_row_id).first()
    if row is None:
        raise ProxyNotFound
    mine = {grant.citizen_id for grant in by.grants if grant.citizen_id}
    if not mine & {row.citizen_id, row.proxy_id}:
        _require_desk(by, Facility(id=row.facility_id, province_code="") if row.facility_id else None)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    try:
        with transaction.atomic():
            ProxyEnd.objects.create(
                citizen_id=row.citizen_id,
                proxy_row_id=row.id,
                ended_at=at,
                reason=reason.strip()[:1000],
                ended_by=str(by),
            )
            _note(row, "proxy:ended", by=by, at=at)
    except IntegrityError as twice:
        raise ProxyEnded from twice


def _asked(
    subject_id: UUID | None,
    proxy_id: UUID,
    relation: Relation,
    evidence: Evidence,
    number: str,
    *,
    since: date,
    until: date | None,
) -> Asked:
    ids = sorted({one for one in (subject_id, proxy_id) if one})
    # Locked in one order: two desks must not appoint the two for each other at once.
    people = {one.citizen_id: one for one in Citizen.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    subject, proxy = people.get(subject_id) if subject_id else None, people.get(proxy_id)
    if subject is None or proxy is None:
        raise SubjectMissing(field="subject")
    if are_joined(subject.citizen_id, proxy.citizen_id):
        raise ProxyOfOneself(field="proxy")
    return _of(subject, proxy, relation, evidence, number, since=since, until=until)


def _of(
    subject: Citizen,
    proxy: Citizen | None,
    relation: Relation | None,
    evidence: Evidence | None,
    number: str,
    *,
    since: date,
    until: date | None,
) -> Asked:
    return Asked(
        subject.citizen_id,
        born_of(subject),
        proxy.citizen_id if proxy else None,
        born_of(proxy) if proxy else (None, None, None),
        relation,
        evidence,
        number,
        since,
        until,
        queries.acted_for_through(proxy.citizen_id, on=since) if proxy else frozenset(),
    )


def born_of(citizen: Citizen) -> rules.Born:
    """Year, month and day of birth as far as they are known."""
    return citizen.birth_year, citizen.birth_month, citizen.birth_day


def _require_desk(by: Actor, facility: Facility | None) -> None:
    if by.kind in {ActorKind.COMMAND, ActorKind.SYSTEM}:
        return
    if facility is None:
        raise NotAllowed(permission=Permission.CONSENT_RECORD.value)
    require(by, Permission.CONSENT_RECORD, facility=facility)


def _require_another(by: Actor, proxy_id: UUID) -> None:
    """Nobody at a desk appoints themselves."""
    mine = [grant.citizen_id for grant in by.grants if grant.citizen_id]
    if mine and proxy_id in identities_of(mine):
        raise NotAllowed(permission=Permission.CONSENT_RECORD.value)


def _note(row: ProxyRow, action: str, *, by: Actor, at: datetime) -> None:
    detail = {"relation": row.relation, "proxy": str(row.proxy_id)}
    events = [
        Event(at, str(by), action, f"proxy:{row.id}", BASIS, citizen_id=one, detail=detail)
        for one in (row.citizen_id, row.proxy_id)
    ]
    Journal(row.facility_id or REGISTRY, day_of(at)).add(events)
