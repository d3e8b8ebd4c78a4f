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


class NoPin(Misconfigured):
    code = "YM-AGENT-PIN"
    sentence = Text(
        "Chưa có mã PIN của thiết bị ký. Chỉ tệp chứa mã PIN khi thiết lập (--pin-file), hoặc gõ khi được hỏi.",
        "The PIN of the token is missing. Name a file with the PIN at set-up (--pin-file), or type it when asked.",
    )


class SecretUnread(Misconfigured):
    code = "YM-AGENT-SECRET-FILE"
    sentence = Text(
        "Không đọc được tệp mật khẩu hoặc mã PIN {file}: {why}.",
        "The file with the password or PIN, {file}, cannot be read: {why}.",
    )


class SecretOpen(Misconfigured):
    code = "YM-AGENT-SECRET-OPEN"
    sentence = Text(
        "Người khác trên máy này đọc được tệp {file}. Chỉ cho chủ tệp đọc (chmod 600), rồi chạy lại.",
        "Others on this machine can read {file}. Let only its owner read it (chmod 600), then run again.",
    )


class TokenSupportMissing(Misconfigured):
    code = "YM-AGENT-TOKEN-SUPPORT"
    sentence = Text(
        "Máy này chưa cài phần dùng thiết bị ký. Cài thêm: pip install “ymach[agent]”.",
        "Support for tokens is not installed on this machine. Install it: pip install “ymach[agent]”.",
    )


class TokenDriver(Misconfigured):
    code = "YM-AGENT-TOKEN-DRIVER"
    sentence = Text(
        "Không nạp được trình điều khiển thiết bị ký {module}. Kiểm tra đường dẫn; phần mềm và trình điều khiển phải "
        "cùng 32 hoặc 64 bit.",
        "The token's driver {module} cannot be loaded. Check the path; program and driver must both be 32 or 64 bit.",
    )


class PinRefused(Misconfigured):
    code = "YM-AGENT-PIN-REFUSED"
    sentence = Text(
        "Thiết bị ký báo sai mã PIN. Máy không thử lại, vì thiết bị tự khóa sau vài lần sai. Kiểm tra mã PIN rồi chạy lại.",
        "The token says the PIN is wrong. It is not tried again, because a token locks itself after a few wrong tries. "
        "Check the PIN, then run again.",
    )


class PinBlocked(Misconfigured):
    code = "YM-AGENT-PIN-BLOCKED"
    sentence = Text(
        "Thiết bị ký đã bị khóa mã PIN. Liên hệ nhà cung cấp chứng thư để mở khóa.",
        "The token's PIN is blocked. Ask the provider of the certificate to unblock it.",
    )


class TokenKey(Misconfigured):
    code = "YM-AGENT-TOKEN-KEY"
    sentence = Text(
        "Không chọn được khóa trên thiết bị ký ({why}). Nêu nhãn khóa khi thiết lập: --key-label.",
        "No key of the token can be chosen ({why}). Name its label at set-up: --key-label.",
    )


class TokenAway(Unavailable):
    code = "YM-AGENT-TOKEN-AWAY"
    sentence = Text(
        "Không thấy thiết bị ký {token} ({why}). Cắm lại thiết bị rồi chạy lại; hồ sơ đã ký vẫn nằm trong hàng gửi.",
        "The token {token} is not there ({why}). Plug it in and run again; what is signed stays in the queue.",
    )


class CertificateEnded(Misconfigured):
    code = "YM-AGENT-CERTIFICATE-ENDED"
    sentence = Text(
        "Chứng thư của {name} đã hết hạn lúc {ends}. Chưa ký, chưa gửi gì. Gia hạn, đăng ký chứng thư mới với máy chủ, "
        "rồi chạy “ymach agent init” với chứng thư mới.",
        "The certificate of {name} ended at {ends}. Nothing was signed or sent. Renew it, register the new one with the "
        "server, then run “ymach agent init” with it.",
    )


class CertificateNotYet(Misconfigured):
    code = "YM-AGENT-CERTIFICATE-NOT-YET"
    sentence = Text(
        "Chứng thư của {name} chỉ có giá trị từ {starts}. Kiểm tra đồng hồ của máy và chứng thư.",
        "The certificate of {name} is valid only from {starts}. Check this machine's clock and the certificate.",
    )


