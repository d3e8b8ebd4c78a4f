"""Changes of policy: what the ministry means to change, what it would have done, who asked and who confirmed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from ymach.base.ids import new_id
from ymach.exchange.models import Outcome


class State(models.TextChoices):
    """Where a change stands: drafted and reckoned, waiting for a second account, written, refused, taken back."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class PolicyChange(models.Model):
    """One row of policy that is to hold from a day on.

    record_kind: "*" for any. starts_on: Viet Nam, later than the day of the confirmation. preview: what it would have
    done (`preview.Reckoning`), reckoned in steps. stops: records among these that would have been held or rejected and
    were not; the proposer has to write this number.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    finding_code = models.TextField()
    record_kind = models.TextField()
    outcome = models.TextField(choices=Outcome)
    starts_on = models.DateField()
    reason = models.TextField()
    decision_number = models.TextField()
    state = models.TextField(choices=State, default=State.DRAFT)
    preview: Any = models.JSONField(default=dict)
    is_reckoned = models.BooleanField(default=False)
    stops = models.IntegerField(default=0)
    proposed_by = models.TextField()
    proposed_by_label = models.TextField()
    proposed_at = models.DateTimeField()
    decided_by = models.TextField(default="")
    decided_by_label = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(default="")

    class Meta:
        db_table = "exchange_policy_change"
        constraints = [
            models.UniqueConstraint(
                fields=["finding_code", "record_kind"],
                condition=Q(state="proposed"),
                name="policy_change_one_at_a_time",
            ),
            models.CheckConstraint(name="policy_change_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="policy_change_confirmed_by_another",
                condition=~Q(state="confirmed") | (~Q(decided_by="") & ~Q(decided_by=models.F("proposed_by"))),
            ),
        ]
        indexes = [models.Index(fields=["state", "-proposed_at"], name="policy_change_by_state")]
