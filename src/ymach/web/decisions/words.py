"""Every decision, by its word, in the order in which people look for them."""

from __future__ import annotations

from ymach.web.decisions.contract import Decision, DecisionUnknown
from ymach.web.decisions.learning import VERIFY_CME, VERIFY_DIPLOMA
from ymach.web.decisions.licences import CHANGE, CONVERT, GRANT
from ymach.web.decisions.stops import BAN, END_BAN, LIFT, RETURN, REVOKE, SUSPEND

GROUPS = ((GRANT, CONVERT, CHANGE), (SUSPEND, LIFT, RETURN, REVOKE, BAN, END_BAN), (VERIFY_DIPLOMA, VERIFY_CME))
DECISIONS = {one.word: one for group in GROUPS for one in group}


def decision_named(word: str) -> Decision:
    """The decision of that word. Raises DecisionUnknown."""
    found = DECISIONS.get(word)
    if found is None:
        raise DecisionUnknown
    return found
