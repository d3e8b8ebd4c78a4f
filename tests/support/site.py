"""The running site for browser tests: Granian on a free port, on a database of its own with one account per role."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.forkserver import ensure_running
from pathlib import Path
from typing import Any

import pytest

from tests.support import databases

PASSWORD = "mot-hai-ba-bon-nam"
START_SECONDS = 120
"""Longest that a site may take on a machine busy with other things, its seed included; alone it takes two to five."""
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a running site. Accounts are those of seed_site.py, all with PASSWORD."""
    with seeded("seed_site.py") as address:
        yield address


@contextmanager
def seeded(program: str, *arguments: str, host: str = "127.0.0.1", **settings: str) -> Iterator[str]:
    """A site on a database of its own, filled by a program of this folder; yields its address.

    arguments: what the program is given after PASSWORD. settings: `YMACH_…` variables, for both.
    """
    here = databases.server()
    with databases.copy(here, Path(program).stem) as name:
        environment = {**databases.environment_for(here, name), **settings}
        with serving(environment, host=host, seed=(program, PASSWORD, *arguments)) as address:
            yield address


@contextmanager
def serving(
    environment: dict[str, str],
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    seed: Sequence[str] = (),
    hashes: bool = False,
) -> Iterator[str]:
    """Start the site in a process of its own and stop it at the end; yields its address under the name `host`.

    port: a free one when 0; the same again for a site that was away and comes back. seed: a program of this folder that
    fills the database first, and its arguments. hashes: keep passwords as in life, which takes its time.
    """
    port = port or _free_port()
    address = f"http://{host}:{port}"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        given = ({**environment, "YMACH_BASE_URL": address}, seed, port, log)
        process = nursery().Process(target=_live, args=given, kwargs={"hashes": hashes})
        process.start()
        try:
            _wait_for(f"http://127.0.0.1:{port}/sign-in", process, log)
            yield address
        finally:
            process.terminate()
            process.join(20)
            process.kill()
            process.join()


def _live(*arguments: Any, **named: Any) -> None:
    from tests.support.site_process import live

    live(*arguments, **named)


@cache
def nursery() -> ForkServerContext:
    """Where sites are forked from: one process for all sites of a test process, with everything imported."""
    nursery = get_context("forkserver")
    nursery.set_forkserver_preload(["tests.support.commands", "tests.support.programs", "tests.support.site_process"])
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *sys.path]))
        ensure_running()
    return nursery


def _wait_for(address: str, process: ForkServerProcess, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not process.is_alive():
            raise RuntimeError(f"the site stopped: {log.read_text()}")
        try:
            with urllib.request.urlopen(address, timeout=20):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer: {log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
