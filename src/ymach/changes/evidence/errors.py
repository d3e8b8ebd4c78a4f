"""Refusals of papers. Each has its own code and says what to do instead."""

from __future__ import annotations

from ymach.base.errors import Invalid, Unavailable
from ymach.base.text import Text


class EvidenceRefused(Invalid):
    code = "YM-EVIDENCE-REFUSED"
    sentence = Text("Không nhận tệp này.", "This file is not accepted.")


class EvidenceEmpty(EvidenceRefused):
    code = "YM-EVIDENCE-EMPTY"
    sentence = Text("Tệp trống. Chọn lại tệp.", "The file is empty. Choose it again.")


class EvidenceTooBig(EvidenceRefused):
    code = "YM-EVIDENCE-TOO-BIG"
    sentence = Text(
        "Tệp lớn hơn {limit} MB. Quét lại ở 200 dpi hoặc tách thành nhiều tệp.",
        "The file is larger than {limit} MB. Scan it at 200 dpi, or split it.",
    )


class EvidenceTooMany(EvidenceRefused):
    code = "YM-EVIDENCE-TOO-MANY"
    sentence = Text(
        "Mỗi yêu cầu kèm tối đa {limit} tệp. Gộp các trang vào một tệp PDF.",
        "A request carries at most {limit} files. Put the pages into one PDF.",
    )


class EvidenceOfUnknownType(EvidenceRefused):
    code = "YM-EVIDENCE-TYPE"
    sentence = Text(
        "Chỉ nhận PDF, JPEG, PNG. Nội dung tệp này không phải ba loại đó, dù tên tệp ghi gì.",
        "Only PDF, JPEG and PNG are accepted. What is inside this file is none of them, whatever its name says.",
    )


class PictureDamaged(EvidenceRefused):
    code = "YM-EVIDENCE-PICTURE-DAMAGED"
    sentence = Text(
        "Không mở được ảnh này. Chụp hoặc quét lại rồi gửi.",
        "The picture cannot be opened. Photograph or scan it again.",
    )


class PictureTooLarge(EvidenceRefused):
    code = "YM-EVIDENCE-PICTURE-TOO-LARGE"
    sentence = Text(
        "Ảnh có {pixels} triệu điểm ảnh, tối đa {limit}. Giảm độ phân giải rồi gửi lại.",
        "The picture has {pixels} million pixels, {limit} at most. Lower its resolution.",
    )


class DocumentDamaged(EvidenceRefused):
    code = "YM-EVIDENCE-PDF-DAMAGED"
    sentence = Text(
        "Không đọc được tệp PDF này. In ra PDF lần nữa rồi gửi.",
        "This PDF cannot be read. Print it to PDF once more.",
    )


class DocumentWithRest(EvidenceRefused):
    code = "YM-EVIDENCE-PDF-REST"
    sentence = Text(
        "Tệp PDF có dữ liệu lạ trước hoặc sau nội dung. In ra PDF lần nữa rồi gửi.",
        "The PDF carries something before its beginning or after its end. Print it to PDF once more.",
    )


class DocumentEncrypted(EvidenceRefused):
    code = "YM-EVIDENCE-PDF-ENCRYPTED"
    sentence = Text(
        "Tệp PDF có mật khẩu. Bỏ mật khẩu rồi gửi lại.", "The PDF has a password. Remove it and send again."
    )


class DocumentActive(EvidenceRefused):
    code = "YM-EVIDENCE-PDF-ACTIVE"
    sentence = Text(
        "Tệp PDF chứa phần tự chạy hoặc tệp nhúng ({what}). In ra PDF lần nữa để bỏ phần đó.",
        "The PDF holds something that runs or is attached ({what}). Print it to PDF once more to drop it.",
    )


class DocumentTooComplex(EvidenceRefused):
    code = "YM-EVIDENCE-PDF-COMPLEX"
    sentence = Text(
        "Tệp PDF có hơn {limit} trang hoặc quá nhiều thành phần. Chỉ gửi những trang cần xem.",
        "The PDF has more than {limit} pages or too many parts. Send only the pages that matter.",
    )


class EvidenceInfected(EvidenceRefused):
    code = "YM-EVIDENCE-INFECTED"
    sentence = Text(
        "Phần mềm diệt vi-rút nhận ra mã độc trong tệp này. Không gửi lại tệp đó; quét máy đã tạo ra nó.",
        "The virus scanner found malware in this file. Do not send it again; scan the machine it comes from.",
    )


class ScannerAway(Unavailable):
    code = "YM-EVIDENCE-SCANNER-AWAY"
    sentence = Text(
        "Chưa kiểm tra được vi-rút nên chưa nhận tệp. Thử lại sau ít phút; các mục khác bạn ghi vẫn còn.",
        "The virus scanner is away, so the file was not taken. Try again in a few minutes; the rest is kept.",
    )
