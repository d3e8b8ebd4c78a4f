"""The stand-ins of all partners on the ground of a benchmark, and what they hold in the end."""

from __future__ import annotations

import hashlib
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from ymach.base.errors import Unavailable
from ymach.cli.bench.ground import START_SECONDS, Ground, free_port
from ymach.exchange.deliveries.names import HEALTH_BOOK, INSURANCE, PRESCRIPTIONS, REFERRAL, WEBHOOK, family_of

COMMANDS = {
    INSURANCE: "insurance",
    HEALTH_BOOK: "health-book",
    PRESCRIPTIONS: "prescriptions",
    REFERRAL: "referrals",
    WEBHOOK: "subscriber",
}
INSIDE = "127.0.0.0/8"
_TAKE_REFERRALS = """
BEGIN;
SELECT set_config('ymach.actor', 'command:bench', true), set_config('ymach.reason', 'bench', true),
  set_config('ymach.at', now()::text, true);
INSERT INTO exchange_subscription (id, purpose, name, url, facility_id, facility_code, province_code, kinds, starts_at)
SELECT gen_random_uuid(), 'referrals', name, '{url}', id, code, province_code, ARRAY[]::text[], now()
FROM facilities_facility;
COMMIT;
"""


@dataclass
class Partners:
    """Every partner of the exchange, each a process of its own, with a ledger in memory."""

    here: Ground
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in COMMANDS})
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    destinations: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start them all, and subscribe the two that are addresses of their own."""
        for name, command in COMMANDS.items():
            self.processes[name] = self.here.spawn("sandbox", command, "--port", str(self.ports[name]))
        for name in COMMANDS:
            self._wait(name)
        self.destinations = {name: name for name in (INSURANCE, HEALTH_BOOK, PRESCRIPTIONS)}
        self._take_referrals()
        self.here.run("webhook", "add", "--name", "bench", "--url", f"{self.url(WEBHOOK)}/events", **self.settings())
        code = self._sql("SELECT min(facility_code) FROM exchange_subscription WHERE purpose = 'referrals'")
        self.destinations |= {REFERRAL: f"{REFERRAL}:{code}"}

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def settings(self) -> dict[str, str]:
        """What a server or a worker is told of them."""
        from ymach.sandbox import health_book, insurance_portal, prescriptions

        return {
            "YMACH_INSURANCE_URL": self.url(INSURANCE),
            "YMACH_INSURANCE_USERNAME": insurance_portal.USERNAME,
            "YMACH_INSURANCE_PASSWORD": insurance_portal.PASSWORD,
            "YMACH_HEALTH_BOOK_URL": self.url(HEALTH_BOOK),
            "YMACH_HEALTH_BOOK_USERNAME": health_book.USERNAME,
            "YMACH_HEALTH_BOOK_PASSWORD": health_book.PASSWORD,
            "YMACH_HEALTH_BOOK_SENDER": health_book.SENDER,
            "YMACH_PRESCRIPTIONS_URL": self.url(PRESCRIPTIONS),
            "YMACH_PRESCRIPTIONS_PASSWORD": prescriptions.PASSWORD,
            "YMACH_WEBHOOK_ALLOW": INSIDE,
        }

    def behave(self, names: Iterable[str] = COMMANDS, **values: object) -> None:
        """Tell stand-ins what goes wrong from now on; nothing named: nothing."""
        for name in names:
            httpx.post(f"{self.url(name)}/sandbox/behaviour", content=orjson.dumps(values), timeout=30)

    def ledger(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.url(name)}/sandbox/ledger", timeout=60).json()
        return found

    def doubled(self) -> int:
        """Second entries for what was there already, at all of them."""
        return sum(int(self.ledger(name)["doubled"]) for name in COMMANDS)

    def lost(self) -> dict[str, int]:
        """By family: what counts as delivered, or told, and is not there."""
        rows = self.here.cluster.sql(
            "SELECT d.destination, encode(s.digest, 'hex'), d.partner_reference FROM exchange_delivery d"
            " JOIN exchange_submission s ON s.facility_id = d.facility_id AND s.id = d.submission_id"
            " WHERE d.state = 'delivered'",
            database=self.here.database,
        )
        held = {name: {entry["digest"] for entry in self.ledger(name)["entries"]} for name in COMMANDS}
        missing = dict.fromkeys(COMMANDS, 0)
        for line in rows.splitlines():
            destination, digest, reference = line.split("|")
            family = family_of(destination)
            missing[family] += not set(_digests(family, digest, reference)) <= held[family]
        missing[WEBHOOK] = sum(key not in held[WEBHOOK] for key in self._told())
        return missing

    def _told(self) -> list[str]:
        """The digest of every event that the subscriber has taken, by the exchange's own account."""
        told = self._sql(
            "SELECT encode(sha256(e.id::text::bytea), 'hex') FROM events_event e, events_push p"
            " JOIN exchange_subscription s ON s.id = p.subscription_id"
            " WHERE e.position <= p.position AND e.at >= s.starts_at AND e.record_kinds <> '{}'"
        )
        return told.splitlines()

    def _take_referrals(self) -> None:
        """Every facility takes referrals, all at the one stand-in."""
        self.here.cluster.sql(
            _TAKE_REFERRALS.format(url=f"{self.url(REFERRAL)}/referrals"), database=self.here.database
        )

    def _sql(self, statement: str) -> str:
        return self.here.cluster.sql(statement, database=self.here.database).strip()

    def _wait(self, name: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url(name)}/sandbox/ledger", timeout=2)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise Unavailable


def _digests(family: str, digest: str, reference: str) -> list[str]:
    """Under which digests the ledger must have a delivery."""
    if family == PRESCRIPTIONS:
        return [hashlib.sha256(code.encode()).hexdigest() for code in reference.split(",") if code]
    return [digest]
