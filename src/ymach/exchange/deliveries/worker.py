"""The worker: one carrier a destination, side by side, and a rota for receivers, until it is told to stop."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from datetime import datetime
from threading import Event

from ymach.base.actors import Actor, command
from ymach.base.clock import now
from ymach.exchange.channels.contract import Channel
from ymach.exchange.deliveries.carrier import Carrier
from ymach.exchange.deliveries.delays import Delays
from ymach.exchange.deliveries.rota import Receivers, Rota

_LOOK_EVERY = 0.2


class Worker:
    """Carries deliveries through `channels` (by destination). Any number of workers may run at once.

    senders: how many parcels are sent at the same time to one destination. receivers: where everybody is who has an
    address of their own; None carries nothing to them. clock: gives the present moment. carriers, rota, delays: what it is
    doing, for who watches it.
    """

    def __init__(
        self,
        channels: Mapping[str, Channel],
        *,
        by: Actor | None = None,
        senders: int = 16,
        receivers: Receivers | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._receivers = receivers
        self._channels, self._by, self._senders, self._clock = dict(channels), by or command("worker"), senders, clock
        self._stopping = Event()
        self.carriers: dict[str, Carrier] = {}
        self.rota: Rota | None = None
        self.delays = Delays()

    def run(self, *, once: bool = False) -> dict[str, Tally[str]]:
        """Work until `stop` is called, or with `once` until nothing is due; results by destination and state.

        Raises the error of a carrier that failed, after the others have finished what they hold.
        """
        self.carriers = {name: self._carrier(name, once=once) for name in self._channels}
        self.rota = rota = self._rota(once=once)
        work = [*(carrier.run for carrier in self.carriers.values()), *([rota.run] if rota else [])]
        with ThreadPoolExecutor(max(len(work), 1), thread_name_prefix="carrier") as pool:
            running = [pool.submit(run) for run in work]
            while wait(running, timeout=_LOOK_EVERY, return_when=FIRST_EXCEPTION).not_done:
                if any(one.done() and one.exception() for one in running):
                    self.stop()
        for one in running:
            one.result()
        return {**{name: carrier.tally for name, carrier in self.carriers.items()}, **(rota.tallies if rota else {})}

    def stop(self) -> None:
        """Claim no more, finish what is being sent, give back the rest. Safe to call from a signal handler."""
        self._stopping.set()

    def _rota(self, *, once: bool) -> Rota | None:
        if self._receivers is None:
            return None
        return Rota(self._receivers, self._by, self._clock, self._stopping, once=once, delays=self.delays)

    def _carrier(self, name: str, *, once: bool) -> Carrier:
        parts = (name, self._channels[name], self._by, self._clock, self._stopping)
        return Carrier(*parts, senders=self._senders, once=once, delays=self.delays)
