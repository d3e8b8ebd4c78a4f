"""Who must set up a second factor before anything else."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from ymach.accounts.models import User
from ymach.accounts.signin.rules import needs_second_factor
from ymach.web.access import actor_of_request
from ymach.web.signin.ways import has_factor


def is_demanded(request: HttpRequest) -> bool:
    """Whether the account that is signed in may not be without a second factor (YMACH_SECOND_FACTOR)."""
    roles = (grant.role for grant in actor_of_request(request).grants)
    return settings.SECOND_FACTOR_REQUIRED and needs_second_factor(roles)


def must_set_up(request: HttpRequest) -> bool:
    """Whether it is, and has none yet."""
    user = request.user
    return isinstance(user, User) and is_demanded(request) and not has_factor(user)
