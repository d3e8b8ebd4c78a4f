"""Parsing XML from strangers: no DTD, no entities, no network, bounded size, depth and count.

The tree is what signatures are verified on, so nothing in it is changed: whitespace, comments and prefixes stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from ymach.base.findings import FindingKind
from ymach.formats import findings
from ymach.formats.errors import Refused

Element = Any
"""An lxml element; lxml ships no types."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be.

    max_bytes: before decoding; max_depth: the root is 1; max_elements: elements, and as many attributes again;
    max_namespaces: `xmlns` declarations.
    """

    max_bytes: int = 100 * 1024 * 1024
    max_depth: int = 32
    max_elements: int = 500_000
    max_namespaces: int = 1_000


DEFAULT_LIMITS = Limits()


class XmlRefused(Refused):
    """The bytes are not XML that this system accepts; `finding` says why."""

    code = "YM-XML-REFUSED"


_DECLARED = re.compile(rb"^<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
_UTF8_BOM = b"\xef\xbb\xbf"
_LONGEST_TEXT = 10_000_000
"""What libxml2 takes as one text, and so the longest table in Base64."""

_SHORTEST_ELEMENT = len("<a/>")
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


def parse(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> Element:
    """The root element of `raw` (UTF-8, or UTF-16 with mark and declaration), exactly as sent.

    Raises XmlRefused with a YM-XML-* finding.
    """
    return _parse(raw, limits, _parser)


def parse_content(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> Element:
    """As `parse`, but without comments and processing instructions, so that no comment can cut a value in two.

    For content that is read and not verified.
    """
    return _parse(raw, limits, _content_parser)


def _parse(raw: bytes, limits: Limits, parser: etree.XMLParser) -> Element:
    if len(raw) > limits.max_bytes:
        raise _refused(findings.TOO_BIG, limit=limits.max_bytes)
    data = _as_utf8(raw)
    _check_markup(data, limits)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _syntax_refusal(data, error, limits) from None
    _check_tree(root, data, limits)
    return root


def _as_utf8(raw: bytes) -> bytes:
    """`raw` itself when it is UTF-8 by its mark or declaration; UTF-16 transcoded without its declaration."""
    if raw[:2] in _UTF16_BOMS:
        return _from_utf16(raw)
    start = raw[:256].removeprefix(_UTF8_BOM).lstrip()
    declared = _DECLARED.match(start)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        raise _refused(findings.ENCODING, why=declared[1].decode("ascii"))
    if b"\x00" in start:
        raise _refused(findings.ENCODING, why="NUL")
    return raw


def _from_utf16(raw: bytes) -> bytes:
    try:
        text = raw.decode("utf-16")
    except UnicodeDecodeError:
        raise _refused(findings.ENCODING, why="UTF-16") from None
    declared = _DECLARED.match(text[:256].encode("utf-8", "replace"))
    if declared is None or declared[1].lower() != b"utf-16":
        raise _refused(findings.ENCODING, why="UTF-16")
    return _DECLARATION.sub("", text, count=1).encode("utf-8", "surrogatepass")


def _check_markup(data: bytes, limits: Limits) -> None:
    """Refusals that need no tree: upper bounds by length first, then by the speed of a byte search."""
    if b"<!DOCTYPE" in data:
        raise _refused(findings.ENTITY if b"<!ENTITY" in data else findings.DTD)
    if len(data) > _SHORTEST_ELEMENT * limits.max_elements:
        _check_counts(data, limits)
    if data.count(b"xmlns") > limits.max_namespaces:
        raise _refused(findings.TOO_MANY, limit=limits.max_namespaces)


def _check_counts(data: bytes, limits: Limits) -> None:
    if data.count(b"<") > 2 * limits.max_elements + 64 or data.count(b"=") > limits.max_elements:
        raise _refused(findings.TOO_MANY, limit=limits.max_elements)


def _check_tree(root: Element, data: bytes, limits: Limits) -> None:
    if _deeper_than(limits.max_depth)(root):
        raise _refused(findings.TOO_DEEP, limit=limits.max_depth)
    if len(data) > _SHORTEST_ELEMENT * limits.max_elements and _count(root) > limits.max_elements:
        raise _refused(findings.TOO_MANY, limit=limits.max_elements)


@lru_cache(maxsize=16)
def _deeper_than(depth: int) -> etree.XPath:
    return etree.XPath("boolean(/" + "/".join(["*"] * (depth + 1)) + ")")


_count = etree.XPath("count(descendant-or-self::*)")

_COMMON = {
    "resolve_entities": False,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "no_network": True,
    "huge_tree": False,
    "recover": False,
}
_parser = etree.XMLParser(remove_blank_text=False, **_COMMON)
_content_parser = etree.XMLParser(remove_comments=True, remove_pis=True, collect_ids=False, **_COMMON)


def _syntax_refusal(data: bytes, error: Exception, limits: Limits) -> XmlRefused:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as broken:
        return _refused(findings.ENCODING, why=f"byte {broken.start}")
    code = getattr(error, "code", None)
    if code == etree.ErrorTypes.ERR_UNDECLARED_ENTITY:
        return _refused(findings.ENTITY)
    if "depth" in str(error):
        return _refused(findings.TOO_DEEP, limit=limits.max_depth)
    if code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        return _refused(findings.TOO_BIG, limit=_LONGEST_TEXT)
    return _refused(findings.NOT_XML, why=_where(error))


def _where(error: Exception) -> str:
    line, column = getattr(error, "position", (0, 0)) or (0, 0)
    return f"{line}:{column}"


def _refused(kind: FindingKind, **values: object) -> XmlRefused:
    return XmlRefused(kind.at(**values))  # type: ignore[arg-type]
