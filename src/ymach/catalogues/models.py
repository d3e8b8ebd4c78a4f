"""Shared code lists with their releases. A code is judged by the release in force on the day of the visit.

A law may replace a list by one that is not held here. Such a release stays open (`valid` has no end) and says from
which day on it is out of date: `successor_missing_from`. It still answers, and what is found with it weighs less.
When the new list arrives, the old release is closed on that day and the mark is taken off.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from ymach.base.ids import new_id


class Catalogue(models.Model):
    """A code list under one name, through all its releases.

    `is_partial`: not every official code is held, so an unknown code proves nothing.
    """

    code = models.CharField(max_length=40, primary_key=True)
    name_vi = models.TextField()
    name_en = models.TextField()
    source = models.TextField()
    is_partial = models.BooleanField()

    class Meta:
        db_table = "catalogues_catalogue"

    def __str__(self) -> str:
        return self.code


class Release(models.Model):
    """The content of a catalogue over a period, as a decision fixed it.

    digest: SHA-256 of the file it was made from, hexadecimal. flags: columns of `Entry.extra` that rules ask for.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="releases")
    version = models.CharField(max_length=40)
    decision = models.TextField()
    valid = DateRangeField()
    successor_missing_from = models.DateField(null=True)
    flags = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    entries_count = models.IntegerField()
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "catalogues_release"
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "version"], name="release_version_once"),
            ExclusionConstraint(
                name="release_one_a_day",
                expressions=[("catalogue", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                name="release_outdated_within_its_days",
                condition=models.Q(successor_missing_from__isnull=True)
                | models.Q(valid__contains=models.F("successor_missing_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.catalogue_id} {self.version}"


class Entry(models.Model):
    """One code of one release. `extra` holds the list's further columns as text (class, sex, mark, chapter …)."""

    pk = models.CompositePrimaryKey("release_id", "code")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="entries", db_index=False)
    code = models.CharField(max_length=40)
    name_vi = models.TextField()
    name_en = models.TextField()
    name_folded = models.TextField()
    position = models.IntegerField()
    extra = models.JSONField(default=dict)

    class Meta:
        db_table = "catalogues_entry"
        indexes = [GinIndex(fields=["name_folded"], name="entry_name", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return f"{self.code} {self.name_vi}"


class ContentVersion(models.Model):
    """One row: a token that is new whenever a release changes, so that every process knows its cache is old.

    A token and not a counter: a load that is rolled back must not leave a number that the next load uses again.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField(default=new_id)

    class Meta:
        db_table = "catalogues_content_version"
        constraints = [models.CheckConstraint(name="content_version_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.token)
