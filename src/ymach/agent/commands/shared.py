"""What every command of one call shares: the folder, how to speak, the key, and how errors become exit codes."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ymach.agent import config as settings
from ymach.agent import durable, keys, secrets, words
from ymach.agent.clock import Clock, Offset
from ymach.agent.config import Config
from ymach.agent.errors import DiskTrouble, PinRefused, ServerAway, exit_code
from ymach.agent.keys import Identity
from ymach.agent.queue import Queue
from ymach.agent.receipts import Receipts
from ymach.agent.reconcile import Reconciling
from ymach.agent.server import Server
from ymach.agent.show import Show
from ymach.agent.tokens import TokenPlace, open_token
from ymach.agent.uploads import Uploads
from ymach.base.clock import now
from ymach.base.errors import YmachError

PATHS = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(slots=True)
class Context:
    """What every command of one call shares."""

    home: Path
    show: Show
    _secret: str | None = None

    def config(self) -> Config:
        return settings.load(self.home)

    def identity(self, config: Config) -> Identity:
        """The facility's key, when its certificate is valid now; tells when that ends soon.

        Asks for the password or PIN only when a person is there, and once.
        """
        identity = self.open_key(config)
        click.get_current_context().call_on_close(identity.close)
        keys.check_valid(identity.certificate, at=now())
        if config.home.exists():
            durable.write(config.certificate_file, identity.certificate.pem())
        self.tell_certificate_end(identity)
        return identity

    def open_key(self, config: Config) -> Identity:
        """Open the PKCS#12 file or sign in to the token."""
        person = sys.stdin is not None and sys.stdin.isatty() and not self.show.as_json
        if config.p12 is not None:
            ask = self._ask_password if person else None
            self._secret = self._secret or secrets.password(secrets.place(config.secret_file), ask=ask)
            return keys.open_p12(config.p12, self._secret)
        return self._open_token(config, person=person)

    def _open_token(self, config: Config, *, person: bool) -> Identity:
        """Sign in to the token. A PIN that was refused is not tried again: a token locks itself."""
        ask = (lambda: self._ask(words.PIN.format(token=config.token).to(self.show.language))) if person else None
        pin = self._secret or secrets.pin(secrets.place(config.secret_file), ask=ask)
        refused = secrets.RefusedPin(self.home / "pin-refused.json")
        refused.check(pin)
        try:
            identity = open_token(TokenPlace(config.module or Path(), config.token, config.key_label), pin)
        except PinRefused:
            refused.remember(pin)
            raise
        self._secret = pin
        return identity

    def tell_certificate_end(self, identity: Identity) -> None:
        days = keys.days_left(identity.certificate, at=now())
        if days is not None:
            self.show.say(words.CERTIFICATE_ENDS, days=max(days, 0))
            self.show.data({"warning": "YM-AGENT-CERTIFICATE-ENDS", "days": days})

    def receipts(self, config: Config) -> Receipts:
        return Receipts(config.receipts, config.facility, settings.pinned_keys(config))

    def queue(self) -> Queue:
        return Queue(self.home)

    def clock(self) -> Clock:
        return Clock(self.home)

    def uploads(self, server: Server) -> Uploads:
        return Uploads(server, self.home / "uploads")

    def reconciling(self, queue: Queue, server: Server) -> Reconciling:
        return Reconciling(queue, server, self.home / "reconciliations")

    def learn_clock(self, server: Server) -> bool:
        """Ask the server for the time; whether it answered. What is known is told when it is off."""
        try:
            server.hello()
        except ServerAway:
            self.tell_clock()
            return False
        if server.heard:
            self.clock().learn(server.skew)
        self.tell_clock()
        return True

    def tell_clock(self) -> None:
        offset = self.clock().offset()
        if offset.to_tell:
            self.say_offset(offset)
            self.show.data({"warning": "YM-AGENT-CLOCK", "seconds": round(offset.ahead.total_seconds())})

    def say_offset(self, offset: Offset) -> None:
        seconds = round(offset.ahead.total_seconds())
        self.show.say(words.CLOCK_SLOW if seconds > 0 else words.CLOCK_FAST, seconds=abs(seconds))

    def _ask_password(self) -> str:
        return self._ask(words.PASSWORD.to(self.show.language))

    def _ask(self, what: str) -> str:
        return str(click.prompt(what, hide_input=True))


class Telling(click.Group):
    """Turns our errors into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except YmachError as error:
            self._tell(ctx, error)
        except sqlite3.OperationalError as wrong:
            self._tell(ctx, DiskTrouble(why=str(wrong)))

    def _tell(self, ctx: click.Context, error: YmachError) -> None:
        shared = ctx.find_object(Context)
        (shared.show if shared else Show()).error(error)
        ctx.exit(exit_code(error))


pass_context = click.make_pass_decorator(Context)
