"""Unsigned XML gone wrong: the document as a careless or hostile sender would make it."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

_FILE = rb"<FILEHOSO>\n<LOAIHOSO>%s</LOAIHOSO>\n<NOIDUNGFILE>(?P<content>[^<]*)</NOIDUNGFILE>\n</FILEHOSO>\n"
_TOO_MANY_LEVELS = 60


def not_xml(document: bytes) -> bytes:
    """A word-processor file where XML belongs."""
    return "Hồ sơ bệnh án: xem bản giấy đính kèm.\n".encode()


def with_dtd(document: bytes) -> bytes:
    """A document that brings its own type."""
    return document.replace(b"?>\n", b'?>\n<!DOCTYPE GIAMDINHHS SYSTEM "ho-so.dtd">\n', 1)


def too_deep(document: bytes) -> bytes:
    """Elements within elements, past any dossier's depth."""
    nested = b"<A>" * _TOO_MANY_LEVELS + b"</A>" * _TOO_MANY_LEVELS
    return document.replace(b"</THONGTINDONVI>", nested + b"</THONGTINDONVI>", 1)


def without_visit(document: bytes) -> bytes:
    """The table of the visit is left out."""
    return _file("XML1").sub(b"", document, count=1)


def bad_base64(document: bytes) -> bytes:
    """The table of services holds something that is not Base64."""
    return _with_content(document, "XML3", b"@@@ khong phai Base64 @@@")


def misspelt(document: bytes) -> bytes:
    """The table of medicines under a tag that some software writes wrongly."""
    found = _file("XML2").search(document)
    if found is None:
        return document
    table = b64decode(found["content"]).replace(b"MA_BAC_SI>", b"MA_BACSI>")
    return _with_content(document, "XML2", b64encode(table))


def _with_content(document: bytes, name: str, content: bytes) -> bytes:
    found = _file(name).search(document)
    if found is None:
        return document
    start, end = found.span("content")
    return document[:start] + content + document[end:]


def _file(name: str) -> re.Pattern[bytes]:
    return re.compile(_FILE % name.encode())
