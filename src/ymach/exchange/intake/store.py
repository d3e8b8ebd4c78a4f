"""Step 9, store: one transaction for bytes, records, counters, deliveries, journal and receipt.

The hot path below the ORM (design D1): a fixed number of statements for any number of submissions of one facility.
"""

from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError, transaction

from ymach.audit.actions import Journal, day_of
from ymach.audit.chain import Event
from ymach.base import pg
from ymach.base.clock import vietnam_day
from ymach.base.findings import Finding
from ymach.base.ids import new_id
from ymach.citizens.actions import ask_settled
from ymach.citizens.identify import Identity
from ymach.exchange import kept_bytes
from ymach.exchange.deliveries.names import family_of
from ymach.exchange.deliveries.routes import Ways, destinations_of
from ymach.exchange.deliveries.routing import matters_of
from ymach.exchange.deliveries.rules import DEADLINE
from ymach.exchange.intake import findings, store_sql
from ymach.exchange.intake.case import Case, DossierCase, Sender, is_refused
from ymach.exchange.intake.earlier import Earlier
from ymach.exchange.intake.store_sql import Common, Rows
from ymach.exchange.intake.versions import note_version, turn_away_cancelled
from ymach.exchange.living import kinds as living
from ymach.exchange.living.contract import Placed
from ymach.exchange.policies.rules import REJECTED
from ymach.exchange.receipts.claims import claims_of
from ymach.exchange.receipts.issuer import Issuer
from ymach.exchange.receipts.payload import StoredRecord, payload
from ymach.exchange.subscriptions.queries import ways
from ymach.trust.jws import sign_receipt

