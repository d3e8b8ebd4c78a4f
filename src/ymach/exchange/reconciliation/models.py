"""What was compared, by whom, and what differed. Kept for ever: who closed which day is asked later."""

from __future__ import annotations

from django.db import models

from ymach.base.ids import new_id


class DayCompared(models.Model):
    """A facility's list of one day (Viet Nam) against ours. theirs: files in its list; held: files we received that day.

    found: the first differences by name ("missing", "extra", "different"), as they were answered.
    """

    pk = models.CompositePrimaryKey("facility_id", "id")
    facility_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    facility_code = models.CharField(max_length=5)
    province_code = models.CharField(max_length=2)
    day = models.DateField()
    compared_at = models.DateTimeField()
    compared_by = models.TextField()
    theirs = models.IntegerField()
    held = models.IntegerField()
    matched = models.IntegerField()
    missing = models.IntegerField()
    extra = models.IntegerField()
    different = models.IntegerField()
    found = models.JSONField()

    class Meta:
        db_table = "reconciliation_day"
        indexes = [
            models.Index(fields=["facility_id", "day", "-compared_at"], name="compared_day_of_facility"),
            models.Index(fields=["day", "province_code"], name="compared_day_of_province"),
        ]


class PartnerCompared(models.Model):
    """A partner's list against our deliveries to it. facility_id, province_code: whose; neither: the whole country's.

    first_day, last_day: the days (Viet Nam) of submissions it covers, both included. lines: in its list. compared:
    deliveries of ours. missing_there, missing_here, other_version, other_state: how many of each.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    destination = models.TextField()
    facility_id = models.UUIDField(null=True)
    facility_code = models.CharField(max_length=5, blank=True, default="")
    province_code = models.CharField(max_length=2, blank=True, default="")
    first_day = models.DateField()
    last_day = models.DateField()
    compared_at = models.DateTimeField()
    compared_by = models.TextField()
    lines = models.IntegerField()
    compared = models.IntegerField()
    agreed = models.IntegerField()
    missing_there = models.IntegerField()
    missing_here = models.IntegerField()
    other_version = models.IntegerField()
    other_state = models.IntegerField()
    found = models.JSONField()

    class Meta:
        db_table = "reconciliation_partner"
        indexes = [models.Index(fields=["-compared_at"], name="compared_partner_by_time")]
