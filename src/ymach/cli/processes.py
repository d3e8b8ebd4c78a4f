"""Programs that a command starts beside itself, and stops when it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ymach.base.errors import Misconfigured

STOP_SECONDS = 20


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait for the end of this: a program that is started, but not yet written down, would stay."""
    came: list[int] = []
    in_main = threading.current_thread() is threading.main_thread()
    heard = [one for one in (signal.SIGINT, signal.SIGTERM) if in_main and callable(signal.getsignal(one))]
    before = {one: signal.signal(one, lambda number, frame: came.append(number)) for one in heard}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        for number in came:
            signal.raise_signal(number)


@dataclass(slots=True)
class Processes:
    """`ymach` programs with their output in files of `logs`. Started in sessions of their own, so that a Ctrl-C reaches
    only the program that will stop them in order."""

    logs: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *arguments: str) -> None:
        """Start `ymach <arguments>`; its output goes to `<name>.log`."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log, interrupts_held():
            self.running[name] = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "ymach", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(os.environ),
                start_new_session=True,
            )

    def wait_until(self, name: str, is_ready: Callable[[], bool], *, seconds: float = 60) -> None:
        """Wait until a program is ready. Raises Misconfigured, with the end of its output, when it stops or never is."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.running[name].poll() is not None:
                break
            if is_ready():
                return
            time.sleep(0.1)
        raise Misconfigured(why=f"{name}: {self._last_words(name)}")

    def dead(self) -> list[str]:
        """Programs that have ended by themselves."""
        return [name for name, process in self.running.items() if process.poll() is not None]

    def stop(self) -> None:
        """Ask all to stop, the last started first, and wait; what does not stop in time is killed."""
        for process in reversed(self.running.values()):
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
        self.running.clear()

    def _last_words(self, name: str) -> str:
        text = (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        return text.strip()[-600:] or "no output"


def run_to_end(*arguments: str) -> None:
    """Run `ymach <arguments>` to its end. Raises Misconfigured with its output when it fails."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "ymach", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Misconfigured(why=f"ymach {' '.join(arguments)}: {(done.stderr or done.stdout).strip()[-600:]}")


def is_free(port: int) -> bool:
    """Whether nobody listens on the port of this machine's loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def free_port_from(port: int) -> int:
    """The first free port from `port` on. Raises Misconfigured when there is none among a hundred."""
    for candidate in range(port, port + 100):
        if is_free(candidate):
            return candidate
    raise Misconfigured(why=f"no free port between {port} and {port + 99}")


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number) if number is signal.SIGTERM else os.killpg(process.pid, number)
