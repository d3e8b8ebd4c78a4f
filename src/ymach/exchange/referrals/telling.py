"""What each side of a referral is told, and what is said when a rule is not met."""

from __future__ import annotations

from ymach.base.text import Text

INCOMING = Text("Cơ sở {facility} chuyển một người bệnh đến.", "The facility {facility} refers a patient to you.")
INCOMING_URGENT = Text(
    "CẤP CỨU: cơ sở {facility} chuyển một người bệnh đến.",
    "EMERGENCY: the facility {facility} refers a patient to you.",
)
ACCEPTED = Text("Cơ sở {facility} nhận người bệnh bạn chuyển.", "The facility {facility} accepts your patient.")
DECLINED = Text(
    "Cơ sở {facility} không nhận người bệnh bạn chuyển. Xem lý do và chọn nơi khác.",
    "The facility {facility} declines your patient. See why, and choose another facility.",
)
ARRIVED = Text("Người bệnh bạn chuyển đã đến cơ sở {facility}.", "Your patient has arrived at {facility}.")
ANSWERED = Text(
    "Cơ sở {facility} đã phản hồi về người bệnh bạn chuyển.", "The facility {facility} has answered about your patient."
)
WITHDRAWN = Text(
    "Cơ sở {facility} rút giấy chuyển một người bệnh đến cơ sở bạn.",
    "The facility {facility} withdraws the referral of a patient to you.",
)


def incoming(facility_code: str, *, is_urgent: bool) -> Text:
    """What the receiver is told of a new referral."""
    return (INCOMING_URGENT if is_urgent else INCOMING).format(facility=facility_code)
