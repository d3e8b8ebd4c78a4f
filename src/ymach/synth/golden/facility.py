"""The kit of a facility of the registry, and as one archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import orjson

from ymach.base.clock import vietnam_day
from ymach.base.weekly import Schedule, parse_schedule
from ymach.exchange.conformance.cases import Case, cases, kit_version
from ymach.exchange.conformance.errors import RunOver
from ymach.exchange.conformance.models import ConformanceRun
from ymach.exchange.conformance.words import expected_of, task_of
from ymach.practitioners.models import Licence
from ymach.synth.care.staff import Staff
from ymach.synth.golden.kit import GoldenFile, make_kit, needed_numbers
from ymach.synth.world import senders_on, staff_of

LIST = "cases.jsonl"
NOBODY = Staff((), ())
OUT_OF_HOURS = "fault:author out of hours"
OFFICE_HOURS = "T2-CN: 07:00 đến 11:30, 13:00 đến 17:00"
_READ_ME = """Bộ kiểm thử phù hợp {kit}, cơ sở {facility}. Conformance kit {kit}, facility {facility}.

Mỗi dòng của cases.jsonl là một trường hợp: tệp, việc phải làm ("task"), kết quả phải có ("outcome", "finding").
Each line of cases.jsonl is a case: its file, what to do ("task"), what must come out ("outcome", "finding").

Gửi thử (?dry_run=1) với hai tiêu đề / send as a dry run with two headers:
  Ymach-Conformance-Run: <id>
  Ymach-Conformance-Case: <case>
"""


def kit_of(facility_code: str, *, at: datetime) -> list[GoldenFile]:
    """The files of a facility; empty when nobody there could have written a dossier. at: now (aware)."""
    found = senders_on(vietnam_day(at), codes=[facility_code])
    registered = staff_of(found, on=vietnam_day(at)).get(facility_code, NOBODY)
    staff = _at_hours(registered)
    if not found or not staff.can_write:
        return []
    wanted = needed_numbers(cases().values())
    known = frozenset(Licence.objects.filter(number__in=wanted).values_list("number", flat=True))
    made = make_kit(found[0], staff, seed=facility_code, at=at, known=known)
    return [one for one in made if one.case.base != OUT_OF_HOURS or staff == registered]


def offered_to(facility_code: str, *, at: datetime) -> list[Case]:
    """The cases that a run of the facility has when it is opened at `at`."""
    return [one.case for one in kit_of(facility_code, at=at)]


def packed_kit(run: ConformanceRun) -> bytes:
    """The kit of an open run as a ZIP, the same bytes each time. Raises RunOver."""
    if run.finished_at is not None:
        raise RunOver
    files = kit_of(run.facility_code, at=run.opened_at)
    return archive([one for one in files if one.case.name in run.cases], facility_code=run.facility_code)


def archive(files: Sequence[GoldenFile], *, facility_code: str) -> bytes:
    """The files with their list and a page to read, as a ZIP."""
    read_me = _READ_ME.format(kit=kit_version(), facility=facility_code).encode()
    members = {"README.txt": read_me, LIST: listing(files)} | {f"files/{one.name}": one.content for one in files}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for name, content in members.items():
            # Under a fixed date, so that the same kit is the same file.
            pack.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def listing(files: Sequence[GoldenFile]) -> bytes:
    """One JSON line a case."""
    return b"".join(orjson.dumps(_line(one.case, one.name)) + b"\n" for one in files)


def _at_hours(staff: Staff) -> Staff:
    """The staff, those without fixed hours at the hours of an office: a dossier must be written at some time."""
    return Staff.of(one if one.schedule.slots else replace(one, schedule=_office_hours()) for one in staff.authors)


@cache
def _office_hours() -> Schedule:
    return parse_schedule(OFFICE_HOURS)


def _line(case: Case, name: str) -> dict[str, Any]:
    task, expected = task_of(case), expected_of(case)
    return {
        "case": case.name,
        "group": case.group,
        "file": f"files/{name}",
        "signing": case.signing,
        "sending": case.sending,
        "task": task.vi,
        "task_en": task.en,
        "outcome": case.outcome,
        "finding": case.finding,
        "found": expected.vi,
        "found_en": expected.en,
        "changed": [list(one) for one in case.change],
    }
