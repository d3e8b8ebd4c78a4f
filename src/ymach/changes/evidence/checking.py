"""From the bytes somebody uploads to the bytes we keep."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from ymach.changes.evidence.errors import EvidenceEmpty, EvidenceOfUnknownType, EvidenceTooBig
from ymach.changes.evidence.scanning import scan

MIB = 1024 * 1024
SIGNATURES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
LONGEST_NAME = 80
_UNWANTED = re.compile(r"[^\w\-. ()]+")


@dataclass(frozen=True, slots=True)
class Paper:
    """What is kept of an upload. Sizes of pictures in pixels."""

    content: bytes
    media_type: str
    sha256: str
    received_sha256: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    was_scanned: bool = False


def make_safe(content: bytes, *, limit_mb: int, scanner: str = "") -> Paper:
    """The paper in `content`, by what it is and not by its name. Raises EvidenceRefused (each its own), ScannerAway."""
    if not content:
        raise EvidenceEmpty(field="evidence")
    if len(content) > limit_mb * MIB:
        raise EvidenceTooBig(field="evidence", limit=limit_mb)
    media_type = type_of(content)
    if scanner:
        scan(content, scanner=scanner)
    received, scanned = _digest(content), bool(scanner)
    # The libraries of PDF and of pictures are loaded on use: half a second that no other process need wait for.
    if media_type == "application/pdf":
        from ymach.changes.evidence.documents import check_document

        pages = check_document(content)
        return Paper(content, media_type, received, received, pages=pages, was_scanned=scanned)
    from ymach.changes.evidence.pictures import draw_anew

    drawn = draw_anew(content, media_type)
    return Paper(
        drawn.content, media_type, _digest(drawn.content), received, drawn.width, drawn.height, was_scanned=scanned
    )


def type_of(content: bytes) -> str:
    """The media type by the first bytes. Raises EvidenceOfUnknownType."""
    for signature, media_type in SIGNATURES.items():
        if content.startswith(signature):
            return media_type
    raise EvidenceOfUnknownType(field="evidence")


def clean_name(name: str, media_type: str) -> str:
    """A file name that is harmless anywhere: no path, no control or quoting characters, the ending of its type."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    kept = re.sub(r"\s+", " ", _UNWANTED.sub(" ", stem)).strip(" .")[:LONGEST_NAME].strip(" .")
    return f"{kept or 'giay-to'}{ENDINGS[media_type]}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
