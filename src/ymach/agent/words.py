"""The agent's sentences."""

from __future__ import annotations

from ymach.base.text import Text

PASSWORD = Text("Mật khẩu của tệp chứng thư", "Password of the certificate file")
SIGNING = Text("Đang ký", "Signing")
SENDING = Text("Đang gửi", "Sending")
READY = Text(
    "Đã thiết lập {folder}. Máy chủ {server}. Khóa đã ghim: {keys}. Đối chiếu khóa này với trang của đơn vị vận hành.",
    "Set up {folder}. Server {server}. Pinned keys: {keys}. Compare them with the operator's page.",
)
CLOCK_SLOW = Text(
    "Đồng hồ máy này chậm {seconds} giây so với máy chủ. Chỉnh lại trước khi ký.",
    "This machine's clock is {seconds} seconds behind the server. Set it before signing.",
)
CLOCK_FAST = Text(
    "Đồng hồ máy này nhanh {seconds} giây so với máy chủ. Chỉnh lại trước khi ký.",
    "This machine's clock is {seconds} seconds ahead of the server. Set it before signing.",
)
CERTIFICATE = Text("Chứng thư của {name}, hết hạn lúc {ends}.", "Certificate of {name}, valid until {ends}.")
CERTIFICATE_ENDS = Text(
    "Chứng thư còn {days} ngày. Xin gia hạn ngay để việc gửi không bị dừng.",
    "The certificate has {days} days left. Renew it now so that sending does not stop.",
)
SIGNED = Text("Đã ký {count} tệp vào {folder}.", "Signed {count} files into {folder}.")
DONE_BEFORE = Text("Đã gửi trước đó, không gửi lại.", "Sent before, not sent again.")
SUMMARY = Text(
    "Đã nhận {accepted}, đang giữ {held}, bị trả lại {rejected}, còn lại {left}.",
    "Accepted {accepted}, held {held}, sent back {rejected}, left {left}.",
)
DRY_RUN = Text(
    "Gửi thử, chưa lưu gì: sẽ nhận {accepted}, sẽ giữ {held}, sẽ trả lại {rejected}, chưa hỏi được {left}.",
    "Trial, nothing stored: would accept {accepted}, hold {held}, send back {rejected}, not answered {left}.",
)
OUTCOME = Text("Biên nhận {number}: {outcome}.", "Receipt {number}: {outcome}.")
DELIVERY = Text("  {where}: {state} ({at})", "  {where}: {state} ({at})")
EXPORTED = Text("Đã xuất {count} biên nhận vào {file}.", "Exported {count} receipts to {file}.")
VERIFIED = Text("{good} biên nhận đúng, {wrong} biên nhận sai.", "{good} receipts are good, {wrong} are wrong.")
