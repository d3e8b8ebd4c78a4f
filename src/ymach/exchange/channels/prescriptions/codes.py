"""Under which codes the exchange keeps the prescriptions of a dossier: they were given when it was stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import connection

from ymach.clinical.dossier import Dossier
from ymach.exchange.channels.contract import Parcel
from ymach.exchange.channels.prescriptions.payload import Numbered
from ymach.exchange.prescriptions.queries import numbered_of
from ymach.exchange.prescriptions.sheets import named_before

Codes = Callable[[Parcel, Dossier], Mapping[int, Numbered]]
"""By place in the dossier; what has no code is not sent."""


def stored_codes(parcel: Parcel, dossier: Dossier) -> Mapping[int, Numbered]:
    """The codes of the submission's prescriptions that were not cancelled. Asks the database, and lets go of it again."""
    before = next(iter(named_before(dossier)), "")
    try:
        rows = numbered_of(parcel.facility_code, parcel.submission_id, dossier.code)
    finally:
        if not connection.in_atomic_block:
            connection.close()  # one of many senders, each with a thread of its own
    return {part: Numbered(code, replaced or before) for part, code, replaced in rows}
