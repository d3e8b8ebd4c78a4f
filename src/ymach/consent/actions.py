"""Giving, signing and withdrawing consents. Each is one transaction with its events; it counts from the very next reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import REGISTRY, day_of
from ymach.audit.chain import Event
from ymach.audit.journals import Journals
from ymach.base import sealing
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.errors import NotAllowed, YmachError
from ymach.base.text import Text
from ymach.citizens.links.queries import identities_of
from ymach.citizens.models import Citizen
from ymach.citizens.proxies import queries as proxies
from ymach.citizens.proxies.actions import born_of
from ymach.citizens.proxies.papers import keep_paper
from ymach.citizens.proxies.rules import Born, Scope, is_asked
from ymach.citizens.telling import tell_person
from ymach.consent import queries
from ymach.consent.errors import (
    AlreadyGiven,
    ConsentForNobody,
    ConsentNotFound,
    GuardiansDisagree,
    NotGivenByOneself,
    NotWaiting,
    ReasonTooLong,
    SignatureMissing,
    SignatureOfSomethingElse,
    SignerMissing,
    WithdrawnAlready,
)
from ymach.consent.models import Assent, Channel, Consent, Withdrawal
from ymach.consent.rules import Capacity
from ymach.consent.terms import Terms, check, digest_of, end_of
from ymach.consent.texts import texts
from ymach.consent.words import Why
from ymach.facilities.models import Facility
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

BASIS = "Law 91/2025/QH15 art. 9, 24, 26; Decree 356/2025/NĐ-CP art. 6"
LONGEST_REASON = 1000
LONGEST_NAME = 200
_WITHDRAWN = Text(
    "Một người bệnh đã rút đồng ý cho cơ sở đọc hồ sơ. Từ lúc này không đọc thêm được theo đồng ý đó.",
    "A patient has withdrawn the consent for your facility to read. From now on nothing is read under it.",
)

_AT_A_DESK = Text(
    "Cơ sở {facility} vừa ghi một đồng ý chia sẻ hồ sơ của bạn hoặc của người mà bạn đại diện. Nếu bạn không ký, bấm “Không "
    "phải tôi ký”.",
    "The facility {facility} has recorded a consent about you or somebody you act for. If it was not you, press “Not me”.",
)
_TAKEN_BACK_AT_A_DESK = Text(
    "Cơ sở {facility} vừa ghi việc rút một đồng ý của bạn hoặc của người mà bạn đại diện.",
    "The facility {facility} has recorded the withdrawal of a consent of yours or of somebody you act for.",
)


@dataclass(frozen=True, slots=True)
class Proof:
    """How somebody signed. paper: the scan of the signed form. transaction: VNeID's signed statement, over `digest`.

    signer: the name on the paper, as its recorder read it; no machine can tell whose form a scan shows.
    """

    channel: Channel
    signer: str = field(repr=False)
    paper: bytes | None = field(default=None, repr=False)
    transaction: str = field(default="", repr=False)
    digest: str = ""


def give(
    *,
    terms: Terms,
    giver_id: UUID,
    proof: Proof,
    by: Actor,
    at: datetime,
    facility: Facility | None = None,
    child_signed: bool = False,
) -> Consent:
    """Record a consent that `giver_id` gives, in the capacity the terms name.

    facility: whose desk or system records it; None when the giver does so alone. child_signed: the child's signature is
    on the same paper; without it the consent of a child of seven or older waits (`sign_as_child`).

    Raises NotAllowed, ConsentForNobody, what `terms.check` raises, NotGivenByOneself, SignatureMissing, SignerMissing,
    SignatureOfSomethingElse, AlreadyGiven, GuardiansDisagree, EvidenceRefused, ScannerAway.
    """
    _require(by, giver_id, facility)
    with transaction.atomic():
        # Locked, so that two guardians who say opposite things are heard one after the other.
        subject = Citizen.objects.select_for_update().filter(pk=terms.subject_id).first()
        if subject is None:
            raise ConsentForNobody(field="subject")
        born = born_of(subject)
        check(terms, born=born, at=at)
        _check_proof(proof, digest_of(terms))
        proxy_row_id = _proxy_row(terms, giver_id, at)
        _check_against_others(terms, giver_id, at)
        row = _row(terms, giver_id, proxy_row_id, proof, born, by, at, facility)
        if row.needs_child and child_signed:
            _assent(row, proof.channel, row.paper_id, "", by=by, at=at)
        _note(row, "consent:given", by=by, at=at)
        _tell_person(row, _AT_A_DESK, facility, by=by, at=at)
    return row


def sign_as_child(
    *, citizen_id: UUID, consent_id: UUID, proof: Proof, by: Actor, at: datetime, facility: Facility | None = None
) -> Assent:
    """The child agrees too, by VNeID or on paper at the desk of `facility`; from now on the consent holds.

    Raises ConsentNotFound, NotAllowed, NotWaiting, SignatureMissing, SignatureOfSomethingElse, EvidenceRefused.
    """
    row = _found(citizen_id, consent_id)
    _require(by, citizen_id, facility)
    _check_proof(proof, row.digest)
    (standing,) = (one for one in queries.standings_of([citizen_id], at=at) if one.row.id == consent_id)
    if standing.why is not Why.WAITING or standing.given.withdrawn_at is not None:
        raise NotWaiting
    with transaction.atomic():
        paper = keep_paper(citizen_id=citizen_id, content=proof.paper, by=by, at=at) if proof.paper else None
        made = _assent(row, proof.channel, paper.id if paper else None, proof.transaction, by=by, at=at)
        _note(row, "consent:signed-by-child", by=by, at=at)
    return made


def withdraw(
    *,
    citizen_id: UUID,
    consent_id: UUID,
    withdrawn_by_id: UUID,
    by: Actor,
    at: datetime,
    reason: str = "",
    facility: Facility | None = None,
) -> Withdrawal:
    """Withdraw a consent, or decline one that still waits; at once. The recipients are told, without saying who.

    withdrawn_by_id: the person, a child of seven or older too, or who acts for them. facility: at whose desk.
    Raises ConsentNotFound, NotAllowed, NotGivenByOneself, WithdrawnAlready, ReasonTooLong.
    """
    row = _found(citizen_id, consent_id)
    _require(by, withdrawn_by_id, facility)
    if withdrawn_by_id not in identities_of([citizen_id]) and not _acts_for(withdrawn_by_id, citizen_id, at):
        raise NotGivenByOneself(field="withdrawn_by")
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong(field="reason", limit=LONGEST_REASON)
    channel = Channel.SIGNED_IN if facility is None else Channel.DESK_PAPER
    try:
        with transaction.atomic():
            made = Withdrawal.objects.create(
                citizen_id=citizen_id,
                consent_id=consent_id,
                withdrawn_by_id=withdrawn_by_id,
                channel=channel,
                reason=reason.strip(),
                at=at,
                by=str(by),
            )
            _note(row, "consent:withdrawn", by=by, at=at)
            _tell_person(row, _TAKEN_BACK_AT_A_DESK, facility, by=by, at=at)
            for one in row.facilities:
                tell(to=Recipient(facility_id=one), text=_WITHDRAWN, link="/consents", by=by, at=at)
    except IntegrityError as twice:
        raise WithdrawnAlready from twice
    return made


def faults_of(proof: Proof, digest: str) -> Iterator[YmachError]:
    """Everything that is wrong with how somebody signed: SignatureMissing, SignatureOfSomethingElse, SignerMissing."""
    if not proof.paper and not proof.transaction:
        yield SignatureMissing(field="paper")
    if proof.transaction and proof.digest != digest:
        yield SignatureOfSomethingElse()
    if not proof.signer.strip() or len(proof.signer) > LONGEST_NAME:
        yield SignerMissing(field="signer")


def signer_of(row: Consent) -> str:
    """The name on the paper, as it was recorded. Raises SealBroken, KeyMissing."""
    return sealing.unseal_text(bytes(row.signer), context=context_of_signer(row.id))


def _require(by: Actor, person_id: UUID, facility: Facility | None) -> None:
    """At a desk the word of the facility, alone the citizen's own."""
    if facility is not None:
        require(by, Permission.CONSENT_RECORD, facility=facility)
        return
    word, ids = Permission.CONSENT_GIVE_OWN.value, identities_of([person_id])
    if not any(word in grant.permissions and grant.citizen_id in ids for grant in by.grants):
        raise NotAllowed(permission=word)


