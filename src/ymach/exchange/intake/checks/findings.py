"""What the checks find."""

from __future__ import annotations

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text

CODE_UNKNOWN = FindingKind(
    "YM-COD-UNKNOWN",
    Severity.WARNING,
    Text(
        "Mã “{value}” không có trong danh mục “{catalogue}” tại ngày khám.",
        "The code “{value}” is not in the list “{catalogue}” on the day of the visit.",
    ),
    Text("Chọn mã đúng trong danh mục rồi gửi bản sửa.", "Choose the right code and send a corrected version."),
    "Decision 4750/QĐ-BYT; the list's own decision",
)
CODE_UNKNOWN_IN_OLD_LIST = FindingKind(
    "YM-COD-UNKNOWN-IN-OLD-LIST",
    Severity.NOTE,
    Text(
        "Mã “{value}” không có trong bản danh mục “{catalogue}” đang giữ; bản đang hiệu lực chưa được nạp.",
        "The code “{value}” is not in the release of “{catalogue}” held here; the one in force is not loaded yet.",
    ),
    Text("Không cần làm gì nếu mã đúng theo bản mới.", "Nothing to do if the code is right by the new list."),
    "Circular 06/2026/TT-BYT",
)
CODE_NEVER_MAIN = FindingKind(
    "YM-COD-NEVER-MAIN",
    Severity.WARNING,
    Text("Mã bệnh “{value}” không được dùng làm bệnh chính.", "The code “{value}” may not be a main diagnosis."),
    Text(
        "Chọn bệnh chính khác, chuyển mã này sang bệnh kèm.",
        "Choose another main diagnosis; keep this one as secondary.",
    ),
    "Decision 4469/QĐ-BYT annex A2",
)
CODE_OTHER_SEX = FindingKind(
    "YM-COD-OTHER-SEX",
    Severity.WARNING,
    Text(
        "Mã bệnh “{value}” không hợp với giới tính trong hồ sơ.",
        "The code “{value}” does not fit the sex in the dossier.",
    ),
    Text("Kiểm tra mã bệnh và giới tính.", "Check the code and the sex."),
    "Decision 4469/QĐ-BYT annexes A4.1, A4.2",
)
TOO_MANY_SECONDARY = FindingKind(
    "YM-COD-TOO-MANY-SECONDARY",
    Severity.WARNING,
    Text(
        "Có {number} bệnh kèm theo; nhiều nhất là 12.",
        "There are {number} secondary diagnoses; at most 12 are allowed.",
    ),
    Text("Giữ lại 12 bệnh kèm quan trọng nhất.", "Keep the 12 most important ones."),
    "Circular 06/2026/TT-BYT",
)
SUM_LINE = FindingKind(
    "YM-SUM-LINE",
    Severity.WARNING,
    Text(
        "Thành tiền {value} không bằng số lượng nhân đơn giá ({expected}).",
        "The amount {value} is not quantity times unit price ({expected}).",
    ),
    Text("Tính lại dòng này rồi gửi bản sửa.", "Compute the line again and send a corrected version."),
    "Decision 130/QĐ-BYT; Decision 4750/QĐ-BYT",
)
SUM_TOTAL = FindingKind(
    "YM-SUM-TOTAL",
    Severity.WARNING,
    Text(
        "Tổng {value} ở bảng 1 không bằng tổng các dòng ({expected}).",
        "The total {value} of table 1 is not the sum of the lines ({expected}).",
    ),
    Text("Kiểm tra bảng 1 với bảng 2 và bảng 3.", "Compare table 1 with tables 2 and 3."),
    "Decision 130/QĐ-BYT",
)
TIME_FUTURE = FindingKind(
    "YM-TIM-FUTURE",
    Severity.ERROR,
    Text("Giờ {value} ở sau giờ nhận hồ sơ.", "The time {value} lies after the time of receipt."),
    Text(
        "Chỉnh đồng hồ của máy, sửa giờ rồi gửi lại.", "Set the machine's clock, correct the time, and send it again."
    ),
    "Decision 130/QĐ-BYT; Ymạch",
)
TIME_ORDER = FindingKind(
    "YM-TIM-ORDER",
    Severity.WARNING,
    Text("Giờ {value} ở trước {earlier} ({before}).", "The time {value} lies before {earlier} ({before})."),
    Text("Sửa lại thứ tự thời gian rồi gửi bản sửa.", "Correct the order of times and send a corrected version."),
    "Decision 130/QĐ-BYT; BHXH validation workbook",
)
TIME_IMPOSSIBLE = FindingKind(
    "YM-TIM-IMPOSSIBLE",
    Severity.ERROR,
    Text(
        "Lần khám kết thúc ({value}) trước khi bắt đầu ({before}).",
        "The visit ends ({value}) before it begins ({before}).",
    ),
    Text("Sửa giờ vào hoặc giờ ra rồi gửi lại.", "Correct the time of arrival or of leaving and send it again."),
    "Decision 130/QĐ-BYT",
)
BORN_AFTER_VISIT = FindingKind(
    "YM-TIM-BORN-AFTER-VISIT",
    Severity.ERROR,
    Text("Ngày sinh ở sau ngày vào viện.", "The birth date lies after the day of arrival."),
    Text("Kiểm tra ngày sinh và ngày vào.", "Check the birth date and the day of arrival."),
    "Decision 130/QĐ-BYT",
)
DIFFERS_FROM_VISIT = FindingKind(
    "YM-AGR-DIFFERS-FROM-VISIT",
    Severity.WARNING,
    Text("{field} ở bảng {table} khác với bảng 1.", "{field} in table {table} differs from table 1."),
    Text("Giá trị chép từ bảng 1 phải giống bảng 1.", "A value copied from table 1 must equal it."),
    "BHXH validation workbook",
)
FACILITY_DIFFERS = FindingKind(
    "YM-AGR-FACILITY-DIFFERS",
    Severity.ERROR,
    Text(
        "Hồ sơ ghi cơ sở {value}, còn phong bì ghi {expected}.",
        "The dossier names facility {value}, the envelope {expected}.",
    ),
    Text("Xuất lại hồ sơ với đúng mã cơ sở.", "Export the dossier again with the right facility code."),
    "Decision 130/QĐ-BYT",
)
