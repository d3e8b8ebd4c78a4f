"""How often somebody has done something lately, and whose VNeID opened which account.

The counters are no facts: they have no history and are forgotten with their window."""

from __future__ import annotations

from django.db import models

from ymach.accounts.models import User


class Taken(models.Model):
    """What one key has taken of its allowance since its window began. The table is unlogged: a crash forgives."""

    key = models.BinaryField(primary_key=True)
    what = models.TextField()
    count = models.IntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "signin_taken"
        indexes = [models.Index(fields=["ends_at"], name="signin_taken_ends")]


class VneidLink(models.Model):
    """A person at VNeID whose sign-in opened an account. subject: keyed hash of what VNeID calls the person."""

    subject = models.BinaryField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="vneid_links")
    linked_at = models.DateTimeField()

    class Meta:
        db_table = "signin_vneid_link"