def _check_proof(proof: Proof, digest: str) -> None:
    for fault in faults_of(proof, digest):
        raise fault


def _proxy_row(terms: Terms, giver_id: UUID, at: datetime) -> UUID | None:
    ids = identities_of([terms.subject_id])
    if terms.capacity is Capacity.SELF:
        if giver_id not in ids:
            raise NotGivenByOneself(field="capacity")
        return None
    for one in proxies.acting_for(giver_id, on=vietnam_day(at)):
        is_it = one.subject_id in ids and one.relation.value == terms.capacity.value
        if is_it and Scope.CONSENT in one.scope:
            return one.id
    raise NotGivenByOneself(field="capacity")


def _acts_for(proxy_id: UUID, citizen_id: UUID, at: datetime) -> bool:
    acting, ids = proxies.acting_for(proxy_id, on=vietnam_day(at)), identities_of([citizen_id])
    return any(one.subject_id in ids and Scope.CONSENT in one.scope for one in acting)


def _check_against_others(terms: Terms, giver_id: UUID, at: datetime) -> None:
    rows = [one for one in queries.standings_of([terms.subject_id], at=at) if one.row.purpose == terms.purpose]
    for one in rows:
        if one.why in {None, Why.NOT_YET, Why.WAITING} and _is_same(one.row, terms):
            raise AlreadyGiven
    if terms.capacity is Capacity.SELF or not rows:
        return
    others = {one.proxy_id for one in proxies.proxies_of(terms.subject_id, on=vietnam_day(at))} - {giver_id}
    said = Withdrawal.objects.filter(citizen_id=terms.subject_id, consent_id__in=[one.row.id for one in rows])
    last = said.order_by("-at").values_list("withdrawn_by_id", flat=True).first()
    if last in others and not any(one.row.giver_id == last and one.why is None for one in rows):
        raise GuardiansDisagree


