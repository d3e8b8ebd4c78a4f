"""What the agent says: tables and sentences for people, or one JSON object a line for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ymach.agent.files import Unready
from ymach.agent.queue import Entry, State
from ymach.agent.sending import Result
from ymach.agent.server import Answer
from ymach.base.clock import VIETNAM
from ymach.base.errors import YmachError
from ymach.base.text import Text


@dataclass(frozen=True, slots=True)
class Show:
    """Where and how to speak. language: "vi" or "en". as_json: for programs, nothing else is written to the output."""

    language: str = "vi"
    as_json: bool = False

    @property
    def console(self) -> Console:
        return Console(soft_wrap=True, highlight=False)

    def say(self, text: Text, **values: object) -> None:
        """A sentence for people; silent for programs."""
        if not self.as_json:
            self.console.print(text.format(**values).to(self.language), markup=False)

    def data(self, value: Mapping[str, Any]) -> None:
        """One line of JSON for programs; silent for people."""
        if self.as_json:
            click.echo(orjson.dumps(value, default=str).decode())

    def error(self, error: YmachError) -> None:
        sentence = error.text.to(self.language)
        self.data({"error": error.code, "vi": error.text.vi, "en": error.text.en})
        if not self.as_json:
            click.echo(f"{sentence} ({error.code})", err=True)

    def progress(self) -> Progress:
        """A bar that counts files; invisible for programs."""
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=self.as_json,
        )

    def result(self, result: Result) -> None:
        """One file's fate; see `answer`."""
        answer = result.answer or Answer(0)
        told = replace(answer, code=result.code, sentence=result.sentence, submission=_number(result))
        self.answer(result.entry.path, result.entry.digest, result.state, told)

    def answer(self, path: Path, digest: str, state: State, answer: Answer) -> None:
        """What the server says about a file, with its findings as sentences and what to do."""
        self.data(
            {
                "file": str(path),
                "digest": digest,
                "state": state.value,
                "submission": answer.submission,
                "code": answer.code,
                "vi": answer.sentence.vi if answer.sentence else None,
                "en": answer.sentence.en if answer.sentence else None,
                "findings": list(answer.findings),
            }
        )
        if not self.as_json and (state is not State.ACCEPTED or answer.findings):
            told_below = any(one.get("code") == answer.code for one in answer.findings)
            self.file_line(
                path.name, state.text, None if told_below else answer.code, None if told_below else answer.sentence
            )
            self.findings(answer.findings)

    def file_line(self, name: str, state: Text, code: str | None, sentence: Text | None) -> None:
        line = f"{name}: {state.to(self.language)}"
        if sentence is not None:
            line += f". {sentence.to(self.language)}"
        self.console.print(line + (f" ({code})" if code else ""), markup=False)

    def findings(self, findings: Iterable[Mapping[str, Any]]) -> None:
        """Each finding as a sentence, then what to do about it."""
        for one in findings:
            sentence, action = (one.get(f"{kind}{self.language}") or one.get(f"{kind}vi") for kind in ("", "do_"))
            place = " ".join(str(one[name]) for name in ("table", "row", "field") if one.get(name))
            self.console.print(f"  - {f'[{place}] ' if place else ''}{sentence} ({one.get('code')})", markup=False)
            if action:
                self.console.print(f"    → {action}", markup=False)

    def unready(self, unready: Unready) -> None:
        self.data(
            {
                "file": str(unready.path),
                "state": State.FAILED.value,
                "code": unready.code,
                "vi": unready.sentence.vi,
                "en": unready.sentence.en,
            }
        )
        if not self.as_json:
            self.file_line(unready.path.name, State.FAILED.text, unready.code, unready.sentence)

    def queue(self, counts: Mapping[State, int], entries: Iterable[Entry]) -> None:
        """How many files stand where, and each that still needs somebody."""
        counted = {state.value: count for state, count in counts.items()}
        self.data({"counts": counted, "entries": [_row(one) for one in entries]})
        if self.as_json:
            return
        table = Table("", "", box=None, show_header=False)
        for state, count in counts.items():
            if count:
                table.add_row(state.text.to(self.language), str(count))
        self.console.print(table)
        for one in entries:
            self.file_line(one.path.name, one.state.text, one.code, one.sentence)


def moment(value: datetime) -> str:
    """A moment as people in Viet Nam write it, Vietnam time."""
    return value.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y")


def _number(result: Result) -> str | None:
    return result.answer.submission if result.answer else result.entry.submission


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "file": str(entry.path),
        "digest": entry.digest,
        "state": entry.state.value,
        "attempts": entry.attempts,
        "submission": entry.submission,
        "code": entry.code,
        "changed_at": entry.changed_at.isoformat(),
    }
