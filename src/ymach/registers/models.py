"""Incidents with their minutes and the persons concerned, and the kept versions of the register of processing."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id


class IncidentKind(models.TextChoices):
    """How the protection of personal data was broken (Law 91/2025/QH15 art. 23)."""

    ACCOUNT_MISUSED = "account-misused"
    DISCLOSED = "disclosed"
    STOLEN = "stolen"
    CHANGED = "changed"
    LOST = "lost"
    UNLAWFUL_USE = "unlawful-use"


class StepKind(models.TextChoices):
    """What a line of the minutes tells."""

    NOTED = "noted"
    MEASURE = "measure"
    AUTHORITY_TOLD = "authority-told"
    PERSONS_TOLD = "persons-told"
    CONTROLLER_TOLD = "controller-told"
    PERSONS_FOUND = "persons-found"
    CLOSED = "closed"


class Incident(models.Model):
    """A breach of the protection of personal data, from its detection until it is closed.

    detected_at starts the 72 hours. began_at, ended_at: when it happened, as far as is known. account: the actor that was
    misused, if one was. What was done about it are its steps. All times are aware UTC.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.TextField(choices=IncidentKind)
    summary = models.TextField()
    place = models.TextField(blank=True, default="")
    data_kinds = models.TextField()
    cause = models.TextField(blank=True, default="")
    consequences = models.TextField(blank=True, default="")
    contact = models.TextField()
    account = models.TextField(blank=True, default="")
    detected_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.TextField()
    told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "registers_incident"
        indexes = [models.Index(fields=["-detected_at"], name="incident_latest")]
        constraints = [
            models.CheckConstraint(name="incident_says_what", condition=~Q(summary="") & ~Q(data_kinds="")),
            models.CheckConstraint(
                name="incident_ends_after_it_began",
                condition=Q(began_at=None) | Q(ended_at=None) | Q(ended_at__gte=models.F("began_at")),
            ),
        ]


class IncidentStep(models.Model):
    """One line of the minutes of an incident; only ever added. at: when it was done; written_at: when it was written."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="steps")
    kind = models.TextField(choices=StepKind)
    text = models.TextField()
    at = models.DateTimeField()
    written_at = models.DateTimeField()
    written_by = models.TextField()

    class Meta:
        db_table = "registers_incident_step"
        indexes = [models.Index(fields=["incident", "written_at"], name="incident_step_order")]


class IncidentPerson(models.Model):
    """A person whose data an incident reached, as the journal tells it. actions: which kinds of acts, sorted."""

    pk = models.CompositePrimaryKey("citizen_id", "incident_id")
    citizen_id = models.UUIDField()
    incident_id = models.UUIDField()
    events = models.IntegerField()
    actions = ArrayField(models.TextField())
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "registers_incident_person"
        indexes = [models.Index(fields=["incident_id"], name="incident_person_of")]


class ProcessingVersion(models.Model):
    """The register of processing as it stood when it was kept; only ever added. content: `registers.activities`."""

    number = models.IntegerField(primary_key=True)
    at = models.DateTimeField()
    kept_by = models.TextField()
    why = models.TextField()
    content: Any = models.JSONField()
    digest = models.TextField()

    class Meta:
        db_table = "registers_processing_version"
