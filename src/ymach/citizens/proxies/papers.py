"""Papers of persons: taken in as evidence is (checked, drawn anew, scanned), and kept sealed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from ymach.audit.refusals import refusals_recorded
from ymach.base import sealing
from ymach.base.actors import Actor
from ymach.changes.evidence.checking import make_safe
from ymach.changes.evidence.errors import EvidenceRefused, ScannerAway
from ymach.citizens.proxies.models import Paper


def keep_paper(*, citizen_id: UUID, content: bytes, by: Actor, at: datetime) -> Paper:
    """Keep a scan (PDF, JPEG, PNG) of a paper about the person, sealed. Raises EvidenceRefused (each its own), ScannerAway.

    Whose paper it is no machine can tell: who kept it, and when, stands with it.
    """
    environment = settings.ENVIRONMENT
    with refusals_recorded("paper:keep", f"actor:{by.key}", by=by, at=at, kinds=(EvidenceRefused, ScannerAway)):
        safe = make_safe(content, limit_mb=environment.evidence_max_mb, scanner=environment.clamd)
    paper = Paper(
        citizen_id=citizen_id,
        media_type=safe.media_type,
        sha256=safe.sha256,
        size=len(safe.content),
        kept_at=at,
        kept_by=str(by),
    )
    paper.content = sealing.seal(safe.content, context=context_of(citizen_id, paper.id))
    paper.save(force_insert=True)
    return paper


def open_paper(*, citizen_id: UUID, paper_id: UUID) -> tuple[Paper, bytes]:
    """A paper and its content. The caller has asked who may see it. Raises Paper.DoesNotExist, SealBroken, KeyMissing."""
    paper = Paper.objects.get(citizen_id=citizen_id, id=paper_id)
    return paper, sealing.unseal(bytes(paper.content), context=context_of(citizen_id, paper_id))


def context_of(citizen_id: UUID, paper_id: UUID) -> str:
    """What the sealed content is bound to."""
    return f"paper:{citizen_id}:{paper_id}"
