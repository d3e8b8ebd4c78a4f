"""The kiosk's sentences, by the name that its pages use."""

from __future__ import annotations

from ymach.base.text import Text

WORDS: dict[str, Text] = {
    "start_title": Text("Đăng ký khám", "Check in"),
    "start_lead": Text("Đưa thẻ căn cước vào máy quét", "Hold your citizen's card to the scanner"),
    "start_hint": Text("Mã QR nằm ở mặt trước của thẻ, góc trên bên phải.", "The QR code is on the front, top right."),
    "scan_ready": Text("Máy quét sẵn sàng", "The scanner is ready"),
    "scan_next": Text("Người tiếp theo quét thẻ được ngay", "The next person may scan already"),
    "scan_touch": Text("Chạm vào đây rồi quét thẻ", "Touch here, then scan your card"),
    "scan_go": Text("Tiếp tục", "Continue"),
    "camera": Text("Quét bằng máy ảnh", "Scan with the camera"),
    "camera_off": Text("Tắt máy ảnh", "Camera off"),
    "no_card": Text("Không có thẻ", "No card"),
    "no_card_hint": Text("Lấy số vào quầy tiếp đón", "Get a number for the reception desk"),
    "who_title": Text("Có phải bạn không?", "Is this you?"),
    "born": Text("Sinh năm {year}", "Born in {year}"),
    "not_me": Text("Không phải tôi", "Not me"),
    "who_pays": Text("Đúng là tôi, tôi khám theo diện", "Yes, and this visit is"),
    "pays_insurance": Text("Bảo hiểm y tế", "Insured"),
    "pays_insurance_hint": Text("Dùng ngay thẻ căn cước này", "Found with this citizen's card"),
    "pays_number": Text("Bảo hiểm y tế, thẻ giấy", "Insured, with a paper card"),
    "pays_number_hint": Text("Bấm hoặc quét số trên thẻ bảo hiểm", "Type or scan the insurance card's number"),
    "pays_self": Text("Tự chi trả", "Paid by myself"),
    "pays_self_hint": Text("Khám dịch vụ, không dùng bảo hiểm", "No insurance is used"),
    "child_title": Text("Cháu có người lớn đi cùng không?", "Is an adult with the child?"),
    "child_hint": Text(
        "Người dưới 16 tuổi đi khám cần có cha mẹ hoặc người giám hộ.",
        "Anybody under 16 comes with a parent or guardian.",
    ),
    "child_yes": Text("Có, người lớn đang ở đây", "Yes, an adult is here"),
    "child_no": Text("Chưa có ai", "Nobody yet"),
    "child_no_hint": Text("Quầy tiếp đón sẽ giúp", "The reception desk will help"),
    "insurance_title": Text("Số thẻ bảo hiểm y tế", "Number of the insurance card"),
    "insurance_hint": Text(
        "Bấm 10 số cuối của thẻ, hoặc quét mã QR trên thẻ bảo hiểm.",
        "Type the last 10 digits, or scan the QR code of the insurance card.",
    ),
    "insurance_label": Text("10 số cuối", "Last 10 digits"),
    "erase": Text("Xóa số cuối", "Erase the last digit"),
    "rooms_title": Text("Bạn khám gì hôm nay?", "What brings you here today?"),
    "rooms_desk": Text("Chưa biết, nhờ quầy tiếp đón", "Not sure, ask the reception desk"),
    "back": Text("Quay lại", "Back"),
    "start_over": Text("Làm lại từ đầu", "Start over"),
    "ticket_title": Text("Số của bạn", "Your number"),
    "ticket_again": Text("Bạn đã có số, không cần lấy lại", "You already have a number"),
    "ticket_desk": Text("Quầy tiếp đón", "Reception desk"),
    "ticket_desk_place": Text("Mang theo giấy tờ nếu có.", "Bring any papers you have."),
    "ticket_wait": Text("Chờ đến khi số này được gọi.", "Wait until this number is called."),
    "ticket_code": Text("Mã lượt khám", "Code of the visit"),
    "ticket_given": Text("Lấy số lúc {time}", "Given at {time}"),
    "done": Text("Xong", "Done"),
    "print": Text("In lại phiếu", "Print again"),
    "still_title": Text("Bạn còn ở đó không?", "Are you still there?"),
    "still_hint": Text(
        "Không chạm thì màn hình tự xóa thông tin của bạn.", "Without a touch the screen forgets what it knows of you."
    ),
    "still_yes": Text("Tôi còn ở đây", "I am here"),
    "voice_on": Text("Bật giọng đọc", "Voice on"),
    "voice_off": Text("Tắt giọng đọc", "Voice off"),
    "away": Text(
        "Máy tạm nghỉ. Mời đến quầy tiếp đón.",
        "This screen is resting. Please go to the reception desk.",
    ),
}

LINE_GOOD = Text("Mọi lượt đã gửi.", "Everything is sent.")
LINE_WAITING = Text("{count} lượt chờ gửi.", "{count} waiting to be sent.")
LINE_LOST = Text("{count} lượt chờ gửi, mạng mất từ {time}.", "{count} waiting to be sent, no line since {time}.")
LINE_LOST_NONE = Text("Mạng mất từ {time}. Vẫn lấy số được.", "No line since {time}. Numbers are still given.")
LINE_REFUSED = Text(
    "{count} lượt bị trả lại: xem “ymach agent status”.", "{count} sent back: see “ymach agent status”."
)
EXPIRED = Text(
    "Màn hình đã xóa thông tin vì không có ai chạm. Quét lại thẻ.",
    "The screen forgot, because nobody touched it. Scan the card again.",
)
NEWBORN = Text("Trẻ dưới 28 ngày đăng ký ở quầy tiếp đón.", "Babies under 28 days are checked in at the desk.")
OPEN_AT = Text("Màn hình đăng ký khám: {address}. Nhấn Ctrl-C để dừng.", "Check-in screen: {address}. Ctrl-C stops it.")
