"""What the proof of the journal can find wrong, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ymach.base.text import Text


class FaultKind(StrEnum):
    """CHANGED … LATE concern a chain, the rest the signed roots."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    UNLINKED = "unlinked"
    END_MOVED = "end-moved"
    NO_END = "no-end"
    REWRITTEN = "rewritten"
    LATE = "late"
    ROOT_FORGED = "root-forged"
    ROOT_MISSING = "root-missing"
    ROOT_UNCHAINED = "root-unchained"
    LEAVES_CHANGED = "leaves-changed"
    EXPORT_DIFFERS = "export-differs"


WORDS: Mapping[FaultKind, Text] = {
    FaultKind.CHANGED: Text("Sự kiện số {numbers} đã bị sửa", "Event {numbers} was changed"),
    FaultKind.MISSING: Text("Thiếu sự kiện số {numbers}", "Event {numbers} is missing"),
    FaultKind.ADDED: Text("Sự kiện số {numbers} bị thêm vào", "Event {numbers} was added"),
    FaultKind.UNLINKED: Text(
        "Sự kiện số {numbers} không nối với sự kiện trước nó: một trong hai đã bị thay",
        "Event {numbers} does not follow the one before it: one of them was replaced",
    ),
    FaultKind.END_MOVED: Text(
        "Điểm cuối không phải là sự kiện cuối cùng (số {numbers})", "The kept end is not the last event ({numbers})"
    ),
    FaultKind.NO_END: Text(
        "Có sự kiện đến số {numbers} nhưng mất điểm cuối", "Events up to {numbers}, and no kept end"
    ),
    FaultKind.REWRITTEN: Text(
        "Cả chuỗi đã bị viết lại sau khi chốt ngày (đã chốt đến số {numbers})",
        "The chain was written anew after the day was closed (closed at {numbers})",
    ),
    FaultKind.LATE: Text(
        "Sự kiện số {numbers} được thêm sau khi chốt ngày", "Event {numbers} was added after the day was closed"
    ),
    FaultKind.ROOT_FORGED: Text(
        "Chữ ký chốt ngày không đúng, hoặc nội dung khác bản đã ký",
        "The root's signature does not hold, or it says something else than was signed",
    ),
    FaultKind.ROOT_MISSING: Text("Thiếu bản chốt của ngày này", "The root of this day is missing"),
    FaultKind.ROOT_UNCHAINED: Text(
        "Bản chốt ngày này không nối với bản chốt ngày trước", "The root of this day does not follow the one before it"
    ),
    FaultKind.LEAVES_CHANGED: Text(
        "Danh sách điểm cuối của ngày đã chốt bị sửa", "The list of ends of the closed day was changed"
    ),
    FaultKind.EXPORT_DIFFERS: Text("Khác với bản chốt đã cất bên ngoài", "Differs from the root that was kept outside"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold: where (facility and day of the chain, or the day of a root), which events, and what.

    first, last: numbers of the events, both included; 0 where no event is meant.
    """

    kind: FaultKind
    day: str
    facility_id: str = ""
    first: int = 0
    last: int = 0

    @property
    def numbers(self) -> str:
        return str(self.first) if self.last in {0, self.first} else f"{self.first}–{self.last}"

    @property
    def words(self) -> Text:
        return WORDS[self.kind].format(numbers=self.numbers)

    def as_json(self) -> dict[str, object]:
        """The fault as programs read it."""
        numbers = {"first": self.first, "last": self.last or self.first} if self.first else {}
        whose = {"facility_id": self.facility_id} if self.facility_id else {}
        return {"kind": self.kind.value, "day": self.day, **whose, **numbers}
