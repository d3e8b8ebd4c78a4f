"""The policy of a day, its past and future, and the changes asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from ymach.base.kept import Kept
from ymach.exchange.models import Policy
from ymach.exchange.policies.errors import PolicyNotFound
from ymach.exchange.policies.models import PolicyChange, State
from ymach.exchange.policies.rules import PolicySet


def _load(day: date) -> PolicySet:
    rows = Policy.objects.filter(valid__contains=day).values_list("finding_code", "record_kind", "outcome")
    return PolicySet({(code, kind): outcome for code, kind, outcome in rows})


policy_on = Kept(_load, size=40)
"""The policy in force on a day (Viet Nam); a change takes effect within five seconds everywhere."""


def rows_from(day: date) -> Mapping[str, list[Policy]]:
    """The rows by finding that hold on a day (Viet Nam) or later, for any kind first, in the order of their days."""
    found: dict[str, list[Policy]] = defaultdict(list)
    open_still = Q(valid__upper_inf=True) | Q(valid__endswith__gt=day)
    for row in Policy.objects.filter(open_still).order_by("finding_code", "record_kind", "valid"):
        found[row.finding_code].append(row)
    return found


def rows_of(finding_code: str) -> QuerySet[Policy]:
    """Every row there ever was about a finding, by kind, the newest first."""
    return Policy.objects.filter(finding_code=finding_code).order_by("record_kind", "-valid")


def get_change(change_id: UUID) -> PolicyChange:
    """One change. Raises PolicyNotFound."""
    found = PolicyChange.objects.filter(pk=change_id).first()
    if found is None:
        raise PolicyNotFound
    return found


def changes_waiting() -> QuerySet[PolicyChange]:
    """What waits to be confirmed, the latest first."""
    return PolicyChange.objects.filter(state=State.PROPOSED).order_by("-proposed_at")


def changes_of(finding_code: str) -> QuerySet[PolicyChange]:
    """What was ever asked for about a finding, the latest first; drafts and what was taken back are not told."""
    left_out = [State.DRAFT, State.WITHDRAWN]
    return PolicyChange.objects.filter(finding_code=finding_code).exclude(state__in=left_out).order_by("-proposed_at")
