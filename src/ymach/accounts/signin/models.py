"""How often somebody has done something lately, whose VNeID opened which account, links to new passwords.

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


class PasswordLetter(models.Model):
    """The one link by which the owner of an account may choose a new password; gone once it has been used.

    Of the link's token only the SHA-256 is kept (hexadecimal). letter_id: of the letter that carried the link.
    """

    user = models.OneToOneField(User, on_delete=models.PROTECT, primary_key=True, related_name="password_letter")
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    letter_id = models.UUIDField()

    class Meta:
        db_table = "signin_password_letter"
