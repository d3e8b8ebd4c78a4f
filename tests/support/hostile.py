"""Making wrong input out of right input, and looking at what it left behind."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client
from lxml import etree

from tests.support.intake import Desk, example
from ymach.audit.models import AuditEvent
from ymach.base.clock import now
from ymach.citizens.models import Citizen, Identifier
from ymach.exchange.models import Counter, Delivery, DossierHead, Receipt, Record, Submission, SubmissionContent
from ymach.exchange.platform import access_tokens

SUBMISSIONS = "/api/v1/submissions"
KEPT = (Record, SubmissionContent, DossierHead, Delivery, Citizen, Identifier)
"""What an accepted submission makes and a refused one must not."""
TOLD = (Submission, Receipt, AuditEvent)
"""What a refusal is recorded in: one row each."""

Edit = Callable[[Any], None]
"""Changes a parsed tree in place."""


def machine(desk: Desk) -> Client:
    """A signed-in machine of the desk's facility, whose errors are answers, as a real client sees them."""
    token = access_tokens().issue(desk.facility.code, at=now())
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})


def post(desk: Desk, content: bytes, **headers: str) -> HttpResponse:
    """One submission as a raw body."""
    return machine(desk).post(SUBMISSIONS, content, content_type="application/xml", headers=headers)


def footprint() -> dict[str, int]:
    """How many rows each table of the exchange has."""
    return {model.__name__: model.objects.count() for model in (*KEPT, *TOLD, Counter)}


def envelope(edit: Edit, name: str = "01-outpatient.xml") -> bytes:
    """A shipped dossier with its envelope changed."""
    root = etree.fromstring(example(name))
    edit(root)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def table(table_name: str, edit: Edit, content: bytes | None = None) -> bytes:
    """A dossier (the outpatient example) with one of its tables changed inside its Base64."""
    root = etree.fromstring(content or example("01-outpatient.xml"))
    for file in root.iter("FILEHOSO"):
        if file.findtext("LOAIHOSO") == table_name:
            inner = etree.fromstring(base64.b64decode(file.findtext("NOIDUNGFILE")))
            edit(inner)
            file.find("NOIDUNGFILE").text = base64.b64encode(etree.tostring(inner, encoding="utf-8")).decode()
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def with_values(values: Mapping[str, str], *, table_name: str = "XML1", content: bytes | None = None) -> bytes:
    """A dossier with the given fields of one table changed, in its first row."""

    def edit(root: Any) -> None:
        for tag, text in values.items():
            next(root.iter(tag)).text = text

    return table(table_name, edit, content)


def with_code(code: str, content: bytes | None = None) -> bytes:
    """A dossier under another MA_LK, in all its tables."""

    def edit(root: Any) -> None:
        for node in root.iter("MA_LK"):
            node.text = code

    for number in range(1, 16):
        content = table(f"XML{number}", edit, content)
    return content or b""


def codes(body: Mapping[str, Any]) -> set[str]:
    """All codes an answer tells: of the refusal, of the whole, of each record."""
    found = [*body.get("findings", ()), *(one for record in body.get("records", ()) for one in record["findings"])]
    return {body.get("code", ""), *(one["code"] for one in found)} - {""}


def lines(answer: Any) -> list[dict[str, Any]]:
    """The answers of a batch."""
    return [orjson.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
