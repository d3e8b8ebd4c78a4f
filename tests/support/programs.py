"""Programs that go on beside a test, in processes of their own, without importing everything again."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.support.site import nursery


@dataclass(frozen=True)
class Running:
    """A program at work. log: what it says, on standard output and standard error."""

    process: ForkServerProcess
    log: Path

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def poll(self) -> int | None:
        """Its exit code (less than 0: the signal that ended it); None while it works."""
        return self.process.exitcode

    def wait(self, seconds: float = 60) -> int:
        """Wait for its end; its exit code. Raises TimeoutError."""
        self.process.join(seconds)
        if self.process.exitcode is None:
            raise TimeoutError(self.said()[-3000:])
        return self.process.exitcode

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        self.process.kill()

    def interrupt(self) -> None:
        """As Ctrl-C does."""
        os.kill(self.pid, signal.SIGINT)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")


def agent_started(environment: Mapping[str, str], *arguments: str | Path, log: Path) -> Running:
    """Start the facility's tool in the present folder; `environment` is added to that of the tests."""
    given = ({**os.environ, **environment}, [*map(str, arguments)], str(Path.cwd()), str(log))
    process = nursery().Process(target=_agent, args=given)
    process.start()
    return Running(process, log)


def ymach_started(environment: Mapping[str, str], *arguments: str | Path, log: Path) -> Running:
    """Start `ymach` under an environment."""
    process = nursery().Process(target=_ymach, args=(dict(environment), [*map(str, arguments)], log))
    process.start()
    return Running(process, log)


def _agent(environment: dict[str, str], arguments: list[str], folder: str, log: str) -> None:
    from ymach.agent.commands import agent

    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    with Path(log).open("ab") as out:
        os.dup2(out.fileno(), sys.stdout.fileno())
        os.dup2(out.fileno(), sys.stderr.fileno())
    agent(arguments)


def _ymach(environment: dict[str, str], arguments: list[str], log: Path) -> None:
    from tests.support.site_process import command

    signal.signal(signal.SIGINT, signal.default_int_handler)
    command(environment, arguments, log)
