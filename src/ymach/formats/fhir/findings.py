"""What can be wrong with a FHIR bundle. Faults of single values that XML has too carry the same codes as there."""

from __future__ import annotations

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text

_R4 = "HL7 FHIR R4 (4.0.1)"
_PROFILE = "Ymạch FHIR"
_EXPORT = Text(
    "Kết xuất lại gói FHIR từ phần mềm, ký rồi gửi lại.",
    "Export the bundle again from your software, sign and resend it.",
)
_VENDOR = Text(
    "Chuyển câu này cho đơn vị cung cấp phần mềm để sửa, rồi ký và gửi lại.",
    "Pass this sentence to your software vendor, then sign and send again.",
)
_CORRECT = Text("Sửa {field} rồi ký và gửi lại.", "Correct {field}, then sign and send again.")


def _kind(word: str, severity: Severity, text: Text, action: Text, source: str = _R4, status: int = 422) -> FindingKind:
    return FindingKind(f"YM-FHIR-{word}", severity, text, action, source, status)


# The text itself

NOT_JSON = _kind(
    "NOT-JSON",
    Severity.ERROR,
    Text("Nội dung không phải JSON đúng ({why}).", "The content is not well-formed JSON ({why})."),
    _EXPORT,
    "RFC 8259",
    400,
)
TOO_BIG = _kind(
    "TOO-BIG",
    Severity.ERROR,
    Text("Gói FHIR dài quá {limit} byte.", "The bundle is longer than {limit} bytes."),
    Text("Gửi mỗi lần một đợt khám chữa bệnh.", "Send one episode of care at a time."),
    "Ymạch",
    413,
)
TOO_DEEP = _kind(
    "TOO-DEEP",
    Severity.ERROR,
    Text("Các phần của gói lồng nhau quá {limit} lớp.", "The parts of the bundle are nested more than {limit} deep."),
    _VENDOR,
    "Ymạch",
    400,
)
TOO_MANY = _kind(
    "TOO-MANY",
    Severity.ERROR,
    Text("Gói có quá nhiều phần tử (giới hạn {limit}).", "The bundle has too many elements (limit {limit})."),
    Text("Gửi mỗi lần một đợt khám chữa bệnh.", "Send one episode of care at a time."),
    "Ymạch",
    400,
)
DUPLICATE_KEY = _kind(
    "DUPLICATE-KEY",
    Severity.ERROR,
    Text(
        "Tên “{value}” có hai lần trong cùng một đối tượng JSON, nên không biết giá trị nào đúng.",
        "The name “{value}” comes twice in one JSON object, so it is not known which value holds.",
    ),
    _VENDOR,
    "RFC 8259; RFC 7493",
    400,
)

# The bundle

NOT_BUNDLE = _kind(
    "NOT-BUNDLE",
    Severity.ERROR,
    Text(
        "Đây không phải Bundle loại document hay transaction: “{value}”.",
        "This is not a Bundle of type document or transaction: “{value}”.",
    ),
    _EXPORT,
    status=400,
)
EMPTY = _kind("EMPTY", Severity.ERROR, Text("Bundle không có mục nào.", "The bundle has no entry."), _EXPORT)
MODIFIER = _kind(
    "MODIFIER",
    Severity.ERROR,
    Text(
        "{field} có phần mở rộng làm đổi nghĩa mà hệ thống không hiểu ({value}), nên không được phép đọc tiếp.",
        "{field} carries a modifier that is not understood here ({value}), so it must not be read.",
    ),
    Text(
        "Bỏ modifierExtension và implicitRules, rồi ký và gửi lại.",
        "Leave out modifierExtension and implicitRules, then sign and send again.",
    ),
)
METHOD = _kind(
    "METHOD",
    Severity.ERROR,
    Text(
        "{field} yêu cầu thao tác “{value}”; chỉ nhận POST và PUT.",
        "{field} asks for “{value}”; only POST and PUT are taken.",
    ),
    _VENDOR,
)
DUPLICATE_ID = _kind(
    "DUPLICATE-ID",
    Severity.ERROR,
    Text(
        "Hai tài nguyên trong gói mang cùng định danh “{value}”.",
        "Two resources of the bundle carry the same identity “{value}”.",
    ),
    _VENDOR,
)
NO_ENCOUNTER = _kind(
    "NO-ENCOUNTER",
    Severity.ERROR,
    Text(
        "Gói không có đợt khám chữa bệnh (Encounter) đọc được.",
        "The bundle holds no readable episode of care (Encounter).",
    ),
    _EXPORT,
)
ENCOUNTER_TWICE = _kind(
    "ENCOUNTER-TWICE",
    Severity.ERROR,
    Text(
        "Gói có nhiều đợt khám chữa bệnh (Encounter); mỗi gói chỉ được một.",
        "The bundle holds several episodes of care (Encounter); one bundle, one episode.",
    ),
    Text("Gửi mỗi đợt trong một gói riêng.", "Send each episode in a bundle of its own."),
    _PROFILE,
)
NO_COMPOSITION = _kind(
    "NO-COMPOSITION",
    Severity.WARNING,
    Text(
        "Bundle loại document không mở đầu bằng Composition.", "The document Bundle does not begin with a Composition."
    ),
    _VENDOR,
)
OUTSIDE_PROFILE = _kind(
    "OUTSIDE-PROFILE",
    Severity.WARNING,
    Text(
        "Gói có {count} tài nguyên {value} nằm ngoài hồ sơ trao đổi, đã bỏ qua.",
        "The bundle holds {count} resources {value} outside the profile: left out.",
    ),
    Text("Không cần gửi loại tài nguyên này.", "Resources of this type need not be sent."),
    _PROFILE,
)
CONTAINED = _kind(
    "CONTAINED",
    Severity.WARNING,
    Text(
        "{field} chứa tài nguyên lồng bên trong (contained), đã bỏ qua.", "{field} holds contained resources: left out."
    ),
    Text("Gửi mỗi tài nguyên thành một mục riêng của Bundle.", "Send every resource as an entry of its own."),
    _PROFILE,
)
UNUSED = _kind(
    "UNUSED",
    Severity.WARNING,
    Text(
        "{field} ({value}) không nối với phần nào được đọc, đã bỏ qua.",
        "{field} ({value}) is linked to nothing that was read: left out.",
    ),
    Text("Nối tài nguyên này với dòng mà nó thuộc về.", "Link the resource to the line it belongs to."),
    _PROFILE,
)

