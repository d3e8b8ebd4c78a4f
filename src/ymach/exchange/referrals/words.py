"""The words for the states of a referral."""

from __future__ import annotations

from ymach.base.text import Text
from ymach.exchange.referrals import rules

STATE_WORDS = {
    rules.SENT: Text("Đã gửi", "Sent"),
    rules.SEEN: Text("Nơi nhận đã xem", "Seen"),
    rules.ACCEPTED: Text("Nhận người bệnh", "Accepted"),
    rules.DECLINED: Text("Không nhận", "Declined"),
    rules.ARRIVED: Text("Người bệnh đã đến", "Patient arrived"),
    rules.ANSWERED: Text("Đã phản hồi", "Answered"),
    rules.CLOSED: Text("Xong", "Closed"),
    rules.WITHDRAWN: Text("Đã rút", "Withdrawn"),
}
