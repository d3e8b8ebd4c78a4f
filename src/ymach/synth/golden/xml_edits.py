"""Edits of an unsigned XML 130 file: the envelope's elements, and the tables inside their Base64."""

from __future__ import annotations

import copy
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from lxml import etree

from ymach.formats.xml130.schema import tables
from ymach.synth import documents

Element = Any  # lxml has no types
_FIRST_COST = {"MA_DICH_VU": "02.1896", "TEN_DICH_VU": "Khám Nội"}


class XmlFile:
    """An unsigned file, taken apart."""

    def __init__(self, content: bytes) -> None:
        self.root: Element = etree.fromstring(content)

    def content(self) -> bytes:
        return bytes(etree.tostring(self.root, encoding="utf-8", xml_declaration=True))

    def entry(self, table: str) -> Element:
        """The FILEHOSO of a table. Raises LookupError when the dossier has none."""
        for file in self.root.iter("FILEHOSO"):
            if file.findtext("LOAIHOSO") == table:
                return file
        raise LookupError(table)

    def change_table(self, table: str, change: Callable[[Element], None]) -> None:
        """Decode a table, change its tree, encode it again."""
        place = self.entry(table).find("NOIDUNGFILE")
        tree = etree.fromstring(b64decode(place.text))
        change(tree)
        place.text = b64encode(etree.tostring(tree, encoding="utf-8", xml_declaration=True)).decode()


def _first(tree: Element, field: str) -> Element:
    """The first element of a field, made in the first row when the table does not have it."""
    found = tree.find(f".//{field}")
    return etree.SubElement(_row(tree), field) if found is None else found


def _row(tree: Element) -> Element:
    """The first row: the parent of the first MA_LK."""
    return tree.find(".//MA_LK").getparent()


def _set(file: XmlFile, table: str, field: str, value: str) -> None:
    def change(tree: Element) -> None:
        _first(tree, field).text = value

    file.change_table(table, change)


def _set_to_own_code(file: XmlFile, table: str, field: str) -> None:
    """The sending facility's code where another's belongs."""
    _set(file, table, field, file.root.findtext("THONGTINDONVI/MACSKCB"))


def _aged(file: XmlFile, table: str, years: int) -> None:
    """A patient who is so many years old on the day of arrival."""

    def change(tree: Element) -> None:
        day = _first(tree, "NGAY_VAO").text[:8]
        _first(tree, "NGAY_SINH").text = f"{int(day[:4]) - years}{day[4:6]}010000"

    file.change_table(table, change)


def _set_long(file: XmlFile, table: str, field: str, length: int) -> None:
    _set(file, table, field, "x" * length)


def _drop(file: XmlFile, table: str, field: str) -> None:
    def change(tree: Element) -> None:
        found = tree.find(f".//{field}")
        found.getparent().remove(found)

    file.change_table(table, change)


def _twice(file: XmlFile, table: str, field: str) -> None:
    def change(tree: Element) -> None:
        found = _first(tree, field)
        found.addnext(copy.deepcopy(found))

    file.change_table(table, change)


def _rename(file: XmlFile, table: str, field: str, name: str) -> None:
    def change(tree: Element) -> None:
        for found in list(tree.iter(field)):
            found.tag = name

    file.change_table(table, change)


def _row_twice(file: XmlFile, table: str) -> None:
    """A second row where one belongs: both under a root of the same name with an S."""
    entry = file.entry(table).find("NOIDUNGFILE")
    row = etree.fromstring(b64decode(entry.text))
    holder = etree.Element("DANHSACH")
    holder.extend([row, copy.deepcopy(row)])
    entry.text = b64encode(etree.tostring(holder, encoding="utf-8", xml_declaration=True)).decode()


def _strange_tags(file: XmlFile, table: str, count: int) -> None:
    def change(tree: Element) -> None:
        row = _row(tree)
        for number in range(count):
            etree.SubElement(row, f"O_LA_{number}").text = "1"

    file.change_table(table, change)


