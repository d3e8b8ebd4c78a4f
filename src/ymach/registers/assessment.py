"""The file of the impact assessment (Law 91/2025/QH15 art. 21; Decree 356/2025/NĐ-CP art. 20, form 10), from the register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ymach.base.clock import print_day
from ymach.base.data_labels import Label, columns_with
from ymach.base.text import Text
from ymach.registers.activities import FIELDS, Activity, abroad, content, digest_of

TITLE = "HỒ SƠ ĐÁNH GIÁ TÁC ĐỘNG XỬ LÝ DỮ LIỆU CÁ NHÂN"
MISSING = Text("Chưa khai báo.", "Not set.")


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that the file says. controller: who answers for the platform; officer: who protects data, "" if nobody is set.

    version: number of the register it rests on, 0 if it was never kept; made_at is aware.
    """

    controller: str
    officer: str
    began_on: date | None
    version: int
    made_at: datetime
    activities: Sequence[Activity]

    def as_json(self) -> dict[str, Any]:
        """The file for programs."""
        return {
            "form": "356/2025/NĐ-CP, mẫu 10",
            "controller": self.controller,
            "officer": self.officer,
            "processing_began_on": self.began_on,
            "version": self.version,
            "made_at": self.made_at,
            "register": content(),
            "digest": digest_of(content()),
            "columns": {label.value: columns_with(label) for label in (Label.BASIC, Label.SENSITIVE)},
        }


def chapters(file: Assessment) -> Iterator[tuple[Text, list[tuple[Text, str]]]]:
    """The file in chapters, each with its pairs of name and words (Vietnamese)."""
    yield (
        Text("I. Bên kiểm soát và xử lý dữ liệu", "I. Controller and processor"),
        [
            (Text("Bên kiểm soát dữ liệu", "Controller"), file.controller),
            (Text("Phụ trách bảo vệ dữ liệu cá nhân", "Data protection officer"), file.officer or MISSING.vi),
            (Text("Bắt đầu xử lý", "Processing began"), print_day(file.began_on)),
            (Text("Chuyển dữ liệu ra nước ngoài", "Data abroad"), abroad().vi),
        ],
    )
    for number, one in enumerate(file.activities, 1):
        pairs = [(FIELDS[name], "; ".join(word.vi for word in words) or "—") for name, words in one.values.items()]
        kind = "có dữ liệu nhạy cảm" if one.is_sensitive else "dữ liệu cơ bản"
        yield Text(f"II.{number}. {one.title.vi} ({kind})", f"II.{number}. {one.title.en}"), pairs
