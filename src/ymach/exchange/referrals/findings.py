"""What the intake finds about the facility a referral paper names. The paper is kept, and its sender told at once."""

from __future__ import annotations

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text

_SOURCE = "Decision 3176/QĐ-BYT 2024, XML13; Ymạch"

RECEIVER_MISSING = FindingKind(
    "YM-REF-RECEIVER-MISSING",
    Severity.WARNING,
    Text(
        "Giấy chuyển cơ sở không ghi chuyển đến cơ sở nào.",
        "The referral paper does not name the receiving facility.",
    ),
    Text(
        "Ghi mã cơ sở nhận vào MA_CSKCB_DEN rồi gửi bản sửa.",
        "Put the receiver's code into MA_CSKCB_DEN and send a corrected version.",
    ),
    _SOURCE,
)
RECEIVER_UNKNOWN = FindingKind(
    "YM-REF-RECEIVER-UNKNOWN",
    Severity.WARNING,
    Text(
        "Không có cơ sở nào mang mã {value}; giấy chuyển chưa tới ai.",
        "No facility holds the code {value}; nobody has got the referral.",
    ),
    Text(
        "Tra mã cơ sở nhận rồi gửi bản sửa; gọi điện cho nơi nhận nếu người bệnh đã lên đường.",
        "Look up the receiver's code and send a corrected version; telephone them if the patient is on the way.",
    ),
    _SOURCE,
)
RECEIVER_CLOSED = FindingKind(
    "YM-REF-RECEIVER-CLOSED",
    Severity.WARNING,
    Text(
        "Cơ sở {value} đã ngừng hoạt động vào ngày chuyển; giấy chuyển chưa tới ai.",
        "The facility {value} had closed on the day of the referral; nobody has got it.",
    ),
    Text(
        "Chọn cơ sở khác đang hoạt động rồi gửi bản sửa.", "Choose a facility that works and send a corrected version."
    ),
    _SOURCE,
)
RECEIVER_UNLICENSED = FindingKind(
    "YM-REF-RECEIVER-UNLICENSED",
    Severity.WARNING,
    Text(
        "Cơ sở {value} không có giấy phép hoạt động vào ngày chuyển.",
        "The facility {value} has no operating licence on the day of the referral.",
    ),
    Text("Chọn cơ sở khác rồi gửi bản sửa.", "Choose another facility and send a corrected version."),
    _SOURCE,
)
RECEIVER_SUSPENDED = FindingKind(
    "YM-REF-RECEIVER-SUSPENDED",
    Severity.WARNING,
    Text(
        "Cơ sở {value} đang bị đình chỉ hoạt động vào ngày chuyển.",
        "The facility {value} is suspended on the day of the referral.",
    ),
    Text("Chọn cơ sở khác rồi gửi bản sửa.", "Choose another facility and send a corrected version."),
    _SOURCE,
)
RECEIVER_PHARMACY = FindingKind(
    "YM-REF-RECEIVER-PHARMACY",
    Severity.WARNING,
    Text(
        "Cơ sở {value} chỉ bán thuốc, không khám bệnh, chữa bệnh.",
        "The facility {value} only sells medicines; it treats nobody.",
    ),
    Text(
        "Chọn cơ sở khám chữa bệnh rồi gửi bản sửa.",
        "Choose a facility that treats people and send a corrected version.",
    ),
    _SOURCE,
)
RECEIVER_IS_SENDER = FindingKind(
    "YM-REF-RECEIVER-IS-SENDER",
    Severity.WARNING,
    Text(
        "Giấy chuyển ghi nơi nhận là chính cơ sở gửi ({value}).",
        "The referral names its own sender ({value}) as the receiver.",
    ),
    Text(
        "Ghi đúng mã cơ sở nhận vào MA_CSKCB_DEN rồi gửi bản sửa.",
        "Put the receiver's code into MA_CSKCB_DEN and send a corrected version.",
    ),
    _SOURCE,
)
