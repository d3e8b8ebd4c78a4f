"""What the intake itself finds; formats, trust and standing have their own."""

from __future__ import annotations

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text

TOO_BIG = FindingKind(
    "YM-RCV-TOO-BIG",
    Severity.ERROR,
    Text("Tệp gửi lên lớn hơn {limit} MB.", "The file sent is larger than {limit} MB."),
    Text("Chia nhỏ rồi gửi lại từng phần.", "Split it and send the parts."),
    "Ymạch",
    413,
)
EMPTY = FindingKind(
    "YM-RCV-EMPTY",
    Severity.ERROR,
    Text("Không có nội dung nào được gửi lên.", "Nothing was sent."),
    Text(
        "Gửi tệp XML trong thân yêu cầu, trong trường fileHSBase64 hoặc dưới dạng tệp đính kèm.",
        "Send the XML as the body, in the field fileHSBase64, or as an attached file.",
    ),
    "BHXH 2024; Ymạch",
    400,
)
COMPRESSION = FindingKind(
    "YM-RCV-COMPRESSION",
    Severity.ERROR,
    Text("Không giải nén được nội dung ({value}).", "The content cannot be decompressed ({value})."),
    Text("Nén lại bằng gzip hoặc zstd, hoặc gửi không nén.", "Compress with gzip or zstd, or send it uncompressed."),
    "RFC 9110, RFC 8878",
    400,
)
ENCODING_UNKNOWN = FindingKind(
    "YM-RCV-ENCODING-UNKNOWN",
    Severity.ERROR,
    Text("Không hỗ trợ kiểu nén “{value}”.", "The content encoding “{value}” is not supported."),
    Text("Dùng gzip hoặc zstd, hoặc gửi không nén.", "Use gzip or zstd, or send it uncompressed."),
    "RFC 9110",
    415,
)
NOT_BASE64 = FindingKind(
    "YM-RCV-NOT-BASE64",
    Severity.ERROR,
    Text("Trường fileHSBase64 không phải Base64 đúng.", "The field fileHSBase64 is not valid Base64."),
    Text("Mã hoá cả tệp bằng Base64 rồi gửi lại.", "Encode the whole file as Base64 and send it again."),
    "BHXH 2024",
    400,
)
MEDIA_TYPE = FindingKind(
    "YM-RCV-MEDIA-TYPE",
    Severity.ERROR,
    Text("Không nhận kiểu nội dung “{value}”.", "The content type “{value}” is not taken."),
    Text(
        "Hồ sơ XML: application/xml; FHIR: application/jose hoặc application/fhir+json; biểu mẫu: multipart/form-data hoặc "
        "application/x-www-form-urlencoded; cả lô: application/x-ndjson hoặc multipart/form-data.",
        "XML: application/xml; FHIR: application/jose or application/fhir+json; a form: multipart/form-data or "
        "application/x-www-form-urlencoded; a batch: application/x-ndjson or multipart/form-data.",
    ),
    "Ymạch",
    415,
)
BATCH_LINE = FindingKind(
    "YM-RCV-BATCH-LINE",
    Severity.ERROR,
    Text("Dòng {row} của lô không đọc được.", "Line {row} of the batch cannot be read."),
    Text(
        'Mỗi dòng là một đối tượng JSON {{"id": …, "content": "<Base64>"}}.',
        'Each line is a JSON object {{"id": …, "content": "<Base64>"}}.',
    ),
    "Ymạch",
    400,
)
SENDER_NOT_YOURS = FindingKind(
    "YM-SND-NOT-YOURS",
    Severity.ERROR,
    Text(
        "Hồ sơ ghi cơ sở {value}, nhưng tài khoản đang gửi là của cơ sở {signed_in}.",
        "The dossier names facility {value}, but the signed-in account belongs to facility {signed_in}.",
    ),
    Text("Gửi bằng tài khoản của chính cơ sở lập hồ sơ.", "Send it with the account of the facility that made it."),
    "Ymạch",
    403,
)
CERTIFICATE_OF_OTHER = FindingKind(
    "YM-SND-CERTIFICATE-OF-OTHER",
    Severity.ERROR,
    Text(
        "Chứng thư ký hồ sơ (mã số thuế {found}) không phải của cơ sở {facility} (mã số thuế {expected}).",
        "The signing certificate (tax code {found}) does not belong to facility {facility} (tax code {expected}).",
    ),
    Text(
        "Ký bằng chứng thư của cơ sở, hoặc đăng ký chứng thư này cho cơ sở.",
        "Sign with the facility's certificate, or register this certificate for the facility.",
    ),
    "Decree 23/2025/NĐ-CP art. 15-17; Decree 188/2025/NĐ-CP art. 69 k9",
    403,
)
CERTIFICATE_UNREGISTERED = FindingKind(
    "YM-SND-CERTIFICATE-UNREGISTERED",
    Severity.NOTE,
    Text(
        "Chứng thư ký hồ sơ chưa được đăng ký cho cơ sở; nhận theo mã số thuế trong chứng thư.",
        "The signing certificate is not registered for the facility; accepted by the tax code it carries.",
    ),
    Text("Đăng ký chứng thư này tại trang Chứng thư của cơ sở.", "Register this certificate on the facility's page."),
    "Ymạch",
)
CERTIFICATE_ENDED = FindingKind(
    "YM-SND-CERTIFICATE-ENDED",
    Severity.ERROR,
    Text(
        "Chứng thư ký hồ sơ đã được cơ sở {facility} ngừng đăng ký trước lúc ký.",
        "Facility {facility} had ended the registration of the signing certificate before the signing.",
    ),
    Text("Ký bằng chứng thư đang đăng ký của cơ sở.", "Sign with a certificate the facility has registered now."),
    "Decree 23/2025/NĐ-CP art. 15-17; Ymạch",
    403,
)
CLOCK = FindingKind(
    "YM-SIG-CLOCK",
    Severity.WARNING,
    Text(
        "Giờ ký ghi trong chữ ký ({value}) không tin được so với giờ nhận; dùng giờ nhận.",
        "The signing time stated ({value}) is not believable against the time of receipt; the latter is used.",
    ),
    Text("Chỉnh đồng hồ máy ký theo giờ máy chủ.", "Set the signing machine's clock by the server's."),
    "Decree 23/2025/NĐ-CP art. 15-17; Ymạch",
)
SAME_CONTENT = FindingKind(
    "YM-VER-SAME-CONTENT",
    Severity.NOTE,
    Text(
        "Nội dung này đã được nhận trước đó; đây là biên nhận của lần ấy.",
        "This content was received before; this is the receipt of that time.",
    ),
    Text("Không cần gửi lại.", "There is no need to send it again."),
    "Ymạch",
    200,
)
NEW_VERSION = FindingKind(
    "YM-VER-NEW-VERSION",
    Severity.NOTE,
    Text(
        "Mã liên kết {value} đã có hồ sơ với nội dung khác; đây là bản thứ {version}.",
        "The code {value} already has a dossier with other content; this is version {version}.",
    ),
    Text(
        "Nếu không chủ ý sửa hồ sơ cũ, kiểm tra lại mã liên kết.",
        "If no correction was meant, check the dossier's code.",
    ),
    "Circular 48/2017/TT-BYT; Decision 130/QĐ-BYT",
    201,
)
AMENDED_SINCE = FindingKind(
    "YM-VER-AMENDED-SINCE",
    Severity.NOTE,
    Text(
        "Từ khi có biên nhận này, kết quả đã được sửa.",
        "Since this receipt was given, the outcome has been amended.",
    ),
    Text("Xem biên nhận sửa đổi của lần gửi này.", "Look at the amended receipt of this submission."),
    "Ymạch",
    200,
)
STAYS_CANCELLED = FindingKind(
    "YM-VER-STAYS-CANCELLED",
    Severity.WARNING,
    Text(
        "Hồ sơ trong nội dung này đã bị cơ sở hủy, và vẫn bị hủy.",
        "A dossier of this content was cancelled by its facility, and stays cancelled.",
    ),
    Text(
        "Nếu hồ sơ vẫn đúng, ký lại rồi gửi: bản ký sau lúc hủy làm hồ sơ có hiệu lực trở lại.",
        "If the dossier is right after all, sign it again and send: what is signed after the cancellation revives it.",
    ),
    "Ymạch",
    200,
)
CANCELLED = FindingKind(
    "YM-VER-CANCELLED",
    Severity.ERROR,
    Text(
        "Hồ sơ {value} đã bị cơ sở hủy; bản này được ký trước lúc hủy nên không được nhận.",
        "Dossier {value} was cancelled by its facility; this version was signed before that and is not taken.",
    ),
    Text(
        "Nếu hồ sơ vẫn đúng, ký lại rồi gửi: bản ký sau lúc hủy làm hồ sơ có hiệu lực trở lại.",
        "If the dossier is right after all, sign it again and send: what is signed after the cancellation revives it.",
    ),
    "Ymạch",
    409,
)
REVIVED = FindingKind(
    "YM-VER-REVIVED",
    Severity.NOTE,
    Text(
        "Hồ sơ {value} đã bị hủy; bản này, thứ {version}, làm hồ sơ có hiệu lực trở lại.",
        "Dossier {value} was cancelled; this version, number {version}, revives it.",
    ),
    Text(
        "Nếu không chủ ý khôi phục hồ sơ, hủy lại.",
        "If the dossier was not meant to come back, cancel it again.",
    ),
    "Ymạch",
    201,
)
RESULTS_ADDED = FindingKind(
    "YM-VER-RESULTS-ADDED",
    Severity.NOTE,
    Text(
        "Bổ sung kết quả cho hồ sơ {value}: bản thứ {version} chỉ thêm kết quả, các phần khác không đổi.",
        "Results were added to dossier {value}: version {version} brings results, nothing else has changed.",
    ),
    Text("Không cần làm gì thêm.", "Nothing more is needed."),
    "Circular 48/2017/TT-BYT; Decision 130/QĐ-BYT",
    201,
)
NOTHING_READABLE = FindingKind(
    "YM-FMT-NOTHING-READABLE",
    Severity.ERROR,
    Text(
        "Hồ sơ không có bảng XML1 hoặc XML0 đọc được, nên không biết là của lần khám nào.",
        "The dossier has no readable XML1 or XML0, so it is not known which visit it belongs to.",
    ),
    Text("Xuất lại hồ sơ, đủ bảng XML1, rồi gửi lại.", "Export the dossier again with its XML1 and send it again."),
    "Decision 130/QĐ-BYT",
)
DOSSIER_TWICE = FindingKind(
    "YM-ENV-DOSSIER-TWICE",
    Severity.ERROR,
    Text(
        "Một tệp có hai hồ sơ cùng mã liên kết {value}.",
        "One file holds two dossiers of the same code {value}.",
    ),
    Text("Bỏ hồ sơ lặp rồi gửi lại.", "Remove the repeated dossier and send the file again."),
    "Decision 130/QĐ-BYT; Ymạch",
)
CHECK_IN_BESIDE_VISIT = FindingKind(
    "YM-ENV-CHECK-IN-BESIDE-VISIT",
    Severity.NOTE,
    Text(
        "Hồ sơ có cả XML0 và XML1; lượt khám được ghi theo XML1, XML0 không lập bản ghi riêng.",
        "The dossier holds both XML0 and XML1; the visit is kept from XML1 and no record is made of XML0.",
    ),
    Text("Gửi XML0 riêng, ngay khi tiếp đón.", "Send XML0 by itself, at check-in."),
    "Decision 130/QĐ-BYT; Ymạch",
)
IDENTITY_PROVISIONAL = FindingKind(
    "YM-IDN-PROVISIONAL",
    Severity.NOTE,
    Text(
        "Người bệnh chưa có số định danh dùng được; hồ sơ được giữ dưới danh tính tạm.",
        "The patient has no usable identity number; the record is kept under a provisional identity.",
    ),
    Text("Bổ sung số định danh khi có giấy tờ.", "Add the identity number when papers are at hand."),
    "Decree 102/2025/NĐ-CP art. 6; Ymạch",
)
IDENTITY_CONFLICT = FindingKind(
    "YM-IDN-CONFLICT",
    Severity.WARNING,
    Text(
        "Số định danh trong hồ sơ đang thuộc một người khác tên và khác ngày sinh; hồ sơ được giữ dưới danh tính tạm.",
        "The identity number belongs to a person of another name and birthday; the record is kept provisionally.",
    ),
    Text("Kiểm tra lại số định danh, họ tên và ngày sinh.", "Check number, name and birth date again."),
    "Ymạch",
)
NUMBER_SHAPE = FindingKind(
    "YM-IDN-NUMBER-SHAPE",
    Severity.WARNING,
    Text("Số định danh không phải 12 chữ số như trên thẻ.", "The identity number is not 12 digits as on a card."),
    Text("Nhập lại số định danh theo thẻ.", "Enter the number again as on the card."),
    "Law 26/2023/QH15 art. 12",
)
