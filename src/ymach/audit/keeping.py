"""What keeps the journal provable: closing days with a signed root, and proving the chains every night."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from ymach.audit.models import AuditCheck, AuditRoot
from ymach.audit.roots import Open, Sign, close_days
from ymach.audit.verification import Proof, keep_check, verify
from ymach.base import pg
from ymach.base.actors import command
from ymach.base.clock import now, vietnam_day
from ymach.base.rounds import Stopped

logger = logging.getLogger(__name__)
NIGHTLY = timedelta(days=8)
"""How many days back the proof of a night looks; on Sundays it looks at everything."""
SUNDAY = 6
WORKER = command("worker")
Tell = Callable[[Proof, datetime], None]
_TRY = "SELECT pg_try_advisory_lock(hashtext('audit_proof'))"
_LEAVE = "SELECT pg_advisory_unlock(hashtext('audit_proof'))"


class Keeping:
    """Two chores of the worker. sign, open_jws: make and open what the platform signs. tell: says that a proof failed."""

    def __init__(self, sign: Sign, open_jws: Open, tell: Tell) -> None:
        self._sign, self._open, self._tell = sign, open_jws, tell

    def close(self, *, at: datetime, stopped: Stopped) -> Mapping[str, int]:
        """Sign the roots of the days that are over."""
        made = 0
        while not stopped() and (more := close_days(self._sign, at=at, most=1)):
            made += more
        return {"days closed": made} if made else {}

    def prove(self, *, at: datetime, stopped: Stopped) -> Mapping[str, int]:
        """Follow the chains once when days were closed, that is every night; what is wrong is logged, kept and told."""
        if stopped() or not _is_due() or not pg.ask(_TRY, [])()[0][0]:
            return {}
        try:
            return self._prove(at) if _is_due() else {}
        finally:
            pg.ask(_LEAVE, [])()

    def _prove(self, at: datetime) -> Mapping[str, int]:
        today = vietnam_day(at)
        since = None if today.weekday() == SUNDAY or not AuditCheck.objects.exists() else today - NIGHTLY
        proof = verify(self._open, since=since)
        keep_check(proof, since=since, until=None, began_at=at, at=max(now(), at), by=WORKER)
        for fault in proof.faults[:20]:
            logger.error("journal: %s %s: %s", fault.day, fault.facility_id, fault.words.en)
        if proof.faults:
            self._tell(proof, max(now(), at))
        return {"events proven": proof.events, "faults": len(proof.faults)}


def _is_due() -> bool:
    """Whether a day was closed and nobody has proven the journal since."""
    closed = AuditRoot.objects.order_by("-at").values_list("at", flat=True).first()
    proven = AuditCheck.objects.order_by("-ended_at").values_list("ended_at", flat=True).first()
    return closed is not None and (proven is None or proven < closed)
