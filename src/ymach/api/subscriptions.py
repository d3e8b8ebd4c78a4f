"""Addresses that are told by themselves, managed by the programs of facilities and departments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Body, Router, Schema
from pydantic import StringConstraints

from ymach.api import exchange_schemas as schemas
from ymach.api.parameters import Moment
from ymach.api.signin import machine_of
from ymach.base.actors import Actor
from ymach.base.clock import iso, now
from ymach.exchange.models import Subscription
from ymach.exchange.subscriptions import actions, managing
from ymach.exchange.subscriptions.managing import Managed

Typed = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
router = Router(tags=["Địa chỉ nhận tin · Subscriptions"])


class Wanted(Schema):
    """A new subscription: events of the caller's own facility, province or country."""

    name: Typed
    url: Typed
    kinds: list[Typed] = []
    ends_at: Moment | None = None


class Why(Schema):
    """The reason of a change; kept in the history."""

    reason: Typed


class Move(Why):
    url: Typed


class Again(Why):
    """after: the cursor behind which it goes on: an earlier one to hear again, a later one to leave out."""

    after: int


@router.get("/subscriptions", openapi_extra=schemas.SUBSCRIPTIONS, summary="Your subscriptions")
def list_subscriptions(request: HttpRequest) -> HttpResponse:
    """Open ones first, with how far each has been told."""
    by = machine_of(request)
    return _json({"subscriptions": [_told(one) for one in managing.managed(by, at=now())]})


@router.post("/subscriptions", openapi_extra=schemas.SUBSCRIPTION, summary="Tell an address from now on")
def create(request: HttpRequest, wanted: Body[Wanted]) -> HttpResponse:
    """https to a public server, port 443 or 8443; our signature proves who speaks."""
    by = machine_of(request)
    made = managing.create(
        name=wanted.name, url=wanted.url, kinds=wanted.kinds, ends_at=wanted.ends_at, by=by, at=now()
    )
    return _one(made.id, by, 201)


@router.get("/subscriptions/{uuid:key}", openapi_extra=schemas.SUBSCRIPTION, summary="One subscription")
def get_subscription(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where it stands, and its last turns with what went wrong."""
    return _one(key, machine_of(request))


@router.post("/subscriptions/{uuid:key}/pause", openapi_extra=schemas.SUBSCRIPTION, summary="Hold it back")
def pause(request: HttpRequest, key: UUID, asked: Body[Why]) -> HttpResponse:
    """What happens meanwhile waits."""
    return _changed(request, key, lambda by, at: actions.pause(key, by=by, at=at, reason=asked.reason))


@router.post("/subscriptions/{uuid:key}/resume", openapi_extra=schemas.SUBSCRIPTION, summary="Go on")
def resume(request: HttpRequest, key: UUID, asked: Body[Why]) -> HttpResponse:
    """From where it stopped, whoever stopped it."""
    return _changed(request, key, lambda by, at: actions.resume(key, by=by, at=at, reason=asked.reason))


@router.post("/subscriptions/{uuid:key}/rotate", openapi_extra=schemas.SUBSCRIPTION, summary="Another address")
def rotate(request: HttpRequest, key: UUID, asked: Body[Move]) -> HttpResponse:
    """What waits goes to the new address too."""
    return _changed(request, key, lambda by, at: actions.rotate(key, url=asked.url, by=by, at=at, reason=asked.reason))


@router.post("/subscriptions/{uuid:key}/repeat", openapi_extra=schemas.SUBSCRIPTION, summary="Hear again")
def repeat(request: HttpRequest, key: UUID, asked: Body[Again]) -> HttpResponse:
    """Go on from behind another event."""
    return _changed(
        request, key, lambda by, at: actions.repeat(key, after=asked.after, by=by, at=at, reason=asked.reason)
    )


@router.post("/subscriptions/{uuid:key}/end", openapi_extra=schemas.SUBSCRIPTION, summary="End it")
def end(request: HttpRequest, key: UUID, asked: Body[Why]) -> HttpResponse:
    """For good."""
    return _changed(request, key, lambda by, at: actions.end(key, by=by, at=at, reason=asked.reason))


def _changed(request: HttpRequest, key: UUID, change: Callable[[Actor, datetime], Subscription]) -> HttpResponse:
    by, at = machine_of(request), now()
    managing.get(by, key, at=at)
    change(by, at)
    return _one(key, by)


def _one(key: UUID, by: Actor, status: int = 200) -> HttpResponse:
    found = managing.get(by, key, at=now())
    turns = [
        {
            "at": iso(one.at),
            "taken": one.taken,
            "last": str(one.last) if one.last else None,
            "error": one.error or None,
            "failed": str(one.failed_id) if one.failed_id else None,
            "detail": one.vi or None,
            "detail_en": one.en or None,
        }
        for one in managing.turns(found.subscription)
    ]
    return _json({**_told(found), "turns": turns}, status)


def _told(found: Managed) -> dict[str, Any]:
    one, push = found.subscription, found.push
    return {
        "id": str(one.id),
        "name": one.name,
        "url": one.url,
        "kinds": one.kinds,
        "facility": one.facility_code or None,
        "province": one.province_code or None,
        "state": found.state,
        "starts_at": iso(one.starts_at),
        "ends_at": iso(one.ends_at) if one.ends_at else None,
        "cursor": str(push.position) if push else None,
        "told_at": iso(push.told_at) if push and push.told_at else None,
        "error": (push.last_error or None) if push else None,
        "next_try_at": iso(push.due_at) if push and push.failures and not push.stopped_at else None,
    }


def _json(body: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")
