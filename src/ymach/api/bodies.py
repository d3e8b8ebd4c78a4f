"""Getting the sent file out of a request: raw body, form field `fileHSBase64`, or multipart file; compressed or not.

FHIR comes as a compact JWS, or as a Bundle with its detached signature in a header.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from django.conf import settings
from django.http import HttpRequest, RawPostDataException, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from ymach.base.errors import Invalid
from ymach.base.findings import Finding
from ymach.base.refusal import Refused
from ymach.base.text import Text
from ymach.exchange.intake import findings
from ymach.exchange.intake.receive import MIB, decompress, from_base64
from ymach.trust.detached import attach

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
RAW = frozenset({"", "application/xml", "text/xml", "application/octet-stream", "application/jose"})
FHIR = frozenset({"application/fhir+json"})
SIGNATURE = "X-JWS-Signature"
"""A detached signature (RFC 7515 appendix F) over a body of `FHIR`."""
NDJSON = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})
BASE64_FIELD = "fileHSBase64"
MOST_LINES = 10_000
"""Of one batch: each line has an answer of its own, and is kept as a refusal where it cannot be read."""


class TooManyLines(Invalid):
    """A batch of more lines than are taken at once; nothing of it was read."""

    code = "YM-REQ-TOO-MANY-LINES"
    status = 413
    sentence = Text(
        "Lô có hơn {most} dòng; chưa nhận dòng nào. Chia nhỏ rồi gửi lại.",
        "The batch has more than {most} lines; none was taken. Split it and send the parts.",
    )


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of a batch: the sender's own id for it, and its content or what is wrong with the line."""

    id: str
    content: bytes
    refusal: Finding | None = None


def read_one(request: HttpRequest) -> BatchLine:
    """The content of a single submission, or why it could not be read (YM-RCV-…)."""
    try:
        return BatchLine("1", _read_one(request))
    except Refused as refused:
        return BatchLine("1", b"", refused.finding)


def read_batch(request: HttpRequest) -> list[BatchLine]:
    """The contents of a batch: NDJSON lines with Base64, or the files of a multipart form. Raises Refused (YM-RCV-…) or
    TooManyLines."""
    check_length(request)
    media_type = (request.content_type or "").lower()
    if media_type == MULTIPART:
        return [BatchLine(str(number), content) for number, content in enumerate(_files(request), 1)]
    if media_type in NDJSON:
        body = decompress(_body(request), _encoding(request), limit_mb=_limit())
        if body.count(b"\n") + body.count(b"\r") > 2 * MOST_LINES:  # a line may end with both
            raise TooManyLines(most=MOST_LINES)
        lines = [_line(number, line) for number, line in enumerate(body.splitlines(), 1) if line.strip()]
        if len(lines) > MOST_LINES:
            raise TooManyLines(most=MOST_LINES)
        return lines
    raise Refused(findings.MEDIA_TYPE.at(value=media_type))


def _read_one(request: HttpRequest) -> bytes:
    check_length(request)
    media_type = (request.content_type or "").lower()
    if media_type == FORM:
        return _bounded(from_base64(_form_field(request)))
    if media_type == MULTIPART:
        return next(_files(request), b"")
    if media_type in RAW:
        return decompress(_body(request), _encoding(request), limit_mb=_limit())
    if media_type in FHIR:
        return _fhir(decompress(_body(request), _encoding(request), limit_mb=_limit()), request)
    raise Refused(findings.MEDIA_TYPE.at(value=media_type))


def _fhir(bundle: bytes, request: HttpRequest) -> bytes:
    """A bundle under its detached signature as the one text that is kept; without one it is refused later, as unsigned."""
    signature = request.headers.get(SIGNATURE, "")
    return attach(signature, bundle) if signature else bundle


def check_length(request: HttpRequest) -> None:
    """Refuse by the announced length, before a byte is read. Raises Refused (YM-RCV-TOO-BIG)."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if announced.isdigit() and int(announced) > _limit() * MIB:
        raise Refused(findings.TOO_BIG.at(limit=_limit()))


def _limit() -> int:
    limit: int = settings.ENVIRONMENT.max_body_mb
    return limit


def _bounded(content: bytes) -> bytes:
    return decompress(content, "", limit_mb=_limit())


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except (RawPostDataException, UnreadablePostError):
        raise Refused(findings.EMPTY.at()) from None


def _encoding(request: HttpRequest) -> str:
    return request.headers.get("Content-Encoding", "")


def _form_field(request: HttpRequest) -> bytes:
    return str(request.POST.get(BASE64_FIELD, "")).encode()


def _files(request: HttpRequest) -> Iterator[bytes]:
    """The uploaded files; a file named *.gz or *.zst is decompressed, a `fileHSBase64` field counts as a file.

    Bounded together: many small files must not grow into more than one large one may.
    """
    total = 0
    for content in _opened(request):
        total += len(content)
        if total > _limit() * MIB:
            raise Refused(findings.TOO_BIG.at(limit=_limit()))
        yield content


def _opened(request: HttpRequest) -> Iterator[bytes]:
    try:
        files = [file for name in request.FILES for file in request.FILES.getlist(name)]
    except MultiPartParserError:
        raise Refused(findings.EMPTY.at()) from None
    for file in files:
        suffix = (file.name or "").rpartition(".")[2].lower()
        yield decompress(file.read(), {"gz": "gzip", "zst": "zstd"}.get(suffix, ""), limit_mb=_limit())
    if request.POST.get(BASE64_FIELD):
        yield _bounded(from_base64(_form_field(request)))


def _line(number: int, line: bytes) -> BatchLine:
    name = str(number)
    try:
        entry = orjson.loads(line)
        name = str(entry.get("id", number))[:200]
        return BatchLine(name, binascii.a2b_base64(entry["content"], strict_mode=True))
    except (ValueError, KeyError, TypeError, AttributeError):
        return BatchLine(name, b"", findings.BATCH_LINE.at(row=number))
