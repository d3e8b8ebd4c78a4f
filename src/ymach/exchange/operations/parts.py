"""What a worker does beside deliveries: every part by its name, as operators choose it and as the watch tells it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from django.conf import settings

from ymach.base.actors import command
from ymach.base.errors import Misconfigured
from ymach.base.rounds import Chores, Seldom, Stopped, never
from ymach.changes import housekeeping
from ymach.citizens.emergency_cards.actions import end_with_proxies
from ymach.citizens.matching.actions import compare_new
from ymach.citizens.requests import reminders as requests
from ymach.exchange.appointments import following as appointments
from ymach.exchange.events.teller import Teller
from ymach.exchange.held.reminders import remind_overdue
from ymach.exchange.journal import keeper
from ymach.exchange.mentions import Reader
from ymach.exchange.operations.certificates import warn
from ymach.exchange.platform import platform_key
from ymach.exchange.reading import reminders as reviews
from ymach.exchange.reevaluation.worker import Reevaluator
from ymach.exchange.referrals import following as referrals
from ymach.exchange.subscriptions.receivers import SubscribedReceivers
from ymach.exchange.uploads import actions as uploads
from ymach.figures.keeping import tend
from ymach.notices.outbox import waiting_count
from ymach.notices.post import MailServer, Post, Stationery
from ymach.notices.postman import Postman
from ymach.trust import actions as trust

logger = logging.getLogger(__name__)
REMINDERS_PAUSE, FOLLOWING_PAUSE, REVOCATION_PAUSE = 15 * 60.0, 15.0, 60 * 60.0
MATCHING_PAUSE = 10.0
"""Seconds between two rounds."""
APPOINTMENTS_EVERY, CARDS_EVERY = timedelta(minutes=30), timedelta(hours=1)


class Part(Protocol):
    """Works in a thread of its own until told to stop, or with `once` until nothing more is due now; tally: of what how many."""

    @property
    def tally(self) -> Mapping[str, int]: ...
    def run(self, *, once: bool = False) -> Mapping[str, int]: ...


def parts(wanted: Collection[str], stopping: Event) -> dict[str, Part]:
    """The parts that are wanted and can work here, by name. Raises Misconfigured."""
    made = ((name, make(stopping)) for name, make in MAKERS.items() if name in wanted)
    return {name: part for name, part in made if part is not None}


def remind_of_appointments(*, at: datetime, stopped: Stopped) -> Mapping[str, int]:
    """As many days before as the settings say."""
    days = settings.ENVIRONMENT.appointment_reminder_days
    return appointments.remind(at=at, days_before=days, stopped=stopped)


def refresh_lists(*, at: datetime, stopped: Stopped = never) -> Mapping[str, int]:
    """Fetch every authority's revocation list; one that cannot be had leaves the old one in use."""
    done = [] if stopped() else trust.refresh_revocation_lists(by=command("worker"), at=at)
    for one in done:
        if one.error is not None:
            logger.warning("revocation list of %s: %s", one.name, one.error.code)
    return {"newer lists": sum(one.is_newer for one in done), "lists not had": sum(bool(one.error) for one in done)}


def forget_assertions(*, at: datetime, stopped: Stopped) -> Mapping[str, int]:
    """Of machines that signed in: those that nobody could use again."""
    return {"assertions forgotten": 0 if stopped() else trust.forget_assertions(at=at)}


def _letters(stopping: Event) -> Part | None:
    """None, said in the log, where no mail server is set."""
    environment = settings.ENVIRONMENT
    url, sender = environment.smtp_url.get_secret_value(), environment.mail_from
    if not url:
        logger.warning("%d letters wait: no mail server, set YMACH_SMTP_URL and YMACH_MAIL_FROM", waiting_count())
        return None
    if not sender:
        raise Misconfigured(why="YMACH_SMTP_URL is set, but not YMACH_MAIL_FROM, the sender of letters.")
    server, stationery = MailServer.of(url), Stationery(sender, environment.base_url)
    return Postman(lambda: Post(server), stationery, stopping=stopping)


def _mentions(stopping: Event) -> Part:
    return Reader(stopping=stopping)


def _reminders(stopping: Event) -> Part:
    cards = Seldom(end_with_proxies, CARDS_EVERY)
    people = (requests.remind, reviews.remind, cards)
    chores = (housekeeping.tidy_up, tend, remind_overdue, warn, uploads.tidy_up, *people)
    return Chores("reminders", chores, pause=REMINDERS_PAUSE, stopping=stopping)


def _events(stopping: Event) -> Part:
    receivers = SubscribedReceivers(settings.ENVIRONMENT, platform_key())
    return Teller(receivers, issuer=settings.ENVIRONMENT.base_url, stopping=stopping)


def _following(stopping: Event) -> Part:
    chores = (referrals.follow, appointments.follow, Seldom(remind_of_appointments, APPOINTMENTS_EVERY))
    return Chores("following", chores, pause=FOLLOWING_PAUSE, stopping=stopping)


def _matching(stopping: Event) -> Part:
    """New identities are compared with those known, outside the intake that makes them."""
    return Chores("matching", (compare_new,), pause=MATCHING_PAUSE, stopping=stopping)


def _revocation(stopping: Event) -> Part:
    """A part of its own: an authority that is slow to answer holds up nothing else."""
    return Chores("revocation", (refresh_lists, forget_assertions), pause=REVOCATION_PAUSE, stopping=stopping)


def _reevaluation(stopping: Event) -> Part:
    return Reevaluator(stopping=stopping)


MAKERS: Mapping[str, Callable[[Event], Part | None]] = {
    "journal": keeper,
    "letters": _letters,
    "mentions": _mentions,
    "reminders": _reminders,
    "events": _events,
    "following": _following,
    "matching": _matching,
    "re-evaluation": _reevaluation,
    "revocation": _revocation,
}
