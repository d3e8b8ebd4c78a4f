"""Users and the roles they hold, with locality and period."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from ymach.accounts.permissions import Role
from ymach.base.ids import new_id


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=(username or "").strip().casefold())


class User(AbstractBaseUser):
    """An account of one person (or one office). What it may do is told by its memberships alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=150, unique=True)
    email = models.EmailField(blank=True)
    full_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    # Sign-ins are events of the journal, not changes of the account.
    last_login = None

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "accounts_user"

    def __str__(self) -> str:
        return self.username


class Membership(models.Model):
    """One role of one user, limited to a province, a facility, a practitioner or a citizen, from one day to another.

    Ids of facility, practitioner and citizen are plain columns: accounts knows no other part of the registry.
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

    class Meta:
        db_table = "accounts_membership"
        constraints = [
            models.CheckConstraint(
                name="membership_limited_as_its_role_demands",
                condition=(
                    models.Q(role__in=["ministry", "auditor"])
                    | models.Q(role="department", province_code__isnull=False)
                    | models.Q(role="facility", facility_id__isnull=False)
                    | models.Q(role="practitioner", practitioner_id__isnull=False)
                    | models.Q(role="citizen", citizen_id__isnull=False)
                ),
            )
        ]
