"""What the agent says: tables and sentences for people, or one JSON object a line for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ymach.agent import words
from ymach.agent.consoles import encoding_of, fit, printable
from ymach.agent.files import Unready
from ymach.agent.keys import moment
from ymach.agent.queue import Entry, State
from ymach.agent.sending import Result
from ymach.agent.server import Answer
from ymach.base.errors import YmachError
from ymach.base.text import Text

__all__ = ["Show", "moment"]


@dataclass(frozen=True, slots=True)
class Show:
    """Where and how to speak. language: "vi" or "en". as_json: for programs, nothing else is written to the output.

    JSON is always UTF-8; sentences are fitted to what the terminal can show.
    """

    language: str = "vi"
    as_json: bool = False

    @property
    def console(self) -> Console:
        return Console(soft_wrap=True, highlight=False, emoji=False)

    def say(self, text: Text, **values: object) -> None:
        """A sentence for people; silent for programs."""
        if not self.as_json:
            self._line(text.format(**values).to(self.language))

    def data(self, value: Mapping[str, Any]) -> None:
        """One line of JSON for programs; silent for people."""
        if self.as_json:
            click.echo(orjson.dumps(value, default=_plain) + b"\n", nl=False)

    def error(self, error: YmachError) -> None:
        sentence = error.text.to(self.language)
        self.data({"error": error.code, "vi": error.text.vi, "en": error.text.en})
        if not self.as_json:
            click.echo(fit(f"{sentence} ({error.code})", encoding_of(sys.stderr)), err=True)

    def progress(self) -> Progress:
        """A bar that counts files; invisible for programs and where nobody looks at a terminal."""
        console = Console(stderr=True)
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=self.as_json or not console.is_terminal,
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
                "file": _path(path),
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
            for line in self.lines(path.name, state, answer):
                self._line(line)

    def lines(self, name: str, state: State, answer: Answer) -> Iterator[str]:
        """A file's fate for people: its state, each finding as a sentence, and what to do about it."""
        told_below = any(one.get("code") == answer.code for one in answer.findings)
        sentence, code = (None, None) if told_below else (answer.sentence, answer.code)
        yield self._file_line(name, state.text, code, sentence)
        for one in answer.findings:
            finding, action = (one.get(f"{kind}{self.language}") or one.get(f"{kind}vi") for kind in ("", "do_"))
            place = " ".join(str(one[part]) for part in ("table", "row", "field") if one.get(part))
            yield f"  - {f'[{place}] ' if place else ''}{finding} ({one.get('code')})"
            if action:
                yield f"    → {action}"

    def unready(self, unready: Unready) -> None:
        self.data(
            {
                "file": _path(unready.path),
                "state": State.FAILED.value,
                "code": unready.code,
                "vi": unready.sentence.vi,
                "en": unready.sentence.en,
            }
        )
        if not self.as_json:
            self._line(self._file_line(unready.path.name, State.FAILED.text, unready.code, unready.sentence))

    def note(self, told: Result | Unready) -> str:
        """The text that is put beside a file that was moved away: what happened and what to do."""
        if isinstance(told, Unready):
            name, lines = told.path.name, [told.sentence.to(self.language), told.code]
            state = State.FAILED
        else:
            name, state = told.entry.path.name, told.state
            answer = replace(told.answer or Answer(0), code=told.code, sentence=told.sentence)
            lines = list(self.lines(name, state, answer))
        values = {"file": name, "state": state.text.to(self.language), "why": "\n".join(lines)}
        return words.NOTE.format(**values).to(self.language)

    def queue(self, counts: Mapping[State, int], entries: Iterable[Entry], more: Mapping[str, Any]) -> None:
        """How many files stand where, and each that still needs somebody. more: what else programs are told."""
        counted = {state.value: count for state, count in counts.items()}
        self.data({"counts": counted, "entries": [_row(one) for one in entries], **more})
        if self.as_json:
            return
        table = Table("", "", box=None, show_header=False)
        for state, count in counts.items():
            if count:
                table.add_row(fit(state.text.to(self.language), encoding_of()), str(count))
        self.console.print(table)
        for one in entries:
            self._line(self._file_line(one.path.name, one.state.text, one.code, one.sentence))

    def _file_line(self, name: str, state: Text, code: str | None, sentence: Text | None) -> str:
        line = f"{name}: {state.to(self.language)}"
        if sentence is not None:
            line += f". {sentence.to(self.language)}"
        return line + (f" ({code})" if code else "")

    def _line(self, line: str) -> None:
        self.console.print(fit(printable(line), encoding_of()), markup=False)


def _path(path: Path) -> str:
    """A path as text: bytes that are no text are shown replaced."""
    return str(path).encode("utf-8", "replace").decode()


def _plain(value: object) -> str:
    return str(value)


def _number(result: Result) -> str | None:
    return result.answer.submission if result.answer else result.entry.submission


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "file": _path(entry.path),
        "digest": entry.digest,
        "state": entry.state.value,
        "lane": entry.lane,
        "attempts": entry.attempts,
        "submission": entry.submission,
        "code": entry.code,
        "changed_at": entry.changed_at.isoformat(),
    }
