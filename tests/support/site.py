"""The running site for browser tests: Granian on a free port, on a database of its own with one account per role."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import databases

PASSWORD = "mot-hai-ba-bon-nam"
START_SECONDS = 60
"""Longest that a site may take on a machine busy with other things; alone it takes two or three."""

SEED = Path(__file__).with_name("seed_site.py")


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a running site. Accounts are those of seed_site.py, all with PASSWORD."""
    here = databases.server()
    with databases.copy(here, "site") as name:
        environment = {**databases.environment_for(here, name), "PYTHONPATH": str(SEED.parents[2])}
        subprocess.run([sys.executable, str(SEED), PASSWORD], env=environment, check=True)
        with serving(environment) as address:
            yield address


@contextmanager
def serving(environment: dict[str, str], *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Start the site in a process of its own and stop it at the end; yields its address under the name `host`.

    port: a free one when 0; the same again for a site that was away and comes back.
    """
    port = port or _free_port()
    address = f"http://{host}:{port}"
    environment = {**environment, "YMACH_BASE_URL": address}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "ymach.wsgi:application"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        _wait_for(f"http://127.0.0.1:{port}/sign-in", process)
        yield address
    finally:
        process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _wait_for(address: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the site stopped: {process.communicate()[0]}")
        try:
            with urllib.request.urlopen(address, timeout=20):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
