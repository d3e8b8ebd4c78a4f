"""The clinical model into the XML 130 family: tables, envelopes and check-in notices as the BHXH guide shows them."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from ymach.base.clock import VIETNAM
from ymach.base.errors import Invalid
from ymach.base.text import Text
from ymach.clinical.check_in import CheckIn
from ymach.clinical.dossier import Dossier
from ymach.clinical.referral import Referral
from ymach.clinical.visit import Visit
from ymach.formats.xml130.convert import Render
from ymach.formats.xml130.schema import OTHER_LAYOUT, Table, tables

LAYOUT_3176_FROM = datetime(2025, 1, 1, tzinfo=VIETNAM).astimezone(UTC)
"""Visits that end from this moment on use the layout of Decision 3176/QD-BYT 2024 for table 13."""

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_ROOT = (
    '<GIAMDINHHS xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">\n'
)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Unwritable(Invalid):
    """A value holds a character that XML cannot carry."""

    code = "YM-FMT-UNWRITABLE"
    sentence = Text(
        "Trường {tag} có ký tự mà XML không ghi được.", "The field {tag} holds a character that XML cannot carry."
    )


def write_table(name: str, objects: Sequence[Any]) -> bytes:
    """One table's own XML document in UTF-8.

    name: LOAIHOSO; `XML13` is written in the layout that `referral_layout` says.
    objects: its rows, at least one, and exactly one for a table without list.
    Raises KeyError (no such table), ValueError (no row, or several where one belongs), Unwritable.
    """
    if not objects:
        raise ValueError(f"{name}: no row")
    table = tables()[referral_layout(objects[0]) if name == "XML13" else name]
    rows = [_row(table, row) for row in objects]
    if table.list_tag is None:
        if len(rows) > 1:
            raise ValueError(f"{name}: one record only")
        return f"{_DECLARATION}{rows[0]}".encode()
    body = "".join(rows)
    return f"{_DECLARATION}<{table.root}>\n<{table.list_tag}>\n{body}</{table.list_tag}>\n</{table.root}>\n".encode()


def referral_layout(referral: Referral, visit: Visit | None = None) -> str:
    """The key of table 13 that writes `referral`: its own layout, else by the end of its visit (3176 when unknown)."""
    if referral.layout is not None:
        return OTHER_LAYOUT if referral.layout == "4750" else "XML13"
    ends = (*referral.ended_at, *((visit.ended_at,) if visit and visit.ended_at else ()))
    return OTHER_LAYOUT if ends and max(ends) < LAYOUT_3176_FROM else "XML13"


def write_dossier(dossier: Dossier) -> list[tuple[str, bytes]]:
    """Every table of the dossier that has a row, by LOAIHOSO name, in order."""
    written = []
    for key, table in tables().items():
        part = getattr(dossier, table.attribute)
        if not part or key == OTHER_LAYOUT:
            continue
        if key == "XML13":
            part = replace(part, layout=tables()[referral_layout(part, dossier.visit)].layout)
        written.append((table.name, write_table(table.name, part if table.many else (part,))))
    return written


def write_envelope(dossiers: Iterable[Dossier], *, facility_code: str, created_on: date) -> bytes:
    """A GIAMDINHHS document with one HOSO a dossier, tables in Base64, an empty CHUKYDONVI at the end.

    created_on: the day in Viet Nam.
    """
    bodies = [_hoso(dossier) for dossier in dossiers]
    return (
        f"{_DECLARATION}{_ROOT}<THONGTINDONVI>\n<MACSKCB>{_escape(facility_code)}</MACSKCB>\n</THONGTINDONVI>\n"
        f"<THONGTINHOSO>\n<NGAYLAP>{created_on:%Y%m%d}</NGAYLAP>\n<SOLUONGHOSO>{len(bodies)}</SOLUONGHOSO>\n"
        f"<DANHSACHHOSO>\n{''.join(bodies)}</DANHSACHHOSO>\n</THONGTINHOSO>\n<CHUKYDONVI/>\n</GIAMDINHHS>\n"
    ).encode()


def write_check_in(*notices: CheckIn) -> bytes:
    """A bare check-in document (XML0) with one row a notice and an empty CHUKYDONVI at the end."""
    end = b"</CHI_TIEU_TRANG_THAI_KCB>\n"
    return write_table("XML0", notices).removesuffix(end) + b"<CHUKYDONVI/>\n" + end


def _hoso(dossier: Dossier) -> str:
    files = "".join(
        f"<FILEHOSO>\n<LOAIHOSO>{name}</LOAIHOSO>\n<NOIDUNGFILE>{b64encode(content).decode()}</NOIDUNGFILE>\n</FILEHOSO>\n"
        for name, content in write_dossier(dossier)
    )
    return f"<HOSO>\n{files}</HOSO>\n"


def _row(table: Table, row: Any) -> str:
    lines = [f"<{table.row}>\n"]
    for attribute, tag, render in _plan(table.name, table.layout):
        value = getattr(row, attribute)
        if value is None or value == ():
            lines.append(f"<{tag}/>\n")
            continue
        text = render(value)
        if not text.isalnum():
            text = _escape(text, tag)
        lines.append(f"<{tag}>{text}</{tag}>\n")
    lines.append(f"</{table.row}>\n")
    return "".join(lines)


@cache
def _plan(name: str, layout: str | None) -> tuple[tuple[str, str, Render], ...]:
    table = tables()[OTHER_LAYOUT if layout == "4750" else name]
    return tuple((field.attribute, field.tag, field.kind.render) for field in table.fields)


def _escape(text: str, tag: str = "MACSKCB") -> str:
    if not text.isprintable() and _FORBIDDEN.search(text):
        raise Unwritable(field=tag, tag=tag)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A bare carriage return would be read back as a line feed (XML 1.0, 2.11).
    return text.replace("\r", "&#13;")
