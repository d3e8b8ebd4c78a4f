"""A person's prescriptions as they stand: what may still be collected, and what was handed over already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from ymach.exchange.prescriptions import rules
from ymach.exchange.prescriptions.models import Dispensing, Prescription, State
from ymach.exchange.prescriptions.queries import Filled, Line, Sight, filled_of
from ymach.exchange.reading.entries import Entry

KIND = "prescription"


def prescriptions_of(entries: Iterable[Entry], *, at: datetime) -> list[Sight]:
    """The prescriptions of the records that may be seen, as of `at` (aware), the newest first; replaced ones left out."""
    pairs = {(one.facility_id, one.dossier_code) for one in entries if one.kind == KIND}
    rows = Prescription.objects.filter(
        facility_id__in={facility for facility, _ in pairs}, dossier_code__in={code for _, code in pairs}
    ).exclude(state=State.REPLACED)
    mine = [one for one in rows.order_by("-issued_at", "code") if (one.facility_id, one.dossier_code) in pairs]
    by_code: dict[str, list[Filled]] = defaultdict(list)
    for filled in filled_of(Dispensing.objects.filter(code__in=[one.code for one in mine])):
        by_code[filled.dispensing.code].append(filled)
    return [_seen(one, by_code[one.code], at) for one in mine]


def _seen(one: Prescription, filled: list[Filled], at: datetime) -> Sight:
    counted = [part for each in filled if each.dispensing.undone_at is None for part in each.parts]
    remaining = rules.left(one.body["lines"], counted)
    lines = tuple(Line(line, remaining[line["number"]]) for line in one.body["lines"])
    return Sight(one, rules.state_at(one.state, one.expires_at, at), lines, tuple(filled))
