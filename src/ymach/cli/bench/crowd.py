"""What makes a working day heavy, put once into a store: a province in which very many requests wait, a facility with
very many people, and accounts for those who read.

Run as a program on the store (`python -m ymach.cli.bench.crowd …`); what is there already is left as it is.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import django
from django.db import connection

REQUESTS = 100_000
STAFF = 3_000
_KINDS = ("practice-registration", "schedule-change", "end-of-practice", "identity-correction", "diploma", "cme")
_FIRST_NUMBER = 900_000

# Every province's own people and places, again and again; a fifth is overdue, a thirtieth due today.
_WAITING = """
WITH one AS MATERIALIZED (
  SELECT row_number() OVER () AS place, r.practitioner_id, r.facility_id, p.full_name
  FROM practitioners_registration r JOIN facilities_facility f ON f.id = r.facility_id
  JOIN practitioners_practitioner p ON p.id = r.practitioner_id WHERE f.province_code = %(province)s
)
INSERT INTO changes_request (id, kind, subject_kind, subject_id, subject_label, province_code, facility_id, practitioner_id,
  state, before, proposed, needs, given, warnings, is_ready, made_by, made_by_label, made_at, submitted_at, clock, due_on,
  decided_by, decided_by_label, decision_number, note, changed_at)
SELECT uuidv7(), (%(kinds)s::text[])[1 + n %% cardinality(%(kinds)s::text[])], 'practitioner', practitioner_id, full_name,
  %(province)s, facility_id, practitioner_id, CASE WHEN n %% 40 = 0 THEN 'returned' ELSE 'submitted' END,
  '{}', jsonb_build_object('reason', 'Bench ' || n), '{}', '{}', '[]', n %% 50 <> 0, 'command:bench', 'Bench',
  made.at, made.at, '', %(on)s::date - 6 + n %% 30, '', '', '', '', made.at
FROM generate_series(1, %(count)s) n CROSS JOIN LATERAL (SELECT %(at)s - n * interval '1 minute') made (at)
JOIN one ON one.place = 1 + n %% (SELECT count(*) FROM one)
"""


def main(password: str, province: str) -> None:
    """Fill the store: see the constants."""
    from ymach.accounts.permissions import Role
    from ymach.base.clock import now, vietnam_day

    at = now()
    on = vietnam_day(at)
    if not _asked("SELECT EXISTS (SELECT FROM changes_request WHERE made_by = 'command:bench')"):
        _wait(province, on, at)
    facility_id = _crowded(province, on, at)
    _account("ministry", Role.MINISTRY, password)
    _account("department", Role.DEPARTMENT, password, province_code=province)
    _account("facility", Role.FACILITY, password, facility_id=facility_id)


def _wait(province: str, on: date, at: datetime) -> None:
    # Besides those that wait, one in forty is returned, and of the others one in fifty waits for the person.
    count = round(REQUESTS / (39 / 40 * 49 / 50))
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"kinds": list(_KINDS), "province": province, "on": on, "at": at, "count": count})


def _crowded(province: str, on: date, at: datetime) -> UUID:
    """The facility with the crowd: the province's first."""
    from ymach.base.actors import command
    from ymach.practitioners.bulk import copy_practitioners

    first = "SELECT id FROM facilities_facility WHERE province_code = %(of)s AND valid @> %(on)s ORDER BY code LIMIT 1"
    facility_id: UUID = _asked(first, {"of": province, "on": on})
    if not _asked("SELECT EXISTS (SELECT FROM practitioners_practitioner WHERE passport_number = 'BENCH0')"):
        people = (_person(number, facility_id, province, on) for number in range(STAFF))
        copy_practitioners(people, reason="bench", by=command("bench"), at=at)
    return facility_id


def _person(number: int, facility_id: UUID, province: str, on: date) -> Any:
    from ymach.base.ids import new_id
    from ymach.base.periods import Period
    from ymach.practitioners.bulk import NewLicence, NewPractitioner, NewRegistration

    since = on - timedelta(days=1500 + number % 320)
    ends = since.replace(year=since.year + 5, day=min(since.day, 28))
    registration = NewRegistration(facility_id, Period(since), position="Bác sĩ")
    issuer = ("Sở Y tế", since, Period(since, ends))
    licence = NewLicence(
        f"{_FIRST_NUMBER + number}/BENCH-GPHN",
        "a",
        ("I",),
        *issuer,
        issuer_province_code=province,
        registrations=(registration,),
    )
    born = date(1970 + number % 25, 1 + number % 12, 1 + number % 28)
    return NewPractitioner(new_id(), None, f"Nguyễn Thị Thử {number}", born, "2", (licence,), f"BENCH{number}", "LA")


def _account(role: str, given: Any, password: str, **limits: Any) -> None:
    from ymach.accounts.actions import create_user, grant_role
    from ymach.accounts.models import User
    from ymach.base.actors import command
    from ymach.base.clock import now

    by, at = command("bench"), now()
    if User.objects.filter(username=f"bench-{role}").exists():
        return  # the store is kept between runs
    user = create_user(username=f"bench-{role}", full_name="Bench", password=password, by=by, at=at)
    grant_role(user=user, role=given, by=by, at=at, **limits)


def _asked(statement: str, parameters: Any = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
