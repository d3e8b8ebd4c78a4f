"""Databases for tests: one template per state of the schema, a copy per run, on a server that forgets about fsync."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from ymach.base.embedded import APPLICATION, OWNER, Cluster, cluster
from ymach.config import read_environment

SOURCE = Path(__file__).parents[2] / "src" / "ymach"


@cache
def server() -> Cluster:
    """The test server, started if it is not running. It is left running: the next run starts faster."""
    here = Cluster(cluster(read_environment()).home, safe=False)
    here.start()
    return here


def template(here: Cluster) -> str:
    """A database with schema and reference data, made once per state of migrations and reference data."""
    name = f"template_{_fingerprint()}"
    with (read_environment().var / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not here.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'").strip():
            building = f"{name}_building"
            here.drop_database(building)
            here.make_database(building)
            run_ymach(here, building, "migrate")
            run_ymach(here, building, "load-reference")
            here.sql(f"ALTER DATABASE {building} RENAME TO {name}")
    return name


@contextmanager
def copy(here: Cluster, suffix: str) -> Iterator[str]:
    """A fresh copy of the template, dropped at the end; yields its name."""
    name = f"test_{os.getpid()}_{suffix}"
    here.drop_database(name)
    here.make_database(name, template=template(here))
    try:
        yield name
    finally:
        here.drop_database(name)


def environment_for(here: Cluster, database: str) -> dict[str, str]:
    """Environment of a `ymach` process that works on `database`."""
    return {
        **os.environ,
        "YMACH_DATABASE_URL": here.url(APPLICATION, database),
        "YMACH_OWNER_DATABASE_URL": here.url(OWNER, database),
        "DJANGO_SETTINGS_MODULE": "ymach.settings",
    }


def run_ymach(here: Cluster, database: str, *arguments: str) -> str:
    """Run a `ymach` command on `database`; raises with its output when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "ymach", *arguments],
        env=environment_for(here, database),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        message = f"ymach {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}"
        raise RuntimeError(message)
    return done.stdout


@cache
def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*")):
        is_schema = path.suffix == ".py" and ("migrations" in path.parts or "history" in path.parts)
        is_data = path.suffix in {".csv", ".geojson", ".sql", ".toml"} and path.parent.name in {"data", "releases"}
        if is_schema or is_data:
            digest.update(f"{path.relative_to(SOURCE)}:".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
