"""Why a card is not there, or cannot be."""

from __future__ import annotations

from ymach.base.errors import Invalid, NotFound
from ymach.base.text import Text


class CardOff(NotFound):
    """No card is open under this link. The same for a link that never was."""

    code = "YM-CARD-OFF"
    sentence = Text(
        "Thẻ này không còn mở: chủ thẻ đã tắt, hoặc đường dẫn không đúng. Gọi 115 nếu cần cấp cứu.",
        "This card is not open: its owner has switched it off, or the link is wrong. Call 115 in an emergency.",
    )


class PhoneWrong(Invalid):
    code = "YM-CARD-PHONE"
    sentence = Text(
        "Số điện thoại chưa đúng. Viết như 0912 345 678.",
        "This is no telephone number. Write it like 0912 345 678.",
    )


class ContactIncomplete(Invalid):
    code = "YM-CARD-CONTACT"
    sentence = Text(
        "Cần cả tên và số điện thoại của người cần gọi, hoặc để trống cả hai.",
        "Give both the name and the telephone of the person to call, or neither.",
    )


class NothingShown(Invalid):
    code = "YM-CARD-EMPTY"
    sentence = Text(
        "Chưa chọn gì để hiện trên thẻ. Đánh dấu ít nhất một dòng, hoặc ghi người cần gọi.",
        "Nothing is chosen for the card. Tick at least one line, or name somebody to call.",
    )
