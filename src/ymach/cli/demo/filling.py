"""What has happened in the country before anybody looks, and what goes on happening. Imported when Django is ready."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from threading import Event

from ymach.base.clock import now
from ymach.base.errors import YmachError
from ymach.cli.demo.country import BY, World
from ymach.cli.demo.plan import HISTORY_DAYS, HISTORY_FAULTS, LIVE_FAULTS, Plan
from ymach.cli.demo.screen import Screen
from ymach.cli.feed import Feed
from ymach.cli.processes import Processes
from ymach.exchange.journal import keep_now
from ymach.synth.closing import make_closings
from ymach.synth.consents import make_consents
from ymach.synth.correcting import make_corrections
from ymach.synth.dossiers import SynthDossier
from ymach.synth.examples import examples
from ymach.synth.folder import in_order, make_dossiers
from ymach.synth.happenings import make_happenings
from ymach.synth.holding import decide_held, hold_some
from ymach.synth.identities.twice_known import know_twice
from ymach.synth.lives import make_lives
from ymach.synth.living import make_living
from ymach.synth.outages import make_outages
from ymach.synth.past import forget_delays, moments, send_then
from ymach.synth.pharmacies import make_dispensings
from ymach.synth.readers import make_readings
from ymach.synth.requests import make_requests
from ymach.synth.world import Sender
from ymach.synth.wristbands import make_wristbands

SHOWN_CODES = {"99001", "99002"}


class Filling:
    """Sends as the facilities of the country do. ended: somebody has asked for the end."""

    def __init__(self, plan: Plan, world: World, feed: Feed, *, screen: Screen, ended: Event) -> None:
        self.plan, self.feed, self.screen, self.ended = plan, feed, screen, ended
        self.certificates, self.writers = world.certificates, world.writers

    def send_examples(self) -> None:
        """The shipped examples. Sent again, they get the receipt of the first time."""
        senders = {sender.code: sender for sender, _ in self.writers}
        for example in examples():
            if example.ended_at > now():
                told = f"Bỏ qua ví dụ {example.name}: ngày khám ở sau đồng hồ máy này."
                self.screen.say(told, "the clock is before the example")
                continue
            sender = senders[example.facility_code]
            self.feed.send(sender, [self.certificates.signer(sender).sign(example.xml)])

    def let_happen(self) -> None:
        """Changes asked for and decided, profiles confirmed: what a registry in use looks like."""
        told = make_happenings(by=BY, at=now())
        make_consents(at=now())
        make_requests(at=now())
        self.screen.say(f"Những tuần vừa qua: {told.done.total()} việc", "what happened in the last weeks")
        if told.refused:
            self.screen.say(f"Quy tắc không cho: {', '.join(told.refused)}", "refused by the rules")

    def send_history(self) -> None:
        """The dossiers of the last days, and what became of them."""
        sent, outcomes = 0, Counter[str]()
        told = f"Đang gửi {self.plan.history} hồ sơ của {HISTORY_DAYS} ngày qua"
        self.screen.say(told, "sending the last days' dossiers")
        for place, then, dossiers in self._history():
            self.heed()
            files = [self.certificates.sign(one, place) for last in dossiers for one in in_order(last)]
            outcomes.update(send_then(place.code, files, at=then))
            sent += len(files)
            self.screen.count(sent, len(files))
        make_dispensings(at=now())
        make_outages(at=now())
        self._let_live()
        keep_now(at=now())
        told = ", ".join(f"{outcome} {count}" for outcome, count in sorted(outcomes.items()))
        self.screen.say(f"Đã gửi {sent} hồ sơ", f"sent: {told}")

    def live(self, processes: Processes) -> None:
        """New dossiers, one every few seconds, until somebody ends it; programs that end meanwhile are told."""
        if self.plan.every:
            self.screen.say(
                "Từ giờ cứ vài giây có hồ sơ mới. Ctrl-C để dừng.", "new dossiers keep coming; Ctrl-C stops"
            )
        else:
            self.screen.say("Ctrl-C để dừng.", "Ctrl-C stops")
        forget_delays()
        stream = make_dossiers(self.writers, Random(), at=now, faults=LIVE_FAULTS)  # noqa: S311 - not a secret
        while not self.ended.wait(self.plan.every or 3600):
            place, dossier = next(stream)
            try:
                self.feed.send(place, [self.certificates.sign(one, place) for one in in_order(dossier)])
            except YmachError as error:
                self.screen.say(f"[red]{error.code}[/] {error.text.vi}", error.text.en)
            for name in processes.dead():
                if processes.running.pop(name).returncode:
                    self.screen.say(f"[red]{name}[/] đã dừng; xem {processes.logs / name}.log", "has stopped")

    def heed(self) -> None:
        """End here if somebody has asked for it and the interrupt was lost."""
        if self.ended.is_set():
            raise KeyboardInterrupt

    def _let_live(self) -> None:
        """Referrals in every state, appointments kept and to come; what is corrected, and decided, after its receipt."""
        country = (self.certificates, self.writers)
        make_lives(*country, at=now())
        make_wristbands(*country, at=now())
        make_corrections(*country, at=now())
        decide_held(at=now())
        hold_some(*country, at=now())
        told = make_living(*country, at=now())
        moved, kept = told["referrals"], told["appointments"]
        make_closings(at=now())
        know_twice(at=now())
        make_readings(at=now())
        self.screen.say(f"Giấy chuyển cơ sở: {moved} bước; lịch hẹn: {kept} việc", "referrals and appointments")

    def _history(self) -> Iterator[tuple[Sender, datetime, list[SynthDossier]]]:
        """Batches of one facility's dossiers and when they came, the oldest first; a third for those with accounts."""
        count, writers = self.plan.history, self.writers
        rng, batches = Random("history"), max(count // 6, 1)  # noqa: S311 - not a secret
        shown = [one for one in writers if one[0].code in SHOWN_CODES]
        for batch, then in enumerate(moments(rng, batches, days=HISTORY_DAYS, until=now())):
            writer = rng.choice(shown) if shown and batch % 3 == 0 else writers[batch % len(writers)]
            stream = make_dossiers([writer], rng, at=_moments(rng, then).__next__, faults=HISTORY_FAULTS)
            size = count // batches + (batch < count % batches)
            yield writer[0], then, [dossier for _, dossier in (next(stream) for _ in range(size))]


def _moments(rng: Random, before: datetime) -> Iterator[datetime]:
    while True:
        yield before - timedelta(minutes=rng.randrange(5, 600))
