"""Prescriptions by their code, and what was dispensed on them. The code is the distribution key of all three tables.

What a prescription says is never changed: the running role has no right to. A correction is a new row.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from ymach.base.ids import new_id


class State(models.TextChoices):
    """What is kept of a prescription's state. That it has expired is told by the clock: see `rules.state_at`."""

    ISSUED = "issued"
    PARTLY_DISPENSED = "partly-dispensed"
    DISPENSED = "dispensed"
    REPLACED = "replaced"
    CANCELLED = "cancelled"


class Prescription(models.Model):
    """One prescription of one prescriber: medicines of one kind, under a code that nobody else ever has.

    code: 14 characters in lower case (`clinical.prescription_code`). No dossier states one: XML 130 has no field for
    it. The platform draws the seven characters at random, as Circular 26/2025/TT-BYT annex I asks, when the dossier is
    stored; a later version of the dossier with the same prescription keeps it. part: its place among those of the dossier.
    body: what stands on it (`sheets.body_of`); digest: SHA-256 of that, hex. issued_at, expires_at: aware; it may be
    dispensed before `expires_at`. submission_id, record_id, version: of the version of the dossier that holds.
    replaced_by: the code of the prescription in its place, or empty. state_why: of a cancellation.
    """

    code = models.CharField(max_length=14, primary_key=True)
    facility_id = models.UUIDField()
    facility_code = models.CharField(max_length=5)
    province_code = models.CharField(max_length=2)
    citizen_id = models.UUIDField()
    submission_id = models.UUIDField()
    record_id = models.UUIDField()
    dossier_code = models.TextField()
    version = models.IntegerField()
    part = models.SmallIntegerField()
    kind = models.CharField(max_length=1)
    prescriber = models.TextField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    compartment = models.TextField(default="")
    body: Any = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.TextField(choices=State)
    state_why = models.TextField(default="", db_default="")
    replaced_by = models.CharField(max_length=14, default="", db_default="")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_prescription"
        indexes = [
            models.Index(fields=["facility_id", "-issued_at"], name="prescription_of_facility"),
            models.Index(fields=["dossier_code", "facility_id"], name="prescription_of_dossier"),
        ]
        constraints = [
            models.CheckConstraint(name="prescription_code_form", condition=Q(code__regex=r"^[0-9a-z]{12}-[cnhyt]$")),
            models.CheckConstraint(name="prescription_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="prescription_expires_later", condition=Q(expires_at__gt=F("issued_at"))),
        ]


class Dispensing(models.Model):
    """What one pharmacy handed over at one time. Undone, it counts no more and is kept.

    pharmacy_id, pharmacy_code: who handed over. pharmacist: number of the licence, as written. idempotency_key: given by
    the pharmacy; the same key is the same dispensing. digest: SHA-256 of what was asked, hex. state_after: of the
    prescription, as answered then.
    """

    pk = models.CompositePrimaryKey("code", "id")
    code = models.CharField(max_length=14)
    id = models.UUIDField(default=new_id)
    pharmacy_id = models.UUIDField()
    pharmacy_code = models.CharField(max_length=5)
    pharmacist = models.TextField()
    invoice = models.TextField(default="", db_default="")
    dispensed_at = models.DateTimeField()
    dispensed_by = models.TextField()
    idempotency_key = models.TextField()
    digest = models.CharField(max_length=64)
    state_after = models.TextField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(default="", db_default="")
    undone_why = models.TextField(default="", db_default="")

    class Meta:
        db_table = "exchange_dispensing"
        indexes = [models.Index(fields=["pharmacy_id", "-dispensed_at"], name="dispensing_of_pharmacy")]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "pharmacy_id", "idempotency_key"], name="dispensing_once_under_its_key"
            ),
            models.CheckConstraint(
                name="dispensing_undone_by_somebody",
                condition=Q(undone_at=None, undone_by="", undone_why="")
                | (Q(undone_at__isnull=False) & ~Q(undone_by="") & ~Q(undone_why="")),
            ),
        ]


class DispensedLine(models.Model):
    """So much of one line of the prescription. number: of the line, from 1. batch: of the medicine, if it was noted."""

    pk = models.CompositePrimaryKey("code", "dispensing_id", "number")
    code = models.CharField(max_length=14)
    dispensing_id = models.UUIDField()
    number = models.SmallIntegerField()
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    batch = models.TextField(default="", db_default="")

    class Meta:
        db_table = "exchange_dispensed_line"
        constraints = [models.CheckConstraint(name="dispensed_line_of_something", condition=Q(quantity__gt=0))]
