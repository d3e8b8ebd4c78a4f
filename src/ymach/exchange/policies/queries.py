"""The policy of a day."""

from __future__ import annotations

from datetime import date

from ymach.base.kept import Kept
from ymach.exchange.models import Policy
from ymach.exchange.policies.rules import PolicySet


def _load(day: date) -> PolicySet:
    rows = Policy.objects.filter(valid__contains=day).values_list("finding_code", "record_kind", "outcome")
    return PolicySet({(code, kind): outcome for code, kind, outcome in rows})


policy_on = Kept(_load, size=40)
"""The policy in force on a day (Viet Nam); a change takes effect within five seconds everywhere."""
