"""What the pages of reconciliation share."""

from __future__ import annotations

from django.urls import reverse

from ymach.accounts.permissions import Permission, may
from ymach.base.actors import Actor
from ymach.base.text import Text
from ymach.web.parts import Tab


def tabs(actor: Actor, here: str) -> list[Tab]:
    """The day's close, and the insurer's list for those who may see deliveries."""
    found = [Tab(Text("Theo ngày", "By day"), reverse("reconciliation"), here == "days", icon="receipt")]
    if may(actor, Permission.DELIVERY_SEE):
        words = Text("Với cổng giám định BHYT", "With the insurance portal")
        found.append(Tab(words, reverse("partner-lists"), here == "partners", icon="list"))
    return found
