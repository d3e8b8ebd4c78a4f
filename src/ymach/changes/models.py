"""Changes as things of their own: who asks for what, on what evidence, where it is, who decided.

A request is no fact of the registry: its steps, which nobody can rewrite, are its history. What it brings about is
written by an action of practitioners or facilities and recorded there by the history triggers.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id


class State(models.TextChoices):
    """Where a request stands. `applied` is the subject's own word: it held at once, nobody decides."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPLIED = "applied"


OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED)
SETTLED = (State.APPROVED, State.REJECTED, State.WITHDRAWN, State.APPLIED)


class SubjectKind(models.TextChoices):
    PRACTITIONER = "practitioner"
    FACILITY = "facility"


class ChangeRequest(models.Model):
    """One change asked for, of one subject, by field.

    subject_id: null for somebody who is not in the registry yet. subject_label: the subject's name when it was asked.
    province_code: of the department that decides; facility_id, practitioner_id: whom it concerns, besides.
    before, proposed: values by field name, as the kind writes them. seen_revision: of the subject's profile.
    needs: what must be confirmed before it is ready; given: by whom and when. due_on: the last day of the legal term.
    warnings: what was worth saying when it was sent, as `code`, `vi`, `en`; nothing is refused for these.
    publish_on: the day on which the department publishes what it approved.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.TextField()
    subject_kind = models.CharField(max_length=12, choices=SubjectKind)
    subject_id = models.UUIDField(null=True)
    subject_label = models.TextField()
    province_code = models.CharField(max_length=2)
    facility_id = models.UUIDField(null=True)
    practitioner_id = models.UUIDField(null=True)
    state = models.CharField(max_length=9, choices=State)
    before: Any = models.JSONField(default=dict)
    proposed: Any = models.JSONField(default=dict)
    seen_revision = models.IntegerField(null=True)
    needs: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    given: Any = models.JSONField(default=dict)
    warnings: Any = models.JSONField(default=list)
    is_ready = models.BooleanField(default=False)
    made_by = models.TextField()
    made_by_label = models.TextField()
    made_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    clock = models.TextField(blank=True, default="")
    due_on = models.DateField(null=True)
    decided_by = models.TextField(blank=True, default="")
    decided_by_label = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decision_number = models.TextField(blank=True, default="")
    publish_on = models.DateField(null=True)
    note = models.TextField(blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "changes_request"
        indexes = [
            # The worklist: what waits for a department, the most urgent first; one index per way of narrowing it.
            models.Index(
                fields=["province_code", "due_on", "id"],
                name="change_worklist",
                condition=Q(state="submitted", is_ready=True),
            ),
            models.Index(
                fields=["province_code", "kind", "due_on", "id"],
                name="change_worklist_kind",
                condition=Q(state="submitted", is_ready=True),
            ),
            models.Index(
                fields=["province_code", "facility_id", "due_on", "id"],
                name="change_worklist_place",
                condition=Q(state="submitted", is_ready=True),
            ),
            models.Index(fields=["province_code", "state", "-changed_at"], name="change_by_state"),
            models.Index(fields=["made_by", "-changed_at"], name="change_made_by"),
            models.Index(fields=["facility_id", "-changed_at"], name="change_of_facility"),
            models.Index(fields=["practitioner_id", "-changed_at"], name="change_of_practitioner"),
            models.Index(fields=["subject_id", "kind"], name="change_of_subject", condition=Q(state__in=OPEN)),
        ]
        constraints = [
            models.CheckConstraint(name="change_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="change_subject_kind", condition=Q(subject_kind__in=SubjectKind.values)),
            models.CheckConstraint(
                name="change_submitted_has_a_moment", condition=~Q(state="submitted") | Q(submitted_at__isnull=False)
            ),
            models.CheckConstraint(
                name="change_decided_has_a_name",
                condition=~Q(state__in=["approved", "rejected"]) | (Q(decided_at__isnull=False) & ~Q(decided_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class ChangeStep(models.Model):
    """One move of a request. The running role may add steps, never change or delete them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="steps")
    act = models.TextField()
    state = models.CharField(max_length=9, choices=State)
    by = models.TextField()
    by_label = models.TextField()
    at = models.DateTimeField()
    note = models.TextField(blank=True, default="")
    proposed: Any = models.JSONField(null=True)

    class Meta:
        db_table = "changes_step"


