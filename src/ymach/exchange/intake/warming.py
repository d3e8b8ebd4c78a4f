"""What the first submission after a start would wait for, done before the first request."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable

from django.db import DatabaseError, connections

from ymach.base.clock import now, vietnam_day
from ymach.catalogues.queries import codes
from ymach.exchange.findings import catalogue
from ymach.exchange.intake.checks.codes import LISTS
from ymach.exchange.platform import access_tokens, issuer
from ymach.exchange.policies.queries import policy_on
from ymach.formats.xml130.schema import tables
from ymach.practitioners.standing.acts import allowances
from ymach.trust.queries import trust_store

log = logging.getLogger(__name__)


def warm_up() -> None:
    """Load code lists, policy, trust store, tables and keys into this process. A database that is away is no obstacle:
    the first requests then wait instead."""
    today = vietnam_day(now())
    steps: list[Callable[[], object]] = [catalogue, tables, allowances, issuer, access_tokens, trust_store]
    steps += [lambda name=name: codes(name, today) for name in LISTS]  # type: ignore[misc]
    steps.append(lambda: policy_on(today))
    try:
        for step in steps:
            step()
    except DatabaseError:
        log.warning("the database is not ready: the first submissions will wait a little longer")
    finally:
        # The thread that warms up is not one of those that answer.
        connections.close_all()
    # What is loaded now stays: the collector of garbage need not walk through it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
