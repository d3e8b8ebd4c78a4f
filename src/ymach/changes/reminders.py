"""Reminding people of what the law makes due: each subject, matter, mark and last day once, however often this runs.

A run goes on from the last day up to which everybody was reminded, along an index, in batches: a day's run looks at a
day's people. What was reminded is written in the same transaction as the notice, so that a run may be stopped anywhere.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import transaction

from ymach.base import pg
from ymach.base.actors import SYSTEM
from ymach.base.clock import print_day, vietnam_day
from ymach.base.ids import new_id
from ymach.base.rounds import Stopped, never
from ymach.base.text import Text
from ymach.base.workdays import add_working_days
from ymach.changes.clocks import clocks, cme_missing
from ymach.changes.deadlines import cme_words
from ymach.changes.models import RemindedThrough
from ymach.notices.actions import tell
from ymach.notices.recipients import Recipient

BATCH = 200
LATEST = 14
"""Days after its end for which an overdue request is still told, where nobody ran this in time."""

RENEWAL = Text(
    "Giấy phép hành nghề của bạn hết hạn ngày {day}. Gửi hồ sơ gia hạn trước ngày đó.",
    "Your licence ends on {day}. Apply for its renewal before that day.",
)
RENEWAL_LACKING = Text(
    "Giấy phép hành nghề của bạn hết hạn ngày {day}. Gửi hồ sơ gia hạn trước ngày đó; bạn {missing}.",
    "Your licence ends on {day}. Apply for its renewal before that day; {missing_en}.",
)
CME = Text(
    "Giấy phép hành nghề của bạn hết hạn ngày {day}; đến lúc đó cần đủ 120 giờ đào tạo liên tục. Bạn {missing}.",
    "Your licence ends on {day}; by then 120 credit hours are needed: {missing_en}.",
)
IDLE = Text(
    "Đến ngày {day} bạn đủ 24 tháng không đăng ký hành nghề ở đâu; khi đó giấy phép có thể bị thu hồi.",
    "On {day} you will have been registered nowhere for 24 months; the licence may then be revoked.",
)
DUE = Text(
    "{number} yêu cầu đến hạn quyết định ngày {day}.",
    "Requests due for a decision on {day}: {number}.",
)
OVERDUE = Text(
    "{number} yêu cầu đã quá hạn quyết định ngày {day}.",
    "Requests that were due on {day} and are not decided: {number}.",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose term ends on a day; hours: verified credit hours that count on it."""

    key: UUID
    due_on: date
    hours: Decimal


_PEOPLE = """
SELECT d.practitioner_id, d.due_on, coalesce((
  SELECT sum(c.hours) FROM practitioners_cme_activity c WHERE c.practitioner_id = d.practitioner_id
    AND c.verified_at IS NOT NULL AND c.ended_on > (d.due_on + 1 - interval '5 years')), 0)
FROM changes_deadline d
WHERE d.is_first AND d.what = %(matter)s AND d.due_on <= %(last)s AND (d.due_on, d.practitioner_id) > (%(day)s, %(key)s)
  AND (d.what = 'renewal' OR d.licence_until IS NULL OR d.licence_until > %(on)s)
ORDER BY d.due_on, d.practitioner_id LIMIT %(limit)s
"""
_REQUESTS = """
SELECT province_code, due_on, count(*) FROM changes_request
WHERE state = 'submitted' AND is_ready AND province_code = ANY(%(provinces)s)
  AND due_on BETWEEN %(from)s AND %(to)s GROUP BY province_code, due_on
"""
_ONCE = """
INSERT INTO changes_reminder (id, subject, what, mark, due_on, told_at)
SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::smallint[], %s::date[], %s::timestamptz[])
ON CONFLICT DO NOTHING RETURNING subject, due_on
"""
MATTERS = {"renewal": "renewal", "cme": "renewal", "idle": "idle"}
"""The reminders about people and the deadline that each is about."""
NEAREST = {"renewal": -1, "cme": 180, "idle": -1}
"""Nobody is reminded who has only so many days left: from 180 days on the renewal's own reminders say what is missing."""


def remind(*, at: datetime, stopped: Stopped = never) -> Tally[str]:
    """Send every reminder that is due at `at`; how many of each. stopped: asked between batches."""
    tally: Tally[str] = Tally()
    for what in MATTERS:
        marks = [*clocks()[what].warn_days, NEAREST[what]]
        for mark, nearer in pairwise(marks):
            tally[what] += _remind_people(what, mark, nearer, at, stopped)
    if not stopped():
        tally.update(_remind_departments(at))
    return tally


