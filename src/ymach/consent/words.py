"""The words of consent: purposes, bases, capacities, and why a reading is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ymach.base.text import Text


class Why(StrEnum):
    """Why nothing is opened."""

    NONE = "none"
    OTHER_PURPOSE = "other-purpose"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    WAITING = "waiting"
    NOT_YET = "not-yet"
    NO_REQUEST = "no-request"
    RESTRICTED = "restricted"
    NOT_FOR_THEM = "not-for-them"


REFUSALS: Mapping[Why, tuple[str, Text]] = {
    Why.NONE: (
        "YM-CONSENT-NONE",
        Text(
            "Chưa có căn cứ để đọc. Xin người bệnh đồng ý, hoặc mở khẩn cấp khi tính mạng, sức khỏe bị đe dọa.",
            "There is no basis for this reading. Ask the patient for consent, or open in an emergency of life or health.",
        ),
    ),
    Why.OTHER_PURPOSE: (
        "YM-CONSENT-OTHER-PURPOSE",
        Text(
            "Người bệnh đã đồng ý cho việc khác, không phải việc này. Mỗi mục đích cần một lần đồng ý.",
            "The patient has consented to something else. Each purpose needs a consent of its own.",
        ),
    ),
    Why.WITHDRAWN: (
        "YM-CONSENT-WITHDRAWN",
        Text("Người bệnh đã rút đồng ý. Không đọc được nữa.", "The patient has withdrawn the consent."),
    ),
    Why.EXPIRED: (
        "YM-CONSENT-EXPIRED",
        Text(
            "Đồng ý của người bệnh đã hết hạn. Nếu còn cần, xin đồng ý lại.",
            "The patient's consent has expired. If it is still needed, ask for a new one.",
        ),
    ),
    Why.WAITING: (
        "YM-CONSENT-WAITING",
        Text(
            "Đồng ý còn thiếu một chữ ký (trẻ từ 7 tuổi cũng phải đồng ý).",
            "The consent still lacks a signature (a child of seven or older consents too).",
        ),
    ),
    Why.NOT_YET: (
        "YM-CONSENT-NOT-YET",
        Text("Đồng ý của người bệnh chưa tới ngày có hiệu lực.", "The patient's consent has not begun yet."),
    ),
    Why.NO_REQUEST: (
        "YM-CONSENT-NO-REQUEST",
        Text(
            "Từ 01/01/2026, chia sẻ cho nơi khác cần yêu cầu bằng văn bản của người bệnh.",
            "Since 1 January 2026 sharing with others needs the patient's written request.",
        ),
    ),
    Why.RESTRICTED: (
        "YM-CONSENT-RESTRICTED",
        Text(
            "Người bệnh đã hạn chế việc đọc này. Chỉ mở được trong cấp cứu hoặc theo luật.",
            "The patient has restricted this reading. It opens only in an emergency or by law.",
        ),
    ),
    Why.NOT_FOR_THEM: (
        "YM-CONSENT-NOT-FOR-YOU",
        Text(
            "Bạn chỉ xem được hồ sơ của mình và của người bạn đại diện.",
            "You can see your own record, and those of people you act for.",
        ),
    ),
}

PURPOSE_WORDS: Mapping[str, Text] = {
    "treatment": Text("Khám bệnh, chữa bệnh", "Care and treatment"),
    "insurance": Text("Giải quyết quyền lợi bảo hiểm", "An insurance claim"),
    "certificate": Text("Cấp giấy tờ y tế", "Issuing a medical paper"),
    "research": Text("Nghiên cứu khoa học", "Scientific research"),
    "inspection": Text("Thanh tra, kiểm tra", "Inspection"),
    "own": Text("Tự xem", "One's own reading"),
}

BASIS_WORDS: Mapping[str, Text] = {
    "self": Text("Chính người bệnh xem", "Read by the person"),
    "proxy": Text("Người đại diện xem", "Read by who acts for the person"),
    "consent": Text("Người bệnh đồng ý", "With the person's consent"),
    "referral": Text("Điều trị theo giấy chuyển cơ sở", "Treatment under a referral"),
    "emergency": Text("Cấp cứu", "Emergency"),
    "law": Text("Theo luật", "By law"),
    "own-record": Text("Hồ sơ của chính cơ sở", "The facility's own record"),
}

CAPACITY_WORDS: Mapping[str, Text] = {
    "self": Text("Chính mình", "For oneself"),
    "parent": Text("Cha, mẹ", "Parent"),
    "guardian": Text("Người giám hộ", "Guardian"),
    "mandate": Text("Người được ủy quyền", "By mandate"),
}
