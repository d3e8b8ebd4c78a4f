"""`ymach demo` from nothing, in a folder of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ymach.base.embedded import cluster
from ymach.cli.demo.interrupts import undisturbed
from ymach.cli.processes import Processes, free_port_from, interrupts_held, is_free
from ymach.config import Environment

FIRST_PAGE_SECONDS, NEXT_PAGE_SECONDS = 90, 45
"""Bounds for a machine that is busy with other tests; alone it takes half and a quarter."""


def test_a_port_that_somebody_uses_is_passed_over() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken: int = other.getsockname()[1]
        assert not is_free(taken)
        assert free_port_from(taken) > taken


def test_programs_are_stopped_in_the_end(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    processes.start("help", "--help")
    processes.running["help"].wait(timeout=30)
    assert processes.dead() == ["help"]
    processes.stop()
    assert processes.running == {}
    assert "Usage" in (tmp_path / "help.log").read_text(encoding="utf-8")


def test_an_interrupt_waits_until_a_started_program_is_written_down() -> None:
    written = []
    # Where a shell runs the tests in the background, it has them ignore interrupts.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)

    def begin() -> None:
        with interrupts_held():
            signal.raise_signal(signal.SIGINT)
            written.append("program")

    try:
        with pytest.raises(KeyboardInterrupt):
            begin()
    finally:
        signal.signal(signal.SIGINT, heard)
    assert written == ["program"]


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for one installation; its cluster, which may lie elsewhere, goes with it."""
    made = tmp_path_factory.mktemp("demo")
    yield made
    here = cluster(Environment(var=made))
    here.stop()
    shutil.rmtree(here.home, ignore_errors=True)


@pytest.mark.slow
def test_a_demo_from_nothing_sends_its_first_dossiers_and_leaves(folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YMACH_")}
    environment |= {"YMACH_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "ymach.settings"}
    command = [sys.executable, "-m", "ymach", "demo", "--port", "8300", "--history", "6", "--leave"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"nguoi-dan", "kiem-toan", "/worklist"} <= set(re.findall(r"[\w/-]+", done.stdout))
    assert "accepted" in done.stdout
    assert ready_after(done.stdout) < FIRST_PAGE_SECONDS
    assert (folder / "demo" / "history-sent").exists()
    assert not cluster(Environment(var=folder)).is_running()
    begun = time.monotonic()
    shown, code = _at_a_terminal(command[:-1], environment, until="nguoi-dan")
    assert code == 0, shown
    assert "Traceback" not in shown
    assert time.monotonic() - begun < 60
    assert ready_after(shown) < NEXT_PAGE_SECONDS
    assert not cluster(Environment(var=folder)).is_running()


def ready_after(shown: str) -> float:
    """Seconds from the start until the site was ready, as the demonstration says."""
    found = re.search(r"([\d.]+) s\s+Sẵn sàng", re.sub(r"\x1b\[[\d;]*m", "", shown))
    assert found, shown
    return float(found[1])


def _at_a_terminal(command: list[str], environment: dict[str, str], *, until: str) -> tuple[str, int]:
    """Run a program at a terminal of its own, press Ctrl-C once it has shown `until`; what it showed, its exit code."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=there,
        stdout=there,
        stderr=there,
        start_new_session=True,
        preexec_fn=_before_it_starts,
    )
    os.close(there)
    shown, pressed = b"", False
    while True:
        try:
            shown += os.read(here, 65536)
        except OSError:  # the terminal is gone: nobody writes to it any more
            break
        if not pressed and until.encode() in shown:
            os.write(here, b"\x03")
            pressed = True
    os.close(here)
    return shown.decode(errors="replace"), process.wait(timeout=60)


def _before_it_starts() -> None:
    """Its terminal, and Ctrl-C heard even where the tests themselves run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_a_second_signal_does_not_end_the_stopping_half_way() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with undisturbed():
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is before
