"""Refusals of uploads, a code each."""

from __future__ import annotations

from ymach.base.errors import Conflict, Invalid, NotFound, TooMany
from ymach.base.text import Text


class UploadAnnounced(Invalid):
    """What was announced is not {"size": bytes, "sha256": 64 hexadecimal digits}."""

    code = "YM-UPLOAD-ANNOUNCED"
    sentence = Text(
        'Cần khai {"size": số byte, "sha256": 64 chữ số thập lục phân} của cả tệp.',
        'Announce {"size": bytes, "sha256": 64 hexadecimal digits} of the whole file.',
    )

    @property
    def text(self) -> Text:
        return self.sentence


class UploadTooBig(Invalid):
    """The file announced is larger than is taken. limit: MiB."""

    code = "YM-UPLOAD-TOO-BIG"
    status = 413
    sentence = Text("Tệp lớn hơn {limit} MB. Chia nhỏ rồi gửi.", "The file is larger than {limit} MB. Split it.")


class TooManyUploads(TooMany):
    """The facility has as many uploads open as it may."""

    code = "YM-UPLOAD-TOO-MANY"
    sentence = Text(
        "Đơn vị đang có {most} tệp gửi dở. Gửi xong các tệp đó, hoặc thử lại sau {wait}.",
        "The facility has {most} uploads open. Finish those, or try again in {wait}.",
    )


class UploadUnknown(NotFound):
    """No upload of this number, or not the asker's."""

    code = "YM-UPLOAD-UNKNOWN"
    sentence = Text(
        "Không có lần gửi này ở đơn vị của bạn. Bắt đầu lại từ đầu.",
        "Your facility has no such upload. Begin anew.",
    )


class UploadExpired(NotFound):
    """The upload was not finished in time."""

    code = "YM-UPLOAD-EXPIRED"
    status = 410
    sentence = Text(
        "Lần gửi này đã quá hạn. Bắt đầu lại; chưa có hồ sơ nào bị mất.",
        "This upload has expired. Begin anew; no dossier is lost.",
    )


class DigestMissing(Invalid):
    """A piece came without its SHA-256 in the header Digest."""

    code = "YM-UPLOAD-DIGEST-MISSING"
    status = 400
    sentence = Text(
        "Mỗi phần cần tiêu đề Digest: sha-256=<Base64>.",
        "Each piece needs the header Digest: sha-256=<Base64>.",
    )


class ChunkDigestWrong(Invalid):
    """A piece is not what its digest says."""

    code = "YM-UPLOAD-CHUNK-DIGEST"
    sentence = Text(
        "Phần {number} không khớp mã băm đã khai. Gửi lại phần này.",
        "Piece {number} does not match its digest. Send this piece again.",
    )


class ChunkLengthWrong(Invalid):
    """A piece is shorter or longer than it must be."""

    code = "YM-UPLOAD-CHUNK-LENGTH"
    sentence = Text(
        "Phần {number} phải dài đúng {expected} byte, nhận được {found} byte. Cắt lại theo chunk_size rồi gửi lại phần này.",
        "Piece {number} must be {expected} bytes long, {found} came. Cut by chunk_size and send it again.",
    )


class ChunkNumberWrong(Invalid):
    """There is no piece of this number in a file of that size."""

    code = "YM-UPLOAD-CHUNK-NUMBER"
    sentence = Text(
        "Tệp này có các phần từ 0 đến {last}; không có phần {number}. Cắt lại theo chunk_size.",
        "This file has the pieces 0 to {last}; there is no piece {number}. Cut by chunk_size.",
    )


class UploadHole(Conflict):
    """Finished before every piece was here."""

    code = "YM-UPLOAD-HOLE"
    sentence = Text(
        "Chưa đủ phần: còn thiếu {count}, đầu tiên là phần {number}. Gửi nốt rồi kết thúc.",
        "Pieces are missing: {count}, the first is {number}. Send them, then finish.",
    )


class UploadDigestWrong(Conflict):
    """All pieces together are not what was announced; the upload is given up."""

    code = "YM-UPLOAD-DIGEST"
    sentence = Text(
        "Các phần ghép lại không đúng tệp đã khai. Bắt đầu lại từ đầu.",
        "The pieces together are not the file that was announced. Begin anew.",
    )
