"""The register of processing (Law 91/2025/QH15 art. 21): what is done with personal data, why, by whom, with which care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min

from ymach.accounts.permissions import Permission, require
from ymach.audit.actions import REGISTRY, record
from ymach.audit.chain import Event
from ymach.audit.models import AuditHead
from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.clock import vietnam_day
from ymach.registers.activities import Activity, activities, changes_between, content, digest_of
from ymach.registers.errors import TextMissing
from ymach.registers.models import ProcessingVersion
from ymach.registers.rules import FIRST_FILE, Change, send_by

BASIS = "Law 91/2025/QH15 art. 21"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('registers_processing'))"


@dataclass(frozen=True, slots=True)
class State:
    """The register now, beside the version that was kept last.

    began_on: the first day in the journal. due_on: by when the assessment is to be sent, or sent again; None: nothing is due.
    """

    activities: tuple[Activity, ...]
    began_on: date | None
    kept: ProcessingVersion | None
    changes: tuple[Change, ...]
    due_on: date | None


def state(by: Actor, *, on: date) -> State:
    """The register, and what changed since it was kept last. Raises NotAllowed."""
    require(by, Permission.INCIDENT_MANAGE)
    kept = ProcessingVersion.objects.order_by("-number").first()
    changes = tuple(changes_between(kept.content, content())) if kept else ()
    began_on = AuditHead.objects.aggregate(first=Min("day"))["first"]
    due = send_by(vietnam_day(kept.at), changes, on) if kept else (began_on or on) + FIRST_FILE
    return State(activities(), began_on, kept, changes, due)


def versions(by: Actor) -> list[ProcessingVersion]:
    """All that were kept, the newest first. Raises NotAllowed."""
    require(by, Permission.INCIDENT_MANAGE)
    return list(ProcessingVersion.objects.order_by("-number"))


@transaction.atomic
def keep_version(*, why: str, by: Actor, at: datetime) -> ProcessingVersion:
    """Keep the register as it stands, as the next version; one that is the same is not kept twice.

    Raises NotAllowed, TextMissing.
    """
    require(by, Permission.INCIDENT_MANAGE)
    if not why.strip():
        raise TextMissing(field="why")
    pg.ask(_LOCK, [])()
    last = ProcessingVersion.objects.order_by("-number").first()
    now, digest = content(), digest_of(content())
    if last is not None and last.digest == digest:
        return last
    made = ProcessingVersion.objects.create(
        number=last.number + 1 if last else 1,
        at=at,
        kept_by=str(by),
        why=why.strip()[:1000],
        content=now,
        digest=digest,
    )
    event = Event(at, str(by), "processing:kept", f"processing:{made.number}", BASIS, detail={"digest": digest})
    record(event, facility_id=REGISTRY)
    return made
