"""Appointments and reminders of them. The key begins with the facility that gave the slip."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id


class State(models.TextChoices):
    """What became of it. Missed is not kept: it is planned, and its day is over (`rules.is_missed`)."""

    PLANNED = "planned"
    CAME = "came"
    CANCELLED = "cancelled"


class Appointment(models.Model):
    """One re-examination slip of one dossier, in its present version.

    on_day: in Viet Nam; at: the hour too, where the slip gives it (aware). moved_from: the day it was on before. is_held: a
    department still decides on the record. came_submission_id: the visit that kept it, None when somebody said so by hand.
    note: why it was moved or cancelled. check_at: when the visit is looked for next, None for no more. reminded_for:
    the day the citizen was reminded of.
    """

    pk = models.CompositePrimaryKey("facility_id", "id")
    facility_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    facility_code = models.CharField(max_length=5)
    submission_id = models.UUIDField()
    dossier_code = models.TextField()
    version = models.IntegerField()
    record_id = models.UUIDField()
    citizen_id = models.UUIDField()
    compartment = models.TextField(default="", db_default="")
    number = models.TextField(blank=True)
    diagnosis_text = models.TextField(blank=True)
    on_day = models.DateField()
    at = models.DateTimeField(null=True)
    given_at = models.DateTimeField()
    is_held = models.BooleanField()
    state = models.TextField(choices=State)
    changed_at = models.DateTimeField()
    changed_by = models.TextField()
    moved_from = models.DateField(null=True)
    note = models.TextField(blank=True, default="", db_default="")
    came_at = models.DateTimeField(null=True)
    came_submission_id = models.UUIDField(null=True)
    check_at = models.DateTimeField(null=True)
    reminded_for = models.DateField(null=True)

    class Meta:
        db_table = "exchange_appointment"
        constraints = [models.UniqueConstraint(fields=["facility_id", "dossier_code"], name="appointment_of_dossier")]
        indexes = [
            models.Index(fields=["facility_id", "on_day"], name="appointment_calendar"),
            models.Index(fields=["citizen_id", "on_day"], name="appointment_of_citizen"),
            models.Index(fields=["on_day"], condition=Q(state="planned"), name="appointment_planned"),
            models.Index(fields=["check_at"], condition=Q(check_at__isnull=False), name="appointment_to_follow"),
        ]


class AppointmentReminder(models.Model):
    """The citizen was told that an appointment is near: a line on their page, and a letter where they read some."""

    pk = models.CompositePrimaryKey("facility_id", "id")
    facility_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    appointment_id = models.UUIDField()
    citizen_id = models.UUIDField()
    for_day = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_appointment_reminder"
        constraints = [
            models.UniqueConstraint(
                fields=["facility_id", "appointment_id", "for_day"], name="appointment_reminded_once_for_a_day"
            )
        ]
        indexes = [models.Index(fields=["citizen_id", "for_day"], name="appointment_reminder_of_person")]
