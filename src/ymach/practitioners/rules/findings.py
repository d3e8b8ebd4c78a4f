"""What is worth saying about hours, posts and education, and refuses nothing."""

from __future__ import annotations

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text

_LABOUR = "Labour Code 45/2019/QH14 Art. 105, 107"

TRAVEL_TOO_SHORT = FindingKind(
    "YM-PRA-TRAVEL-TOO-SHORT",
    Severity.WARNING,
    Text(
        "{day}: hết giờ tại {here} lúc {ends} và bắt đầu tại {there} lúc {starts}, chỉ có {gap} phút để đi lại (cần {needed}).",
        "{day}: hours at {here} end at {ends} and at {there} begin at {starts}: {gap} minutes to travel ({needed} needed).",
    ),
    Text("Kiểm tra lại giờ hành nghề ở hai nơi.", "Check the hours at the two places."),
    "Decree 109/2016/NĐ-CP Art. 12 (expired, usual reading)",
)
WEEK_OVER_HOURS = FindingKind(
    "YM-PRA-WEEK-OVER-HOURS",
    Severity.WARNING,
    Text(
        "Tổng giờ hành nghề {hours} giờ một tuần, quá {limit} giờ; phần vượt là làm thêm giờ.",
        "{hours} hours of practice a week, more than {limit}; the rest is overtime.",
    ),
    Text("Kiểm tra giờ làm thêm có được thỏa thuận không.", "Check that the overtime has been agreed."),
    _LABOUR,
)
OVERTIME_OVER_YEAR = FindingKind(
    "YM-PRA-OVERTIME-OVER-YEAR",
    Severity.WARNING,
    Text(
        "Với giờ này, làm thêm khoảng {hours} giờ một năm, quá {limit} giờ.",
        "At these hours overtime comes to about {hours} hours a year, more than {limit}.",
    ),
    Text("Giảm giờ ở một trong các nơi.", "Reduce the hours at one of the places."),
    _LABOUR,
)
DAY_OVER_HOURS = FindingKind(
    "YM-PRA-DAY-OVER-HOURS",
    Severity.NOTE,
    Text(
        "{day}: {hours} giờ, quá {limit} giờ một ngày; chỉ được khi tính giờ theo tuần.",
        "{day}: {hours} hours, more than {limit} a day; allowed only where hours are arranged by week.",
    ),
    Text("Không cần làm gì nếu cơ sở tính giờ theo tuần.", "Nothing to do if the facility arranges hours by week."),
    _LABOUR,
)
DAY_FAR_OVER_HOURS = FindingKind(
    "YM-PRA-DAY-FAR-OVER-HOURS",
    Severity.WARNING,
    Text("{day}: {hours} giờ, quá {limit} giờ một ngày.", "{day}: {hours} hours, more than {limit} a day."),
    Text("Nếu là ca trực thì giữ nguyên; nếu không, sửa giờ.", "Keep it if it is a duty shift; otherwise correct it."),
    _LABOUR,
)
FULL_TIME_TWICE = FindingKind(
    "YM-PRA-FULL-TIME-TWICE",
    Severity.WARNING,
    Text(
        "Ghi là làm toàn thời gian ở {count} cơ sở cùng lúc.",
        "Registered as full-time at {count} facilities at once.",
    ),
    Text("Chỉ để toàn thời gian ở một nơi.", "Keep full-time at one place."),
    "Decree 96/2023/NĐ-CP Art. 40",
)
WITHOUT_PRACTICE = FindingKind(
    "YM-PRA-WITHOUT-PRACTICE",
    Severity.WARNING,
    Text(
        "Không đăng ký hành nghề ở đâu đã {months} tháng; đủ {limit} tháng liên tục thì giấy phép bị thu hồi.",
        "Registered nowhere for {months} months; after {limit} months in a row a licence is revoked.",
    ),
    Text(
        "Đăng ký hành nghề, hoặc báo Sở Y tế nếu đang học chuyên khoa.",
        "Register to practise, or tell the department of health if in specialist training.",
    ),
    "Law 15/2023/QH15 Art. 35",
)
CME_SHORT = FindingKind(
    "YM-PRA-CME-SHORT",
    Severity.NOTE,
    Text(
        "Đã có {hours} giờ tín chỉ cập nhật kiến thức trong 5 năm; cần {limit} giờ khi gia hạn.",
        "{hours} credit hours of continuing education within 5 years; {limit} are needed for renewal.",
    ),
    Text("Bổ sung các hoạt động đã tham gia.", "Add the activities taken part in."),
    "Circular 32/2023/TT-BYT Art. 3",
)
TERM_ENDING = FindingKind(
    "YM-PRA-TERM-ENDING",
    Severity.WARNING,
    Text(
        "Giấy phép {number} hết hạn ngày {day}.",
        "The term of licence {number} ends on {day}.",
    ),
    Text(
        "Nộp hồ sơ gia hạn trước khi hết hạn ít nhất 60 ngày.",
        "Apply for renewal at least 60 days before it ends.",
    ),
    "Law 15/2023/QH15 Art. 27, 32",
)
