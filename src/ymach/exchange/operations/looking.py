"""The picture of the running system, gathered for an operator: what the database says, and the disk of this machine."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from ymach.accounts.permissions import Permission, require
from ymach.base import pg
from ymach.base.actors import Actor
from ymach.base.history.settling import waiting
from ymach.base.kept import Kept
from ymach.exchange import mentions
from ymach.exchange.channels.registry import installed
from ymach.exchange.deliveries.names import DESTINATIONS, DISPENSING
from ymach.exchange.operations import certificates, queries
from ymach.exchange.operations.troubles import Disk, Picture
from ymach.notices.outbox import waiting_count

MOST = 1000
_GROUPS = """
WITH RECURSIVE each AS (
  (SELECT destination FROM exchange_delivery WHERE state IN ('waiting', 'sending', 'stuck', 'refused')
    ORDER BY destination LIMIT 1)
  UNION ALL
  SELECT (SELECT d.destination FROM exchange_delivery d WHERE d.state IN ('waiting', 'sending', 'stuck', 'refused')
    AND d.destination > CASE WHEN each.destination LIKE 'dispensing:%%' THEN %(last)s ELSE each.destination END
    ORDER BY d.destination LIMIT 1)
  FROM each WHERE each.destination IS NOT NULL
), ranges AS (
  SELECT CASE WHEN one THEN 'dispensing' ELSE destination END AS name,
    CASE WHEN one THEN 'dispensing:' ELSE destination END AS low,
    CASE WHEN one THEN %(last)s ELSE destination END AS high
  FROM (SELECT destination, destination LIKE 'dispensing:%%' AS one FROM each WHERE destination IS NOT NULL) AS these
), left_ones AS (
  SELECT name, 'stuck' AS state,
    (SELECT count(*) FROM (SELECT FROM exchange_delivery d WHERE d.destination BETWEEN low AND high
      AND d.state = 'stuck' LIMIT %(most)s) AS these) AS number,
    (SELECT min(d.created_at) FROM exchange_delivery d WHERE d.destination BETWEEN low AND high AND d.state = 'stuck')
      AS since
  FROM ranges
  UNION ALL
  SELECT name, 'refused',
    (SELECT count(*) FROM (SELECT FROM exchange_delivery d WHERE d.destination BETWEEN low AND high
      AND d.state = 'refused' LIMIT %(most)s) AS these),
    (SELECT min(d.created_at) FROM exchange_delivery d WHERE d.destination BETWEEN low AND high AND d.state = 'refused')
  FROM ranges
)
SELECT name, state, number, since FROM left_ones WHERE number > 0 ORDER BY name, state LIMIT 200
"""
_LAST_DISPENSING = f"{DISPENSING}:ffffffff"
"""After every dispensing's destination: each has one of its own, and all go to one system, so they are one group."""


@dataclass(frozen=True, slots=True)
class Group:
    """What is left at one destination in one state. number: counted up to MOST. oldest_at: since when the first."""

    destination: str
    state: str
    number: int
    oldest_at: datetime


def picture(by: Actor, *, at: datetime) -> Picture:
    """The system as it is at `at`. Raises NotAllowed without the word to operate it."""
    require(by, Permission.PLATFORM_OPERATE)
    disk = shutil.disk_usage(settings.ENVIRONMENT.var)
    ending, expiring = _certificates(at.replace(second=0, microsecond=0))
    return Picture(
        at=at,
        destinations=queries.destinations(DESTINATIONS, at=at, used=installed(settings.ENVIRONMENT)),
        workers=queries.workers(at=at),
        database=queries.database(at=at),
        disk=Disk(disk.total, disk.free),
        is_watched=queries.is_watched(at=at),
        mentions_until=mentions.complete_until(),
        settling=waiting(),
        letters=waiting_count(),
        ending=ending,
        expiring=expiring,
    )


def left_by_hand(by: Actor) -> Sequence[Group]:
    """What stays until somebody acts, by destination and state, along an index. Raises NotAllowed."""
    require(by, Permission.PLATFORM_OPERATE)
    return [Group(*row) for row in pg.ask(_GROUPS, {"most": MOST, "last": _LAST_DISPENSING})()]


def _count_certificates(at: datetime) -> tuple[int, int]:
    ours = certificates.ending_of_others(at=at, within=timedelta(days=max(certificates.MARKS)))
    theirs = certificates.weeks_of_facilities(at=at)
    return len(ours), theirs[0]


_certificates: Kept[datetime, tuple[int, int]] = Kept(_count_certificates, seconds=60, size=2)
