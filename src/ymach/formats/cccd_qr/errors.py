"""Why a scan is no citizen's card: each reason has its code and a sentence with the way out. None repeats what was read."""

from __future__ import annotations

from ymach.base.errors import Invalid
from ymach.base.text import Text


class CardUnreadable(Invalid):
    """What was scanned is not the QR code of a citizen's card."""

    code = "YM-CARD-UNREADABLE"
    sentence = Text(
        "Mã vừa quét không phải mã QR trên thẻ căn cước. Quét mã QR ở góc trên mặt trước của thẻ.",
        "What was scanned is not the QR code of a citizen's card. Scan the QR code at the top of the card's front.",
    )


class CardEmpty(CardUnreadable):
    code = "YM-CARD-EMPTY"
    sentence = Text("Chưa đọc được gì. Đưa thẻ lại gần máy quét.", "Nothing was read. Hold the card closer.")


class CardTooLong(CardUnreadable):
    code = "YM-CARD-TOO-LONG"
    sentence = Text(
        "Mã vừa quét quá dài, không phải thẻ căn cước. Quét mã QR ở mặt trước của thẻ.",
        "What was scanned is too long for a citizen's card. Scan the QR code on the card's front.",
    )


class CardWebAddress(CardUnreadable):
    code = "YM-CARD-WEB-ADDRESS"
    sentence = Text(
        "Mã vừa quét là một địa chỉ trang web. Quét mã QR trên thẻ căn cước.",
        "What was scanned is a web address. Scan the QR code of the citizen's card.",
    )


class CardLicence(CardUnreadable):
    code = "YM-CARD-LICENCE"
    sentence = Text(
        "Mã vừa quét là giấy phép hành nghề. Quét mã QR trên thẻ căn cước.",
        "What was scanned is a practitioner's licence. Scan the QR code of the citizen's card.",
    )


class CardInsurance(CardUnreadable):
    code = "YM-CARD-INSURANCE"
    sentence = Text(
        "Mã vừa quét là thẻ bảo hiểm y tế. Quét mã QR trên thẻ căn cước trước, thẻ bảo hiểm hỏi sau.",
        "What was scanned is a health-insurance card. Scan the citizen's card first; the insurance card is asked for later.",
    )


class CardBack(CardUnreadable):
    code = "YM-CARD-BACK"
    sentence = Text(
        "Máy đọc phải dòng chữ ở mặt sau thẻ. Lật thẻ lại, quét mã QR ở mặt trước.",
        "The lines on the back of the card were read. Turn it over and scan the QR code on the front.",
    )


class CardNumberOnly(CardUnreadable):
    code = "YM-CARD-NUMBER-ONLY"
    sentence = Text(
        "Chỉ có số, chưa đủ thông tin của thẻ. Quét mã QR ở mặt trước thẻ căn cước, không quét mã vạch.",
        "Only a number was read. Scan the QR code on the front of the citizen's card, not a barcode.",
    )


class CardOfAFacility(CardUnreadable):
    code = "YM-CARD-FACILITY"
    sentence = Text(
        "Mã vừa quét là thẻ khám bệnh, đơn thuốc hoặc phiếu của cơ sở y tế. Quét mã QR trên thẻ căn cước.",
        "What was scanned belongs to a health facility: a patient card, a prescription or a ticket. "
        "Scan the QR code of the citizen's card.",
    )


class CardCut(CardUnreadable):
    code = "YM-CARD-CUT"
    sentence = Text(
        "Mới đọc được một phần của thẻ. Giữ yên thẻ và quét lại.",
        "Only a part of the card was read. Hold it still and scan again.",
    )


class CardTwo(CardUnreadable):
    code = "YM-CARD-TWO"
    sentence = Text(
        "Máy quét đọc liền hai thẻ khác nhau. Quét lại từng thẻ một.",
        "Two different cards were read in one go. Scan them one at a time.",
    )


class CardNumber(CardUnreadable):
    code = "YM-CARD-NUMBER"
    sentence = Text(
        "Số trên thẻ không đủ 12 chữ số. Quét lại; nếu vẫn vậy, đến quầy tiếp đón.",
        "The number of the card does not have 12 digits. Scan again; if it stays so, go to the reception desk.",
    )


class CardName(CardUnreadable):
    code = "YM-CARD-NAME"
    sentence = Text(
        "Không đọc được họ tên trên thẻ. Quét lại; nếu vẫn vậy, đến quầy tiếp đón.",
        "The name on the card could not be read. Scan again; if it stays so, go to the reception desk.",
    )


class CardGarbled(CardUnreadable):
    code = "YM-CARD-GARBLED"
    sentence = Text(
        "Máy quét làm mất dấu tiếng Việt trong họ tên. Nhờ nhân viên đặt máy quét ở chế độ Unicode (UTF-8).",
        "The scanner lost Vietnamese letters of the name. Staff should set the scanner to Unicode (UTF-8).",
    )


class CardBirth(CardUnreadable):
    code = "YM-CARD-BIRTH"
    sentence = Text(
        "Ngày sinh trên thẻ không đọc được. Quét lại; nếu vẫn vậy, đến quầy tiếp đón.",
        "The birth date on the card could not be read. Scan again; if it stays so, go to the reception desk.",
    )


class CardFuture(CardUnreadable):
    code = "YM-CARD-FUTURE"
    sentence = Text(
        "Ngày sinh đọc được còn ở tương lai. Quét lại; nếu vẫn vậy, đến quầy tiếp đón.",
        "The birth date that was read lies in the future. Scan again; if it stays so, go to the reception desk.",
    )
