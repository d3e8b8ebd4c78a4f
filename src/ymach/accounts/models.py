"""Users and the roles they hold, with locality and period."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from ymach.accounts.permissions import Role
from ymach.base.ids import new_id


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=(username or "").strip().casefold())


class User(AbstractBaseUser):
    """An account of one person (or one office). What it may do is told by its memberships alone.

    A suspended account cannot sign in, and its sessions are over: `session_generation` moves on, so that none of them
    comes back to life when the account is restored.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    full_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True)
    suspended_by = models.TextField(blank=True, default="")
    suspended_why = models.TextField(blank=True, default="")
    session_generation = models.IntegerField(default=0)
    # Sign-ins are events of the journal, not changes of the account.
    last_login = None

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "accounts_user"
        constraints = [
            models.UniqueConstraint(name="user_email_once", fields=["email"], condition=~Q(email="")),
            models.CheckConstraint(
                name="user_suspended_by_somebody",
                condition=Q(is_active=True, suspended_at=None)
                | (Q(is_active=False, suspended_at__isnull=False) & ~Q(suspended_by="") & ~Q(suspended_why="")),
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        value = f"{self.password}\n{self.session_generation}"
        return salted_hmac("ymach.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()


class Membership(models.Model):
    """One role of one user, limited to a province, a facility, a practitioner or a citizen, from one day to another.

    Ids of facility, practitioner and citizen are plain columns: accounts knows no other part of the registry.
    delegated_from: the membership of the colleague who lent this one; it counts only while that one does. words: the
    part of the role that was lent; null for the whole role. ended_at: taken back, at that moment and not at the day's end.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    province_code = models.CharField(max_length=2, null=True)
    facility_id = models.UUIDField(null=True)
    practitioner_id = models.UUIDField(null=True)
    citizen_id = models.UUIDField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    words: ArrayField[list[str] | None, list[str] | None] = ArrayField(models.TextField(), null=True)
    delegated_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="delegations")
    given_by = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")
    ended_why = models.TextField(blank=True, default="")

    class Meta:
        db_table = "accounts_membership"
        indexes = [
            models.Index(
                fields=["province_code"], name="membership_province", condition=Q(province_code__isnull=False)
            ),
            models.Index(fields=["facility_id"], name="membership_facility", condition=Q(facility_id__isnull=False)),
            models.Index(
                fields=["practitioner_id"], name="membership_practitioner", condition=Q(practitioner_id__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="membership_delegated_for_a_year_at_most",
                condition=Q(delegated_from=None)
                | Q(
                    valid_to__isnull=False,
                    valid_to__gt=models.F("valid_from"),
                    valid_to__lte=models.F("valid_from") + timedelta(days=366),
                ),
            ),
            models.CheckConstraint(
                name="membership_ended_by_somebody",
                condition=Q(ended_at=None, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
            ),
            models.CheckConstraint(
                name="membership_limited_as_its_role_demands",
                condition=(
                    Q(role__in=["ministry", "auditor"])
                    | Q(role__in=["department", "department-admin"], province_code__isnull=False)
                    | Q(role="facility", facility_id__isnull=False)
                    | Q(role="practitioner", practitioner_id__isnull=False)
                    | Q(role="citizen", citizen_id__isnull=False)
                ),
            ),
        ]


class Invitation(models.Model):
    """A role offered to an e-mail address. Whoever opens the link in time makes the account; once.

    Of the link's token only the SHA-256 is kept (hexadecimal). wrong_numbers: how often a personal number was stated
    that is not the practitioner's; after too many the invitation is void. letter_id: of the letter that carried the link.
    words: the part of the role that is offered, null for all of it.
    """

    class State(models.TextChoices):
        OPEN = "open"
        EXPIRED = "expired"
        ACCEPTED = "accepted"
        WITHDRAWN = "withdrawn"
        VOID = "void"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField()
    full_name = models.CharField(max_length=200, blank=True, default="")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    province_code = models.CharField(max_length=2, null=True)
    facility_id = models.UUIDField(null=True)
    practitioner_id = models.UUIDField(null=True)
    words: ArrayField[list[str] | None, list[str] | None] = ArrayField(models.TextField(), null=True)
    token_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    created_by_label = models.TextField()
    sent_at = models.DateTimeField()
    times_sent = models.IntegerField(default=1)
    letter_id = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    wrong_numbers = models.IntegerField(default=0)
    outcome = models.CharField(max_length=9, blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(blank=True, default="")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="invitations")

    class Meta:
        db_table = "accounts_invitation"
        indexes = [
            models.Index(fields=["facility_id"], name="invitation_facility", condition=Q(facility_id__isnull=False)),
            models.Index(
                fields=["province_code"], name="invitation_province", condition=Q(province_code__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="invitation_token_once", fields=["token_digest"]),
            models.UniqueConstraint(
                name="invitation_offered_once_at_a_time",
                fields=["email", "role", "province_code", "facility_id", "practitioner_id"],
                condition=Q(outcome=""),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="invitation_settled_by_somebody",
                condition=Q(outcome="", settled_at=None)
                | (Q(outcome__in=["accepted", "withdrawn", "void"], settled_at__isnull=False) & ~Q(settled_by="")),
            ),
            models.CheckConstraint(
                name="invitation_limited_as_its_role_demands",
                condition=(
                    Q(role__in=["ministry", "auditor"], province_code=None, facility_id=None, practitioner_id=None)
                    | Q(role__in=["department", "department-admin"], province_code__isnull=False)
                    | Q(role="facility", facility_id__isnull=False)
                    | Q(role="practitioner", practitioner_id__isnull=False)
                ),
            ),
        ]

    def state_at(self, at: datetime) -> str:
        """One of State at the moment `at`."""
        return self.outcome or (self.State.EXPIRED if self.expires_at <= at else self.State.OPEN)


class SystemClient(models.Model):
    """A system that is no facility's, e.g. a department's own: it signs in by the certificate registered here.

    client_id: six characters at least, so that it is never a facility's code. role and province_code limit what it sees.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client_id = models.CharField(max_length=20)
    name = models.TextField()
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in Role])
    province_code = models.CharField(max_length=2, null=True)
    certificate = models.BinaryField()
    created_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_system_client"
        constraints = [
            models.UniqueConstraint(name="system_client_once", fields=["client_id"]),
            models.CheckConstraint(name="system_client_form", condition=Q(client_id__regex=r"^[0-9A-Za-z]{6,20}$")),
            models.CheckConstraint(
                name="system_client_limited_as_its_role_demands",
                condition=Q(role="ministry", province_code=None) | Q(role="department", province_code__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.client_id
