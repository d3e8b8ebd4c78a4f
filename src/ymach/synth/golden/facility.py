"""The kit of a facility of the registry, and as one archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from ymach.exchange.conformance.cases import Case, cases, kit_version
from ymach.exchange.conformance.errors import RunOver
from ymach.exchange.conformance.models import ConformanceRun
from ymach.exchange.conformance.words import expected_of, task_of
from ymach.practitioners.models import Licence
from ymach.synth.golden.kit import GoldenFile, make_kit, needed_numbers
from ymach.synth.world import writing_senders

LIST = "cases.jsonl"
_READ_ME = """Bộ kiểm thử phù hợp {kit}, cơ sở {facility}. Conformance kit {kit}, facility {facility}.

Mỗi dòng của cases.jsonl là một trường hợp: tệp, việc phải làm ("task"), kết quả phải có ("outcome", "finding").
Each line of cases.jsonl is a case: its file, what to do ("task"), what must come out ("outcome", "finding").

Gửi thử (?dry_run=1) với hai tiêu đề / send as a dry run with two headers:
  Ymach-Conformance-Run: <id>
  Ymach-Conformance-Case: <case>
"""


def kit_of(facility_code: str, *, at: datetime) -> list[GoldenFile]:
    """The files of a facility; empty when nobody there could have written a dossier. at: now (aware)."""
    writers = writing_senders(at=at, codes=[facility_code])
    if not writers:
        return []
    sender, staff = writers[0]
    wanted = needed_numbers(cases().values())
    known = frozenset(Licence.objects.filter(number__in=wanted).values_list("number", flat=True))
    return list(make_kit(sender, staff, seed=facility_code, at=at, known=known))


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
