"""Uploads under way and their pieces. Nothing here is kept for long: what is finished becomes a submission."""

from __future__ import annotations

from django.db import models

from ymach.base.ids import new_id


class Upload(models.Model):
    """A file that comes in pieces: how large it will be and its SHA-256, as announced.

    finished_at: when it was taken as a submission; the pieces stay until expires_at, so that an answer that was lost can
    be asked for again.
    """

    pk = models.CompositePrimaryKey("facility_id", "id")
    facility_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    size = models.IntegerField()
    digest = models.BinaryField()
    chunk_size = models.IntegerField()
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_upload"
        constraints = [
            # A sender that forgot where it was begins again, and is given the upload that is open.
            models.UniqueConstraint(
                fields=["facility_id", "digest"],
                condition=models.Q(finished_at__isnull=True),
                name="upload_open_once",
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0, chunk_size__gt=0), name="upload_has_size"),
        ]
        indexes = [models.Index(fields=["expires_at"], name="upload_by_end")]


class Chunk(models.Model):
    """One piece of an upload; numbered from 0. A piece sent again replaces itself."""

    pk = models.CompositePrimaryKey("facility_id", "upload_id", "number")
    facility_id = models.UUIDField()
    upload_id = models.UUIDField()
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "exchange_upload_chunk"
