"""Refusals of what is done with a subscription."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound
from ymach.base.text import Text


class SubscriptionNotFound(NotFound):
    code = "YM-SUBSCRIPTION-NOT-FOUND"
    sentence = Text("Không có đăng ký nhận tin này.", "There is no such subscription.")


class SubscriptionOver(Conflict):
    code = "YM-SUBSCRIPTION-OVER"
    sentence = Text("Đăng ký nhận tin này đã kết thúc.", "This subscription has ended.")


class ReceiverTaken(Conflict):
    code = "YM-SUBSCRIPTION-RECEIVER-TAKEN"
    sentence = Text(
        "Cơ sở {facility} đã có địa chỉ nhận chuyển tuyến. Đổi địa chỉ đó, hoặc kết thúc nó trước.",
        "The facility {facility} has an address for referrals. Change it, or end it first.",
    )


class TooManySubscriptions(Conflict):
    code = "YM-SUBSCRIPTION-TOO-MANY"
    sentence = Text(
        "Đơn vị đã có {most} địa chỉ đang nhận tin. Kết thúc một địa chỉ không dùng nữa rồi thêm.",
        "Your unit has {most} open addresses. End one that is not used any more, then add another.",
    )


class ReasonMissing(Invalid):
    code = "YM-SUBSCRIPTION-REASON-MISSING"
    sentence = Text("Ghi lý do thay đổi; lý do được giữ trong lịch sử.", "Give the reason; it is kept in the history.")


class NameMissing(Invalid):
    code = "YM-SUBSCRIPTION-NAME-MISSING"
    sentence = Text("Ghi tên hệ thống nhận tin.", "Name the system that subscribes.")


class AddressWrong(Invalid):
    code = "YM-SUBSCRIPTION-ADDRESS-WRONG"
    sentence = Text(
        "Địa chỉ {host} không dùng được: cần https tới một máy chủ công khai, cổng 443 hoặc 8443.",
        "The address {host} cannot be used: it must be https to a public server, port 443 or 8443.",
    )
