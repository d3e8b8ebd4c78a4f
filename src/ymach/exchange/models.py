"""What the exchange keeps. Every table carries its distribution key first in its primary key (design: many machines):
`citizen_id` for records, `facility_id` for everything else. No foreign keys between tables that may live apart.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models

from ymach.base.ids import new_id


class Outcome(models.TextChoices):
    """What became of a record, or of a submission (the gravest of its records), in order of gravity."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_FINDINGS = "accepted_with_findings"
    HELD = "held"
    REJECTED = "rejected"


class Submission(models.Model):
    """One thing a facility sent: its digest, who signed it, and what became of it. Refusals are kept too, without bytes."""

    pk = models.CompositePrimaryKey("facility_id", "id")
    facility_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    facility_code = models.CharField(max_length=5)
    province_code = models.CharField(max_length=2)
    format = models.TextField()
    digest = models.BinaryField()
    size = models.IntegerField()
    received_at = models.DateTimeField()
    searchable_at = models.DateTimeField(null=True)
    outcome = models.TextField(choices=Outcome)
    finding_codes = ArrayField(models.TextField())
    dossier_codes = ArrayField(models.TextField())
    certificate = models.TextField(null=True)
    sent_by = models.TextField()

    class Meta:
        db_table = "exchange_submission"
        constraints = [
            # The same content twice gives the same receipt; a refused one may be tried again.
            models.UniqueConstraint(
                fields=["facility_id", "digest"],
                condition=~models.Q(outcome="rejected"),
                name="submission_same_content_once",
            )
        ]
        indexes = [models.Index(fields=["facility_id", "-received_at"], name="submission_by_time")]


class SubmissionContent(models.Model):
    """The signed bytes as received, compressed with zstd, kept for ever and never changed."""

    pk = models.CompositePrimaryKey("facility_id", "submission_id")
    facility_id = models.UUIDField()
    submission_id = models.UUIDField()
    content = models.BinaryField()

    class Meta:
        db_table = "exchange_submission_content"


class Receipt(models.Model):
    """The signed answer to one submission, exactly as given."""

    pk = models.CompositePrimaryKey("facility_id", "submission_id")
    facility_id = models.UUIDField()
    submission_id = models.UUIDField()
    jws = models.TextField()
    issued_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_receipt"


class AmendedReceipt(models.Model):
    """A later signed answer to a submission, beside the first: what became of it since, why, and by whom. Never changed.

    number: from 1; the last one holds. cause: `corrections.causes.Cause`. vi, en: the reason as people read it.
    entry_id: of the history, where a change of the registry is the cause.
    """

    pk = models.CompositePrimaryKey("facility_id", "submission_id", "number")
    facility_id = models.UUIDField()
    submission_id = models.UUIDField()
    number = models.IntegerField()
    facility_code = models.CharField(max_length=5)
    province_code = models.CharField(max_length=2)
    cause = models.TextField()
    vi = models.TextField()
    en = models.TextField()
    entry_id = models.BigIntegerField(null=True)
    outcome_before = models.TextField(choices=Outcome)
    outcome_after = models.TextField(choices=Outcome)
    amended_by = models.TextField()
    issued_at = models.DateTimeField()
    jws = models.TextField()

    class Meta:
        db_table = "exchange_amended_receipt"
        indexes = [
            models.Index(fields=["province_code", "-issued_at"], name="amended_of_province"),
            models.Index(
                fields=["entry_id", "facility_id"], condition=models.Q(entry_id__isnull=False), name="amended_of_entry"
            ),
        ]


class DossierHead(models.Model):
    """The present version of one dossier: (`MA_CSKCB`, `MA_LK`) is its natural key; a check-in is a dossier of its own.

    cancelled_at: aware; None while the dossier holds. A cancellation takes the next version number for itself.
    """

    pk = models.CompositePrimaryKey("facility_id", "kind", "code")
    facility_id = models.UUIDField()
    kind = models.TextField()
    code = models.TextField()
    version = models.IntegerField()
    submission_id = models.UUIDField()
    citizen_id = models.UUIDField()
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_dossier_head"


class Cancellation(models.Model):
    """A dossier taken back by its facility: why, by whom, with the signed answer. Never changed.

    version: the number that the cancellation took; submission_id: of the version that held until then.
    """

    pk = models.CompositePrimaryKey("facility_id", "kind", "code", "version")
    facility_id = models.UUIDField()
    kind = models.TextField()
    code = models.TextField()
    version = models.IntegerField()
    id = models.UUIDField(default=new_id)
    facility_code = models.CharField(max_length=5)
    province_code = models.CharField(max_length=2)
    submission_id = models.UUIDField()
    citizen_id = models.UUIDField()
    reason = models.TextField()
    cancelled_by = models.TextField()
    cancelled_at = models.DateTimeField()
    jws = models.TextField()

    class Meta:
        db_table = "exchange_cancellation"
        indexes = [
            models.Index(fields=["facility_id", "submission_id"], name="cancellation_of_submission"),
            models.Index(fields=["province_code", "-cancelled_at"], name="cancellation_of_province"),
        ]


