"""What the README and the guides tell people to type and to open is there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from django.urls import Resolver404, resolve

from ymach.api.urls import no_such_address
from ymach.cli.main import root

ROOT = Path(__file__).parents[1]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *GUIDES]
SAMPLE = "01900000-0000-7000-8000-000000000000"
LONGEST_GUIDE = 120


def written(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def commands() -> Iterator[str]:
    """Every `ymach …` in code of the documents, without what stands before it and what follows a pipe or a comment."""
    for path in DOCUMENTS:
        text = written(path)
        code = [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^(?: {4}|\t)(.+)$", text, re.MULTILINE)]
        for line in code:
            found = re.match(r"(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?ymach ([a-z].*)", line.strip())
            if found:
                yield re.split(r" [#|>] |\s{2,}", found[1])[0].strip()


def addresses() -> Iterator[str]:
    """Every path of a page or of the API in code of the README and the guides."""
    for path in [ROOT / "README.md", *GUIDES]:
        for code in re.findall(r"`([^`\n]+)`", written(path)):
            found = re.fullmatch(r"(?:GET |POST )?(/[^\s`]*)", code)
            if found and not found[1].startswith(("/sandbox/", "/var/")):
                yield found[1].partition("?")[0]
        yield from re.findall(r"\$BASE(/[^\s\"?]+)", written(path))


@cache
def inner_command(group: click.Group, word: str) -> click.Command | None:
    """Looked up once: to find one, the root starts the server's part."""
    return group.get_command(click.Context(group), word)


def parse(command: click.Command, words: list[str]) -> click.Command:
    """Walk down to the command that runs; every option on the way is one of its own."""
    own = [one for one in command.params if isinstance(one, click.Option)]
    options = {name: one for one in own for name in (*one.opts, *one.secondary_opts)}
    while words:
        word = words.pop(0)
        if word in {"--help", "-h"}:
            continue
        if word.startswith("--"):
            name = word.partition("=")[0]
            assert name in options, f"{command.name}: {name}"
            if not options[name].is_flag and "=" not in word:
                assert words, f"{name} wants a value"
                words.pop(0)
        elif isinstance(command, click.Group):
            inner = inner_command(command, word)
            assert inner is not None, f"{command.name}: no command {word}"
            return parse(inner, words)
    return command


@pytest.mark.parametrize("line", sorted(set(commands())))
def test_a_command_of_the_documents_is_one(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YMACH_DATABASE_URL", "postgresql://nowhere/none")
    parse(root, shlex.split(line))


@pytest.mark.parametrize("address", sorted(set(addresses())))
def test_an_address_of_the_guides_leads_somewhere(address: str) -> None:
    try:
        view = resolve(re.sub(r"\{[a-z_]+\}", SAMPLE, address)).func
    except Resolver404:
        pytest.fail(f"{address} leads nowhere", pytrace=False)
    assert view is not no_such_address


@pytest.mark.parametrize("guide", GUIDES, ids=[one.name for one in GUIDES])
def test_a_guide_is_read_in_a_few_minutes(guide: Path) -> None:
    assert len(written(guide).splitlines()) <= LONGEST_GUIDE
    assert guide.name == "README.md" or f"({guide.name})" in written(ROOT / "docs" / "guides" / "README.md")


def test_every_setting_named_in_the_documents_exists() -> None:
    known = set(re.findall(r"^#?(YMACH_[A-Z0-9_]+)=", written(ROOT / "env.example"), re.MULTILINE))
    outside = {"YMACH_DEMO", "YMACH_AGENT_P12_PASSWORD"}
    for path in DOCUMENTS:
        for name in re.findall(r"YMACH_[A-Z0-9_]*[A-Z0-9]", written(path)):
            assert name.removesuffix("_FILE") in known | outside, f"{path.name}: {name}"
