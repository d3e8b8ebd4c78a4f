"""What the pages of accounts share."""

from __future__ import annotations

from django.urls import reverse

from ymach.accounts.queries import (
    managed_invitations,
)
from ymach.base.actors import Actor
from ymach.base.clock import now
from ymach.base.text import Text
from ymach.web import units
from ymach.web.parts import Tab


def tabs(actor: Actor, here: str) -> list[Tab]:
    """The three lists of accounts' pages."""
    waiting = managed_invitations(actor, **units.reach(actor)).filter(outcome="", expires_at__gt=now())[:100].count()
    names = {
        "accounts": (Text("Tài khoản", "Accounts"), None),
        "invitations": (Text("Thư mời", "Invitations"), waiting),
        "delegations": (Text("Ủy quyền", "Delegations"), None),
    }
    return [Tab(label, reverse(name), name == here, count) for name, (label, count) in names.items()]
