"""The course of one demonstration, from nothing to a site that lives. Django's part is imported when it is ready."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from ymach.base.embedded import DATABASE, Cluster, cluster
from ymach.cli.demo import partners
from ymach.cli.demo.interrupts import undisturbed
from ymach.cli.demo.marks import Marks
from ymach.cli.demo.plan import CHECKED_AT_FIRST, FACILITIES, PRACTITIONERS, SEED, Plan
from ymach.cli.demo.screen import Screen
from ymach.cli.main import COMMANDS, start_django
from ymach.cli.processes import Processes, free_port_from, is_free, run_to_end
from ymach.cli.serve import check_role
from ymach.config import read_environment

if TYPE_CHECKING:
    from ymach.cli.demo.country import World

SANDBOX_PORT, VNEID_PORT, POPULATION_PORT = 8130, 8140, 8150


class Course:
    """Prepares, serves, fills, lives; stops everything at the end, however it comes."""

    def __init__(self, plan: Plan, *, asked_port: int, ended: Event) -> None:
        self.plan, self.ended, self.screen = plan, ended, Screen()
        self.base_url = f"http://127.0.0.1:{plan.port}"
        if plan.port != asked_port:
            told = f"Cổng {asked_port} đang có chương trình khác dùng; lấy cổng {plan.port}."
            self.screen.say(told, f"port {asked_port} is taken")
        self.partner_port = partners.first_port_from(SANDBOX_PORT)
        self.vneid_port = free_port_from(VNEID_PORT)
        self.population_port = free_port_from(POPULATION_PORT)
        self._set_environment()
        self.environment = read_environment()
        self.folder: Path = self.environment.var / "demo"
        self.marks, self.processes = Marks(self.folder), Processes(self.folder / "logs")

    def run(self) -> None:
        """Returns when somebody ends it, or, if it is not to stay, when the first dossiers are sent."""
        embedded = None if self.environment.database_url else cluster(self.environment)
        was_running = embedded is not None and embedded.is_running()
        try:
            self._prepare(embedded)
            world = self._start_and_populate(embedded)
            self._fill_and_live(world)
        finally:
            with undisturbed():
                self.screen.say("Đang dừng…", "stopping")
                self.processes.stop()
                if embedded is not None and not was_running:
                    _close_connections()
                    embedded.stop()

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
            os.environ.update(partners.settings(self.partner_port))

    def _prepare(self, embedded: Cluster | None) -> None:
        """The schema, unless this version of it is there already."""
        if embedded is not None:
            embedded.start()
        if embedded is not None and not _is_made(embedded):
            self.marks.clear()
        with self.marks.once_for("migrations/*.py") as is_due:
            if is_due:
                self.screen.say("Cơ sở dữ liệu", "database")
                run_to_end("migrate")

    def _start_and_populate(self, embedded: Cluster | None) -> World:
        """A new country comes before the site, so that the site finds one; where there is one, its site comes before all
        else: this program loads its own part only then, and so takes nothing from the first page."""
        if not self.marks.has("country"):
            world = self._populate()
            if embedded is not None:
                embedded.analyze()
            self._start_site()
            self._start_programs()
            self.marks.put("country")
            return world
        self._start_site()
        if self.marks.has("happened"):
            self.screen.show_sign_ins(self.base_url)
        self._start_programs()
        return self._populate()

    def _populate(self) -> World:
        start_django()
        check_role()
        from ymach.cli.demo.country import populate

        return populate(self.screen, self.marks)

    def _start_site(self) -> None:
        """Start it, and wait until it answers."""
        self.processes.start("site", "serve", "--port", str(self.plan.port))
        self.processes.wait_until("site", lambda: _answers(f"{self.base_url}/sign-in"))

    def _start_programs(self) -> None:
        """The stand-ins of the partners, and the worker that delivers to them, all at once."""
        if not _has("sandbox"):
            self.screen.say("Không có cổng thử nghiệm: hồ sơ chờ gửi.", "no stand-ins: deliveries wait")
            return
        asked = ("--port", str(self.partner_port), "--folder", str(self.folder))
        self.processes.start("partners", "sandbox", "partners", *asked)
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
        if not self.marks.has("people-checked"):
            self.processes.wait_until("population", lambda: not is_free(self.population_port))
            self.processes.start("checks", "population", "verify", "--limit", str(CHECKED_AT_FIRST))
            self.marks.put("people-checked")

    def _fill_and_live(self, world: World) -> None:
        from ymach.base.clock import now
        from ymach.cli.demo.country import BY
        from ymach.cli.demo.filling import Filling
        from ymach.cli.feed import Feed
        from ymach.synth.accounts import make_accounts

        if _has("sandbox"):
            partners.subscribe(self.partner_port)
        with Feed(self.base_url, world.certificates) as feed:
            filling = Filling(self.plan, world, feed, screen=self.screen, ended=self.ended)
            if not self.marks.has("examples-sent"):
                filling.send_examples()
                self.marks.put("examples-sent")
            make_accounts(by=BY, at=now())
            if "vneid" not in self.processes.running and _has("sandbox"):
                self._write_persons()
                self._start_vneid()
            if not self.marks.has("happened"):
                self.screen.show_sign_ins(self.base_url)
                filling.let_happen()
                self.marks.put("happened")
            filling.heed()
            if self.plan.stay and _has("sandbox"):
                self._start_population()
            if self.plan.history and not self.marks.has("history-sent"):
                filling.send_history()
                self.marks.put("history-sent")
            if self.plan.stay:
                filling.live(self.processes)

    def _write_persons(self) -> None:
        from ymach.synth.vneid import vneid_persons

        self._persons.write_text(json.dumps(vneid_persons(), ensure_ascii=False), encoding="utf-8")

    @property
    def _persons(self) -> Path:
        return self.folder / "vneid.json"


def _is_made(embedded: Cluster) -> bool:
    return bool(embedded.sql("SELECT to_regclass('exchange_submission')", database=DATABASE).strip())


def _has(name: str) -> bool:
    """Whether a command's module is part of this installation."""
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
