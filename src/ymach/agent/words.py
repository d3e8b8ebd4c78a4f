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
    "Đồng hồ máy này chậm {seconds} giây so với máy chủ. Chỉnh lại giờ của máy.",
    "This machine's clock is {seconds} seconds behind the server. Set it.",
)
CLOCK_FAST = Text(
    "Đồng hồ máy này nhanh {seconds} giây so với máy chủ. Chỉnh lại giờ của máy.",
    "This machine's clock is {seconds} seconds ahead of the server. Set it.",
)
CLOCK_UNKNOWN = Text(
    "Chưa đối chiếu được đồng hồ máy này với máy chủ lần nào.",
    "This machine's clock was never compared with the server's.",
)
PIN = Text("Mã PIN của thiết bị ký {token}", "PIN of the token {token}")
CERTIFICATE = Text("Chứng thư của {name}, hết hạn lúc {ends}.", "Certificate of {name}, valid until {ends}.")
CERTIFICATE_ENDS = Text(
    "Chứng thư còn {days} ngày. Xin gia hạn ngay để việc gửi không bị dừng.",
    "The certificate has {days} days left. Renew it now so that sending does not stop.",
)
CERTIFICATE_ENDED = Text(
    "Chứng thư đã hết hạn: không ký, không gửi được nữa. Gia hạn rồi chạy “ymach agent init” với chứng thư mới.",
    "The certificate has ended: nothing can be signed or sent. Renew it, then run “ymach agent init” with the new one.",
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
ALL_DONE = Text("Xong. Không phải làm gì thêm.", "Done. There is nothing more to do.")
DO_FIX = Text(
    "Việc cần làm: {count} hồ sơ bị trả lại. Sửa trong phần mềm bệnh viện theo chỉ dẫn ở trên, xuất lại rồi gửi lại.",
    "To do: {count} dossiers were sent back. Correct them in the hospital's software as told above, export and send again.",
)
DO_LOOK = Text(
    "Việc cần làm: {count} tệp chưa gửi được vì lý do ghi ở trên. Xem từng tệp rồi gửi lại.",
    "To do: {count} files could not be sent, for the reasons above. Look at each, then send again.",
)
HELD_THERE = Text(
    "{count} hồ sơ đã nhận và đang được Sở Y tế xem: chưa phải làm gì, chờ kết quả.",
    "{count} dossiers were received and are looked at by the department of health: nothing to do but wait.",
)
DO_WAIT = Text(
    "{count} hồ sơ còn trong hàng gửi của máy này, không mất gì. Chạy “ymach agent send” sau ít phút, hoặc sáng mai.",
    "{count} dossiers are still in this machine's queue, nothing is lost. Run “ymach agent send” in a few minutes, or "
    "tomorrow morning.",
)
AWAY_BUT_QUEUED = Text(
    "Chưa nối được máy chủ. Các tệp vẫn được ký và xếp vào hàng gửi.",
    "The server cannot be reached. The files are still signed and queued.",
)
PIECES = Text("Tệp lớn: đã gửi {done}/{total} phần", "Large file: {done} of {total} pieces sent")
SERVICE_RUNS = Text(
    "Đang chạy thường trực (tín hiệu lúc {at}). Sự cố: {trouble}.", "Running (sign of life {at}). Trouble: {trouble}."
)
SERVICE_STOPPED = Text("Chạy thường trực đã dừng lúc {at}.", "The service stopped at {at}.")
SERVICE_DIED = Text(
    "Chạy thường trực đã chết, tín hiệu cuối lúc {at}. Không mất gì; khởi động lại dịch vụ.",
    "The service died, last sign of life {at}. Nothing is lost; start it again.",
)
SERVICE_SILENT = Text(
    "Chạy thường trực im lặng từ {at}. Khởi động lại dịch vụ.", "The service is silent since {at}. Start it again."
)
WATCHING = Text(
    "Đang xem thư mục {folder}. Chép hồ sơ XML vào đó; nhấn Ctrl-C để dừng.",
    "Watching {folder}. Put XML dossiers there; press Ctrl-C to stop.",
)
STOPPED = Text(
    "Đã dừng. Còn {left} hồ sơ trong hàng gửi, lần chạy sau gửi tiếp.",
    "Stopped. {left} dossiers are left in the queue; the next run goes on.",
)
DAY_AGREES = Text(
    "Ngày {day}: khớp. Máy này có {ours} biên nhận, máy chủ có đủ cả {matched}.",
    "{day}: both sides agree. {ours} receipts here, all {matched} known to the server.",
)
DAY_DIFFERS = Text(
    "Ngày {day}: chưa khớp. Máy này có {ours} biên nhận, khớp {matched}.",
    "{day}: the sides differ. {ours} receipts here, {matched} match.",
)
DAY_MISSING = Text(
    "  Máy chủ không thấy: {file} (biên nhận {number})", "  Not known to the server: {file} (receipt {number})"
)
DAY_EXTRA_OURS = Text(
    "  Máy chủ đã nhận nhưng máy này chưa có biên nhận: {file} (số {number})",
    "  Received by the server, without a receipt here: {file} (number {number})",
)
DAY_EXTRA = Text(
    "  Máy chủ nhận từ nơi khác của cơ sở: số {number}, lúc {at}",
    "  Received by the server from another machine of the facility: number {number}, at {at}",
)
DAY_DIFFERENT = Text("  Khác nội dung: {what}", "  Different: {what}")
DAY_SENT_AGAIN = Text(
    "Đã xếp lại {count} hồ sơ vào hàng gửi. Chạy “ymach agent send” để gửi ngay.",
    "{count} dossiers are queued again. Run “ymach agent send” to send them now.",
)
DAY_GONE = Text(
    "{count} hồ sơ không còn bản đã ký ở máy này: gửi lại từ tệp gốc.",
    "{count} dossiers are no longer kept here: send them again from the original files.",
)
DAY_DO = Text(
    "Việc cần làm: chạy lại với --send-missing để gửi lại những hồ sơ máy chủ không thấy; nếu vẫn lệch, báo đơn vị vận hành.",
    "To do: run again with --send-missing to send what the server does not know; if they still differ, tell its operator.",
)
DAY_DO_ELSEWHERE = Text(
    "Việc cần làm: hỏi máy khác của cơ sở cũng gửi hồ sơ; nếu không có máy nào, báo đơn vị vận hành.",
    "To do: ask about another machine of the facility that sends; if there is none, tell the operator.",
)
NOTE = Text("Hồ sơ: {file}\nKết quả: {state}\n{why}\n", "Dossier: {file}\nOutcome: {state}\n{why}\n")
OUTCOME = Text("Biên nhận {number}: {outcome}.", "Receipt {number}: {outcome}.")
DELIVERY = Text("  {where}: {state} ({at})", "  {where}: {state} ({at})")
EXPORTED = Text("Đã xuất {count} biên nhận vào {file}.", "Exported {count} receipts to {file}.")
VERIFIED = Text("{good} biên nhận đúng, {wrong} biên nhận sai.", "{good} receipts are good, {wrong} are wrong.")
