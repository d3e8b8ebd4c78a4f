"""Uploads: begin, keep a piece, put together, finish; forgetting those that nobody finishes.

A kill at any instruction loses no piece that was answered: each is one statement, and the file stays until its
submission is stored.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from ymach.base import pg, sealing
from ymach.base.ids import new_id
from ymach.exchange.intake.case import Sender
from ymach.exchange.uploads import queries, rules
from ymach.exchange.uploads.errors import TooManyUploads, UploadDigestWrong, UploadUnknown
from ymach.exchange.uploads.models import Chunk, Upload
from ymach.exchange.uploads.rules import Announced

# The upload is held while its piece is written: whoever forgets it waits, and forgets this piece too.
_KEEP = """
WITH own AS (SELECT facility_id, id FROM exchange_upload WHERE facility_id = %s AND id = %s FOR KEY SHARE)
INSERT INTO exchange_upload_chunk (facility_id, upload_id, number, content)
SELECT facility_id, id, %s::int, %b::bytea FROM own
ON CONFLICT (facility_id, upload_id, number) DO UPDATE SET content = EXCLUDED.content
"""
_AT_ONCE = 50


def begin(announced: Announced, *, sender: Sender, at: datetime) -> tuple[Upload, bool]:
    """An upload for the file, and whether it is new: the same content is given the one that is open. Raises TooManyUploads."""
    facility_id = sender.facility.id
    with transaction.atomic():
        _one_at_a_time(facility_id)
        # An expired one in its place would be refused for ever.
        _forget(facility_id, Upload.objects.filter(facility_id=facility_id, expires_at__lte=at))
        held = Upload.objects.filter(facility_id=facility_id, finished_at__isnull=True)
        same = held.filter(digest=announced.digest).first()
        if same is not None and same.size == announced.size:
            return same, False
        if same is None and held.count() >= rules.MOST_OPEN:
            raise TooManyUploads(most=rules.MOST_OPEN, retry_after=rules.COME_BACK_SECONDS)
        if same is not None:
            _forget(facility_id, held.filter(id=same.id))
        upload = Upload(
            facility_id=facility_id,
            id=new_id(),
            size=announced.size,
            digest=announced.digest,
            chunk_size=rules.chunk_size_of(announced.size),
            begun_at=at,
            expires_at=at + rules.LIFETIME,
        )
        upload.save(force_insert=True)
    return upload, True


def keep_chunk(upload_id: UUID, number: int, content: bytes, *, digest: bytes, sender: Sender, at: datetime) -> None:
    """Keep one piece; the same number again replaces it. Raises UploadUnknown, UploadExpired, Chunk…Wrong."""
    upload = queries.get(upload_id, sender=sender, at=at)
    rules.check_chunk(content, number, digest, size=upload.size, chunk_size=upload.chunk_size)
    with pg.cursor() as cursor:
        sealed = sealing.seal(content, context=_context(upload.id, number))
        cursor.execute(_KEEP, [upload.facility_id, upload.id, number, sealed])
        if cursor.rowcount == 0:
            raise UploadUnknown


def assemble(upload_id: UUID, *, sender: Sender, at: datetime) -> bytes:
    """The whole file, which is what was announced. Raises UploadHole, UploadDigestWrong (the upload is then given up)."""
    upload = queries.get(upload_id, sender=sender, at=at)
    rules.check_complete(queries.received(upload), rules.chunk_count(upload.size, upload.chunk_size))
    own = Chunk.objects.filter(facility_id=upload.facility_id, upload_id=upload.id).order_by("number")
    try:
        pieces = own.values_list("number", "content")
        opened = [sealing.unseal(bytes(one), context=_context(upload.id, number)) for number, one in pieces]
        return rules.check_whole(opened, bytes(upload.digest))
    except UploadDigestWrong:
        _forget(upload.facility_id, Upload.objects.filter(facility_id=upload.facility_id, id=upload.id))
        raise


def finish(upload_id: UUID, *, sender: Sender, at: datetime) -> None:
    """Its submission was answered. The pieces stay a while, for a sender that did not hear it."""
    own = Upload.objects.filter(facility_id=sender.facility.id, id=upload_id, finished_at__isnull=True)
    own.update(finished_at=at, expires_at=at + rules.ANSWERABLE)


def tidy_up(*, at: datetime, stopped: Callable[[], bool] = lambda: False) -> Tally[str]:
    """Forget uploads past their end; how many. Any number may run at once."""
    tally: Tally[str] = Tally()
    while not stopped():
        ended = list(Upload.objects.filter(expires_at__lte=at).values_list("facility_id", "id")[:_AT_ONCE])
        if not ended:
            break
        for facility_id, upload_id in ended:
            _forget(facility_id, Upload.objects.filter(facility_id=facility_id, id=upload_id))
        tally["uploads forgotten"] += len(ended)
    return +tally


def _context(upload_id: UUID, number: int) -> str:
    return f"exchange_upload_chunk:{upload_id}:{number}"


def _forget(facility_id: UUID, uploads: QuerySet[Upload]) -> None:
    """Delete uploads of one facility with their pieces."""
    with transaction.atomic():
        ended = list(uploads.select_for_update().values_list("id", flat=True))
        Chunk.objects.filter(facility_id=facility_id, upload_id__in=ended).delete()
        Upload.objects.filter(facility_id=facility_id, id__in=ended).delete()


def _one_at_a_time(facility_id: UUID) -> None:
    """Two that begin for the same facility count one after the other."""
    with pg.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"uploads {facility_id}"])
