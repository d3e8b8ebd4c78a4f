"""What only the store would find, for a dry run: content that came before, versions, cancellations. Reads, writes nothing.

Another request may come in between: a dry run tells how it stands now, and promises nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from ymach.base import pg
from ymach.clinical.dossier import Dossier
from ymach.exchange.intake import store_sql
from ymach.exchange.intake.case import Case, DossierCase, Sender, is_refused
from ymach.exchange.intake.earlier import MOST_BYTES, Earlier
from ymach.exchange.intake.store import Stored, ask_replays
from ymach.exchange.intake.versions import note_version, turn_away_cancelled

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """replays: what came before, by digest. first: the first of the same content in this batch, by digest."""

    replays: Mapping[bytes, Stored]
    first: Mapping[bytes, Case]


@dataclass(slots=True)
class _Head:
    """A dossier as it stands, or would stand after what precedes in the batch."""

    version: int = 0
    cancelled_at: datetime | None = None
    submission_id: UUID | None = None
    dossier: Dossier | None = None


def foresee(cases: Sequence[Case], *, sender: Sender) -> Foreseen:
    """Add to decided cases what the store would add; what is answered with an earlier receipt is left as it is."""
    going = [case for case in cases if not is_refused(case)]
    first = {case.received.digest: case for case in reversed(going)}
    keys = sorted({_key(one) for case in going for one in case.dossiers if one.is_kept})
    with pg.together():
        replays = ask_replays(sender, [case.received.digest for case in cases])
        rows = pg.ask(store_sql.HEADS, [sender.facility.id, *(pg.columns(keys) if keys else ([], []))])
    known = replays()
    heads = {(kind, code): _Head(*rest) for kind, code, *rest in rows()}
    replaced = {key: head.submission_id for key, head in heads.items() if not head.cancelled_at and head.submission_id}
    earlier = Earlier.ask(sender.facility.id, replaced)
    for digest, case in reversed(first.items()):
        if digest not in known:
            _place(case, heads, earlier)
    return Foreseen(known, first)


def _place(case: Case, heads: dict[Key, _Head], earlier: Earlier) -> None:
    kept = [one for one in case.dossiers if one.is_kept]
    turn_away_cancelled(case, {_key(one) for one in kept if not _is_late(case, heads.get(_key(one)))})
    for one in kept:
        if one.is_kept:
            heads[_key(one)] = _next(case, one, heads.get(_key(one), _Head()), earlier)


def _next(case: Case, one: DossierCase, head: _Head, earlier: Earlier) -> _Head:
    version = head.version + 1
    before = partial(earlier.of, one) if head.submission_id else lambda: head.dossier
    note_version(one, version, is_revived=head.cancelled_at is not None, before=before)
    return _Head(version, dossier=one.dossier if len(case.received.content) <= MOST_BYTES else None)


def _is_late(case: Case, head: _Head | None) -> bool:
    """Whether its dossier was cancelled after it was signed."""
    signed_at = case.signing.at if case.signing else case.received.at
    return head is not None and head.cancelled_at is not None and head.cancelled_at >= signed_at


def _key(one: DossierCase) -> Key:
    return one.kind, one.dossier.code