# References

BROKEN_REFERENCE = _kind(
    "BROKEN-REFERENCE",
    Severity.ERROR,
    Text("{field} trỏ đến “{value}” không có trong gói.", "{field} points to “{value}”, which is not in the bundle."),
    _CORRECT,
)
WRONG_REFERENCE = _kind(
    "WRONG-REFERENCE",
    Severity.ERROR,
    Text("{field} trỏ đến {value}, sai loại tài nguyên.", "{field} points to a {value}: the wrong type of resource."),
    _CORRECT,
)
CIRCULAR = _kind(
    "CIRCULAR",
    Severity.ERROR,
    Text(
        "Các tài nguyên trỏ vòng tròn vào nhau, bắt đầu từ {field}.",
        "Resources point at each other in a circle from {field}.",
    ),
    _CORRECT,
)
OTHER_PATIENT = _kind(
    "OTHER-PATIENT",
    Severity.ERROR,
    Text(
        "{field} thuộc về người bệnh hoặc đợt khám khác, đã bỏ qua.",
        "{field} belongs to another patient or encounter: left out.",
    ),
    Text(
        "Kiểm tra ngay: dữ liệu của hai người có thể đã lẫn vào nhau. Gửi mỗi người trong một gói riêng.",
        "Check at once: data of two persons may be mixed. Send each person in a bundle of their own.",
    ),
    _PROFILE,
)

# Elements

STATUS = _kind(
    "STATUS",
    Severity.WARNING,
    Text(
        "{field} có trạng thái “{value}” nên không được tính vào hồ sơ.",
        "{field} has the status “{value}”, so it is not counted.",
    ),
    Text("Không gửi các mục đã hủy hoặc ghi nhầm.", "Do not send what was cancelled or entered in error."),
)
TWICE = _kind(
    "TWICE",
    Severity.ERROR,
    Text("{field}: chỉ được có một {value}; mục này bị bỏ qua.", "{field}: one {value} only; this one is left out."),
    _EXPORT,
    _PROFILE,
)
TYPE = _kind(
    "TYPE",
    Severity.ERROR,
    Text("{field} sai kiểu dữ liệu (cần {wanted}).", "{field} has the wrong type ({wanted} is wanted)."),
    _CORRECT,
)
VALUE = _kind(
    "VALUE",
    Severity.ERROR,
    Text("{field} không phải {wanted} đúng: “{value}”.", "{field} is not a valid {wanted}: “{value}”."),
    _CORRECT,
)
CODE_SYSTEM = _kind(
    "CODE-SYSTEM",
    Severity.WARNING,
    Text(
        "{field} không có mã thuộc bảng mã {wanted}; các mã khác đã bỏ qua.",
        "{field} has no code of {wanted}; the others are left out.",
    ),
    Text("Ghi thêm mã của bảng mã {wanted}.", "Add the code of {wanted}."),
    _PROFILE,
)
CARD_GAP = _kind(
    "CARD-GAP",
    Severity.WARNING,
    Text(
        "Thẻ bảo hiểm trước thiếu thông tin mà thẻ sau có, nên phần của các thẻ sau bị bỏ qua ({field}).",
        "An earlier insurance card lacks what a later one has, so the later ones' is left out ({field}).",
    ),
    Text("Ghi đủ thông tin của từng thẻ.", "Give the same data for every card."),
    _PROFILE,
)
UNKNOWN_EXTENSION = _kind(
    "UNKNOWN-EXTENSION",
    Severity.NOTE,
    Text(
        "{field}: không có phần mở rộng tên “{value}”, đã bỏ qua.",
        "{field}: there is no extension “{value}”: left out.",
    ),
    Text("Kiểm tra tên phần mở rộng.", "Check the name of the extension."),
    _PROFILE,
)
UNSIGNED = _kind(
    "UNSIGNED",
    Severity.ERROR,
    Text("Gói FHIR chưa được ký số.", "The bundle is not signed."),
    Text(
        "Ký gói bằng chứng thư của cơ sở (JWS, header x5c) rồi gửi lại.",
        "Sign the bundle with the facility's certificate (JWS with x5c) and send again.",
    ),
    "RFC 7515; Nghị định 23/2025/NĐ-CP",
)
NOT_FOR_INSURANCE = _kind(
    "NOT-FOR-INSURANCE",
    Severity.NOTE,
    Text(
        "Cổng giám định bảo hiểm y tế chỉ nhận XML do cơ sở ký, nên gói FHIR này không được chuyển tới đó.",
        "The insurance portal takes only XML signed by the facility, so this bundle does not go there.",
    ),
    Text(
        "Muốn thanh toán bảo hiểm y tế thì gửi thêm hồ sơ XML đã ký của đợt này.",
        "To be paid by health insurance, also send the signed XML dossier of this episode.",
    ),
    "Nghị định 188/2025/NĐ-CP Điều 69 khoản 9",
)
