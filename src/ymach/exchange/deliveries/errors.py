"""Refusals of what an operator does with a delivery."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid
from ymach.base.text import Text


class NotReplayable(Conflict):
    code = "YM-DELIVERY-NOT-REPLAYABLE"
    sentence = Text(
        "Chỉ gửi lại được hồ sơ đang tắc hoặc bị nơi nhận từ chối. Hồ sơ này đang ở trạng thái khác; mở lại trang để xem.",
        "Only a delivery that is stuck or refused can be sent again. This one is not; reload the page.",
    )


class NewerVersionSent(Conflict):
    code = "YM-DELIVERY-NEWER-VERSION-SENT"
    sentence = Text(
        "Bản {version} của hồ sơ này đã được gửi đi. Gửi lại bản cũ sẽ đè lên bản mới, nên không gửi.",
        "Version {version} of this dossier has gone out already. An older one sent now would replace it, so it is not sent.",
    )


class DossierCancelled(Conflict):
    code = "YM-DELIVERY-DOSSIER-CANCELLED"
    sentence = Text(
        "Hồ sơ này đã bị cơ sở hủy, nên không gửi đi nữa.",
        "The facility has cancelled this dossier; it is not sent any more.",
    )


class ReasonMissing(Invalid):
    code = "YM-DELIVERY-REASON-MISSING"
    sentence = Text("Ghi lý do gửi lại.", "Give the reason for sending it again.")
