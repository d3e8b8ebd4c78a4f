"""PDF given as evidence: opened strictly, walked through, refused if anything in it runs or hides."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

from ymach.changes.evidence.errors import (
    DocumentActive,
    DocumentDamaged,
    DocumentEncrypted,
    DocumentTooComplex,
    DocumentWithRest,
)

MAX_PAGES = 100
MAX_OBJECTS = 20_000
MAX_DEPTH = 60

ACTIVE = frozenset(
    {"/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/XFA", "/RichMedia"}
    | {"/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie", "/Sound"}
)
"""Names whose presence, as a key or as the value of /S, /Type or /Subtype, means that something runs or is attached."""

# Also in revisions that a later one covers, and in objects no table names. Short names would be found in any picture.
_HIDDEN = re.compile(rb"/(JavaScript|OpenAction|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData)[\s/<\[(>]")
_END = re.compile(rb"startxref\s+\d+\s+%%EOF[\s\0]{0,4}\Z")
_FAULTS = (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, RecursionError)
_TELLING = ("/S", "/Type", "/Subtype")


def check_document(content: bytes) -> int:
    """The number of pages of a PDF that only shows something.

    Raises DocumentWithRest, DocumentDamaged, DocumentEncrypted, DocumentActive, DocumentTooComplex.
    """
    if not content.startswith(b"%PDF-") or not _END.search(content[-64:]):
        raise DocumentWithRest(field="evidence")
    hidden = _HIDDEN.search(content)
    if hidden:
        raise DocumentActive(field="evidence", what=hidden[1].decode())
    try:
        return _walk(content)
    except _FAULTS as fault:
        raise DocumentDamaged(field="evidence") from fault


def _walk(content: bytes) -> int:
    reader = PdfReader(io.BytesIO(content), strict=True)
    if reader.is_encrypted or "/Encrypt" in reader.trailer:
        raise DocumentEncrypted(field="evidence")
    keys = list(_numbers(reader))
    if len(keys) > MAX_OBJECTS:
        raise _too_complex()
    for number, generation in keys:
        _check(reader.get_object(IndirectObject(number, generation, reader)), 0)
    pages = len(reader.pages)
    if pages > MAX_PAGES:
        raise _too_complex()
    if not pages:
        raise DocumentDamaged(field="evidence")
    return pages


def _numbers(reader: PdfReader) -> Iterator[tuple[int, int]]:
    for generation, entries in reader.xref.items():
        # Object 0, and what a revision freed, are no objects.
        yield from ((number, generation) for number, place in entries.items() if number and place)
    yield from ((number, 0) for number in reader.xref_objStm)


def _check(found: PdfObject | None, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _too_complex()
    if isinstance(found, DictionaryObject):
        for key, value in dict.items(found):
            if key in ACTIVE or (key in _TELLING and value in ACTIVE):
                raise DocumentActive(field="evidence", what=str(key if key in ACTIVE else value).lstrip("/"))
            _check(value, depth + 1)
    elif isinstance(found, ArrayObject):
        for item in list.__iter__(found):
            _check(item, depth + 1)


def _too_complex() -> DocumentTooComplex:
    return DocumentTooComplex(field="evidence", limit=MAX_PAGES)
