"""What this package finds.

Signatures `YM-SIG-…`, certificates `YM-CRT-…`, revocation lists `YM-CRL-…`, receipts `YM-RCP-…`, sign-in `YM-AUT-…`.
"""

from __future__ import annotations

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text

_LAW = "Luật Giao dịch điện tử 20/2023/QH15; Nghị định 23/2025/NĐ-CP Điều 15–17"
_INSURANCE = "Nghị định 188/2025/NĐ-CP Điều 69 khoản 9; Thông tư 12/2026/TT-BTC"
_OURS = "Ymạch"

_ASK_VENDOR = Text(
    "Chuyển câu này cho đơn vị cung cấp phần mềm để sửa phần ký số, rồi ký và gửi lại.",
    "Pass this sentence to your software vendor to correct the signing part, then sign and send again.",
)
_NEW_CERTIFICATE = Text(
    "Ký lại bằng chứng thư còn hiệu lực rồi gửi lại, giữ nguyên mã hồ sơ.",
    "Sign again with a certificate in force and send again with the same dossier number.",
)


def _error(code: str, text: Text, action: Text, source: str = _LAW, status: int = 422) -> FindingKind:
    return FindingKind(code=code, severity=Severity.ERROR, text=text, action=action, source=source, status=status)


# Signatures of dossiers

SIG_MISSING = _error(
    "YM-SIG-MISSING",
    Text(
        "Hồ sơ chưa được ký số: thẻ CHUKYDONVI trống hoặc không có.",
        "The dossier is not signed: the CHUKYDONVI element is empty or absent.",
    ),
    Text(
        "Ký số bằng chứng thư của cơ sở rồi gửi lại.",
        "Sign with the facility's certificate and send again.",
    ),
    _INSURANCE,
)
SIG_MALFORMED = _error(
    "YM-SIG-MALFORMED",
    Text(
        "Chữ ký số viết sai khuôn dạng nên không đọc được: {value}.",
        "The signature is not well formed and cannot be read: {value}.",
    ),
    _ASK_VENDOR,
)
SIG_BROKEN = _error(
    "YM-SIG-BROKEN",
    Text(
        "Hồ sơ đã bị đổi sau khi ký: chữ ký không khớp với nội dung nhận được.",
        "The dossier was changed after it was signed: the signature does not fit the content received.",
    ),
    Text(
        "Không sửa hay định dạng lại tệp sau khi ký. Ký lại hồ sơ rồi gửi lại, giữ nguyên mã hồ sơ.",
        "Do not edit or reformat the file after signing. Sign the dossier again and send it with the same number.",
    ),
)
SIG_WEAK = _error(
    "YM-SIG-WEAK",
    Text(
        "Chữ ký dùng thuật toán không còn an toàn: {value}.",
        "The signature uses an algorithm that is no longer safe: {value}.",
    ),
    Text(
        "Đặt phần mềm ký ở SHA-256 trở lên, với RSA hoặc ECDSA, rồi ký và gửi lại.",
        "Set the signing software to SHA-256 or better, with RSA or ECDSA, then sign and send again.",
    ),
    _INSURANCE,
)
SIG_NOT_ALLOWED = _error(
    "YM-SIG-NOT-ALLOWED",
    Text(
        "Chữ ký dùng cách biến đổi hoặc liên kết ngoài mà hệ thống không nhận: {value}.",
        "The signature uses a transform or an outside link that is not allowed: {value}.",
    ),
    _ASK_VENDOR,
    _OURS,
)
SIG_COVERS_TOO_LITTLE = _error(
    "YM-SIG-COVERS-TOO-LITTLE",
    Text(
        "Chữ ký không bao trùm phần {value} của hồ sơ, nên phần đó chưa được ai bảo đảm.",
        "The signature does not cover {value} of the dossier, so nobody vouches for that part.",
    ),
    Text(
        "Ký toàn bộ hồ sơ (Reference URI rỗng) rồi gửi lại.",
        "Sign the whole dossier (empty Reference URI) and send again.",
    ),
    _INSURANCE,
)
SIG_WRAPPED = _error(
    "YM-SIG-WRAPPED",
    Text(
        "Phần được ký không phải là phần sẽ được đọc ({value}). Tệp có thể đã bị can thiệp.",
        "The signed part is not the part that would be read ({value}). The file may have been tampered with.",
    ),
    Text(
        "Kiểm tra máy xuất hồ sơ, xuất lại tệp từ phần mềm bệnh viện, ký và gửi lại.",
        "Check the machine that made the file, export it again from the hospital's software, sign and send again.",
    ),
    _OURS,
)
SIG_NO_CERTIFICATE = _error(
    "YM-SIG-NO-CERTIFICATE",
    Text(
        "Chữ ký không kèm chứng thư của người ký, nên không biết ai đã ký.",
        "The signature carries no certificate of its signer, so it is not known who signed.",
    ),
    Text(
        "Bật tùy chọn kèm chứng thư (X509Certificate) trong phần mềm ký, ký và gửi lại.",
        "Switch on “include certificate” (X509Certificate) in the signing software, sign and send again.",
    ),
)
SIG_TOO_COMPLEX = _error(
    "YM-SIG-TOO-COMPLEX",
    Text(
        "Chữ ký có quá nhiều thành phần ({value}).",
        "The signature has too many parts ({value}).",
    ),
    _ASK_VENDOR,
    _OURS,
)