def _is_same(row: Consent, terms: Terms) -> bool:
    return (
        set(row.facilities) == terms.facilities
        and row.is_for_treating == terms.is_for_treating
        and set(row.kinds) == (terms.kinds or frozenset())
        and set(row.compartments) == terms.compartments
    )


def _row(
    terms: Terms,
    giver_id: UUID,
    proxy_row_id: UUID | None,
    proof: Proof,
    born: Born,
    by: Actor,
    at: datetime,
    facility: Facility | None,
) -> Consent:
    text = texts()[terms.text_version]
    paper = keep_paper(citizen_id=terms.subject_id, content=proof.paper, by=by, at=at) if proof.paper else None
    row = Consent(
        citizen_id=terms.subject_id,
        purpose=terms.purpose,
        capacity=terms.capacity.value,
        giver_id=giver_id,
        proxy_row_id=proxy_row_id,
        facilities=sorted(terms.facilities),
        is_for_treating=terms.is_for_treating,
        kinds=sorted(terms.kinds or ()),
        compartments=sorted(terms.compartments),
        is_request=text.is_request,
        since=terms.since,
        until=end_of(terms, born),
        text_version=text.version,
        text_digest=text.digest,
        digest=digest_of(terms),
        channel=proof.channel,
        needs_child=terms.capacity is not Capacity.SELF and is_asked(born, vietnam_day(at)),
        paper_id=paper.id if paper else None,
        transaction=proof.transaction,
        facility_id=facility.id if facility else None,
        given_at=at,
        given_by=str(by),
        given_by_label=by.label,
    )
    row.signer = sealing.seal_text(proof.signer.strip(), context=context_of_signer(row.id))
    row.save(force_insert=True)
    return row


def _assent(row: Consent, channel: str, paper_id: UUID | None, statement: str, *, by: Actor, at: datetime) -> Assent:
    try:
        with transaction.atomic():
            return Assent.objects.create(
                citizen_id=row.citizen_id,
                consent_id=row.id,
                channel=channel,
                paper_id=paper_id,
                transaction=statement,
                at=at,
                by=str(by),
            )
    except IntegrityError as twice:
        raise NotWaiting from twice


def _found(citizen_id: UUID, consent_id: UUID) -> Consent:
    row = queries.get_consent(citizen_id, consent_id)
    if row is None:
        raise ConsentNotFound
    return row


def _note(row: Consent, action: str, *, by: Actor, at: datetime) -> None:
    """The event in the journal of the desk (or the registry), and one that names nobody in each recipient's."""
    here = row.facility_id or REGISTRY
    others: Iterable[UUID] = [one for one in row.facilities if one != here]
    subject = f"consent:{row.id}"
    detail = {"purpose": row.purpose, "capacity": row.capacity, "channel": row.channel}
    own = Event(at, str(by), action, subject, BASIS, citizen_id=row.citizen_id, detail=detail)
    journals = Journals([here, *others], day_of(at))
    told = Event(at, "citizen", action, subject, BASIS, detail={"purpose": row.purpose})
    journals.add([(here, own), *((one, told) for one in others)])


def _tell_person(row: Consent, text: Text, facility: Facility | None, *, by: Actor, at: datetime) -> None:
    """What a desk records nobody else has seen signed: the person is told, and can object."""
    if facility is not None:
        tell_person(row.citizen_id, text.format(facility=facility.name), link="/own/consents", by=by, at=at)


def context_of_signer(consent_id: UUID) -> str:
    """What the sealed name of who signed is bound to."""
    return f"consent:{consent_id}:signer"
