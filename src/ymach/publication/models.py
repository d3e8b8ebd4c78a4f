"""What the public may know of licences, one row a licence, ready to be searched. Written by the database's triggers alone.

The running role may read these tables and never write them; `verification.verify_entries` proves that they equal what
the registry says.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from ymach.base.ids import new_id


class PublicationEntry(models.Model):
    """A licence with its holder's name and places of work: public fields only, never a birth date or a number of a person.

    suspensions: `[{from, until, part, scopes, decision}]`, days as ISO text, `until` the first day after or null; bans
    likewise, without scopes. replaced_by: the number of the licence that follows this one without a gap. revoked_on:
    the first day without it. places: `[{code, name, province, position, department, from, until, schedule}]`, the
    schedule as the text of an int4multirange. terms: folded words of the name, and tags `f_<facility code>`,
    `p_<province>`, `t_<title>`.
    """

    licence_id = models.UUIDField(primary_key=True)
    practitioner_id = models.UUIDField()
    name = models.TextField()
    folded = models.TextField()
    sort_key = models.TextField()
    title = models.TextField()
    generation = models.TextField()
    number = models.TextField()
    number_key = models.TextField()
    issuer = models.TextField()
    issued_on = models.DateField()
    valid = DateRangeField()
    scopes: ArrayField[list[str], list[str]] = ArrayField(models.TextField())
    suspensions = models.JSONField()
    bans = models.JSONField()
    revoked_on = models.DateField(null=True)
    revocation_decision = models.TextField(null=True)
    replaced_by = models.TextField(null=True)
    places = models.JSONField()
    terms = SearchVectorField()

    class Meta:
        db_table = "publication_entry"
        indexes = [
            models.Index(fields=["practitioner_id"], name="publication_practitioner"),
            # One index for the number as a whole and for its beginning.
            models.Index(OpClass("number_key", name="text_pattern_ops"), name="publication_number"),
            models.Index(OpClass("folded", name="text_pattern_ops"), "sort_key", name="publication_name"),
            GinIndex(fields=["terms"], name="publication_terms"),
        ]

    def __str__(self) -> str:
        return self.number


class PublicationWord(models.Model):
    """A folded word that some name has, or had: what a word with a typing error is compared with."""

    word = models.TextField(primary_key=True)

    class Meta:
        db_table = "publication_word"


class CheckList(models.Model):
    """A list that somebody asked to be checked: the lines as given, kept for the asker for a month."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    lines = models.JSONField()

    class Meta:
        db_table = "publication_check_list"
        indexes = [models.Index(fields=["asked_by", "asked_at"], name="check_list_of_asker")]