# Certificates

CRT_MALFORMED = _error(
    "YM-CRT-MALFORMED",
    Text("Không đọc được chứng thư kèm chữ ký.", "The certificate with the signature cannot be read."),
    _ASK_VENDOR,
)
CRT_UNKNOWN = _error(
    "YM-CRT-UNKNOWN",
    Text(
        "Chưa biết nơi cấp chứng thư này: {value}.",
        "The issuer of this certificate is not known here: {value}.",
    ),
    Text(
        "Gửi kèm chứng thư trung gian trong chữ ký, hoặc hỏi nơi cấp chứng thư.",
        "Include the intermediate certificate in the signature, or ask the certificate's issuer.",
    ),
)
CRT_FOREIGN = _error(
    "YM-CRT-FOREIGN",
    Text(
        "Chứng thư do nơi không được công nhận cấp: {value}.",
        "The certificate comes from an issuer that is not recognised: {value}.",
    ),
    Text(
        "Dùng chứng thư của tổ chức được Bộ Khoa học và Công nghệ cấp phép, ký và gửi lại.",
        "Use a certificate of a licensed Vietnamese certification authority, sign and send again.",
    ),
)
CRT_EXPIRED = _error(
    "YM-CRT-EXPIRED",
    Text(
        "Lúc ký, chứng thư đã hết hạn từ {value}.",
        "At the moment of signing the certificate had expired on {value}.",
    ),
    _NEW_CERTIFICATE,
)
CRT_NOT_YET = _error(
    "YM-CRT-NOT-YET",
    Text(
        "Lúc ký, chứng thư chưa có hiệu lực; chứng thư bắt đầu từ {value}.",
        "At the moment of signing the certificate was not yet valid; it starts on {value}.",
    ),
    Text(
        "Kiểm tra đồng hồ của máy ký, rồi ký và gửi lại.",
        "Check the clock of the signing machine, then sign and send again.",
    ),
)
CRT_REVOKED = _error(
    "YM-CRT-REVOKED",
    Text(
        "Hồ sơ được ký bằng chứng thư đã bị thu hồi từ {value}.",
        "The dossier was signed with a certificate that had been revoked on {value}.",
    ),
    Text(
        "Ký lại bằng chứng thư mới rồi gửi lại, giữ nguyên mã hồ sơ.",
        "Sign again with a new certificate and send again with the same dossier number.",
    ),
)
CRT_USAGE = _error(
    "YM-CRT-USAGE",
    Text(
        "Chứng thư này không được cấp để ký: {value}.",
        "This certificate was not issued for signing: {value}.",
    ),
    Text(
        "Ký bằng chứng thư ký số của cơ sở rồi gửi lại.",
        "Sign with the facility's signing certificate and send again.",
    ),
)
CRT_WEAK_KEY = _error(
    "YM-CRT-WEAK-KEY",
    Text(
        "Khóa của chứng thư quá yếu: {value}.",
        "The certificate's key is too weak: {value}.",
    ),
    Text(
        "Xin nơi cấp chứng thư đổi sang khóa RSA từ 2048 bit hoặc ECDSA từ 256 bit.",
        "Ask the issuer for a certificate with RSA of 2048 bits or ECDSA of 256 bits at least.",
    ),
)
CRT_CHAIN_BROKEN = _error(
    "YM-CRT-CHAIN-BROKEN",
    Text(
        "Chuỗi chứng thư không hợp lệ: {value}.",
        "The chain of certificates is not valid: {value}.",
    ),
    _NEW_CERTIFICATE,
)
CRT_REVOCATION_STALE = FindingKind(
    code="YM-CRT-REVOCATION-STALE",
    severity=Severity.WARNING,
    text=Text(
        "Danh sách thu hồi của nơi cấp chứng thư đã cũ (từ {value}). Hồ sơ vẫn được nhận và sẽ được đối chiếu lại.",
        "The issuer's revocation list is old (from {value}). The dossier is taken and will be checked again.",
    ),
    action=Text("Không cần làm gì. Hệ thống tự tải danh sách mới.", "Nothing to do. The system fetches the new list."),
    source=_LAW,
)
CRT_REVOCATION_UNKNOWN = FindingKind(
    code="YM-CRT-REVOCATION-UNKNOWN",
    severity=Severity.WARNING,
    text=Text(
        "Chưa có danh sách thu hồi của nơi cấp {value}. Hồ sơ vẫn được nhận và sẽ được đối chiếu lại.",
        "There is no revocation list of the issuer {value} yet. The dossier is taken and will be checked again.",
    ),
    action=Text("Không cần làm gì. Hệ thống tự tải danh sách.", "Nothing to do. The system fetches the list."),
    source=_LAW,
)
CRL_MALFORMED = _error(
    "YM-CRL-MALFORMED",
    Text("Không đọc được danh sách thu hồi: {value}.", "The revocation list cannot be read: {value}."),
    Text("Tải lại từ nơi cấp chứng thư.", "Download it from the issuer again."),
)
CRL_BROKEN = _error(
    "YM-CRL-BROKEN",
    Text(
        "Danh sách thu hồi không do nơi cấp {value} ký.",
        "The revocation list was not signed by the issuer {value}.",
    ),
    Text("Không dùng danh sách này. Báo cho nơi cấp chứng thư.", "Do not use this list. Tell the issuer."),
)