class Record(models.Model):
    """One record of a person in one version: a visit, a prescription, a referral, an appointment …

    `summary` is what lists and the patient's one screen show; the full content is read from the kept bytes.
    compartment: empty, or the name of a restricted compartment (e.g. "hiv").
    """

    pk = models.CompositePrimaryKey("citizen_id", "id")
    citizen_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    facility_id = models.UUIDField()
    facility_code = models.CharField(max_length=5)
    submission_id = models.UUIDField()
    dossier_code = models.TextField()
    kind = models.TextField()
    version = models.IntegerField()
    is_current = models.BooleanField()
    outcome = models.TextField(choices=Outcome)
    happened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    summary = models.JSONField()
    compartment = models.TextField(default="")

    class Meta:
        db_table = "exchange_record"
        indexes = [
            models.Index(
                fields=["citizen_id", "-happened_at"],
                condition=models.Q(is_current=True),
                name="record_of_citizen_by_time",
            ),
            models.Index(fields=["facility_id", "submission_id"], name="record_of_submission"),
        ]


class DeliveryState(models.TextChoices):
    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    REFUSED = "refused"
    STUCK = "stuck"
    WITHDRAWN = "withdrawn"


class Delivery(models.Model):
    """One submission on its way to one destination. States and moves: `deliveries.rules.MOVES`.

    destination: a partner ("insurance"), or one of a family: "referral:<facility code>", "webhook:<subscription id>".
    due_at: not before this moment; while sending, the moment the lease of the worker ends. cause: why it is sent beside
    or after the first time: "" for what came in, "cancellation", or "<cause>:<number>" of an amended receipt.
    """

    pk = models.CompositePrimaryKey("facility_id", "id")
    facility_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    submission_id = models.UUIDField()
    facility_code = models.CharField(max_length=5)
    dossier_kind = models.TextField()
    dossier_code = models.TextField()
    version = models.IntegerField()
    destination = models.TextField()
    state = models.TextField(choices=DeliveryState)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    partner_reference = models.TextField(default="")
    answer = models.JSONField(null=True)
    last_error = models.TextField(default="")
    cause = models.TextField(default="", db_default="")

    class Meta:
        db_table = "exchange_delivery"
        constraints = [
            models.UniqueConstraint(
                fields=["facility_id", "submission_id", "destination", "cause", "dossier_kind", "dossier_code"],
                name="delivery_once_per_destination",
            )
        ]
        indexes = [
            models.Index(
                fields=["destination", "due_at"],
                condition=models.Q(state__in=["waiting", "sending"]),
                name="delivery_due",
            ),
            models.Index(
                fields=["facility_id", "dossier_code", "destination"],
                condition=~models.Q(state="delivered"),
                name="delivery_open_of_dossier",
            ),
        ]


class DeliveryEvent(models.Model):
    """What happened to a delivery, in order; written in the same transaction as the change itself."""

    pk = models.CompositePrimaryKey("facility_id", "id")
    facility_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    delivery_id = models.UUIDField()
    submission_id = models.UUIDField()
    at = models.DateTimeField()
    state = models.TextField(choices=DeliveryState)
    detail = models.JSONField()

    class Meta:
        db_table = "exchange_delivery_event"
        indexes = [models.Index(fields=["facility_id", "submission_id"], name="delivery_event_of_submission")]


class Counter(models.Model):
    """How many, kept in the transaction of the effect. Nobody counts rows on a screen.

    day: Viet Nam day of the submission. subject: "submission" (name: its format), "record" (name: its kind),
    "delivery" (name: its destination) or "cancellation" (name: the kind of dossier; day: of the cancellation). state: the
    outcome, or the delivery's present state.
    """

    pk = models.CompositePrimaryKey("facility_id", "day", "subject", "name", "state")
    facility_id = models.UUIDField()
    day = models.DateField()
    subject = models.TextField()
    name = models.TextField()
    state = models.TextField()
    province_code = models.CharField(max_length=2)
    number = models.BigIntegerField()

    class Meta:
        db_table = "exchange_counter"
        indexes = [models.Index(fields=["day", "province_code"], name="counter_of_province")]


