"""A citizen's book with something in it, sent by a test's facility."""

from __future__ import annotations

from datetime import timedelta

from tests.support.intake import Desk
from ymach.base.clock import now
from ymach.exchange.contents import as_fhir
from ymach.synth.own_book import book_visits
from ymach.trust.detached import sign


def send_book(desk: Desk, *, visits: int = 1) -> None:
    """So many visits of the example's person, the last two hours ago."""
    for dossier in book_visits(visits, until=now() - timedelta(hours=2)):
        content = sign(as_fhir(dossier), desk.issued.key, desk.issued.certificate, chain=desk.issued.chain, at=now())
        answer = desk.send_one(content, at=now())
        assert answer.status < 300, answer