def _remind_people(what: str, mark: int, nearer: int, at: datetime, stopped: Stopped) -> int:
    """Everybody whose last day has come within `mark` days and is further away than the next mark."""
    on = vietnam_day(at)
    last = on + timedelta(days=mark)
    through = RemindedThrough.objects.filter(what=what, mark=mark).values_list("due_on", flat=True).first()
    told = 0
    for people in _batches(what, max(through or date.min, on + timedelta(days=nearer)), last, on):
        if stopped():
            return told
        told += _tell_people(what, mark, people, at)
    RemindedThrough.objects.update_or_create(what=what, mark=mark, defaults={"due_on": last})
    return told


def _batches(what: str, after: date, last: date, on: date) -> Iterator[list[Person]]:
    day, key = after, UUID(int=(1 << 128) - 1)
    while True:
        asked = {"matter": MATTERS[what], "last": last, "day": day, "key": key, "on": on, "limit": BATCH}
        people = [Person(*row) for row in pg.ask(_PEOPLE, asked)()]
        if people:
            yield people
        if len(people) < BATCH:
            return
        day, key = people[-1].due_on, people[-1].key


def _tell_people(what: str, mark: int, people: Sequence[Person], at: datetime) -> int:
    concerned = [one for one in people if what != "cme" or cme_missing(one.hours)]
    with transaction.atomic():
        rows = [(f"practitioner:{one.key}", one.due_on) for one in concerned]
        new = first_times(rows, what, mark, at)
        for one in concerned:
            if (f"practitioner:{one.key}", one.due_on) in new:
                text = sentence(what, one.due_on, cme_missing(one.hours))
                to = Recipient(practitioner_id=one.key)
                tell(to=to, text=text, link="/deadlines", by=SYSTEM, at=at, letter=True)
    return len(new)


def sentence(what: str, due_on: date, missing: Decimal) -> Text:
    """A reminder in words."""
    day, lacking = print_day(due_on), cme_words(missing)
    words = {"idle": IDLE, "cme": CME}.get(what, RENEWAL_LACKING if missing else RENEWAL)
    return words.format(day=day, missing=lacking.vi, missing_en=lacking.en)


def _remind_departments(at: datetime) -> Tally[str]:
    """One sentence for each department and last day: how many requests are due on the next working day, or overdue."""
    on = vietnam_day(at)
    window = {"from": on - timedelta(days=LATEST), "to": add_working_days(on, 1), "provinces": _provinces()}
    found = pg.ask(_REQUESTS, window)()
    due = [row for row in found if row[1] >= on]
    overdue = [row for row in found if row[1] < on]
    return Tally(
        {
            "request-due": _tell_departments("request-due", DUE, "/worklist?due=soon", due, at),
            "request-overdue": _tell_departments("request-overdue", OVERDUE, "/worklist?due=overdue", overdue, at),
        }
    )


def _provinces() -> list[str]:
    """Provinces with a request that waits, found by steps along the worklist's index."""
    steps = """
    WITH RECURSIVE step AS (
      (SELECT min(province_code) AS code FROM changes_request WHERE state = 'submitted' AND is_ready)
      UNION ALL
      SELECT (SELECT min(province_code) FROM changes_request
        WHERE state = 'submitted' AND is_ready AND province_code > step.code) FROM step WHERE step.code IS NOT NULL
    ) SELECT code FROM step WHERE code IS NOT NULL"""
    return [code for (code,) in pg.ask(steps, {})()]


def _tell_departments(what: str, words: Text, link: str, rows: Sequence[tuple[Any, ...]], at: datetime) -> int:
    with transaction.atomic():
        new = first_times([(f"province:{code}", due_on) for code, due_on, _ in rows], what, 1, at)
        for code, due_on, number in rows:
            if (f"province:{code}", due_on) in new:
                text = words.format(number=number, day=print_day(due_on))
                tell(to=Recipient(province_code=code), text=text, link=link, by=SYSTEM, at=at)
    return len(new)


def first_times(rows: Sequence[tuple[str, date]], what: str, mark: int, at: datetime) -> set[tuple[str, date]]:
    """Those of (subject, last day) that nobody was reminded of yet; from now on they were."""
    if not rows:
        return set()
    written = [(new_id(), subject, what, mark, due_on, at) for subject, due_on in rows]
    return {(subject, due_on) for subject, due_on in pg.ask(_ONCE, pg.columns(written))()}
