"""Bans from practice (Law 15/2023/QH15 Art. 20): they hold for the person, under any licence."""

from __future__ import annotations

from datetime import date, datetime

from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.base.periods import Period
from ymach.facilities.actions import day_range, period_of
from ymach.practitioners import access, errors, queries
from ymach.practitioners.actions import telling
from ymach.practitioners.actions.changing import changing
from ymach.practitioners.actions.stops import registrations_within, step_down
from ymach.practitioners.models import PractiseBan, Practitioner
from ymach.practitioners.rules import licences as rules


def ban_practitioner(
    *,
    practitioner: Practitioner,
    period: Period,
    case: str,
    reason: str,
    decision: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> PractiseBan:
    """Nothing may be practised during the period (open: until `end_ban`). Registrations stay, blocked; new ones are refused.

    case: a code of `rules.tables.ban_cases`. Raises PeriodWrong, BanCaseUnknown, BanOverlaps.
    """
    access.require_department(by, lambda: queries.provinces_of(practitioner.pk, vietnam_day(at)))
    rules.check_ban(period, case)
    ban = PractiseBan(practitioner=practitioner, case=case, reason=reason, decision=decision)
    ban.period = day_range(period)
    overlaps = {"practitioner_banned_once_at_a_time": lambda: errors.BanOverlaps(field="period")}
    with changing(practitioner.pk, reason=reason, by=by, at=at, seen=seen, refusals=overlaps):
        touched = registrations_within(practitioner.pk, period)
        step_down(touched, period, by=by, at=at)
        ban.save(force_insert=True)
        end = telling.printed(period.end)
        telling.tell_all(
            practitioner,
            [one.facility for one in touched],
            telling.BANNED,
            by=by,
            at=at,
            start=telling.printed(period.start),
            decision=decision,
            end_vi=f" đến trước {end}" if end else "",
            end_en=f" until before {end}" if end else "",
        )
    return ban


def end_ban(
    *,
    ban: PractiseBan,
    ends_on: date,
    reason: str,
    decision: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> PractiseBan:
    """End a ban from the day `ends_on` on. Raises PeriodWrong (it lasts at least a day, and is not made longer this way)."""
    access.require_department(by, lambda: queries.provinces_of(ban.practitioner_id, vietnam_day(at)))
    with changing(ban.practitioner_id, reason=reason, by=by, at=at, seen=seen):
        ban = PractiseBan.objects.select_related("practitioner").get(pk=ban.pk)
        before = period_of(ban.period)
        rules.check_shorter(before, ends_on)
        ban.period = day_range(Period(before.start, ends_on))
        ban.save(update_fields=["period"])
        touched = registrations_within(ban.practitioner_id, Period(ends_on, before.end))
        facilities, start = [one.facility for one in touched], telling.printed(ends_on)
        telling.tell_all(ban.practitioner, facilities, telling.BAN_ENDED, by=by, at=at, start=start, decision=decision)
    return ban
