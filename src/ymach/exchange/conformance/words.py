"""What a vendor is told to do for a case, in both languages."""

from __future__ import annotations

from ymach.base.text import Text
from ymach.exchange.conformance.cases import Case, finding_of

NORMALLY = Text("Ký và gửi như hồ sơ thường.", "Sign and send as any dossier.")
SIGNINGS = {
    "none": Text("Gửi không ký.", "Send it unsigned."),
    "broken": Text("Ký, rồi sửa một chữ số trong NGAYLAP.", "Sign, then change a digit of NGAYLAP."),
    "partial": Text("Chỉ ký phần THONGTINHOSO.", "Sign the part THONGTINHOSO alone."),
    "wrapped": Text("Ký, rồi thêm một THONGTINHOSO thứ hai lên trước.", "Sign, then put a second THONGTINHOSO before."),
    "weak": Text("Ký, rồi đổi thuật toán thành rsa-sha1.", "Sign, then name rsa-sha1 as the algorithm."),
    "malformed": Text("Ký, rồi bỏ SignatureValue.", "Sign, then remove SignatureValue."),
    "no-certificate": Text("Ký, rồi bỏ KeyInfo.", "Sign, then remove KeyInfo."),
    "not-allowed": Text("Ký, rồi đổi một Transform thành XSLT.", "Sign, then make a Transform an XSLT."),
    "too-complex": Text("Ký, rồi thêm 40 Reference.", "Sign, then add 40 References."),
    "unreadable-certificate": Text(
        "Ký, rồi ghi chữ bất kỳ vào X509Certificate.", "Sign, then write any text into X509Certificate."
    ),
    "clock": Text("Ký với SigningTime của hơn một năm trước.", "Sign with a SigningTime of more than a year ago."),
    "unknown": Text(
        "Ký bằng chứng thư tự lập, không kèm gốc.", "Sign with a certificate of your own making, without its root."
    ),
    "foreign": Text(
        "Ký bằng chứng thư tự lập, kèm cả gốc.", "Sign with a certificate of your own making, with its root."
    ),
    "weak-key": Text(
        "Ký bằng chứng thư tự lập có khóa RSA 1024 bit.",
        "Sign with a certificate of your own with an RSA key of 1024 bits.",
    ),
    "wrong-usage": Text(
        "Ký bằng chứng thư tự lập chỉ dùng cho máy chủ web.",
        "Sign with a certificate of your own for web servers only.",
    ),
}
SENDINGS = {
    "empty": Text("Gửi yêu cầu không có nội dung.", "Send a request without content."),
    "cut-gzip": Text("Nén gzip, cắt mất đoạn cuối rồi gửi.", "Compress with gzip, cut off the end, send."),
    "unknown-encoding": Text("Ghi Content-Encoding: br.", "Say Content-Encoding: br."),
    "not-base64": Text("Gửi “@@@” trong trường fileHSBase64.", "Send “@@@” in the field fileHSBase64."),
    "media-type": Text("Ghi Content-Type: text/csv.", "Say Content-Type: text/csv."),
    "batch-line": Text(
        "Gửi lô NDJSON hai dòng: hồ sơ này và một dòng không phải JSON.",
        "Send a batch of two NDJSON lines: this dossier, and one that is not JSON.",
    ),
    "false-claim": Text("Gửi kèm Ymach-Lane: referral.", "Send it with Ymach-Lane: referral."),
}


def task_of(case: Case) -> Text:
    """What to do with the file of a case."""
    if case.sending:
        return SENDINGS[case.sending]
    return SIGNINGS.get(case.signing, NORMALLY)


def expected_of(case: Case) -> Text:
    """What must be found; for a dossier in order, nothing."""
    kind = finding_of(case)
    return kind.text if kind else Text("Không có lỗi nào.", "Nothing is wrong.")
