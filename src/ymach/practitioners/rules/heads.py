"""The person responsible for technical expertise at a facility (Decree 96/2023/NĐ-CP Art. 40(4))."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from ymach.base.periods import Period
from ymach.practitioners.errors import HeadNotFullTime, HeadScopeWrong, HeadTooNew
from ymach.practitioners.rules import spans
from ymach.practitioners.rules.practice import fits
from ymach.practitioners.rules.tables import titles


@dataclass(frozen=True, slots=True)
class Held:
    """A title with scopes, held by licence during `valid`."""

    title: str
    scopes: frozenset[str]
    valid: Period


def check_head(
    *,
    start: date,
    is_full_time: bool,
    now: Held,
    facility_scopes: Collection[str],
    held: Iterable[Held],
    registered: Iterable[Period],
    stopped: Iterable[Period],
) -> None:
    """Full-time there, 36 months in the scope concerned on the day `start`, a scope of the facility's.

    now: what the licence in force says; held: all licences ever; registered, stopped: days of practice registrations
    and of suspensions or bans. That there is one head at a time, and nowhere else, the database holds.
    Raises HeadNotFullTime, HeadScopeWrong, HeadTooNew.
    """
    if not is_full_time:
        raise HeadNotFullTime(field="is_full_time")
    if not fits(now.scopes, facility_scopes):
        raise HeadScopeWrong(field="is_technical_head", scopes=", ".join(sorted(facility_scopes)))
    months = titles()[now.title].head_months
    if not months:
        return
    needed = (start - spans.months_later(start, -months)).days
    had = days_in_scope(now, held, registered, stopped, until=start)
    if had < needed:
        raise HeadTooNew(field="is_technical_head", months=months, had=had * 12 // 365)


def days_in_scope(
    now: Held, held: Iterable[Held], registered: Iterable[Period], stopped: Iterable[Period], *, until: date
) -> int:
    """Days of practice before `until` within the title and scope of `now`.

    Before the first registration that the registry knows, days under a fitting licence count as practice; from then on
    only registered days do. Days of suspension or ban never count.
    """
    licensed = spans.days_of(one.valid for one in held if _concerns(one, now))
    practised = spans.days_of(registered)
    if practised:
        before = spans.days_of([Period(None, date.fromordinal(practised[0][0]))])
        licensed = spans.both(licensed, spans.either(practised, before))
    before_then = spans.both(licensed, spans.days_of([Period(None, until)]))
    return spans.count(spans.without(before_then, spans.days_of(stopped)))


def without_head(heads: Iterable[Period], within: Period) -> tuple[Period, ...]:
    """The stretches of `within` on which a facility has nobody responsible (exactly one is required)."""
    gaps = spans.without(spans.days_of([within]), spans.days_of(heads))
    return tuple(Period(date.fromordinal(start), _end(end)) for start, end in gaps)


def _concerns(one: Held, now: Held) -> bool:
    if one.title != now.title:
        return False
    return not one.scopes or not now.scopes or not one.scopes.isdisjoint(now.scopes)


def _end(ordinal: int) -> date | None:
    return None if ordinal == date.max.toordinal() else date.fromordinal(ordinal)
