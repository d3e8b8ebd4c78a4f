"""What is held, for a facility's own software: why, until when, what the department said."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router

from ymach.accounts.permissions import Permission
from ymach.api.openapi import SECURED, problems, shape
from ymach.api.parameters import Word
from ymach.api.signin import sender_of
from ymach.base.clock import iso, now, vietnam_day
from ymach.exchange.held import queries
from ymach.exchange.held.models import HeldItem
from ymach.exchange.held.queries import Wanted

router = Router(tags=["Hồ sơ · Dossiers"])
SCHEMA: dict[str, Any] = {
    **SECURED,
    "responses": {
        200: shape(
            "At most 50; `next` goes on where they end. note: what the department said.", held="array", next="string"
        ),
        **problems(403, 422),
    },
}
State = Literal["waiting", "returned", "released", "rejected", "replaced", "withdrawn", "settled"]


@router.get("/held", openapi_extra=SCHEMA, summary="Your dossiers that the department holds")
def get_held(request: HttpRequest, state: State = "waiting", after: Word = "") -> HttpResponse:
    """What waits for the department, the oldest first; or what it returned, released or rejected, the last first."""
    wanted = Wanted(state, after=_place(after))
    found = queries.queue(
        sender_of(request).by,
        wanted,
        on=vietnam_day(now()),
        limit=queries.PAGE + 1,
        word=Permission.SUBMISSION_SEE,
    )
    shown = found[: queries.PAGE]
    more = f"{queries.moment_of(shown[-1]).isoformat()}_{shown[-1].id}" if len(found) > len(shown) else None
    return HttpResponse(orjson.dumps({"held": list(map(_item, shown)), "next": more}), content_type="application/json")


def _item(one: HeldItem) -> dict[str, Any]:
    return {
        "submission": str(one.submission_id),
        "code": one.dossier_code,
        "kind": one.dossier_kind,
        "version": one.version,
        "records": one.record_kinds,
        "findings": one.causes,
        "received_at": iso(one.received_at),
        "due_on": one.due_on.isoformat(),
        "state": one.state,
        "changed_at": iso(one.changed_at),
        "note": one.note,
    }


def _place(after: str) -> tuple[datetime, UUID] | None:
    """Where a page ended, as `next` said it; from the beginning when it is none."""
    moment, _, key = after.replace(" ", "+").rpartition("_")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(key)) if at.tzinfo is not None else None
    except ValueError:
        return None
