"""What is to come for a person: appointments, and referrals that are still open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ymach.exchange.appointments import queries as appointments
from ymach.exchange.appointments.models import Appointment
from ymach.exchange.reading.entries import Entry
from ymach.exchange.referrals import rules
from ymach.exchange.referrals.models import Referral

COMING = frozenset({rules.SENT, rules.SEEN, rules.ACCEPTED, rules.DECLINED})
"""States of a referral in which the person has still to go somewhere."""


def appointments_of(entries: Iterable[Entry], *, since: date) -> list[Appointment]:
    """The appointments from a day on whose records may be seen, the nearest first."""
    seen = {one.id: one.citizen_id for one in entries}
    found = appointments.of_citizens(set(seen.values()), since=since)
    return [one for one in found if one.record_id in seen]


def referrals_of(entries: Iterable[Entry]) -> list[Referral]:
    """The referrals whose records may be seen, the newest first."""
    seen = {one.id: one.citizen_id for one in entries if one.kind == "referral"}
    rows = Referral.objects.filter(citizen_id__in=set(seen.values()), record_id__in=seen)
    return list(rows.order_by("-sent_at"))