BASIS = "Circular 48/2017/TT-BYT; Decree 102/2025/NĐ-CP art. 10"
_TRIES = 5
_PASSING = (psycopg.errors.DeadlockDetected, psycopg.errors.UniqueViolation)


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of one case: its id, its receipt with what it says, and whether the same content had come before.

    since: what has happened to it since that receipt.
    """

    submission_id: UUID
    receipt: str
    claims: dict[str, Any]
    is_replay: bool = False
    since: tuple[Finding, ...] = ()


def store(cases: Sequence[Case], *, sender: Sender, at: datetime, issuer: Issuer) -> list[Stored]:
    """Store decided and refused cases of one facility in one transaction; the answers in the same order.

    at: aware; the moment from which the records are findable. The same content twice (also within `cases`) is stored
    once. Tried again here: a deadlock between two facilities that meet the same person for the first time, and content
    that another request has just stored under the next day's journal.
    """
    kept = {
        case.received.digest: kept_bytes.compressed(case.received.content) for case in cases if not is_refused(case)
    }
    open_ways = ways()
    for attempt in range(1, _TRIES + 1):
        try:
            with transaction.atomic():
                return _Writing(sender, at, issuer, kept, open_ways).run(cases)
        except DatabaseError as error:
            if attempt == _TRIES or not isinstance(error.__cause__, _PASSING):
                raise
            time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 - not a secret
    raise AssertionError("unreachable: the last attempt returns or raises")


def ask_replays(sender: Sender, digests: Iterable[bytes]) -> Callable[[], dict[bytes, Stored]]:
    """Contents this facility has had accepted before, with the receipts given then; asked now, read when called."""
    rows = pg.ask(store_sql.REPLAYS, [sender.facility.id, list(digests)])
    return lambda: {bytes(digest): _replay(*rest) for digest, *rest in rows()}


def _replay(key: UUID, jws: str, is_amended: bool, is_cancelled: bool) -> Stored:
    said = ((is_amended, findings.AMENDED_SINCE), (is_cancelled, findings.STAYS_CANCELLED))
    since = tuple(kind.at() for is_so, kind in said if is_so)
    return Stored(key, jws, claims_of(jws), is_replay=True, since=since)


def waves(cases: Iterable[Case]) -> Iterator[list[Case]]:
    """Split cases so that no dossier comes twice in one wave: its versions then follow each other."""
    wave: list[Case] = []
    seen: set[tuple[str, str]] = set()
    for case in cases:
        keys = {(one.kind, one.dossier.code) for one in case.dossiers}
        if wave and keys & seen:
            yield wave
            wave, seen = [], set()
        wave.append(case)
        seen |= keys
    if wave:
        yield wave


class _Writing:
    """One transaction. Opening the journal locks the facility's day: what follows is in order for this facility."""

    def __init__(self, sender: Sender, at: datetime, issuer: Issuer, kept: dict[bytes, bytes], ways: Ways) -> None:
        self.sender, self.at, self.issuer, self.kept, self.ways = sender, at, issuer, kept, ways
        self.day = vietnam_day(at)
        self.rows, self.events, self.placed = Rows(), list[Event](), list[Placed]()
        self.went_to: dict[tuple[str, str], list[str]] = {}
        self.revived: set[tuple[str, str]] = set()
        self.before = Earlier()
        facility = sender.facility
        self.facility_id = facility.id
        self.common = Common(
            facility.id, facility.code, facility.province_code, sent_by=str(sender.by), at=at, deadline=at + DEADLINE
        )

    def run(self, cases: Sequence[Case]) -> list[Stored]:
        fresh = list({case.received.digest: case for case in reversed(cases) if not is_refused(case)}.values())
        with pg.together():
            self.journal = Journal(self.facility_id, day_of(self.at))
            citizens = self._ask_citizens(fresh)
            replays = ask_replays(self.sender, [case.received.digest for case in cases])
        known, self.citizens = replays(), citizens()
        stored: dict[bytes, Stored] = {}
        new = [case for case in reversed(fresh) if case.received.digest not in known]
        for wave in waves(new):
            self._send()
            stored.update(self._store(wave))
        _turn_away_twins(cases, new)
        refused = self._refuse([case for case in cases if is_refused(case) and case.received.digest not in known])
        self._send(commit=True)
        answers: list[Stored] = []
        for case in cases:
            digest = case.received.digest
            if digest in known:
                answers.append(known[digest])
            elif is_refused(case):
                answers.append(refused[id(case)])
            else:
                answers.append(stored[digest])
                known[digest] = dataclasses.replace(stored[digest], is_replay=True)
        return answers

    def _ask_citizens(self, cases: Iterable[Case]) -> Callable[[], dict[int, UUID]]:
        """The persons of all dossiers at once: whoever makes the same ones waits for us, or we for them, in one order."""
        kept = [one for case in cases for one in case.dossiers if one.is_kept]
        people = ask_settled([_identity(one) for one in kept], at=self.at)
        return lambda: {id(one): citizen for one, citizen in zip(kept, people(), strict=True)}

    def _store(self, cases: list[Case]) -> dict[bytes, Stored]:
        work = [(case, one) for case in cases for one in case.dossiers if one.is_kept]
        ids = {case.received.digest: new_id() for case in cases}
        versions = self._next_versions([(ids[case.received.digest], case, one) for case, one in work])
        answers = {}
        for case in cases:
            turn_away_cancelled(case, versions)
            if is_refused(case):
                continue
            submission_id = ids[case.received.digest]
            placed = [
                self._records(submission_id, one, versions) if one.is_kept else _nowhere(one) for one in case.dossiers
            ]
            answers[case.received.digest] = self._close(submission_id, case, placed)
            kept = [self.citizens[id(one)] for one in case.dossiers if one.is_kept]
            self.events += [self._event(submission_id, case, citizen) for citizen in kept]
        return answers

    def _refuse(self, cases: list[Case]) -> dict[int, Stored]:
        """A refusal leaves the refusal: a submission without content, its receipt, a counter, an event."""
        answers = {}
        for case in cases:
            submission_id = new_id()
            case.outcome = REJECTED
            answers[id(case)] = self._close(submission_id, case, [_nowhere(one) for one in case.dossiers])
            self.events.append(self._event(submission_id, case, None))
        return answers

    def _next_versions(self, work: list[tuple[UUID, Case, DossierCase]]) -> dict[tuple[str, str], int]:
        """The version that each dossier gets; none for one that was cancelled after it was signed."""
        rows = [
            {
                "kind": one.kind,
                "code": one.dossier.code,
                "submission_id": submission,
                "citizen_id": self.citizens[id(one)],
                "signed_at": case.signing.at if case.signing else case.received.at,
            }
            for submission, case, one in work
        ]
        key = self.facility_id
        answer = pg.ask(store_sql.NEXT_VERSIONS, [key, self.at, pg.as_json(rows), key])()
        replaced = [(kind == "check-in", code, old) for kind, code, _, _, old, *_ in answer if old is not None]
        earlier = {(kind, code): old for kind, code, _, cancelled, _, old, _ in answer if old and not cancelled}
        with pg.together():
            if replaced:
                kinds, codes, citizens = pg.columns(replaced)
                pg.ask(store_sql.SUPERSEDE, [citizens, self.facility_id, kinds, codes])
            before = Earlier.ask(self.facility_id, earlier)
        self.before = before
        self.went_to = {(kind, code): names for kind, code, *_, names in answer if names}
        self.revived = {(kind, code) for kind, code, _, was_cancelled, *_ in answer if was_cancelled}
        return {(kind, code): version for kind, code, version, *_ in answer}

    def _records(
        self, submission_id: UUID, one: DossierCase, versions: dict[tuple[str, str], int]
    ) -> list[StoredRecord]:
        code, version = one.dossier.code, versions[one.kind, one.dossier.code]
        is_revived = (one.kind, code) in self.revived
        note_version(one, version, is_revived=is_revived, before=partial(self.before.of, one))
        placed = []
        for draft, outcome, causes in zip(one.drafts, one.outcomes, one.causes, strict=True):
            record_id = None if outcome == REJECTED else new_id()
            placed.append(StoredRecord(record_id, version))
            if record_id is not None:
                person = self.citizens[id(one)]
                self.placed.append(
                    Placed(one.dossier, draft, record_id, submission_id, person, outcome, version, causes)
                )
                self.rows.records.append(
                    {
                        "citizen_id": person,
                        "id": record_id,
                        "submission_id": submission_id,
                        "code": code,
                        "kind": draft.kind,
                        "version": version,
                        "outcome": outcome,
                        "happened_at": draft.happened_at,
                        "ended_at": draft.ended_at,
                        "summary": draft.summary,
                        "compartment": draft.compartment,
                    }
                )
        return placed

    def _close(self, submission_id: UUID, case: Case, placed: list[list[StoredRecord]]) -> Stored:
        """Everything about one submission but its records: row, bytes, deliveries, counters, receipt."""
        outcome = case.outcome or REJECTED
        searchable_at = None if outcome == REJECTED else self.at
        destinations = self._destinations(case, outcome)
        self._deliver(submission_id, case, placed, destinations)
        self._count(case, outcome, destinations)
        claims = payload(
            case,
            submission_id=submission_id,
            issued_at=self.at,
            issuer=self.issuer.name,
            is_test=self.issuer.is_test,
            stored=placed,
            destinations=list(destinations),
            searchable_at=searchable_at,
        )
        receipt = sign_receipt(claims, self.issuer.key)
        if outcome != REJECTED:
            self.rows.contents[submission_id] = kept_bytes.sealed(submission_id, self.kept[case.received.digest])
        self.rows.submissions.append(
            {
                "id": submission_id,
                "received_at": case.received.at,
                "format": case.format.name,
                "digest": case.received.digest.hex(),
                "size": len(case.received.content),
                "searchable_at": searchable_at,
                "outcome": outcome,
                "findings": sorted({one.code for one in case.all_findings}),
                "dossiers": [one.dossier.code for one in case.dossiers],
                "certificate": case.signing.fingerprint if case.signing else None,
                "jws": receipt,
            }
        )
        return Stored(submission_id, receipt, claims)

    def _destinations(self, case: Case, outcome: str) -> tuple[str, ...]:
        before = [name for one in case.dossiers for name in self.went_to.get((one.kind, one.dossier.code), ())]
        wanted = destinations_of(matters_of(case.dossiers), outcome, ways=self.ways, before=before)
        return tuple(name for name in wanted if name not in case.format.closed_to)

    def _deliver(
        self,
        submission_id: UUID,
        case: Case,
        placed: list[list[StoredRecord]],
        destinations: tuple[str, ...],
    ) -> None:
        # A file is delivered as it was signed; its first dossier that was kept gives the order among versions.
        kept = [(one, versions[0].version) for one, versions in zip(case.dossiers, placed, strict=True) if one.is_kept]
        for name in destinations:
            first, version = kept[0]
            self.rows.deliveries.append(
                {
                    "id": new_id(),
                    "submission_id": submission_id,
                    "kind": first.kind,
                    "code": first.dossier.code,
                    "version": version,
                    "destination": name,
                }
            )

    def _count(self, case: Case, outcome: str, destinations: tuple[str, ...]) -> None:
        self.rows.tally[self.day, "submission", case.format.name, outcome] += 1
        for one in case.dossiers:
            for draft, record_outcome in zip(one.drafts, one.outcomes, strict=True):
                self.rows.tally[self.day, "record", draft.kind, record_outcome] += 1
        for name in destinations:
            self.rows.tally[self.day, "delivery", family_of(name), "waiting"] += 1

    def _event(self, submission_id: UUID, case: Case, citizen: UUID | None) -> Event:
        return Event(
            at=self.at,
            actor=str(self.sender.by),
            action="submission:refused" if case.outcome == REJECTED else "submission:stored",
            subject=f"submission:{submission_id}",
            basis=BASIS,
            citizen_id=citizen,
            detail={"outcome": case.outcome, "digest": case.received.digest.hex()},
        )

    def _send(self, *, commit: bool = False) -> None:
        """Insert what was gathered; `commit` for the last of the transaction."""
        rows, events, placed = self.rows, self.events, self.placed
        self.rows, self.events, self.placed = Rows(), [], []
        if rows.submissions:
            with pg.together(commit=commit):
                store_sql.insert(rows, self.common)
                living.keep(placed, self.common)
                self.journal.add(events)


def _identity(one: DossierCase) -> Identity:
    if one.identity is None:
        raise RuntimeError("store comes after identify")
    return one.identity


def _turn_away_twins(cases: Iterable[Case], new: Iterable[Case]) -> None:
    """The same content twice in one batch is turned away twice."""
    turned = {case.received.digest: case for case in new if is_refused(case)}
    for case in cases:
        first = turned.get(case.received.digest)
        if first is not None:
            case.dossiers, case.outcome = first.dossiers, first.outcome


def _nowhere(one: DossierCase) -> list[StoredRecord]:
    """The records of a dossier of which nothing is stored."""
    return [StoredRecord(None, 0)] * len(one.drafts)