# Receipts

RCP_FORMAT = _error(
    "YM-RCP-FORMAT",
    Text("Đây không phải là biên nhận của Ymạch.", "This is not a receipt of Ymạch."),
    Text("Dùng đúng tệp biên nhận .jws đã nhận khi gửi.", "Use the .jws receipt file that came with the answer."),
    _OURS,
)
RCP_UNKNOWN_KEY = _error(
    "YM-RCP-UNKNOWN-KEY",
    Text(
        "Biên nhận ký bằng khóa không có trong danh sách khóa đã ghim: {value}.",
        "The receipt is signed by a key that is not among the pinned keys: {value}.",
    ),
    Text(
        "Lấy lại danh sách khóa từ máy chủ chính thức rồi kiểm tra lại.",
        "Fetch the keys from the official server again, then verify again.",
    ),
    _OURS,
)
RCP_BROKEN = _error(
    "YM-RCP-BROKEN",
    Text("Biên nhận đã bị sửa: chữ ký không khớp.", "The receipt was changed: its signature does not fit."),
    Text("Không dùng biên nhận này. Tải lại từ máy chủ.", "Do not rely on it. Fetch it from the server again."),
    _OURS,
)

# Machines' sign-in (RFC 7523, RFC 9068)

_RFC7523 = "RFC 7523; Ymạch"
_ASK_AGENT = Text(
    "Kiểm tra cấu hình của máy gửi rồi thử lại.",
    "Check the configuration of the sending machine and try again.",
)


def _assertion(word: str, text: Text, action: Text = _ASK_AGENT) -> FindingKind:
    return _error(f"YM-AUT-ASSERTION-{word}", text, action, _RFC7523, 401)


ASSERTION_FORMAT = _assertion(
    "FORMAT",
    Text("Giấy xác nhận của máy gửi sai khuôn dạng: {value}.", "The client assertion is not well formed: {value}."),
)
ASSERTION_UNKNOWN_KEY = _assertion(
    "UNKNOWN-KEY",
    Text(
        "Chứng thư ký giấy xác nhận chưa được đăng ký cho cơ sở {value}.",
        "The certificate that signed the assertion is not registered for facility {value}.",
    ),
    Text(
        "Đăng ký chứng thư này cho cơ sở, hoặc ký bằng chứng thư đã đăng ký.",
        "Register this certificate for the facility, or sign with the registered one.",
    ),
)
ASSERTION_BROKEN = _assertion(
    "BROKEN",
    Text("Chữ ký của giấy xác nhận không khớp.", "The signature of the client assertion does not fit."),
)
ASSERTION_CLIENT = _assertion(
    "CLIENT",
    Text("Giấy xác nhận ghi hai mã cơ sở khác nhau.", "The client assertion names two different facilities."),
)
ASSERTION_AUDIENCE = _assertion(
    "AUDIENCE",
    Text("Giấy xác nhận dành cho máy chủ khác: {value}.", "The client assertion is meant for another server: {value}."),
)
ASSERTION_EXPIRED = _assertion(
    "EXPIRED",
    Text("Giấy xác nhận đã quá hạn lúc {value}.", "The client assertion expired at {value}."),
    Text("Kiểm tra đồng hồ của máy gửi rồi thử lại.", "Check the clock of the sending machine and try again."),
)
ASSERTION_FUTURE = _assertion(
    "FUTURE",
    Text(
        "Giấy xác nhận ghi thời điểm trong tương lai: {value}.",
        "The client assertion is dated in the future: {value}.",
    ),
    Text(
        "Đồng hồ của máy gửi chạy nhanh. Chỉnh lại rồi thử lại.",
        "The machine's clock is fast. Set it and try again.",
    ),
)
ASSERTION_TOO_LONG = _assertion(
    "TOO-LONG",
    Text("Giấy xác nhận có hạn dài hơn 5 phút.", "The client assertion is valid for more than 5 minutes."),
)
ASSERTION_REPLAYED = _assertion(
    "REPLAYED",
    Text("Giấy xác nhận này đã được dùng một lần.", "This client assertion has been used already."),
    Text("Tạo giấy xác nhận mới cho mỗi lần xin mã truy cập.", "Make a new assertion for every token request."),
)
TOKEN_REFUSED = _error(
    "YM-AUT-TOKEN",
    Text("Mã truy cập không đúng hoặc đã hết hạn.", "The access token is wrong or has expired."),
    Text("Xin mã truy cập mới rồi gửi lại. Không có gì bị mất.", "Ask for a new token and send again."),
    "RFC 9068; Ymạch",
    401,
)

KINDS: tuple[FindingKind, ...] = tuple(value for value in list(globals().values()) if isinstance(value, FindingKind))
