"""What can go wrong on the facility's side. Exit codes: 1 fix the data, 2 wrong use, 3 try later."""

from __future__ import annotations

from ymach.base.errors import Invalid, Misconfigured, NotFound, NotSignedIn, Unavailable, YmachError
from ymach.base.text import Text

DONE, REFUSED, WRONG_USE, LATER = 0, 1, 2, 3


def exit_code(error: YmachError) -> int:
    """The exit code of the program for an error."""
    if not error.permanent:
        return LATER
    return WRONG_USE if isinstance(error, Misconfigured | NotFound | NotSignedIn) else REFUSED


class NotSetUp(Misconfigured):
    code = "YM-AGENT-NOT-SET-UP"
    sentence = Text(
        "Thư mục {folder} chưa được thiết lập. Chạy “ymach agent init” trước.",
        "The folder {folder} is not set up. Run “ymach agent init” first.",
    )


class WrongSetting(Misconfigured):
    code = "YM-AGENT-SETTING"
    sentence = Text("Tệp cấu hình chưa đúng: {why}.", "The configuration is not right: {why}.")


class NoKey(Misconfigured):
    code = "YM-AGENT-KEY"
    sentence = Text(
        "Không mở được tệp chứng thư {file}. Kiểm tra đường dẫn và mật khẩu.",
        "The certificate file {file} cannot be opened. Check the path and the password.",
    )


class NoPassword(Misconfigured):
    code = "YM-AGENT-PASSWORD"
    sentence = Text(
        "Chưa có mật khẩu của tệp chứng thư. Đặt biến {variable}, chỉ tệp mật khẩu, hoặc gõ khi được hỏi.",
        "The password of the certificate file is missing. Set {variable}, name a password file, or type it when asked.",
    )


class PlainHttp(Misconfigured):
    code = "YM-AGENT-PLAIN-HTTP"
    sentence = Text(
        "Địa chỉ {server} không mã hóa đường truyền. Dùng https, hoặc thêm --allow-http khi thử trong mạng nội bộ.",
        "The address {server} is not encrypted. Use https, or add --allow-http for a trial in your own network.",
    )


class KeysChanged(Misconfigured):
    code = "YM-AGENT-KEYS-CHANGED"
    sentence = Text(
        "Khóa của máy chủ khác với khóa đã ghim. Hỏi đơn vị vận hành; nếu đúng là khóa mới, thêm --replace-keys.",
        "The server's keys differ from the pinned ones. Ask its operator; if they are right, add --replace-keys.",
    )


class Unreadable(Invalid):
    code = "YM-AGENT-FILE"
    sentence = Text("Không đọc được tệp: {why}.", "The file cannot be read: {why}.")


class CopyGone(Invalid):
    code = "YM-AGENT-COPY-GONE"
    sentence = Text(
        "Bản đã ký của tệp này không còn hoặc đã bị sửa. Gửi lại từ tệp gốc.",
        "The signed copy of this file is gone or was changed. Send it again from the original file.",
    )


class NothingToDo(NotFound):
    code = "YM-AGENT-NO-FILES"
    sentence = Text("Không thấy tệp XML nào ở {where}.", "No XML file found at {where}.")


class NoReceipt(NotFound):
    code = "YM-AGENT-NO-RECEIPT"
    sentence = Text("Không có biên nhận {number}.", "There is no receipt {number}.")


class SignInRefused(NotSignedIn):
    code = "YM-AGENT-SIGN-IN"
    sentence = Text(
        "Máy chủ chưa cho máy này vào ({why}). Kiểm tra mã cơ sở và chứng thư đã đăng ký.",
        "The server does not let this machine in ({why}). Check the facility code and the registered certificate.",
    )


class ServerAway(Unavailable):
    code = "YM-AGENT-SERVER-AWAY"
    sentence = Text(
        "Chưa nối được tới máy chủ ({why}). Hồ sơ vẫn nằm trong hàng gửi; chạy lại lệnh sau ít phút.",
        "The server cannot be reached ({why}). The dossiers stay in the queue; run the command again in a few minutes.",
    )


class StrangeAnswer(Unavailable):
    code = "YM-AGENT-STRANGE-ANSWER"
    sentence = Text(
        "Máy chủ trả lời không đúng khuôn dạng ({why}). Thử lại sau; nếu còn lặp lại, báo đơn vị vận hành.",
        "The server's answer is not understood ({why}). Try again later; if it goes on, tell its operator.",
    )


class WrongReceipt(Invalid):
    code = "YM-AGENT-WRONG-RECEIPT"
    sentence = Text(
        "Biên nhận không khớp với hồ sơ đã gửi: {why}. Báo đơn vị vận hành máy chủ.",
        "The receipt does not fit the dossier that was sent: {why}. Tell the server's operator.",
    )
