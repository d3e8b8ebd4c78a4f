"""What can be wrong with an envelope, a table or a field of the XML 130 family."""

from __future__ import annotations

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text

_GUIDE = "BHXH Vietnam guide 2024 for Decision 4750/QD-BYT 2023"
_FORMAT = "Decision 130/QD-BYT 2023; Decision 4750/QD-BYT 2023"
_EXPORT = Text("Kết xuất lại hồ sơ từ phần mềm rồi gửi lại.", "Export the dossier again and resend it.")
_CORRECT = Text("Sửa trường {field} rồi gửi lại hồ sơ.", "Correct {field} and resend the dossier.")

ENV_ROOT = FindingKind(
    code="YM-ENV-ROOT",
    severity=Severity.ERROR,
    text=Text(
        "Phần tử gốc “{value}” không phải GIAMDINHHS hay CHI_TIEU_TRANG_THAI_KCB.",
        "The root element “{value}” is neither GIAMDINHHS nor CHI_TIEU_TRANG_THAI_KCB.",
    ),
    action=_EXPORT,
    source=_GUIDE,
    status=400,
)
ENV_FACILITY = FindingKind(
    code="YM-ENV-FACILITY",
    severity=Severity.ERROR,
    text=Text(
        "Mã cơ sở gửi (MACSKCB) thiếu hoặc không đúng 5 ký tự: “{value}”.",
        "The sending facility's code (MACSKCB) is missing or not 5 characters: “{value}”.",
    ),
    action=Text("Ghi đúng mã cơ sở 5 ký tự rồi gửi lại.", "Write the 5-character facility code and resend."),
    source=_GUIDE,
)
ENV_EMPTY = FindingKind(
    code="YM-ENV-EMPTY",
    severity=Severity.ERROR,
    text=Text("Tệp không có hồ sơ nào.", "The file holds no dossier."),
    action=_EXPORT,
    source=_GUIDE,
)
ENV_NOT_COVERED = FindingKind(
    code="YM-ENV-NOT-COVERED",
    severity=Severity.ERROR,
    text=Text(
        "Không hồ sơ nào nằm trong phần được chữ ký số bảo vệ.",
        "No dossier lies in the part that the digital signature covers.",
    ),
    action=Text("Ký số toàn bộ tệp rồi gửi lại.", "Sign the whole file and resend it."),
    source="Ymạch",
)
ENV_COUNT = FindingKind(
    code="YM-ENV-COUNT",
    severity=Severity.WARNING,
    text=Text(
        "SOLUONGHOSO ghi “{value}” nhưng tệp có {found} hồ sơ.",
        "SOLUONGHOSO says “{value}” but the file holds {found} dossiers.",
    ),
    action=Text("Kiểm tra xem có sót hồ sơ không.", "Check that no dossier was left out."),
    source=_GUIDE,
)
ENV_DATE = FindingKind(
    code="YM-ENV-DATE",
    severity=Severity.WARNING,
    text=Text("Ngày lập (NGAYLAP) “{value}” không đúng.", "The creation date (NGAYLAP) “{value}” is wrong."),
    action=Text("Ghi NGAYLAP dạng yyyymmdd.", "Write NGAYLAP as yyyymmdd."),
    source=_GUIDE,
)
TABLE_NAME = FindingKind(
    code="YM-ENV-TABLE-NAME",
    severity=Severity.ERROR,
    text=Text("Không có bảng nào tên “{value}” (LOAIHOSO).", "There is no table named “{value}” (LOAIHOSO)."),
    action=Text("Ghi LOAIHOSO từ XML0 đến XML15.", "Write LOAIHOSO as one of XML0 to XML15."),
    source=_GUIDE,
)
TABLE_UNDECODABLE = FindingKind(
    code="YM-ENV-TABLE-UNDECODABLE",
    severity=Severity.ERROR,
    text=Text(
        "Không giải mã được nội dung bảng {table} ({why}).", "The content of table {table} cannot be decoded ({why})."
    ),
    action=_EXPORT,
    source=_GUIDE,
)
TABLE_TWICE = FindingKind(
    code="YM-ENV-TABLE-TWICE",
    severity=Severity.ERROR,
    text=Text("Bảng {table} có hai lần trong một hồ sơ.", "Table {table} comes twice in one dossier."),
    action=Text("Gộp các dòng vào một bảng rồi gửi lại.", "Put the rows in one table and resend."),
    source=_GUIDE,
)
TABLE_ROOT = FindingKind(
    code="YM-FMT-TABLE-ROOT",
    severity=Severity.ERROR,
    text=Text(
        "Bảng {table} không có dòng nào đúng cấu trúc (phần tử gốc “{value}”).",
        "Table {table} holds no row of the right structure (root element “{value}”).",
    ),
    action=_EXPORT,
    source=_GUIDE,
)
ROW_TWICE = FindingKind(
    code="YM-FMT-ROW-TWICE",
    severity=Severity.ERROR,
    text=Text(
        "Bảng {table} chỉ được có một bản ghi; từ bản ghi thứ hai bị bỏ qua.",
        "Table {table} may hold one record only; the second and later ones are left out.",
    ),
    action=_EXPORT,
    source=_FORMAT,
)
NUMBER = FindingKind(
    code="YM-FMT-NUMBER",
    severity=Severity.ERROR,
    text=Text(
        "{field} ở bảng {table} dòng {row} không phải số đúng dạng: “{value}”.",
        "{field} in table {table}, row {row}, is not a number in the right form: “{value}”.",
    ),
    action=Text(
        "Ghi {field} bằng chữ số 0-9, dấu chấm thập phân, không dấu ngăn cách.",
        "Write {field} with digits 0-9, a decimal point and no separators.",
    ),
    source=_FORMAT,
)
DATE = FindingKind(
    code="YM-FMT-DATE",
    severity=Severity.ERROR,
    text=Text(
        "{field} ở bảng {table} dòng {row} không phải ngày đúng: “{value}”.",
        "{field} in table {table}, row {row}, is not a valid date: “{value}”.",
    ),
    action=Text("Ghi {field} dạng yyyymmdd.", "Write {field} as yyyymmdd."),
    source=_FORMAT,
)
TIME = FindingKind(
    code="YM-FMT-TIME",
    severity=Severity.ERROR,
    text=Text(
        "{field} ở bảng {table} dòng {row} không phải thời điểm đúng: “{value}”.",
        "{field} in table {table}, row {row}, is not a valid time: “{value}”.",
    ),
    action=Text("Ghi {field} dạng yyyymmddHHMM, giờ Việt Nam.", "Write {field} as yyyymmddHHMM, Viet Nam time."),
    source=_FORMAT,
)
TOO_LONG = FindingKind(
    code="YM-FMT-TOO-LONG",
    severity=Severity.WARNING,
    text=Text(
        "{field} ở bảng {table} dòng {row} dài {length} ký tự, quy định {limit}.",
        "{field} in table {table}, row {row}, has {length} characters; the rule is {limit}.",
    ),
    action=Text("Rút gọn {field} ở lần gửi sau.", "Shorten {field} next time."),
    source=_FORMAT,
)
OVERSIZED = FindingKind(
    code="YM-FMT-OVERSIZED",
    severity=Severity.ERROR,
    text=Text(
        "{field} ở bảng {table} dòng {row} dài {length} ký tự, quá dài để nhận.",
        "{field} in table {table}, row {row}, has {length} characters: too long to take.",
    ),
    action=_CORRECT,
    source="Ymạch",
)
CONTROL = FindingKind(
    code="YM-FMT-CONTROL",
    severity=Severity.WARNING,
    text=Text(
        "{field} ở bảng {table} dòng {row} có ký tự điều khiển ẩn, đã thay bằng dấu cách.",
        "{field} in table {table}, row {row}, has hidden control characters, read as blanks.",
    ),
    action=Text("Xoá ký tự ẩn trong {field}.", "Remove the hidden characters from {field}."),
    source="Ymạch",
)
KEY_MISSING = FindingKind(
    code="YM-FMT-KEY-MISSING",
    severity=Severity.ERROR,
    text=Text(
        "Bảng {table} dòng {row} thiếu {field}, không có thì không nhận được hồ sơ.",
        "Table {table}, row {row}, lacks {field}, without which the dossier cannot be taken.",
    ),
    action=_CORRECT,
    source=_FORMAT,
)
REQUIRED_MISSING = FindingKind(
    code="YM-FMT-REQUIRED-MISSING",
    severity=Severity.WARNING,
    text=Text("Bảng {table} dòng {row} thiếu {field}.", "Table {table}, row {row}, lacks {field}."),
    action=Text("Ghi {field} rồi gửi lại hồ sơ.", "Fill {field} and resend the dossier."),
    source=_FORMAT,
)
CONDITION_MISSING = FindingKind(
    code="YM-FMT-CONDITION-MISSING",
    severity=Severity.WARNING,
    text=Text(
        "Bảng {table} dòng {row} cần {field} khi: {condition}.",
        "Table {table}, row {row}, needs {field} when: {condition}.",
    ),
    action=Text("Ghi {field} rồi gửi lại hồ sơ.", "Fill {field} and resend the dossier."),
    source=_FORMAT,
)
ROW_LINK = FindingKind(
    code="YM-FMT-ROW-LINK",
    severity=Severity.ERROR,
    text=Text(
        "Bảng {table} dòng {row} có MA_LK “{value}” khác với mã của hồ sơ “{code}”.",
        "Table {table}, row {row}, has MA_LK “{value}”, not the dossier's “{code}”.",
    ),
    action=_EXPORT,
    source=_FORMAT,
)
TAG_TWICE = FindingKind(
    code="YM-FMT-TAG-TWICE",
    severity=Severity.ERROR,
    text=Text(
        "Bảng {table} dòng {row} ghi {field} nhiều lần.", "Table {table}, row {row}, has {field} more than once."
    ),
    action=_EXPORT,
    source=_FORMAT,
)
UNKNOWN_TAG = FindingKind(
    code="YM-FMT-UNKNOWN-TAG",
    severity=Severity.NOTE,
    text=Text("Bảng {table} có thẻ lạ {field}, đã bỏ qua.", "Table {table} has an unknown tag {field}: left out."),
    action=Text("Kiểm tra tên thẻ {field}.", "Check the name of the tag {field}."),
    source=_FORMAT,
)
MISSPELT_TAG = FindingKind(
    code="YM-FMT-MISSPELT-TAG",
    severity=Severity.NOTE,
    text=Text(
        "Bảng {table} có thẻ {field} viết sai, đã đọc như {official}.",
        "Table {table} has the misspelt tag {field}; it was read as {official}.",
    ),
    action=Text("Sửa tên thẻ thành {official}.", "Rename the tag to {official}."),
    source=_FORMAT,
)
TOO_MANY_FINDINGS = FindingKind(
    code="YM-FMT-TOO-MANY-FINDINGS",
    severity=Severity.ERROR,
    text=Text(
        "Hồ sơ có quá nhiều lỗi; chỉ liệt kê {limit} lỗi đầu.",
        "The dossier has too many faults; only the first {limit} are listed.",
    ),
    action=_EXPORT,
    source="Ymạch",
)
