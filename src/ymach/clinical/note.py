"""The clinical course (XML5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One entry of the clinical course: what was seen, consulted, operated, when and by whom.

    Source: Decision 130/QD-BYT 2023 table 5; vital signs inside `course` by Decision 4750/QD-BYT 2023 (`CSST<…>`).

    - Which line.
    - What was written.
    - When (UTC) and by whom, main author first; practice-certificate or licence codes.
    """

    visit_code: str | None = None  # MA_LK
    sequence: int | None = None  # STT

    course: str | None = None  # DIEN_BIEN_LS
    stage: str | None = None  # GIAI_DOAN_BENH
    consultation: str | None = None  # HOI_CHAN
    operation: str | None = None  # PHAU_THUAT

    noted_at: datetime | None = None  # THOI_DIEM_DBLS
    authors: tuple[str, ...] = ()  # NGUOI_THUC_HIEN
    reserve: str | None = None  # DU_PHONG
