"""A facility's program reads what a version says otherwise than the one before; the reading is in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ymach.base.actors import Actor
from ymach.exchange import queries
from ymach.exchange.contents import dossiers_of
from ymach.exchange.corrections.differences import Comparison
from ymach.exchange.corrections.queries import Version, compared, version_of
from ymach.exchange.reading.dossiers import read_own
from ymach.exchange.reading.errors import RecordNotOpen

DIFFERENCES = "differences"


def read_differences(
    versions: Sequence[Version], code: str, number: int, *, by: Actor, at: datetime
) -> tuple[Version | None, Comparison | None]:
    """The version before, and the differences; nothing before the first. at: aware.

    Raises NotAllowed, NotFound, RecordNotOpen (withheld from this reader).
    """
    submission = version_of(versions, number).submission
    mine = [one for one in dossiers_of(queries.content_of(submission)) if one.code == code]
    if None in read_own(submission, mine, part=DIFFERENCES, by=by, at=at):
        raise RecordNotOpen
    return compared(versions, number)
