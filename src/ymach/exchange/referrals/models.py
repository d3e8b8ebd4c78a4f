"""Referrals as both sides work on them. The key begins with the facility that sends."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id


class State(models.TextChoices):
    """Where a referral is. Moves: `rules.MOVES`."""

    SENT = "sent"
    SEEN = "seen"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ARRIVED = "arrived"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Referral(models.Model):
    """One referral paper of one dossier, in its present version.

    facility_…: who sends. receiver_…: to whom, as the paper says; receiver_id is None for a code nobody held. is_held: a
    department still decides on the record, and the receiver does not see it. due_at: until when the next step is due,
    None when none is. arrival_…: the receiver's own dossier of the same person, found afterwards. may_read_visit: the
    receiver lets the sender read it. suggested_code: the facility named by who declined. check_at: when the receiver's
    dossier is looked for next, None for no more. compartment: as the record's.
    """

    pk = models.CompositePrimaryKey("facility_id", "id")
    facility_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    facility_code = models.CharField(max_length=5)
    province_code = models.CharField(max_length=2)
    submission_id = models.UUIDField()
    dossier_code = models.TextField()
    version = models.IntegerField()
    record_id = models.UUIDField()
    citizen_id = models.UUIDField()
    compartment = models.TextField(default="", db_default="")
    receiver_code = models.TextField(blank=True)
    receiver_id = models.UUIDField(null=True)
    receiver_province_code = models.CharField(max_length=2, blank=True)
    number = models.TextField(blank=True)
    diagnosis_code = models.TextField(blank=True)
    diagnosis_text = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    is_urgent = models.BooleanField()
    referred_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    is_held = models.BooleanField()
    state = models.TextField(choices=State)
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    declined_why = models.TextField(blank=True, default="", db_default="")
    suggested_code = models.TextField(blank=True, default="", db_default="")
    answer = models.TextField(blank=True, default="", db_default="")
    answered_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    arrival_submission_id = models.UUIDField(null=True)
    arrival_dossier_code = models.TextField(blank=True, default="", db_default="")
    may_read_visit = models.BooleanField(default=False, db_default=False)
    check_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_referral"
        constraints = [models.UniqueConstraint(fields=["facility_id", "dossier_code"], name="referral_of_dossier")]
        indexes = [
            models.Index(fields=["facility_id", "-sent_at"], name="referral_sent"),
            models.Index(
                fields=["receiver_id", "state", "-sent_at"], condition=Q(is_held=False), name="referral_incoming"
            ),
            models.Index(fields=["receiver_id", "-sent_at"], condition=Q(is_held=False), name="referral_received"),
            models.Index(fields=["id"], name="referral_by_id"),
            models.Index(fields=["citizen_id"], name="referral_of_citizen"),
            models.Index(fields=["check_at"], condition=Q(check_at__isnull=False), name="referral_to_follow"),
        ]


class ReferralStep(models.Model):
    """What happened to a referral, in order. by: the actor; label: their name for people. note: what they wrote."""

    pk = models.CompositePrimaryKey("facility_id", "id")
    facility_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    referral_id = models.UUIDField()
    at = models.DateTimeField()
    state = models.TextField(choices=State)
    by = models.TextField()
    label = models.TextField(blank=True)
    note = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "exchange_referral_step"
        indexes = [models.Index(fields=["facility_id", "referral_id", "at"], name="referral_step_in_order")]
