"""What the population database answered about people in the registry; an answer is never changed, only followed by another."""

from __future__ import annotations

from typing import Any

from django.db import models

from ymach.base.ids import new_id
from ymach.population.rules import Outcome


class PopulationCheck(models.Model):
    """One check of one person. The number itself stays with the person: here is only what came out, field by field.

    subject_kind: "practitioner", or the kind of another record that holds a number. fields: by field, one of
    `rules.Sameness`. source: which database answered. checked_by: the actor.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    outcome = models.CharField(max_length=14, choices=[(one.value, one.value) for one in Outcome])
    fields: Any = models.JSONField(default=dict)
    source = models.CharField(max_length=40)
    at = models.DateTimeField()
    checked_by = models.TextField()

    class Meta:
        db_table = "population_check"
        indexes = [models.Index(fields=["subject_id", "-at"], name="population_check_subject")]
        constraints = [
            models.CheckConstraint(
                name="population_check_outcome", condition=models.Q(outcome__in=[one.value for one in Outcome])
            )
        ]