class Evidence(models.Model):
    """A paper given with a request, as it is kept: drawn anew (pictures) or checked through (PDF).

    sha256: of the bytes kept; received_sha256: of the bytes received. request: null while the form it came with is
    not submitted. Width and height in pixels for pictures, pages for PDF.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="evidence", null=True)
    sha256 = models.CharField(max_length=64)
    received_sha256 = models.CharField(max_length=64)
    media_type = models.TextField()
    size = models.IntegerField()
    name = models.TextField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    pages = models.IntegerField(null=True)
    was_scanned = models.BooleanField(default=False)
    uploaded_by = models.TextField()
    uploaded_by_label = models.TextField()
    uploaded_at = models.DateTimeField()

    class Meta:
        db_table = "changes_evidence"
        indexes = [models.Index(fields=["uploaded_at"], name="evidence_loose", condition=Q(request__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="evidence_media_type",
                condition=Q(media_type__in=["application/pdf", "image/jpeg", "image/png"]),
            )
        ]

    def __str__(self) -> str:
        return self.name


class EvidenceContent(models.Model):
    """The bytes of a piece of evidence, apart from what lists of it need."""

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, primary_key=True, related_name="content")
    content = models.BinaryField()

    class Meta:
        db_table = "changes_evidence_content"


class Deadline(models.Model):
    """What the law makes due about a person, kept by triggers when licences and registrations change.

    One row for each department that answers: of the licence's issuer, and of the provinces in which the person is
    registered. what: "renewal" or "idle"; licence_until: the day from which the licence holds no longer; place_until: the
    day from which the province answers no longer; is_first: one row of each person and matter, for counting people once.
    """

    pk = models.CompositePrimaryKey("practitioner_id", "what", "province_code")
    practitioner_id = models.UUIDField()
    what = models.TextField()
    province_code = models.CharField(max_length=2)
    due_on = models.DateField()
    licence = models.TextField()
    licence_until = models.DateField(null=True)
    place_until = models.DateField(null=True)
    is_first = models.BooleanField()

    class Meta:
        db_table = "changes_deadline"
        indexes = [
            models.Index(fields=["province_code", "what", "due_on", "practitioner_id"], name="deadline_of_province"),
            models.Index(
                fields=["what", "due_on", "practitioner_id"], name="deadline_by_day", condition=Q(is_first=True)
            ),
        ]


class Reminder(models.Model):
    """Somebody was reminded, once for each subject, matter, mark (days before) and last day. due_on belongs to the key:
    what is due again on another day is reminded again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.TextField()
    what = models.TextField()
    mark = models.SmallIntegerField()
    due_on = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        db_table = "changes_reminder"
        constraints = [
            models.UniqueConstraint(name="reminder_once", fields=["subject", "what", "mark", "due_on"]),
        ]


class RemindedThrough(models.Model):
    """Up to which last day everybody was reminded of a matter at a mark: the next run goes on from there."""

    pk = models.CompositePrimaryKey("what", "mark")
    what = models.TextField()
    mark = models.SmallIntegerField()
    due_on = models.DateField()

    class Meta:
        db_table = "changes_reminded_through"


class Answered(models.Model):
    """What a program was answered under its own key, so that the same request sent twice is carried out once.

    digest: SHA-256 of method, address and body.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    by = models.TextField()
    key = models.TextField()
    digest = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "changes_answered"
        indexes = [models.Index(fields=["at"], name="answered_by_age")]
        constraints = [models.UniqueConstraint(name="answered_once", fields=["by", "key"])]


class StaffList(models.Model):
    """A staff list that a facility uploaded: each line is checked, looked at, then sent as a request of its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    facility_id = models.UUIDField()
    name = models.TextField()
    made_by = models.TextField()
    made_by_label = models.TextField()
    made_at = models.DateTimeField()
    is_sending = models.BooleanField(default=False)

    class Meta:
        db_table = "changes_staff_list"
        indexes = [
            models.Index(fields=["facility_id", "-made_at"], name="staff_list_of_facility"),
            models.Index(fields=["made_at"], name="staff_list_by_age"),
        ]


class StaffLine(models.Model):
    """One line of a staff list. cells: as written, by the name of the field; errors: [field, vi, en]; values: of the request.

    state: "new" (not checked yet), "wrong", "ready", "sent". request_id: of the request it became.
    """

    class State(models.TextChoices):
        NEW = "new"
        WRONG = "wrong"
        READY = "ready"
        SENT = "sent"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff_list = models.ForeignKey(StaffList, on_delete=models.CASCADE, related_name="lines")
    number = models.IntegerField()
    cells: Any = models.JSONField()
    state = models.CharField(max_length=5, choices=State, default=State.NEW)
    practitioner_id = models.UUIDField(null=True)
    who = models.TextField(blank=True, default="")
    values: Any = models.JSONField(default=dict)
    errors: Any = models.JSONField(default=list)
    warnings: Any = models.JSONField(default=list)
    request_id = models.UUIDField(null=True)

    class Meta:
        db_table = "changes_staff_line"
        constraints = [
            models.UniqueConstraint(name="staff_line_once", fields=["staff_list", "number"]),
            models.CheckConstraint(name="staff_line_state", condition=Q(state__in=["new", "wrong", "ready", "sent"])),
        ]
        indexes = [models.Index(fields=["staff_list", "state", "number"], name="staff_line_by_state")]
