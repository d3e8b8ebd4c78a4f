"""What is noticed about a facility's profile without being refused."""

from __future__ import annotations

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text

OXYGEN_UNUSUAL = FindingKind(
    "YM-OXYGEN-UNUSUAL",
    Severity.WARNING,
    Text(
        "{what}: {value} {unit} nằm ngoài mức thường ({usual}).",
        "{what_en}: {value} {unit} is outside the usual range ({usual}).",
    ),
    Text(
        "Kiểm tra lại số đo; nếu đúng, kiểm tra thiết bị.", "Measure again; if it is right, have the equipment checked."
    ),
    "WHO, Foundations of medical oxygen systems (2023)",
)
EQUIPMENT_INSPECTION_OVERDUE = FindingKind(
    "YM-EQUIPMENT-INSPECTION-OVERDUE",
    Severity.WARNING,
    Text("{what} quá hạn kiểm định từ {value}.", "{what}: inspection overdue since {value}."),
    Text("Đưa thiết bị đi kiểm định rồi ghi ngày mới.", "Have the equipment inspected and record the new day."),
    "Ymạch",
)
