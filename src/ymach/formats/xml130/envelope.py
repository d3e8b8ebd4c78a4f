"""The envelope of a submission: who sends, how many dossiers, and each dossier's tables, not yet read.

Shapes taken (BHXH guide 2024; older vendor builds): GIAMDINHHS with n HOSO, tables in Base64 or as clear XML,
CHUKYDONVI at the end, inside THONGTINDONVI or missing; and the bare check-in notice CHI_TIEU_TRANG_THAI_KCB.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from ymach.base.findings import Finding
from ymach.formats.errors import Refused
from ymach.formats.safexml import Element, Limits, parse_content
from ymach.formats.xml130 import findings
from ymach.formats.xml130.convert import KINDS
from ymach.formats.xml130.schema import table_names

ROOT = "GIAMDINHHS"
CHECK_IN_ROOT = "CHI_TIEU_TRANG_THAI_KCB"
TABLE_LIMITS = Limits(max_bytes=32 * 1024 * 1024, max_depth=12, max_elements=1_000_000, max_namespaces=100)
"""Bounds of one table after decoding."""

_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_FACILITY = re.compile(r"[0-9A-Za-z]{5}")
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
_string = etree.XPath("string()")


class EnvelopeRefused(Refused):
    """The envelope cannot be opened; `finding` says why."""

    code = "YM-ENV-REFUSED"


class UndecodableError(ValueError):
    """The content of one table is not Base64. The message is a word for the finding."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table as sent. `source` is the element that holds it (or the table's own bytes); nothing is decoded yet."""

    name: str
    source: Element | bytes

    def root(self, limits: Limits = TABLE_LIMITS) -> Element:
        """The table's own root element, decoded and parsed without comments.

        Raises UndecodableError (not Base64) or XmlRefused.
        """
        return parse_content(_content(self.source), limits)


@dataclass(frozen=True, slots=True)
class RawDossier:
    """One HOSO: its tables by name, each at most once, and what was already found wrong with them.

    facility_code: the sender named by the envelope.
    """

    tables: tuple[RawTable, ...]
    facility_code: str | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """An opened submission.

    created_on: NGAYLAP, a day in Viet Nam; declared_count: SOLUONGHOSO; findings: warnings about the envelope itself;
    uncovered: dossiers left out because no given signature covers them; signature_elements: every ds:Signature.
    """

    facility_code: str
    created_on: date | None
    declared_count: int | None
    dossiers: tuple[RawDossier, ...]
    is_check_in: bool = False
    findings: tuple[Finding, ...] = ()
    uncovered: int = 0
    signature_elements: tuple[Element, ...] = field(default=())


def open_envelope(root: Element, *, covered: Collection[Element] | None = None) -> Envelope:
    """The envelope of a parsed submission; the tree is read, never changed.

    covered: elements that verified signatures cover; dossiers outside them are left out and counted.
    None takes everything (nothing was verified).

    Raises EnvelopeRefused with a YM-ENV-* finding.
    """
    if root.tag == CHECK_IN_ROOT:
        return _open_check_in(root, covered)
    if root.tag != ROOT:
        raise EnvelopeRefused(findings.ENV_ROOT.at(value=str(root.tag)))
    facility = _facility(_text(root.find("THONGTINDONVI/MACSKCB")))
    elements = root.findall("THONGTINHOSO/DANHSACHHOSO/HOSO")
    kept = _covered(elements, covered)
    warnings: list[Finding] = []
    created_on = _created_on(root, warnings)
    count = _declared_count(root, len(elements), warnings)
    return Envelope(
        facility_code=facility,
        created_on=created_on,
        declared_count=count,
        dossiers=tuple(_dossier(element, facility) for element in kept),
        findings=tuple(warnings),
        uncovered=len(elements) - len(kept),
        signature_elements=tuple(root.iter(_SIGNATURE)),
    )


