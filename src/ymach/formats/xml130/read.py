"""A raw dossier into the clinical model: by tag name, codes as text, exact decimals, a finding per wrong field.

Clean values go straight through compiled converters; only what they refuse is looked at again, carefully.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ymach.base.findings import Finding, FindingKind, Severity
from ymach.clinical.dossier import Dossier
from ymach.formats.safexml import Element, XmlRefused
from ymach.formats.xml130 import findings
from ymach.formats.xml130.envelope import RawDossier, RawTable, UndecodableError
from ymach.formats.xml130.schema import OTHER_LAYOUT, Field, Table, misspelt, tables

MOST_FINDINGS = 500
"""Findings listed per dossier; one more says that there were more."""

MOST_CHARACTERS = 200_000
"""A longer value is not taken at all."""

_LONGEST_CODE = 200
"""A longer MA_LK (the rule is 100) names no dossier: no index could hold it."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out of one raw dossier.

    dossier: None when no table could be read or none names the episode (MA_LK); wrong values in it are None.
    unknown_tags: how often each unknown tag was met, `TABLE/TAG`.
    """

    dossier: Dossier | None
    findings: list[Finding]
    unknown_tags: Counter[str] = field(default_factory=Counter)

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error."""
        return any(finding.kind.severity is Severity.ERROR for finding in self.findings)


def read_dossier(raw: RawDossier) -> Reading:
    """The clinical dossier of `raw` with everything found wrong on the way. Never raises for what a sender wrote."""
    log = _Log(list(raw.findings))
    parts: dict[str, Any] = {}
    for table in raw.tables:
        _read_table(table, parts, log)
    dossier = _assemble(parts, raw.facility_code)
    if dossier is not None:
        _check_links(parts, dossier.code, log)
    return Reading(dossier, log.findings, log.unknown)


class _Log:
    """Findings of one dossier, bounded."""

    __slots__ = ("findings", "misspelt", "unknown")

    def __init__(self, found: list[Finding]) -> None:
        self.findings = found
        self.unknown: Counter[str] = Counter()
        self.misspelt: set[tuple[str, str]] = set()

    def add(self, finding: Finding) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)
        elif len(self.findings) == MOST_FINDINGS:
            self.findings.append(findings.TOO_MANY_FINDINGS.at(limit=MOST_FINDINGS))


def _read_table(raw: RawTable, parts: dict[str, Any], log: _Log) -> None:
    try:
        root = raw.root()
    except (UndecodableError, XmlRefused) as error:
        why = error.finding.code if isinstance(error, XmlRefused) else str(error)
        log.add(findings.TABLE_UNDECODABLE.at(table=raw.name, why=why))
        return
    table = _layout(raw.name, root)
    elements = _rows(table, root)
    if elements is None:
        log.add(findings.TABLE_ROOT.at(table=raw.name, value=str(root.tag)))
        return
    rows = [_read_row(table, element, number, log) for number, element in enumerate(elements, 1)]
    if table.many:
        parts[table.attribute] = tuple(rows)
    elif rows:
        parts[table.attribute] = rows[0]
        if len(rows) > 1:
            log.add(findings.ROW_TWICE.at(table=raw.name, row=2))


def _layout(name: str, root: Element) -> Table:
    """The table, in the layout its tags show: only table 13 has two."""
    known = tables()
    if name != "XML13":
        return known[name]
    tags = {child.tag for child in root}
    newer, older = known[name], known[OTHER_LAYOUT]
    return older if len(tags & older.by_tag.keys()) > len(tags & newer.by_tag.keys()) else newer


def _rows(table: Table, root: Element) -> list[Element] | None:
    """The row elements of a table, none when its list is empty; None when nothing has the right structure."""
    if root.tag == table.row:
        return [root]
    if table.list_tag is not None and root.tag == table.root:
        rows = root.findall(f"{table.list_tag}/{table.row}")
        if rows or len(root) == 0 or root.find(table.list_tag) is not None:
            return list(rows)
    rows = list(root.iter("{*}" + table.row))
    if rows:
        return rows
    return [root] if any(child.tag in table.by_tag for child in root) else None


