"""Whole dossiers behind records that may be seen, read again from the kept bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ymach.clinical.dossier import Dossier
from ymach.exchange.contents import dossiers_of
from ymach.exchange.models import Submission
from ymach.exchange.queries import content_of
from ymach.exchange.reading.entries import Entry

VISIT = "visit"
LOOKED = 12


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode of care: its visit record, and everything its facility wrote of it."""

    entry: Entry
    dossier: Dossier


def episodes_of(entries: Iterable[Entry], *, limit: int | None = None) -> list[Episode]:
    """The episodes among the records, in their order; each submission is opened once."""
    visits = [one for one in entries if one.kind == VISIT][:limit]
    dossiers = _dossiers(visits)
    found = ((one, dossiers.get((one.submission_id, one.dossier_code))) for one in visits)
    return [Episode(entry, dossier) for entry, dossier in found if dossier is not None]


def _dossiers(entries: Iterable[Entry]) -> dict[tuple[UUID, str], Dossier]:
    wanted = {(one.facility_id, one.submission_id) for one in entries}
    rows = Submission.objects.filter(
        facility_id__in={facility for facility, _ in wanted}, id__in={submission for _, submission in wanted}
    )
    return {(row.id, one.code): one for row in rows for one in dossiers_of(content_of(row))}


def blood_group_of(entries: Iterable[Entry]) -> str:
    """The blood group as the newest visits that state one have it, "" where none of them does.

    Only the last `LOOKED` are opened: it does not change.
    """
    for one in episodes_of(entries, limit=LOOKED):
        group = (one.dossier.visit.blood_group or "").strip() if one.dossier.visit else ""
        if group:
            return group
    return ""