def _root(file: XmlFile, name: str) -> None:
    file.root.tag = name


def _envelope(file: XmlFile, path: str, value: str) -> None:
    file.root.find(path).text = value


def _envelope_without(file: XmlFile, path: str) -> None:
    found = file.root.find(path)
    found.getparent().remove(found)


def _table_named(file: XmlFile, table: str, name: str) -> None:
    file.entry(table).find("LOAIHOSO").text = name


def _table_twice(file: XmlFile, table: str) -> None:
    entry = file.entry(table)
    entry.addnext(copy.deepcopy(entry))


def _table_content(file: XmlFile, table: str, content: str) -> None:
    file.entry(table).find("NOIDUNGFILE").text = content


def _without_table(file: XmlFile, table: str) -> None:
    entry = file.entry(table)
    entry.getparent().remove(entry)


def _dossier_twice(file: XmlFile) -> None:
    listed = file.root.find("THONGTINHOSO/DANHSACHHOSO")
    listed.append(copy.deepcopy(listed[0]))
    file.root.find("THONGTINHOSO/SOLUONGHOSO").text = "2"


def _with_check_in(file: XmlFile) -> None:
    """A check-in notice about the same visit beside its other tables."""
    visit = etree.fromstring(b64decode(file.entry("XML1").findtext("NOIDUNGFILE")))
    notice = etree.Element("TRANG_THAI_KCB")
    for field in tables()["XML0"].fields:
        etree.SubElement(notice, field.tag).text = visit.findtext(f".//{field.tag}") or _FIRST_COST.get(field.tag)
    notice.find("NGAY_YL").text = notice.findtext("NGAY_VAO")
    entry = copy.deepcopy(file.entry("XML1"))
    entry.find("LOAIHOSO").text = "XML0"
    entry.find("NOIDUNGFILE").text = b64encode(etree.tostring(notice, encoding="utf-8")).decode()
    file.entry("XML1").addprevious(entry)


def _with_entity(content: bytes) -> bytes:
    """An entity of the file's own where a text belongs."""
    start = content.index(b"?>") + 2
    declared = b'<!DOCTYPE GIAMDINHHS [<!ENTITY ten "Ymach">]>'
    return content[:start] + declared + content[start:].replace(b"<NGAYLAP>", b"<NGAYLAP>&ten;", 1)


def _wrong_encoding(content: bytes) -> bytes:
    """A file that says another encoding than UTF-8."""
    return content.replace(b"utf-8", b"windows-1258", 1).replace(b"UTF-8", b"windows-1258", 1)


_TREE: dict[str, Callable[..., None]] = {
    "set": _set,
    "aged": _aged,
    "set_long": _set_long,
    "set_to_own_code": _set_to_own_code,
    "drop": _drop,
    "twice": _twice,
    "rename": _rename,
    "row_twice": _row_twice,
    "strange_tags": _strange_tags,
    "root": _root,
    "envelope": _envelope,
    "envelope_without": _envelope_without,
    "table_named": _table_named,
    "table_twice": _table_twice,
    "table_content": _table_content,
    "without_table": _without_table,
    "dossier_twice": _dossier_twice,
    "with_check_in": _with_check_in,
}
_BYTES: dict[str, Callable[[bytes], bytes]] = {
    "not_xml": documents.not_xml,
    "with_dtd": documents.with_dtd,
    "too_deep": documents.too_deep,
    "with_entity": _with_entity,
    "wrong_encoding": _wrong_encoding,
}


def change_xml(content: bytes, name: str, *arguments: Any) -> bytes:
    """One edit by its name. Raises KeyError (no such edit), LookupError (the dossier has no such table)."""
    if name in _BYTES:
        return _BYTES[name](content)
    file = XmlFile(content)
    _TREE[name](file, *arguments)
    return file.content()
