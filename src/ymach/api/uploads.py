"""Large files in pieces over lines that break: begin, send the pieces in any order, finish."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from ymach.api import upload_schemas as schemas
from ymach.api.batches import rendered, take
from ymach.api.bodies import BatchLine
from ymach.api.lanes import remember_claim
from ymach.api.signin import sender_of
from ymach.base.clock import iso, now
from ymach.exchange.intake.receive import MIB
from ymach.exchange.uploads import actions, queries
from ymach.exchange.uploads.errors import DigestMissing, UploadAnnounced
from ymach.exchange.uploads.models import Upload
from ymach.exchange.uploads.rules import Announced, chunk_count, read_announced

router = Router(tags=["Gửi hồ sơ · Submissions"])
JSON = "application/json"
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]


@router.post("/uploads", openapi_extra=schemas.BEGIN, summary="Begin to send a large file in pieces")
def begin_upload(request: HttpRequest) -> HttpResponse:
    """`{"size", "sha256"}` of the whole file. The same content again is given the upload that is open (200)."""
    sender = sender_of(request)
    announced = _announced(request)
    upload, is_new = actions.begin(announced, sender=sender, at=now())
    return _json(_state(upload, []) if is_new else _told(upload), 201 if is_new else 200)


@router.put("/uploads/{upload_id}/chunks/{number}", openapi_extra=schemas.CHUNK, summary="Send one piece")
def put_chunk(request: HttpRequest, upload_id: UUID, number: Number) -> HttpResponse:
    """Piece `number`, from 0, with its `Digest`. In any order; a piece sent again replaces itself."""
    sender = sender_of(request)
    actions.keep_chunk(upload_id, number, request.body, digest=_digest(request), sender=sender, at=now())
    return HttpResponse(status=204)


@router.get("/uploads/{upload_id}", openapi_extra=schemas.STATE, summary="Which pieces are here")
def get_upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """What came so far, and until when the upload is kept."""
    return _json(_told(queries.get(upload_id, sender=sender_of(request), at=now())), 200)


@router.post("/uploads/{upload_id}/finish", openapi_extra=schemas.FINISH, summary="All pieces are sent")
def finish_upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Answered as a submission of the whole file. Asked again, the same receipt again."""
    sender = sender_of(request)
    remember_claim(request, queries.get(upload_id, sender=sender, at=now()).begun_at)
    content = actions.assemble(upload_id, sender=sender, at=now())
    answer = take(request, [BatchLine("1", content)], sender, dry=False)[0]
    actions.finish(upload_id, sender=sender, at=now())
    return rendered(answer)


def _announced(request: HttpRequest) -> Announced:
    try:
        told = orjson.loads(request.body)
    except ValueError:
        raise UploadAnnounced from None
    return read_announced(told, most=settings.ENVIRONMENT.max_body_mb * MIB)


def _digest(request: HttpRequest) -> bytes:
    """The SHA-256 in `Digest: sha-256=<Base64>` (RFC 3230), or in `Content-Digest: sha-256=:<Base64>:` (RFC 9530)."""
    for header in (request.headers.get("Digest", ""), request.headers.get("Content-Digest", "")):
        for part in header.split(","):
            name, _, value = part.strip().partition("=")
            if name.lower() == "sha-256":
                try:
                    return base64.b64decode(value.strip(":"), validate=True)
                except binascii.Error:
                    raise DigestMissing from None
    raise DigestMissing


def _told(upload: Upload) -> dict[str, Any]:
    return _state(upload, queries.received(upload))


def _state(upload: Upload, received: list[int]) -> dict[str, Any]:
    return {
        "upload": str(upload.id),
        "size": upload.size,
        "chunk_size": upload.chunk_size,
        "chunks": chunk_count(upload.size, upload.chunk_size),
        "received": received,
        "expires_at": iso(upload.expires_at),
    }


def _json(body: Any, status: int) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=status, content_type=JSON)
