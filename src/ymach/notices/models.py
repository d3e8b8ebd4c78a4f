"""Notices and the outbox of letters."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id

_NOBODY = Q(facility_id=None) & Q(practitioner_id=None) & Q(province_code=None) & Q(user_id=None)


class Notice(models.Model):
    """One sentence for one recipient, with the page where something can be done about it.

    Read once for a unit is read for all of it: `read_by` says who did. Ids are plain columns: this part knows no other.
    citizen_id: whose health book the link opens, for who may open several.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility_id = models.UUIDField(null=True)
    practitioner_id = models.UUIDField(null=True)
    province_code = models.CharField(max_length=2, null=True)
    user_id = models.UUIDField(null=True)
    vi = models.TextField()
    en = models.TextField()
    link = models.TextField(blank=True, default="")
    citizen_id = models.UUIDField(null=True)
    told_by = models.TextField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.TextField(blank=True, default="")

    class Meta:
        db_table = "notices_notice"
        indexes = [
            models.Index(fields=[name, "-at"], name=f"notice_{short}", condition=Q(**{f"{name}__isnull": False}))
            for name, short in (
                ("facility_id", "facility"),
                ("practitioner_id", "practitioner"),
                ("province_code", "province"),
                ("user_id", "user"),
            )
        ]
        constraints = [
            models.CheckConstraint(name="notice_has_a_recipient", condition=~_NOBODY),
            models.CheckConstraint(
                name="notice_read_by_somebody",
                condition=Q(read_at=None, read_by="") | (Q(read_at__isnull=False) & ~Q(read_by="")),
            ),
        ]


class Letter(models.Model):
    """One e-mail to one address, in both languages, kept until the mail server has taken it.

    link: path on this site, completed when the letter is sent; a link that is a secret is forgotten then.
    due_at: when it is to be tried next, or, while it is being sent, when the sender's lease ends. attempts: also the
    fence that keeps a sender whose lease has ended from writing a result.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    address = models.EmailField()
    subject_vi = models.TextField()
    subject_en = models.TextField()
    body_vi = models.TextField()
    body_en = models.TextField()
    link = models.TextField(blank=True, default="")
    is_link_secret = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        db_table = "notices_letter"
        indexes = [
            models.Index(fields=["due_at"], name="letter_due", condition=Q(state__in=["waiting", "sending"])),
            models.Index(fields=["-created_at"], name="letter_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_settled_has_a_time",
                condition=Q(state__in=["waiting", "sending"], settled_at=None)
                | Q(state__in=["sent", "failed", "withdrawn"], settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="letter_secret_forgotten",
                condition=Q(is_link_secret=False) | Q(state__in=["waiting", "sending"]) | Q(link=""),
            ),
        ]
