"""Refusals that the journal must know: attempts outside one's unit, invitations that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from ymach.accounts.errors import AccountNotFound, InvitationError
from ymach.audit.refusals import refusals_recorded
from ymach.base.clock import now
from ymach.base.errors import NotAllowed
from ymach.web.access import actor_of_request

KINDS = (NotAllowed, AccountNotFound, InvitationError)


@contextmanager
def journaled(request: HttpRequest, action: str, subject: str) -> Iterator[None]:
    """Run the block; a refusal about accounts is written to the registry's own journal, and raised on."""
    with refusals_recorded(action, subject, by=actor_of_request(request), at=now(), kinds=KINDS):
        yield
