"""Keeping papers, giving them with a request, and forgetting those of forms that were never sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from ymach.audit.refusals import refusals_recorded
from ymach.base import sealing
from ymach.base.actors import Actor
from ymach.changes.evidence.checking import clean_name, make_safe
from ymach.changes.evidence.errors import EvidenceRefused, EvidenceTooMany, ScannerAway
from ymach.changes.models import ChangeRequest, Evidence, EvidenceContent
from ymach.practitioners.models import LicenceSuspension

MOST = 10
"""Files of one request."""

LOOSE_FOR = timedelta(days=2)
"""How long a paper waits for its form to be sent."""


def keep(*, content: bytes, name: str, by: Actor, at: datetime) -> Evidence:
    """Take a paper in, not yet given with any request. Raises EvidenceRefused (each its own code), ScannerAway.

    A refusal is written to the journal.
    """
    environment = settings.ENVIRONMENT
    with refusals_recorded("evidence:upload", f"actor:{by.key}", by=by, at=at, kinds=(EvidenceRefused, ScannerAway)):
        paper = make_safe(content, limit_mb=environment.evidence_max_mb, scanner=environment.clamd)
    evidence = Evidence(
        sha256=paper.sha256,
        received_sha256=paper.received_sha256,
        media_type=paper.media_type,
        size=len(paper.content),
        name=clean_name(name, paper.media_type),
        width=paper.width,
        height=paper.height,
        pages=paper.pages,
        was_scanned=paper.was_scanned,
        uploaded_by=str(by),
        uploaded_by_label=by.label,
        uploaded_at=at,
    )
    with transaction.atomic():
        evidence.save(force_insert=True)
        sealed = sealing.seal(paper.content, context=context_of(evidence.pk))
        EvidenceContent.objects.create(evidence=evidence, content=sealed)
    return evidence


def content_of(evidence: Evidence) -> bytes:
    """The bytes of a paper. Raises SealBroken, KeyMissing."""
    return sealing.opened(bytes(evidence.content.content), context=context_of(evidence.pk))


def context_of(evidence_id: UUID) -> str:
    """What the bytes of a paper are sealed for."""
    return f"changes_evidence_content:{evidence_id}"


def loose(ids: Sequence[UUID], *, by: Actor) -> list[Evidence]:
    """Those of the papers that `by` uploaded and that no request carries, in the order of their arrival."""
    mine = Evidence.objects.filter(pk__in=ids, request__isnull=True, uploaded_by=str(by))
    return list(mine.order_by("id"))


def give(request: ChangeRequest, ids: Sequence[UUID], *, by: Actor) -> int:
    """Papers that `by` uploaded now belong to `request`; how many it carries. Raises EvidenceTooMany."""
    loose_ones = Evidence.objects.filter(pk__in=ids, request__isnull=True, uploaded_by=str(by))
    loose_ones.update(request=request)
    number = Evidence.objects.filter(request=request).count()
    if number > MOST:
        raise EvidenceTooMany(field="evidence", limit=MOST)
    return number


def forget_loose(*, at: datetime) -> int:
    """Delete papers whose form was not sent within LOOSE_FOR, except those a decision names; how many."""
    with transaction.atomic():
        shown = LicenceSuspension.objects.filter(return_evidence__isnull=False).values("return_evidence")
        old = Evidence.objects.filter(request__isnull=True, uploaded_at__lt=at - LOOSE_FOR).exclude(pk__in=shown)
        # Locked, so that none of them is given with a request meanwhile; who is giving one right now keeps it.
        ids = list(old.select_for_update(skip_locked=True).values_list("id", flat=True)[:1000])
        EvidenceContent.objects.filter(pk__in=ids).delete()
        return Evidence.objects.filter(pk__in=ids, request__isnull=True).delete()[0]