def _open_check_in(root: Element, covered: Collection[Element] | None) -> Envelope:
    rows = list(root.iterfind("DSACH_TRANG_THAI_KCB/TRANG_THAI_KCB"))
    kept = _covered(rows, covered)
    facility = _facility(_text(kept[0].find("MA_CSKCB")))
    return Envelope(
        facility_code=facility,
        created_on=None,
        declared_count=None,
        dossiers=tuple(RawDossier((RawTable("XML0", row),), facility) for row in kept),
        is_check_in=True,
        uncovered=len(rows) - len(kept),
        signature_elements=tuple(root.iter(_SIGNATURE)),
    )


def _covered(elements: list[Element], covered: Collection[Element] | None) -> list[Element]:
    if not elements:
        raise EnvelopeRefused(findings.ENV_EMPTY.at())
    if covered is None:
        return elements
    kept = [e for e in elements if e in covered or any(above in covered for above in e.iterancestors())]
    if not kept:
        raise EnvelopeRefused(findings.ENV_NOT_COVERED.at())
    return kept


def _facility(code: str) -> str:
    if not _FACILITY.fullmatch(code):
        raise EnvelopeRefused(findings.ENV_FACILITY.at(field="MACSKCB", value=code))
    return code


def _created_on(root: Element, warnings: list[Finding]) -> date | None:
    written = _text(root.find("THONGTINHOSO/NGAYLAP"))
    try:
        value: date = KINDS["date"].convert(written)
    except ValueError:
        warnings.append(findings.ENV_DATE.at(field="NGAYLAP", value=written))
        return None
    return value


def _declared_count(root: Element, found: int, warnings: list[Finding]) -> int | None:
    written = _text(root.find("THONGTINHOSO/SOLUONGHOSO"))
    count = int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None
    if count != found:
        warnings.append(findings.ENV_COUNT.at(field="SOLUONGHOSO", value=written, found=found))
    return count


def _dossier(element: Element, facility: str) -> RawDossier:
    kept: dict[str, RawTable] = {}
    wrong: list[Finding] = []
    for name, content in _files(element):
        if name not in table_names() or content is None:
            # Of no table: a table that nobody knows belongs to no record, and its finding concerns them all.
            wrong.append(findings.TABLE_NAME.at(field="LOAIHOSO", value=name))
        elif name in kept:
            wrong.append(findings.TABLE_TWICE.at(table=name))
        else:
            kept[name] = RawTable(name, content)
    if not kept and not wrong:
        wrong.append(findings.ENV_EMPTY.at())
    return RawDossier(tuple(kept.values()), facility, tuple(wrong))


def _files(element: Element) -> Iterator[tuple[str, Element | None]]:
    for file in element.iterchildren("FILEHOSO"):
        yield _text(file.find("LOAIHOSO")).upper(), file.find("NOIDUNGFILE")


def _text(element: Element | None) -> str:
    """The element's whole text: a comment inside must not hide what follows it."""
    if element is None:
        return ""
    text = element.text if len(element) == 0 else str(_string(element))
    return text.strip() if text else ""


def _content(source: Element | bytes) -> bytes:
    """The bytes of a table: given, clear XML inside the element, clear XML as text, or Base64."""
    if isinstance(source, bytes):
        return source
    if source.tag != "NOIDUNGFILE":
        return _serialised(source)
    inside = next(source.iterchildren("*"), None)
    if inside is not None:
        return _serialised(inside)
    text = _text(source)
    if not text:
        raise UndecodableError("empty")
    if text.startswith("<"):
        return _DECLARATION.sub("", text, count=1).encode()
    return _decoded(text)


def _serialised(element: Element) -> bytes:
    raw: bytes = etree.tostring(element, encoding="utf-8", with_tail=False)
    return raw


def _decoded(text: str) -> bytes:
    """Strict Base64 with blanks anywhere; `b64decode` alone would skip foreign characters."""
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        pass
    try:
        return binascii.a2b_base64("".join(text.split()), strict_mode=True)
    except ValueError:
        raise UndecodableError("Base64") from None
