"""Uploads as their sender sees them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ymach.exchange.intake.case import Sender
from ymach.exchange.uploads.errors import UploadExpired, UploadUnknown
from ymach.exchange.uploads.models import Chunk, Upload


def get(upload_id: UUID, *, sender: Sender, at: datetime) -> Upload:
    """The sender's own upload. Raises UploadUnknown, UploadExpired."""
    upload = Upload.objects.filter(facility_id=sender.facility.id, id=upload_id).first()
    if upload is None:
        raise UploadUnknown
    if upload.expires_at <= at:
        raise UploadExpired
    return upload


def received(upload: Upload) -> list[int]:
    """Numbers of the pieces that are here, in order."""
    own = Chunk.objects.filter(facility_id=upload.facility_id, upload_id=upload.id)
    return list(own.order_by("number").values_list("number", flat=True))
