"""A demo country, alive: database, site, deliveries, and facilities that send."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

import ymach
from ymach.base.embedded import DATABASE, Cluster, cluster
from ymach.base.text import Text
from ymach.cli import demo_partners
from ymach.cli.main import COMMANDS, start_django
from ymach.cli.processes import Processes, free_port_from, is_free, run_to_end
from ymach.cli.serve import check_role
from ymach.config import read_environment

if TYPE_CHECKING:
    from ymach.cli.feed import Feed
    from ymach.synth.care.staff import Staff
    from ymach.synth.certificates import Certificates
    from ymach.synth.dossiers import SynthDossier
    from ymach.synth.world import Sender

    Writers = list[tuple[Sender, Staff]]

FACILITIES, PRACTITIONERS, HISTORY, SENDERS = 340, 4000, 300, 60
SEED = 1
HISTORY_DAYS = 14
HISTORY_FAULTS, LIVE_FAULTS = 0.14, 0.1
SANDBOX_PORT, VNEID_PORT, POPULATION_PORT = 8130, 8140, 8150
SHOWN_CODES = {"99001", "99002"}
CHECKED_AT_FIRST = 500
"""Practitioners checked against the population database when the country is new."""
PLAIN_WIDTH = 120
HINTS = (
    Text(
        "so-y-te: /worklist, việc chờ duyệt, có việc quá hạn; /department, tỉnh hôm nay", "what waits for a department"
    ),
    Text("bo-y-te: /registry, sổ bộ cả nước bằng số; /country, dòng hồ sơ; /letters, thư hệ thống", "the country"),
    Text(
        "benh-vien-3: /referrals, người bệnh chuyển đến; benh-vien: /appointments, lịch hẹn", "referrals, appointments"
    ),
    Text("benh-vien: /desk, người bệnh chưa có giấy tờ: vòng tay, nối danh tính", "patients without papers"),
    Text("so-y-te: /persons/pairs, hai danh tính nghi là một người, chờ trả lời", "probable pairs of identities"),
    Text("benh-vien: /changes, yêu cầu của cơ sở; /submissions, hồ sơ đã gửi và biên nhận", "a hospital's day"),
    Text("bac-si (mật khẩu hoặc VNeID): /profile; có một bệnh viện mời, chờ xác nhận ở /changes", "a doctor"),
    Text(
        "bac-si: /patients, tìm 999168000017 (từng khám ở đây), 999049000021 (vừa được chuyển tới), 999185000033 (chỉ cấp cứu)",
        "patients: one's own, one referred, one for an emergency",
    ),
    Text(
        "kiem-toan: /audit, ai đã xem dữ liệu của ai; /incidents, sự cố; /registers", "journal, incidents, processing"
    ),
    Text("nguoi-dan (mật khẩu hoặc VNeID): /records, sổ sức khỏe, ai đã xem, thẻ khẩn cấp", "a citizen's health book"),
    Text("Không đăng nhập: /licences, ai cũng tra được giấy phép hành nghề", "anybody checks a licence"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for. every: seconds between two new dossiers, 0 for none; stay: until Ctrl-C."""

    port: int
    history: int
    every: float
    stay: bool


@dataclass(frozen=True, slots=True)
class _World:
    """Who sends, and with what."""

    certificates: Certificates
    writers: Writers


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1024, 65000))
@click.option("--history", default=HISTORY, show_default=True, type=click.IntRange(0), help="Dossiers sent at first.")
@click.option(
    "--every", default=4.0, show_default=True, type=click.FloatRange(0), help="Seconds between new ones; 0: none."
)
@click.option("--stay/--leave", default=True, help="Stay until Ctrl-C, or leave when the first dossiers are sent.")
def demo(port: int, history: int, every: float, stay: bool) -> None:
    """A demo country on this machine: site, API, deliveries, and facilities that send. Ctrl-C stops everything.

    What has happened is kept in the folder YMACH_VAR (var); the next start goes on from there.
    """
    with contextlib.suppress(KeyboardInterrupt), _signals_as_interrupts() as ended:
        _Demo(Plan(free_port_from(port), history, every, stay), asked_port=port, ended=ended).run()


