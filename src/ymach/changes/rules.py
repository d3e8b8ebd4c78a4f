"""Which moves a request allows, and what moved in the registry since it was made. Plain functions."""

from __future__ import annotations

from collections.abc import Mapping

from ymach.base.text import Text
from ymach.changes.fields import Field, Value

SUBMITTED, RETURNED, DRAFT = "submitted", "returned", "draft"

ACTS: Mapping[str, frozenset[str]] = {
    "submit": frozenset({DRAFT, RETURNED}),
    "confirm": frozenset({SUBMITTED}),
    "decline": frozenset({SUBMITTED}),
    "withdraw": frozenset({DRAFT, SUBMITTED, RETURNED}),
    "return": frozenset({SUBMITTED}),
    "approve": frozenset({SUBMITTED}),
    "reject": frozenset({SUBMITTED}),
}
"""From which states an act is possible."""

STATE_WORDS: Mapping[str, Text] = {
    "draft": Text("Bản nháp", "Draft"),
    "submitted": Text("Chờ Sở quyết định", "Waiting for the department"),
    "returned": Text("Trả lại để bổ sung", "Returned to be completed"),
    "approved": Text("Đã duyệt", "Approved"),
    "rejected": Text("Không duyệt", "Rejected"),
    "withdrawn": Text("Đã rút", "Withdrawn"),
    "applied": Text("Đã ghi ngay", "Applied at once"),
}

ACT_WORDS: Mapping[str, Text] = {
    "propose": Text("Lập yêu cầu", "Made"),
    "submit": Text("Gửi Sở Y tế", "Sent to the department"),
    "confirm": Text("Người hành nghề xác nhận", "Confirmed by the practitioner"),
    "decline": Text("Người hành nghề không xác nhận", "Declined by the practitioner"),
    "withdraw": Text("Rút yêu cầu", "Withdrawn"),
    "return": Text("Trả lại để bổ sung", "Returned to be completed"),
    "approve": Text("Duyệt", "Approved"),
    "reject": Text("Không duyệt", "Rejected"),
    "apply": Text("Ghi vào sổ bộ", "Written into the registry"),
}


def fits(act: str, state: str) -> bool:
    """Whether `act` is possible in `state`."""
    return state in ACTS[act]


def changed(before: Mapping[str, Value], proposed: Mapping[str, Value]) -> list[str]:
    """The fields whose value would be another; a field without a present value counts once it holds something."""
    return [name for name, value in proposed.items() if not _same(before.get(name), value)]


def moved(
    fields: Mapping[str, Field],
    before: Mapping[str, Value],
    now: Mapping[str, Value],
    proposed: Mapping[str, Value],
) -> dict[str, Text]:
    """The labels of fields that the request changes and somebody else has changed, to another value, since it was made."""
    return {
        name: fields[name].label
        for name in proposed
        if name in fields
        and name in now
        and not _same(before.get(name), proposed[name])
        and not _same(before.get(name), now[name])
        and not _same(now[name], proposed[name])
    }


def is_ready(needs: list[str], given: Mapping[str, object]) -> bool:
    """Whether everything that has to be confirmed is."""
    return all(need in given for need in needs)


def _same(one: Value, other: Value) -> bool:
    return (one or None) == (other or None)