class Policy(models.Model):
    """What follows from a finding, for a kind of record ("*": any), from one day to another. Data, not code."""

    finding_code = models.TextField()
    record_kind = models.TextField()
    outcome = models.TextField(choices=Outcome)
    valid = DateRangeField()
    source = models.TextField()

    class Meta:
        db_table = "exchange_policy"
        constraints = [
            ExclusionConstraint(
                name="policy_one_at_a_time",
                expressions=[
                    ("finding_code", RangeOperators.EQUAL),
                    ("record_kind", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]


class AuthorMention(models.Model):
    """A person named as an author in a dossier, on one day: found again by licence number, read from the kept bytes.

    number_key: of the licence alone (`base.licence_numbers`). acts: codes of `standing.acts.Act`. A later version of the
    dossier has rows of its own; which one holds now says the dossier's head.
    """

    pk = models.CompositePrimaryKey("facility_id", "submission_id", "dossier_code", "number_key", "happened_on")
    facility_id = models.UUIDField()
    submission_id = models.UUIDField()
    dossier_code = models.TextField()
    number_key = models.TextField()
    happened_on = models.DateField()
    facility_code = models.CharField(max_length=5)
    province_code = models.CharField(max_length=2)
    acts = ArrayField(models.TextField())

    class Meta:
        db_table = "exchange_author_mention"
        indexes = [models.Index(fields=["number_key", "happened_on"], name="mention_of_author_by_day")]


class MentionCursor(models.Model):
    """Up to which event of a facility's day in the journal the authors have been read.

    The journal numbers what a facility sent in the order in which it became visible: nothing can come before a number.
    """

    pk = models.CompositePrimaryKey("facility_id", "day")
    facility_id = models.UUIDField()
    day = models.DateField()
    number = models.IntegerField()

    class Meta:
        db_table = "exchange_mention_cursor"


class MentionProgress(models.Model):
    """One row: every submission that was answered before `complete_until` has been read for its authors."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    complete_until = models.DateTimeField()

    class Meta:
        db_table = "exchange_mention_progress"
        constraints = [models.CheckConstraint(name="mention_progress_is_one", condition=models.Q(id=1))]


class Reevaluation(models.Model):
    """One change of the registry that reaches into the past, and what it touched: the records of a person's or
    a facility's days are judged again as the registry now says.

    id: the entry of the history. subject_id: the person or the facility whose records. days: of Viet Nam, half-open.
    resume_…: the last submission judged. looked, changed: submissions judged, and those whose answer was amended.
    """

    id = models.BigIntegerField(primary_key=True)
    subject_id = models.UUIDField()
    days = DateRangeField()
    noted_at = models.DateTimeField()
    resume_facility_id = models.UUIDField(null=True)
    resume_submission_id = models.UUIDField(null=True)
    looked = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_reevaluation"
        indexes = [models.Index(fields=["id"], condition=models.Q(finished_at=None), name="reevaluation_open")]


class ReevaluationCursor(models.Model):
    """One row: up to where the history has been read for changes that reach into the past, and who reads now."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    xact = models.BigIntegerField()
    entry_id = models.BigIntegerField()
    lease_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_reevaluation_cursor"
        constraints = [models.CheckConstraint(name="reevaluation_cursor_is_one", condition=models.Q(id=1))]


class Subscription(models.Model):
    """An address of somebody's own to which the exchange sends by itself: no secret, our signature proves the sender.

    purpose: "events" (what happened, without personal data) or "referrals" (the dossiers of people referred to the
    facility). Whose: a facility's, a department's (province_code alone), or, without both, the whole country's.
    facility_code: of the facility. kinds: kinds of record it is about; empty: all. ends_at, paused_at: aware or None.
    A row is never deleted: its deliveries tell where they went.
    """

    class Purpose(models.TextChoices):
        EVENTS = "events"
        REFERRALS = "referrals"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.TextField(choices=Purpose)
    name = models.TextField()
    url = models.TextField()
    facility_id = models.UUIDField(null=True)
    facility_code = models.CharField(max_length=5, blank=True, default="")
    province_code = models.CharField(max_length=2, blank=True, default="")
    kinds = ArrayField(models.TextField(), default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_subscription"
        constraints = [
            models.UniqueConstraint(
                fields=["facility_code"],
                condition=models.Q(purpose="referrals", ends_at=None),
                name="subscription_one_referral_receiver",
            ),
            models.CheckConstraint(
                name="subscription_referrals_to_a_facility",
                condition=models.Q(purpose="events")
                | (models.Q(facility_id__isnull=False) & ~models.Q(facility_code="")),
            ),
            models.CheckConstraint(
                name="subscription_ends_after_its_start",
                condition=models.Q(ends_at=None) | models.Q(ends_at__gte=models.F("starts_at")),
            ),
        ]