class _Demo:
    """The course of one demonstration, from nothing to a site that lives."""

    def __init__(self, plan: Plan, *, asked_port: int, ended: Event) -> None:
        self.plan, self.begun, self.ended = plan, time.monotonic(), ended
        self.console = Console(highlight=False)
        if not self.console.is_terminal:
            self.console.width = PLAIN_WIDTH
        self.base_url = f"http://127.0.0.1:{plan.port}"
        if plan.port != asked_port:
            self.say(
                f"Cổng {asked_port} đang có chương trình khác dùng; lấy cổng {plan.port}.",
                f"port {asked_port} is taken",
            )
        self.partner_port = demo_partners.first_port_from(SANDBOX_PORT)
        self.vneid_port = free_port_from(VNEID_PORT)
        self.population_port = free_port_from(POPULATION_PORT)
        self._set_environment()
        self.environment = read_environment()
        self.folder: Path = self.environment.var / "demo"
        self.processes = Processes(self.folder / "logs")

    def run(self) -> None:
        """Prepare, serve, fill, live; stop everything at the end, however it comes."""
        embedded = None if self.environment.database_url else cluster(self.environment)
        was_running = embedded is not None and embedded.is_running()
        try:
            self._prepare(embedded)
            world = self._start_and_populate()
            self._fill_and_live(world)
        finally:
            with _undisturbed():
                self.say("Đang dừng…", "stopping")
                self.processes.stop()
                if embedded is not None and not was_running:
                    _close_connections()
                    embedded.stop()

    def say(self, vi: str, en: str = "") -> None:
        """One line of progress, with the seconds since the start."""
        aside = f"  [dim]{en}[/]" if en else ""
        self.console.print(f"[dim]{time.monotonic() - self.begun:5.1f} s[/]  {vi}{aside}")

    def _set_environment(self) -> None:
        os.environ["YMACH_DEMO"] = "1"
        os.environ.setdefault("YMACH_SECOND_FACTOR", "offered")
        os.environ["YMACH_BASE_URL"] = self.base_url
        os.environ.setdefault("YMACH_LOG_LEVEL", "WARNING")
        if _has("sandbox"):
            from ymach.sandbox.population import TOKEN
            from ymach.sandbox.vneid import CLIENT_ID, CLIENT_SECRET

            os.environ["YMACH_POPULATION_URL"] = f"http://127.0.0.1:{self.population_port}"
            os.environ["YMACH_POPULATION_TOKEN"] = TOKEN

            os.environ["YMACH_VNEID_URL"] = f"http://127.0.0.1:{self.vneid_port}"
            os.environ["YMACH_VNEID_CLIENT_ID"], os.environ["YMACH_VNEID_CLIENT_SECRET"] = CLIENT_ID, CLIENT_SECRET
            os.environ.update(demo_partners.settings(self.partner_port))

    def _prepare(self, embedded: Cluster | None) -> None:
        """Schema and reference data, unless this version of them is there already."""
        if embedded is not None:
            embedded.start()
        if embedded is not None and not _is_made(embedded):
            shutil.rmtree(self.folder, ignore_errors=True)  # marks of a database that is gone
        with self._once_for("migrations/*.py") as is_due:
            if is_due:
                self.say("Cơ sở dữ liệu", "database")
                run_to_end("migrate")

    @contextlib.contextmanager
    def _once_for(self, files: str) -> Iterator[bool]:
        """Whether something made of these files of the package is due; done when the block ends."""
        state, kept = _state_of_package(files), self.folder / f"made-of-{files.partition('/')[0]}"
        is_due = not kept.exists() or kept.read_text(encoding="utf-8") != state
        yield is_due
        if is_due:
            self.folder.mkdir(parents=True, exist_ok=True)
            kept.write_text(state, encoding="utf-8")

    def _start_and_populate(self) -> _World:
        """A new country comes before the site, so that the site finds one; where there is one, its site comes before all
        else: this program loads its own part only then, and so takes nothing from the first page."""
        if not self._is_done("country"):
            world = self._populate()
            self._start_site()
            self._start_programs()
            self._mark("country")
            return world
        self._start_site()
        if self._is_done("happened"):
            self._show_sign_ins()
        self._start_programs()
        return self._populate()

    def _start_site(self) -> None:
        """Start it, and wait until it answers."""
        self.processes.start("site", "serve", "--port", str(self.plan.port))
        self.processes.wait_until("site", lambda: _answers(f"{self.base_url}/sign-in"))

    def _populate(self) -> _World:
        """The country on first use; whose certificates are trusted; who sends."""
        start_django()
        check_role()
        from ymach.base.actors import command
        from ymach.base.clock import now
        from ymach.synth.pharmacies import make_pharmacies
        from ymach.synth.world import (
            bind_certificates,
            establish_trust,
            has_country,
            open_certificates,
            writing_senders,
        )

        with self._once_for("data/*.*") as is_due:
            if is_due:
                self._load_reference()
        is_new = not has_country()
        if is_new:
            self.say(f"Một đất nước mô phỏng: {FACILITIES} cơ sở, {PRACTITIONERS} người hành nghề", "synthetic country")
            self._make_country()
        at, by = now(), command("demo")
        make_pharmacies(by=by, at=at)
        certificates = open_certificates(at=at)
        establish_trust(certificates, by=by, at=at)
        writers = writing_senders(at=at, most=SENDERS)
        # A new country has sent for a fortnight already: see _send_history.
        since = at - timedelta(days=HISTORY_DAYS + 1) if is_new else at
        bind_certificates(certificates, [sender for sender, _ in writers], by=by, at=since)
        return _World(certificates, writers)

    def _load_reference(self) -> None:
        from ymach.base.actors import command
        from ymach.base.clock import now
        from ymach.cli.reference import load_all

        self.say("Danh mục dùng chung, đơn vị hành chính", "reference data")
        load_all(by=command("load-reference"), at=now(), tell=lambda name, count, written: None)

    def _make_country(self) -> None:
        from ymach.base.actors import command
        from ymach.base.clock import now
        from ymach.synth.accounts import make_accounts
        from ymach.synth.load import load_country
        from ymach.synth.registry import make_country

        for mark in ("examples-sent", "happened", "history-sent", "people-checked"):
            (self.folder / mark).unlink(missing_ok=True)
        country = make_country(SEED, facilities=FACILITIES, practitioners=PRACTITIONERS)
        load_country(country, by=command("demo"), at=now(), tell=lambda what, count: None)
        make_accounts(by=command("demo"), at=now())

    def _start_programs(self) -> None:
        """The stand-ins of the partners, and the worker that delivers to them, all at once."""
        if not _has("sandbox"):
            self.say("Không có cổng thử nghiệm: hồ sơ chờ gửi.", "no stand-ins: deliveries wait")
            return
        partners = ("--port", str(self.partner_port), "--folder", str(self.folder))
        self.processes.start("partners", "sandbox", "partners", *partners)
        if self._persons.exists():
            self._start_vneid()
        if _has("worker"):
            self.processes.start("worker", "worker")

    def _start_vneid(self) -> None:
        """The stand-in of VNeID, with the people behind the demo sign-ins."""
        port, persons = str(self.vneid_port), str(self._persons)
        self.processes.start("vneid", "sandbox", "vneid", "--port", port, "--persons", persons)

    def _start_population(self) -> None:
        """The stand-in of the population database; a new country has its first people checked against it."""
        size = ("--practitioners", str(PRACTITIONERS), "--facilities", str(FACILITIES), "--seed", str(SEED))
        port = str(self.population_port)
        self.processes.start("population", "sandbox", "population", "--port", port, *size)
        if not self._is_done("people-checked"):
            self.processes.wait_until("population", lambda: not is_free(self.population_port))
            self.processes.start("checks", "population", "verify", "--limit", str(CHECKED_AT_FIRST))
            self._mark("people-checked")

    def _fill_and_live(self, world: _World) -> None:
        from ymach.base.actors import command
        from ymach.base.clock import now
        from ymach.cli.feed import Feed
        from ymach.synth.accounts import make_accounts

        if _has("sandbox"):
            demo_partners.subscribe(self.partner_port)
        with Feed(self.base_url, world.certificates) as feed:
            if not self._is_done("examples-sent"):
                self._send_examples(feed, world.certificates, {sender.code: sender for sender, _ in world.writers})
                self._mark("examples-sent")
            make_accounts(by=command("demo"), at=now())
            if "vneid" not in self.processes.running and _has("sandbox"):
                self._write_persons()
                self._start_vneid()
            if not self._is_done("happened"):
                self._show_sign_ins()
                self._let_happen()
            self._heed()
            if self.plan.stay and _has("sandbox"):
                self._start_population()
            if self.plan.history and not self._is_done("history-sent"):
                self._send_history(feed, world.certificates, world.writers)
            if self.plan.stay:
                self._live(feed, world.certificates, world.writers)

    def _heed(self) -> None:
        """End here if somebody has asked for it and the interrupt was lost."""
        if self.ended.is_set():
            raise KeyboardInterrupt

    def _let_happen(self) -> None:
        """Changes asked for and decided, profiles confirmed: what a registry in use looks like."""
        from ymach.base.actors import command
        from ymach.base.clock import now
        from ymach.synth.consents import make_consents
        from ymach.synth.happenings import make_happenings
        from ymach.synth.requests import make_requests

        told = make_happenings(by=command("demo"), at=now())
        make_consents(at=now())
        make_requests(at=now())
        self._mark("happened")
        self.say(f"Những tuần vừa qua: {told.done.total()} việc", "what happened in the last weeks")
        if told.refused:
            self.say(f"Quy tắc không cho: {', '.join(told.refused)}", "refused by the rules")

    def _write_persons(self) -> None:
        from ymach.synth.vneid import vneid_persons

        self._persons.write_text(json.dumps(vneid_persons(), ensure_ascii=False), encoding="utf-8")

    def _send_examples(self, feed: Feed, certificates: Certificates, senders: dict[str, Sender]) -> None:
        """The shipped examples. Sent again, they get the receipt of the first time."""
        from ymach.base.clock import now
        from ymach.synth.examples import examples

        for example in examples():
            if example.ended_at > now():
                self.say(
                    f"Bỏ qua ví dụ {example.name}: ngày khám ở sau đồng hồ máy này.", "the clock is before the example"
                )
                continue
            sender = senders[example.facility_code]
            feed.send(sender, [certificates.signer(sender).sign(example.xml)])

    def _send_history(self, feed: Feed, certificates: Certificates, writers: Writers) -> None:
        from ymach.base.clock import now
        from ymach.exchange.journal import keep_now
        from ymach.synth.folder import in_order
        from ymach.synth.outages import make_outages
        from ymach.synth.past import send_then
        from ymach.synth.pharmacies import make_dispensings

        sent = 0
        self.say(f"Đang gửi {self.plan.history} hồ sơ của {HISTORY_DAYS} ngày qua", "sending the last days' dossiers")
        for place, then, dossiers in _history(writers, self.plan.history):
            self._heed()
            files = [certificates.sign(one, place) for last in dossiers for one in in_order(last)]
            feed.outcomes.update(send_then(place.code, files, at=then))
            sent += len(files)
            if self.console.is_terminal or sent // 100 != (sent - len(files)) // 100:
                self.console.print(f"         {sent} hồ sơ", end="\r" if self.console.is_terminal else "\n")
        make_dispensings(at=now())
        make_outages(at=now())
        self._let_live(certificates, writers)
        keep_now(at=now())
        self._mark("history-sent")
        self.say(f"Đã gửi {sent} hồ sơ: {_told(feed)}", "sent")

    def _let_live(self, certificates: Certificates, writers: Writers) -> None:
        """Referrals in every state, appointments kept and to come; what is corrected, and decided, after its receipt."""
        from ymach.base.clock import now
        from ymach.synth.closing import make_closings
        from ymach.synth.correcting import make_corrections
        from ymach.synth.holding import decide_held, hold_some
        from ymach.synth.identities.twice_known import know_twice
        from ymach.synth.lives import make_lives
        from ymach.synth.living import make_living
        from ymach.synth.readers import make_readings
        from ymach.synth.wristbands import make_wristbands

        make_lives(certificates, writers, at=now())
        make_wristbands(certificates, writers, at=now())
        make_corrections(certificates, writers, at=now())
        decide_held(at=now())
        hold_some(certificates, writers, at=now())
        told = make_living(certificates, writers, at=now())
        moved, kept = told["referrals"], told["appointments"]
        make_closings(at=now())
        know_twice(at=now())
        make_readings(at=now())
        self.say(f"Giấy chuyển cơ sở: {moved} bước; lịch hẹn: {kept} việc", "referrals and appointments")

    def _live(self, feed: Feed, certificates: Certificates, writers: Writers) -> None:
        """New dossiers, one every few seconds, until somebody ends it."""
        from ymach.base.clock import now
        from ymach.base.errors import YmachError
        from ymach.synth.folder import in_order, make_dossiers
        from ymach.synth.past import forget_delays

        self.say("Từ giờ cứ vài giây có hồ sơ mới. Ctrl-C để dừng.", "new dossiers keep coming; Ctrl-C stops")
        forget_delays()
        stream = make_dossiers(writers, Random(), at=now, faults=LIVE_FAULTS)  # noqa: S311 - not a secret
        while not self.ended.wait(self.plan.every or 3600):
            place, dossier = next(stream)
            try:
                feed.send(place, [certificates.sign(one, place) for one in in_order(dossier)])
            except YmachError as error:
                self.say(f"[red]{error.code}[/] {error.text.vi}", error.text.en)
            for name in self.processes.dead():
                if self.processes.running.pop(name).returncode:
                    self.say(f"[red]{name}[/] đã dừng; xem {self.processes.logs / name}.log", "has stopped")

    def _show_sign_ins(self) -> None:
        from ymach.synth.sign_ins import ACCOUNTS, PASSWORD

        table = Table(title=f"Ymạch: {self.base_url}", title_style="bold", title_justify="left")
        for name in ("Tên · User", "Mật khẩu · Password", "Vai · Role"):
            table.add_column(name)
        for one in ACCOUNTS:
            table.add_row(one.username, PASSWORD, one.shows.vi)
        self.say(f"[bold green]Sẵn sàng[/]: {self.base_url}", "ready")
        self.console.print(table)
        for hint in HINTS:
            self.console.print(f"  • {hint.vi}  [dim]{hint.en}[/]")

    @property
    def _persons(self) -> Path:
        return self.folder / "vneid.json"

    def _is_done(self, mark: str) -> bool:
        """Whether something that is done once has been done."""
        return (self.folder / mark).exists()

    def _mark(self, mark: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / mark).write_text("1", encoding="utf-8")


