"""The ground of a benchmark: a cluster, a prepared database, signed dossiers, and servers of its own.

Everything is made once and kept under var/bench; a run works on a copy of the prepared database, so that every run
starts from the same state.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import httpx
import orjson

from ymach.base.embedded import APPLICATION, OWNER, Cluster, cluster
from ymach.base.errors import Unavailable
from ymach.config import Environment

PREPARED = "bench_prepared"
START_SECONDS = 60
# “Analysed and empty” lets every plan read whole tables that a minute later are full; a new installation says nothing.
_FORGET_EMPTY = """
SELECT pg_clear_relation_stats('public', relname::text) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) = 0
"""
LINES = 49  # asked for; the visits of a benchmark then average 40 KB when signed


@dataclass(frozen=True, slots=True)
class Sample:
    """One dossier of a benchmark: its signed bytes, who sends it, and what must become of it."""

    content: bytes
    facility_code: str
    refused: bool


@dataclass
class Ground:
    """A place to run: its folder, its cluster, and the name of the run's database."""

    var: Path
    cluster: Cluster
    database: str
    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, database: str | None = None) -> dict[str, str]:
        """The environment of a `ymach` process on this ground."""
        name = database or self.database
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith("YMACH_")},
            "YMACH_VAR": str(self.var),
            "YMACH_DEMO": "1",
            "YMACH_BASE_URL": self.url,
            "YMACH_DATABASE_URL": self.cluster.url(APPLICATION, name),
            "YMACH_OWNER_DATABASE_URL": self.cluster.url(OWNER, name),
            "YMACH_LOG_LEVEL": "WARNING",
            "YMACH_SECOND_FACTOR": "offered",
        }

    def run(self, *arguments: str, database: str | None = None, **extra: str) -> None:
        """Run a `ymach` command to its end; its output goes to standard error."""
        command = [sys.executable, "-m", "ymach", *arguments]
        subprocess.run(command, env={**self.environment(database), **extra}, stdout=sys.stderr, check=True)  # noqa: S603

    def spawn(self, *arguments: str, **extra: str) -> subprocess.Popen[bytes]:
        """Start a `ymach` process in a group of its own, so that killing it kills its children."""
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "ymach", *arguments],
            env={**self.environment(), **extra},
            stdout=sys.stderr,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def serve(self, **extra: str) -> subprocess.Popen[bytes]:
        """Start the site and wait until it answers."""
        process = self.spawn("serve", "--port", str(self.port), **extra)
        self.wait(process)
        return process

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/.well-known/jwks.json", timeout=2).status_code == 200:
                    return
            time.sleep(0.1)
        raise Unavailable

    def stop(self) -> None:
        """Stop everything this run started, and drop its database."""
        for process in self.processes:
            end(process, signal.SIGTERM)
        self.cluster.start()
        self.cluster.drop_database(self.database)
        self.cluster.stop()


def end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Signal a process and its group, and wait for it; after ten seconds it is killed."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def ground(*, practitioners: int = 2_000, facilities: int = 200) -> Iterator[Ground]:
    """A run's own ground; whatever happens, its processes end and its database goes."""
    var = (Environment().var / "bench").resolve()
    var.mkdir(parents=True, exist_ok=True)
    here = Ground(var, cluster(Environment(var=var)), f"bench_run_{os.getpid()}", free_port())
    here.cluster.start()
    prepared = f"{PREPARED}_{practitioners}_{facilities}_{schema()}"
    try:
        prepare(here, prepared, practitioners, facilities)
        here.cluster.make_database(here.database, template=prepared)
        here.cluster.sql(_FORGET_EMPTY, database=here.database)
        # The same facilities as in the kept dossiers: their certificates are bound, the revocation list is fresh.
        here.run("synth", "dossiers", "--count", "1", "--out", str(var / "greeting"))
        yield here
    finally:
        here.stop()


def samples(
    here: Ground, count: int, *, faults: float = 0.0, kind: str = "outpatient", facility: str = ""
) -> list[Sample]:
    """`count` signed dossiers, generated once and kept. kind: all of one kind; "" mixes them as a country does.
    facility: all of this one."""
    folder = here.var / f"dossiers-{count}-{faults}-{LINES}-{kind or 'mixed'}{facility and '-' + facility}-{schema()}"
    if not (folder / "expected.jsonl").exists():
        tell(f"signing {count} dossiers, once …")
        # Another seed: two folders of one facility hold different people.
        own = ["--facility", facility, "--seed", "2"] if facility else []
        size = [*(["--kind", kind] if kind else []), "--lines", str(LINES), *own]
        here.run("synth", "dossiers", *size, "--count", str(count), "--out", str(folder), "--faults", str(faults))
    read = []
    for line in (folder / "expected.jsonl").read_bytes().splitlines():
        entry = orjson.loads(line)
        read.append(Sample((folder / entry["file"]).read_bytes(), entry["facility"], bool(entry["refused"])))
    return read


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def tell(text: str) -> None:
    """Progress, on standard error."""
    click.echo(text, err=True)


def prepare(here: Ground, prepared: str, practitioners: int, facilities: int) -> None:
    """Make the database `prepared` with a registry of that size, unless it is there from an earlier run."""
    if here.cluster.sql(f"SELECT 1 FROM pg_database WHERE datname = '{prepared}'").strip():  # noqa: S608
        return
    tell(f"preparing a registry of {practitioners} practitioners and {facilities} facilities, once …")
    building = f"{prepared}_building"
    here.cluster.drop_database(building)
    here.cluster.make_database(building)
    here.run("migrate", database=building)
    here.run("load-reference", database=building)
    here.run(
        *("synth", "registry", "--practitioners", str(practitioners), "--facilities", str(facilities)),
        database=building,
    )
    here.cluster.sql("VACUUM ANALYZE", database=building)
    here.cluster.sql(f"ALTER DATABASE {building} RENAME TO {prepared}")


def schema() -> str:
    """Changes with any migration or reference data, so that a kept store is never used with another schema."""
    digest = hashlib.sha256()
    source = Path(__file__).parents[2]
    for path in sorted(
        [*source.glob("**/migrations/*.py"), *source.glob("synth/**/*.py"), *source.glob("**/data/*.csv")]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
