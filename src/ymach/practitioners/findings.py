"""What the check against the registry finds: the sending facility, the authors, their hours."""

from __future__ import annotations

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text

_LAW = "Law 15/2023/QH15"

FACILITY_UNKNOWN = FindingKind(
    "YM-STA-FACILITY-UNKNOWN",
    Severity.ERROR,
    Text(
        "Mã cơ sở {facility} không có trong hệ thống vào ngày {day}.",
        "Facility code {facility} was not in the registry on {day}.",
    ),
    Text(
        "Kiểm tra MA_CSKCB. Nếu đúng, nhờ Sở Y tế đăng ký cơ sở rồi gửi lại.",
        "Check MA_CSKCB. If it is right, ask the department of health to register the facility, then send again.",
    ),
    f"{_LAW} Art. 52",
    status=403,
)
FACILITY_UNLICENSED = FindingKind(
    "YM-STA-FACILITY-UNLICENSED",
    Severity.ERROR,
    Text(
        "Cơ sở {facility} không có giấy phép hoạt động còn hiệu lực vào ngày {day}.",
        "Facility {facility} held no operating licence in force on {day}.",
    ),
    Text(
        "Nhờ Sở Y tế cập nhật giấy phép hoạt động của cơ sở.",
        "Ask the department of health to bring the facility's operating licence up to date.",
    ),
    "Decree 96/2023/NĐ-CP Art. 59",
)
FACILITY_SUSPENDED = FindingKind(
    "YM-STA-FACILITY-SUSPENDED",
    Severity.ERROR,
    Text(
        "Cơ sở {facility} đang bị đình chỉ hoạt động vào ngày {day}, theo quyết định {decision}.",
        "Facility {facility} was suspended on {day} by decision {decision}.",
    ),
    Text(
        "Hỏi Sở Y tế về quyết định đình chỉ trước khi gửi tiếp.",
        "Ask the department of health about the suspension before sending more.",
    ),
    f"{_LAW} chapter IV",
)
FACILITY_PARTLY_SUSPENDED = FindingKind(
    "YM-STA-FACILITY-PARTLY-SUSPENDED",
    Severity.NOTE,
    Text(
        "Cơ sở {facility} bị đình chỉ một phần vào ngày {day}: {scopes} (quyết định {decision}).",
        "Facility {facility} was suspended in part on {day}: {scopes} (decision {decision}).",
    ),
    Text(
        "Kiểm tra hồ sơ này có thuộc phần bị đình chỉ không.",
        "Check whether this dossier belongs to the suspended part.",
    ),
    f"{_LAW} chapter IV",
)
AUTHOR_UNKNOWN = FindingKind(
    "YM-STA-AUTHOR-UNKNOWN",
    Severity.ERROR,
    Text(
        "Không có ai mang số giấy phép hành nghề “{number}”.",
        "Nobody holds the licence number “{number}”.",
    ),
    Text(
        "Đối chiếu với số in trên giấy phép hoặc chứng chỉ hành nghề. Nếu đúng, nhờ Sở Y tế cập nhật người hành nghề.",
        "Compare with the number printed on the licence. If it is right, ask the department to enrol the person.",
    ),
    f"{_LAW} Art. 27",
)
AUTHOR_NO_LICENCE = FindingKind(
    "YM-STA-AUTHOR-NO-LICENCE",
    Severity.ERROR,
    Text(
        "Giấy phép hành nghề {number} không còn hoặc chưa có hiệu lực vào ngày {day}.",
        "Licence {number} was not in force on {day}.",
    ),
    Text(
        "Kiểm tra ngày lập hồ sơ và thời hạn của giấy phép. Nếu đã gia hạn, nhờ Sở Y tế cập nhật.",
        "Check the day of the record and the term of the licence. If it was renewed, ask the department to update it.",
    ),
    f"{_LAW} Art. 27",
)
AUTHOR_SUSPENDED = FindingKind(
    "YM-STA-AUTHOR-SUSPENDED",
    Severity.ERROR,
    Text(
        "Người mang giấy phép {number} bị đình chỉ hoặc cấm hành nghề vào ngày {day}, theo quyết định {decision}.",
        "The holder of licence {number} was suspended or banned on {day} by decision {decision}.",
    ),
    Text(
        "Người khác có giấy phép còn hiệu lực phải làm việc này và ký lại.",
        "Somebody with a licence in force has to do this work and sign again.",
    ),
    f"{_LAW} Art. 20, 34",
)
AUTHOR_REVOKED = FindingKind(
    "YM-STA-AUTHOR-REVOKED",
    Severity.ERROR,
    Text(
        "Giấy phép hành nghề {number} đã bị thu hồi từ ngày {since}, theo quyết định {decision}.",
        "Licence {number} was revoked from {since} by decision {decision}.",
    ),
    Text(
        "Người khác có giấy phép còn hiệu lực phải làm việc này và ký lại.",
        "Somebody with a licence in force has to do this work and sign again.",
    ),
    f"{_LAW} Art. 35",
)
AUTHOR_NOT_REGISTERED = FindingKind(
    "YM-STA-AUTHOR-NOT-REGISTERED",
    Severity.WARNING,
    Text(
        "Người mang giấy phép {number} chưa đăng ký hành nghề tại cơ sở này vào ngày {day}.",
        "The holder of licence {number} was not registered at this facility on {day}.",
    ),
    Text(
        "Gửi danh sách đăng ký hành nghề bổ sung cho Sở Y tế trong 10 ngày.",
        "Send the list of registered practitioners to the department of health within 10 days.",
    ),
    f"{_LAW} Art. 36, 37; Decree 96/2023/NĐ-CP Art. 27, 29",
)
AUTHOR_OUT_OF_SCOPE = FindingKind(
    "YM-STA-AUTHOR-OUT-OF-SCOPE",
    Severity.WARNING,
    Text(
        "Giấy phép {number} (chức danh {title}, phạm vi {scopes}) không cho phép việc: {act_vi}.",
        "Licence {number} (title {title}, scope {scopes}) does not cover this work: {act_en}.",
    ),
    Text(
        "Kiểm tra người ghi trong hồ sơ có đúng là người làm việc này không.",
        "Check that the person named in the dossier is the one who did this work.",
    ),
    f"{_LAW} Art. 26; Circular 32/2023/TT-BYT Art. 11",
)
AUTHOR_OUT_OF_HOURS = FindingKind(
    "YM-STA-AUTHOR-OUT-OF-HOURS",
    Severity.WARNING,
    Text(
        "Người mang giấy phép {number} làm việc này lúc {hour}, ngoài giờ đã đăng ký: {schedule}.",
        "The holder of licence {number} did this at {hour}, outside the registered hours: {schedule}.",
    ),
    Text(
        "Nếu là ca trực, bổ sung giờ trực vào đăng ký hành nghề.",
        "If this was a duty shift, add its hours to the practice registration.",
    ),
    f"{_LAW} Art. 37",
)
AUTHOR_SECONDED = FindingKind(
    "YM-STA-AUTHOR-SECONDED",
    Severity.NOTE,
    Text(
        "Người mang giấy phép {number} được cử đến từ cơ sở {home}.",
        "The holder of licence {number} is seconded from facility {home}.",
    ),
    Text("Không cần làm gì.", "Nothing to do."),
    "Decision 4750/QĐ-BYT",
)
AUTHOR_OLD_NUMBER = FindingKind(
    "YM-STA-AUTHOR-OLD-NUMBER",
    Severity.NOTE,
    Text(
        "Số {number} đã được thay bằng {current}.",
        "Number {number} has been replaced by {current}.",
    ),
    Text(
        "Cập nhật số giấy phép mới trong phần mềm của cơ sở.",
        "Enter the new licence number in the facility's software.",
    ),
    "Decree 96/2023/NĐ-CP Art. 143",
)
