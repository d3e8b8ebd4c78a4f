"""What the lanes find in a submission."""

from __future__ import annotations

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text

FALSE_CLAIM = FindingKind(
    "YM-LANE-CLAIM",
    Severity.NOTE,
    Text(
        "Hồ sơ được gửi ở làn ưu tiên “{value}” nhưng bên trong không có nội dung thuộc làn này.",
        "The dossier came in the urgent lane “{value}”, but holds nothing that belongs there.",
    ),
    Text(
        "Chỉ khai làn “referral” khi có giấy chuyển tuyến, “prescription” khi có đơn thuốc, “visit” khi là lượt khám mới. "
        "Trong mười phút tới, đơn vị được nhận ở làn thường.",
        "Claim “referral” only with a referral inside, “prescription” only with a prescription, “visit” only for a recent "
        "visit. For ten minutes the facility is served in the ordinary lane.",
    ),
    "Ymạch",
)
