"""What is found in a dossier that prescribes."""

from __future__ import annotations

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text

CHILD_WEIGHT = FindingKind(
    "YM-PRESCRIPTION-CHILD-WEIGHT",
    Severity.NOTE,
    Text(
        "Trẻ {months} tháng tuổi được kê đơn mà hồ sơ chưa ghi cân nặng.",
        "A child of {months} months has a prescription and the dossier states no weight.",
    ),
    Text("Ghi cân nặng của trẻ dưới 72 tháng rồi gửi bản sửa.", "State the weight of a child under 72 months."),
    "Circular 26/2025/TT-BYT art. 6",
)