class ClockOff(Misconfigured):
    code = "YM-AGENT-CLOCK"
    sentence = Text(
        "Đồng hồ máy này lệch {seconds} giây so với máy chủ, quá 5 phút. Chưa ký hồ sơ nào. Chỉnh giờ của máy rồi chạy lại.",
        "This machine's clock is {seconds} seconds off the server's, more than 5 minutes. Nothing was signed. Set the "
        "clock, then run again.",
    )


class ClockTurnedBack(Misconfigured):
    code = "YM-AGENT-CLOCK-BACK"
    sentence = Text(
        "Đồng hồ máy này chạy lùi: lần trước đã là {last}. Chưa ký hồ sơ nào. Chỉnh giờ của máy rồi chạy lại.",
        "This machine's clock went back: it was {last} already. Nothing was signed. Set the clock, then run again.",
    )


class QueueKeyGone(Misconfigured):
    code = "YM-AGENT-QUEUE-KEY-GONE"
    sentence = Text(
        "Không thấy tệp khóa {file}, nên không mở được hàng gửi. Chép lại tệp này từ bản lưu.",
        "The key file {file} is missing, so the queue cannot be opened. Put it back from your backup.",
    )


class QueueKeyWrong(Misconfigured):
    code = "YM-AGENT-QUEUE-KEY-WRONG"
    sentence = Text(
        "Tệp khóa không mở được hàng gửi: khóa khác, hoặc hàng gửi đã bị sửa. Chép lại cả hai từ cùng một bản lưu.",
        "The key file does not open the queue: another key, or the queue was changed. Put both back from one backup.",
    )


class RunningAlready(Unavailable):
    code = "YM-AGENT-RUNNING"
    sentence = Text(
        "Công cụ đang chạy trong thư mục {folder}. Chép tệp vào thư mục chờ gửi, hoặc đợi nó xong rồi chạy lại.",
        "The agent is already at work in {folder}. Put files into its inbox, or wait until it is done and run again.",
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
        "Bản đã ký của tệp này không còn ở máy này. Gửi lại từ tệp gốc.",
        "The signed copy of this file is no longer on this machine. Send it again from the original file.",
    )


class NothingToDo(NotFound):
    code = "YM-AGENT-NO-FILES"
    sentence = Text("Không thấy hồ sơ nào (XML, FHIR) ở {where}.", "No dossier (XML, FHIR) found at {where}.")


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


class DiskTrouble(Unavailable):
    code = "YM-AGENT-DISK"
    sentence = Text(
        "Không ghi được xuống đĩa ({why}). Xem đĩa còn chỗ không và quyền ghi; những gì đã nhận biên nhận không mất.",
        "The disk cannot be written ({why}). See whether it is full and may be written; what has a receipt is not lost.",
    )


class NotYet(Unavailable):
    code = "YM-AGENT-NOT-YET"
    sentence = Text(
        "Chưa tới lượt gửi trong lần chạy này. Hồ sơ vẫn nằm trong hàng gửi.",
        "Not sent in this run. The dossier stays in the queue.",
    )


class StrangeAnswer(Unavailable):
    code = "YM-AGENT-STRANGE-ANSWER"
    sentence = Text(
        "Máy chủ trả lời không đúng khuôn dạng ({why}). Thử lại sau; nếu còn lặp lại, báo đơn vị vận hành.",
        "The server's answer is not understood ({why}). Try again later; if it goes on, tell its operator.",
    )


class NotOffered(Unavailable):
    code = "YM-AGENT-NOT-OFFERED"
    sentence = Text(
        "Máy chủ này chưa có chức năng đối soát. Biên nhận ở máy này vẫn đủ để chứng minh việc gửi.",
        "This server does not offer reconciliation yet. The receipts kept here still prove what was sent.",
    )


class WrongReceipt(Invalid):
    code = "YM-AGENT-WRONG-RECEIPT"
    sentence = Text(
        "Biên nhận không khớp với hồ sơ đã gửi: {why}. Báo đơn vị vận hành máy chủ.",
        "The receipt does not fit the dossier that was sent: {why}. Tell the server's operator.",
    )
