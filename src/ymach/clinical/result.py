"""Results of tests and images (XML4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One indicator of a laboratory test, or one reading of an image. Empty `value` and `resulted_at`: still pending.

    Source: Decision 130/QD-BYT 2023 table 4, Decision 3176/QD-BYT 2024.

    - Which line, of which service.
    - What was found. `value` is text, as the laboratory wrote it.
    - When (UTC) and by whom: `reader` is the practice-certificate or licence code.
    """

    visit_code: str | None = None  # MA_LK
    sequence: int | None = None  # STT
    service_code: str | None = None  # MA_DICH_VU

    indicator_code: str | None = None  # MA_CHI_SO
    indicator_name: str | None = None  # TEN_CHI_SO
    value: str | None = None  # GIA_TRI
    unit: str | None = None  # DON_VI_DO
    description: str | None = None  # MO_TA
    conclusion: str | None = None  # KET_LUAN

    resulted_at: datetime | None = None  # NGAY_KQ
    reader: str | None = None  # MA_BS_DOC_KQ
    reserve: str | None = None  # DU_PHONG
