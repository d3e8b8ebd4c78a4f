"""`ymach` as a process of its own, as an operator or a service runs it, without importing everything again."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.site import nursery

SECONDS = 120
"""Longest that a command may take on a machine busy with other things."""


@dataclass(frozen=True)
class Done:
    """A command that has ended. output: of both kinds, errors too."""

    returncode: int
    output: str


def ymach(environment: Mapping[str, str], *arguments: str | Path) -> Done:
    """Run `ymach` under an environment, and wait until it has ended."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        process = nursery().Process(target=_command, args=(dict(environment), [*map(str, arguments)], log))
        process.start()
        process.join(SECONDS)
        process.kill()
        process.join()
        return Done(process.exitcode or 0, log.read_text(encoding="utf-8"))


def _command(environment: dict[str, str], arguments: list[str], log: Path) -> None:
    from tests.support.site_process import command

    command(environment, arguments, log)