def _read_row(table: Table, element: Element, number: int, log: _Log) -> Any:
    texts = {child.tag: child.text for child in element}
    row = _Row(table, number, texts, table.blank.copy(), log)
    if len(texts) != len(element):
        _note_repeated(row, element)
    known, values, strays = table.quick.get, row.values, []
    for tag, text in texts.items():
        taken = known(tag)
        if taken is None:
            strays.append(tag)
        elif text:
            try:
                values[taken[0]] = taken[1](text)
            except ValueError:
                _read_careful(row, table.by_tag[tag], text)
    for tag in strays:
        _read_stray(row, tag)
    if not all(map(texts.get, table.needed)):
        _note_missing(row)
    for wanted in table.conditional:
        if not texts.get(wanted.tag) and wanted.condition and wanted.condition(texts):
            row.note(findings.CONDITION_MISSING, wanted.tag, condition=wanted.condition_text)
    return table.build(values)


class _Row:
    """One row while it is read: texts by tag (None where a text means nothing) and values by place."""

    __slots__ = ("log", "number", "table", "texts", "values")

    def __init__(self, table: Table, number: int, texts: dict[str, str | None], values: list[Any], log: _Log) -> None:
        self.table, self.number, self.texts, self.values, self.log = table, number, texts, values, log

    def note(self, kind: FindingKind, tag: str, **values: Any) -> None:
        self.log.add(kind.at(table=self.table.name, row=self.number, field=tag, **values))


def _read_careful(row: _Row, wanted: Field, text: str) -> None:
    """A value that is not clean: tidied, taken if it can be, with a finding for what is wrong with it."""
    tag, tidy = wanted.tag, text.strip().removeprefix("'").strip()
    if len(tidy) > (_LONGEST_CODE if tag == "MA_LK" else MOST_CHARACTERS):
        row.note(findings.OVERSIZED, tag, length=len(tidy))
        return
    if _CONTROL.search(tidy):
        row.note(findings.CONTROL, tag)
        tidy = _CONTROL.sub(" ", tidy).strip()
    if not tidy:
        row.texts[tag] = None
        return
    if wanted.limit and wanted.kind.measured and len(tidy) > wanted.limit:
        row.note(findings.TOO_LONG, tag, value=tidy, length=len(tidy), limit=wanted.limit)
    try:
        row.values[row.table.places[wanted.attribute]] = wanted.kind.convert(tidy)
    except ValueError:
        row.note(wanted.kind.fault, tag, value=tidy)


def _read_stray(row: _Row, tag: str) -> None:
    """A tag the table does not have: misspelt in a known way, in a namespace, or unknown and left out."""
    table, log, text = row.table, row.log, row.texts[tag]
    bare = tag.rpartition("}")[2][:100]
    official = misspelt().get(bare, bare)
    wanted = table.by_tag.get(official)
    if wanted is None or row.texts.get(official):
        name = f"{table.name}/{bare}"
        if name not in log.unknown:
            log.add(findings.UNKNOWN_TAG.at(table=table.name, field=bare))
        log.unknown[name] += 1
        return
    if official != bare and (table.name, bare) not in log.misspelt:
        log.misspelt.add((table.name, bare))
        log.add(findings.MISSPELT_TAG.at(table=table.name, field=bare, official=official))
    if text:
        row.texts[official] = text
        _read_careful(row, wanted, text)


def _note_repeated(row: _Row, element: Element) -> None:
    for tag, times in Counter(child.tag for child in element).items():
        if times > 1 and tag in row.table.by_tag:
            row.note(findings.TAG_TWICE, tag)


def _note_missing(row: _Row) -> None:
    for wanted in row.table.fields:
        if (wanted.required or wanted.key) and not row.texts.get(wanted.tag):
            row.note(findings.KEY_MISSING if wanted.key else findings.REQUIRED_MISSING, wanted.tag)


def _assemble(parts: dict[str, Any], sender: str | None) -> Dossier | None:
    """The dossier of the parts; its code is the visit's, or the first one any part gives."""
    main = parts.get("visit") or parts.get("check_in")
    code = (main and main.code) or next((code for _, _, code in _codes(parts) if code), None)
    if code is None:
        return None
    facility = (main and main.facility_code) or sender
    return Dossier(code=code, facility_code=facility, **parts)


def _codes(parts: dict[str, Any]) -> Iterator[tuple[str, int, str | None]]:
    """Table name, row number and MA_LK of every row of the tables that carry one."""
    for table in tables().values():
        part = parts.get(table.attribute)
        key = table.by_tag.get("MA_LK")
        if part is None or key is None or table.layout == "4750":
            continue
        for number, row in enumerate(part if table.many else (part,), 1):
            yield table.name, number, getattr(row, key.attribute)


def _check_links(parts: dict[str, Any], code: str, log: _Log) -> None:
    for table, number, row_code in _codes(parts):
        if row_code is not None and row_code != code:
            log.add(findings.ROW_LINK.at(table=table, row=number, field="MA_LK", value=row_code, code=code))