def _history(writers: Writers, count: int) -> Iterator[tuple[Sender, datetime, list[SynthDossier]]]:
    """Batches of one facility's dossiers and when they came, the oldest first; a third for those with accounts."""
    from ymach.base.clock import now
    from ymach.synth.folder import make_dossiers
    from ymach.synth.past import moments

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


def _told(feed: Feed) -> str:
    return ", ".join(f"{outcome} {count}" for outcome, count in sorted(feed.outcomes.items()))


def _state_of_package(files: str) -> str:
    """A digest that changes with any of the package's files of that pattern."""
    package, digest = Path(ymach.__file__).parent, hashlib.sha256()
    for path in sorted(package.rglob(files)):
        digest.update(f"{path.relative_to(package)} {path.stat().st_size} {path.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _is_made(embedded: Cluster) -> bool:
    return bool(embedded.sql("SELECT to_regclass('exchange_submission')", database=DATABASE).strip())


def _has(name: str) -> bool:
    """Whether a command's module is part of this installation."""
    from importlib.util import find_spec

    return find_spec(COMMANDS[name][0]) is not None


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _close_connections() -> None:
    from django.conf import settings
    from django.db import connections

    if settings.configured:  # ended before this program had loaded its own part: nothing is open
        connections.close_all()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C, or the signal that both make and its group pass on, must not end the stopping half-way: what was
    not stopped yet would go on for ever."""
    before = {one: signal.signal(one, signal.SIG_IGN) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextlib.contextmanager
def _signals_as_interrupts() -> Iterator[Event]:
    """SIGTERM ends the demonstration as Ctrl-C does. The event says so too: an interrupt that comes while an object is
    being finalised is only printed by the interpreter, and would be lost."""
    ended = Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        ended.set()
        raise KeyboardInterrupt

    # A program started in the background ignores Ctrl-C, and goes on doing so.
    heard = [one for one in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(one) is not signal.SIG_IGN]
    before = {one: signal.signal(one, interrupt) for one in heard}
    try:
        yield ended
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
