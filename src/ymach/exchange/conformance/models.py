"""What is kept of conformance runs. The distribution key is the facility; nothing refers to another table."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ymach.base.ids import new_id


class ConformanceRun(models.Model):
    """One run of the kit by one facility's software. cases: what it was given to do. report: the signed verdict, "" until
    the run is finished. A facility has one unfinished run: opening another ends it without a verdict."""

    pk = models.CompositePrimaryKey("facility_id", "id")
    facility_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    facility_code = models.CharField(max_length=5)
    software = models.TextField(default="")
    cases = ArrayField(models.TextField())
    opened_at = models.DateTimeField()
    opened_by = models.TextField()
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    has_passed = models.BooleanField(null=True)
    report = models.TextField(default="")

    class Meta:
        db_table = "conformance_run"
        constraints = [
            models.UniqueConstraint(
                fields=["facility_id"],
                condition=models.Q(finished_at__isnull=True),
                name="conformance_run_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True, has_passed__isnull=True, report="")
                | (models.Q(finished_at__isnull=False, has_passed__isnull=False) & ~models.Q(report="")),
                name="conformance_run_finished_has_report",
            ),
        ]


class ConformanceTry(models.Model):
    """The last dry run of one case within an unfinished run: what was sent and what came out of it."""

    pk = models.CompositePrimaryKey("facility_id", "run_id", "case")
    facility_id = models.UUIDField()
    run_id = models.UUIDField()
    case = models.TextField()
    at = models.DateTimeField()
    digest = models.BinaryField()
    status = models.IntegerField()
    outcome = models.TextField()
    finding_codes = ArrayField(models.TextField())
    tries = models.IntegerField(default=1)

    class Meta:
        db_table = "conformance_try"
