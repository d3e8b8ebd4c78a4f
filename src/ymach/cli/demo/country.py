"""The country of the demonstration: made once, and who of it sends. Imported when Django is ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ymach.base.actors import command
from ymach.base.clock import now
from ymach.cli.demo.marks import Marks
from ymach.cli.demo.plan import FACILITIES, HISTORY_DAYS, PRACTITIONERS, SEED, SENDERS
from ymach.cli.demo.screen import Screen
from ymach.cli.reference import load_all
from ymach.synth.accounts import make_accounts
from ymach.synth.care.staff import Staff
from ymach.synth.certificates import Certificates
from ymach.synth.load import load_country
from ymach.synth.pharmacies import make_pharmacies
from ymach.synth.registry import make_country
from ymach.synth.world import (
    Sender,
    bind_certificates,
    establish_trust,
    has_country,
    open_certificates,
    writing_senders,
)

BY = command("demo")


@dataclass(frozen=True, slots=True)
class World:
    """Who sends, and with what."""

    certificates: Certificates
    writers: list[tuple[Sender, Staff]]


def populate(screen: Screen, marks: Marks) -> World:
    """The country on first use; whose certificates are trusted; who sends."""
    with marks.once_for("data/*.*") as is_due:
        if is_due:
            screen.say("Danh mục dùng chung, đơn vị hành chính", "reference data")
            load_all(by=command("load-reference"), at=now(), tell=lambda name, count, written: None)
    is_new = not has_country()
    if is_new:
        screen.say(f"Một đất nước mô phỏng: {FACILITIES} cơ sở, {PRACTITIONERS} người hành nghề", "synthetic country")
        _make(marks)
    at = now()
    make_pharmacies(by=BY, at=at)
    certificates = open_certificates(at=at)
    establish_trust(certificates, by=BY, at=at)
    writers = writing_senders(at=at, most=SENDERS)
    # A new country has sent for a fortnight already: see `Filling.send_history`.
    since = at - timedelta(days=HISTORY_DAYS + 1) if is_new else at
    bind_certificates(certificates, [sender for sender, _ in writers], by=BY, at=since)
    return World(certificates, writers)


def _make(marks: Marks) -> None:
    marks.take_off("examples-sent", "happened", "history-sent", "people-checked")
    country = make_country(SEED, facilities=FACILITIES, practitioners=PRACTITIONERS)
    load_country(country, by=BY, at=now(), tell=lambda what, count: None)
    make_accounts(by=BY, at=now())
