"""The cases of the conformance kit: what is changed in a good dossier, and what must come out. Data, read once.

`cases.toml` holds one case a finding, under the finding's code, and the good dossiers; `not_from_outside.toml` the findings
that nobody can cause by sending the kit, each with the reason.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from ymach.base.findings import FindingKind
from ymach.base.text import Text
from ymach.exchange.findings import by_code

GROUPS = {
    "good": Text("Hồ sơ đúng", "Good dossiers"),
    "document": Text("Tệp XML", "The XML file"),
    "signature": Text("Chữ ký số", "The signature"),
    "fields": Text("Ô dữ liệu", "Fields"),
    "content": Text("Nội dung hồ sơ", "The content"),
    "authors": Text("Người hành nghề", "Practitioners"),
    "sending": Text("Cách gửi", "The sending"),
    "fhir": Text("FHIR", "FHIR"),
}
"""The groups, in the order in which a vendor goes through them."""
OPTIONAL = frozenset({"fhir"})
"""Groups that software may leave out as a whole."""
_FHIR = "fhir"


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    name: the code of the finding it must bring, or `GOOD-…` for a dossier in order. base: kind of dossier it starts from, or
    `fault:<name>` of the synthetic country. change: edits, each an operation and its arguments. signing: how to sign. sending:
    how to send, "" for the usual way. outcome: of the whole submission, under the policy as shipped.
    """

    name: str
    group: str
    outcome: str
    base: str = "outpatient"
    change: tuple[tuple[Any, ...], ...] = ()
    signing: str = "facility"
    sending: str = ""

    @property
    def finding(self) -> str | None:
        """The code that must be among the findings; None where none but notes may be."""
        return None if self.name.startswith("GOOD-") else self.name

    @property
    def is_fhir(self) -> bool:
        return self.group == _FHIR or self.name.startswith("GOOD-FHIR")

    @property
    def ending(self) -> str:
        return ".json" if self.is_fhir else ".xml"


@cache
def cases() -> dict[str, Case]:
    """Every case by name, in the order of the groups."""
    order = list(GROUPS)
    made = [Case(name, **_entry(fields)) for name, fields in _read("cases.toml").items()]
    return {one.name: one for one in sorted(made, key=lambda one: order.index(one.group))}


@cache
def not_from_outside() -> dict[str, Text]:
    """The findings that the kit cannot cause, by code, with the reason."""
    listed = _read("not_from_outside.toml")["reason"]
    return {code: Text(one["vi"], one["en"]) for one in listed for code in one["codes"]}


@cache
def kit_version() -> str:
    """Twelve characters that change when a case does."""
    return sha256(_raw("cases.toml")).hexdigest()[:12]


def finding_of(case: Case) -> FindingKind | None:
    """The kind of finding that a case must bring."""
    return by_code().get(case.finding or "")


def _entry(fields: dict[str, Any]) -> dict[str, Any]:
    change = tuple(tuple(one) for one in fields.get("change", ()))
    return {**fields, "change": change}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(_raw(name).decode())


def _raw(name: str) -> bytes:
    return files("ymach.exchange.conformance").joinpath("data", name).read_bytes()
