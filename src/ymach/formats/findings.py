"""What can be wrong with the XML itself, before any table is looked at."""

from __future__ import annotations

from ymach.base.findings import FindingKind, Severity
from ymach.base.text import Text

_RESEND = Text("Kết xuất lại tệp từ phần mềm rồi gửi lại.", "Export the file again from your software and resend it.")

NOT_XML = FindingKind(
    code="YM-XML-NOT-XML",
    severity=Severity.ERROR,
    text=Text("Tệp gửi lên không phải XML đúng ({why}).", "What was sent is not well-formed XML ({why})."),
    action=_RESEND,
    source="W3C XML 1.0",
    status=400,
)
DTD = FindingKind(
    code="YM-XML-DTD",
    severity=Severity.ERROR,
    text=Text("Tệp có khai báo DOCTYPE, hệ thống không nhận.", "The file has a DOCTYPE declaration: not accepted."),
    action=Text("Bỏ phần DOCTYPE rồi gửi lại.", "Remove the DOCTYPE and resend."),
    source="Ymạch",
    status=400,
)
ENTITY = FindingKind(
    code="YM-XML-ENTITY",
    severity=Severity.ERROR,
    text=Text(
        "Tệp dùng thực thể XML tự khai báo hoặc chưa khai báo, hệ thống không nhận.",
        "The file declares or uses XML entities of its own; they are not accepted.",
    ),
    action=Text("Thay thực thể bằng chữ thường rồi gửi lại.", "Replace the entities with plain text and resend."),
    source="Ymạch",
    status=400,
)
TOO_BIG = FindingKind(
    code="YM-XML-TOO-BIG",
    severity=Severity.ERROR,
    text=Text("Tệp XML dài quá {limit} byte.", "The XML is longer than {limit} bytes."),
    action=Text("Chia nhỏ lần gửi, mỗi tệp ít hồ sơ hơn.", "Send fewer dossiers in one file."),
    source="Ymạch",
    status=413,
)
TOO_DEEP = FindingKind(
    code="YM-XML-TOO-DEEP",
    severity=Severity.ERROR,
    text=Text("Các phần tử XML lồng nhau quá {limit} lớp.", "XML elements are nested more than {limit} deep."),
    action=_RESEND,
    source="Ymạch",
    status=400,
)
TOO_MANY = FindingKind(
    code="YM-XML-TOO-MANY",
    severity=Severity.ERROR,
    text=Text(
        "Tệp XML có quá nhiều phần tử, thuộc tính hoặc không gian tên (giới hạn {limit}).",
        "The XML has too many elements, attributes or namespaces (limit {limit}).",
    ),
    action=Text("Chia nhỏ lần gửi, mỗi tệp ít hồ sơ hơn.", "Send fewer dossiers in one file."),
    source="Ymạch",
    status=400,
)
ENCODING = FindingKind(
    code="YM-XML-ENCODING",
    severity=Severity.ERROR,
    text=Text(
        "Bảng mã của tệp không đúng: cần UTF-8 ({why}).",
        "The character encoding of the file is wrong: UTF-8 is needed ({why}).",
    ),
    action=Text("Lưu tệp bằng UTF-8 rồi gửi lại.", "Save the file as UTF-8 and resend it."),
    source="Decision 130/QD-BYT 2023",
    status=400,
)
