"""Telling facilities and departments what a correction of the registry changed: once each, when all is judged."""

from __future__ import annotations

from collections import Counter as Tally
from datetime import datetime
from uuid import UUID

from ymach.base.actors import Actor
from ymach.base.clock import print_day
from ymach.base.history.models import HistoryEntry
from ymach.base.text import Text
from ymach.exchange.models import AmendedReceipt
from ymach.exchange.reevaluation.rules import thing_of
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

FACILITY = Text(
    "Sổ đăng ký được sửa lùi ngày ({thing}, ngày {day}): {number} hồ sơ của cơ sở đã được xét lại, có biên nhận sửa đổi.",
    "The registry was corrected with a back date ({thing}, on {day}): {number} dossiers of the facility were judged again "
    "and have amended receipts.",
)
DEPARTMENT = Text(
    "Sổ đăng ký được sửa lùi ngày ({thing}, ngày {day}): {number} hồ sơ của các cơ sở trong tỉnh đã được xét lại.",
    "The registry was corrected with a back date ({thing}, on {day}): {number} dossiers of facilities of the province were "
    "judged again.",
)
LINK = "/corrections?entry={entry}"


def tell_of(entry: HistoryEntry, *, by: Actor, at: datetime) -> int:
    """Tell whose receipts were amended because of an entry of the history; how many submissions these are."""
    rows = set(
        AmendedReceipt.objects.filter(entry_id=entry.id).values_list("facility_id", "province_code", "submission_id")
    )
    facilities: Tally[UUID] = Tally(facility for facility, _, _ in rows)
    provinces: Tally[str] = Tally(province for _, province, _ in rows)
    for facility, number in sorted(facilities.items()):
        tell(to=Recipient(facility_id=facility), text=_said(FACILITY, entry, number), link=_link(entry), by=by, at=at)
    for province, number in sorted(provinces.items()):
        tell(
            to=Recipient(province_code=province), text=_said(DEPARTMENT, entry, number), link=_link(entry), by=by, at=at
        )
    return len(rows)


def _said(text: Text, entry: HistoryEntry, number: int) -> Text:
    thing, day = thing_of(entry.table), print_day(entry.at)
    return Text(
        text.vi.format(thing=thing.vi, day=day, number=number), text.en.format(thing=thing.en, day=day, number=number)
    )


def _link(entry: HistoryEntry) -> str:
    return LINK.format(entry=entry.id)
