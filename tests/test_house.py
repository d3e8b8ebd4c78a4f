"""Tests about the repository itself: what a stranger reads must be true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ymach.base.errors import Misconfigured
from ymach.cli.main import COMMANDS, root
from ymach.config import PREFIX, Environment, read_environment

ROOT = Path(__file__).parents[1]
TEXTS = ["*.py", "*.md", "*.toml", "*.txt", "*.html", "*.yaml", "*.sh", "Makefile", ".ci/run", "*.example"]


def tracked(*patterns: str) -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listing.splitlines()]


def test_env_example_lists_every_setting_with_its_description() -> None:
    written = (ROOT / "env.example").read_text(encoding="utf-8")
    named = set(re.findall(rf"^#?({PREFIX}[A-Z_]+)=", written, re.MULTILINE))
    assert named == {f"{PREFIX}{name.upper()}" for name in Environment.model_fields}
    for name, field in Environment.model_fields.items():
        assert field.description in " ".join(written.replace("#", "").split()), name


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_and_is_in_the_readme_or_a_guide(command: str) -> None:
    elsewhere = {"YMACH_DATABASE_URL": "postgresql://nowhere/none"}
    done = CliRunner().invoke(root, [command, "--help"], env=elsewhere)
    assert done.exit_code == 0, done.output
    guides = "".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    assert f"ymach {command}" in guides


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("YMACH_BASE_URL", "ftp://x", "YMACH_BASE_URL"),
        ("YMACH_DATABASE_URL", "mysql://x", "postgresql://"),
        ("YMACH_MAX_BODY_MB", "many", "YMACH_MAX_BODY_MB"),
        ("YMACH_LOG_LEVEL", "LOUD", "DEBUG, INFO"),
        ("YMACH_SECRET_KEY_FILE", "/nowhere/key", "cannot read /nowhere/key"),
        ("YMACH_INSURANCE_URI", "https://portal.example", "YMACH_INSURANCE_URL"),
        ("YMACH_OF_ANOTHER_RELEASE", "1", "YMACH_OF_ANOTHER_RELEASE"),
    ],
)
def test_wrong_setting_stops_the_start_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured) as caught:
        read_environment()
    assert told in caught.value.text.en


def test_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n", encoding="utf-8")
    monkeypatch.setenv("YMACH_SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("YMACH_SECRET_KEY", "")
    monkeypatch.delenv("YMACH_SECRET_KEY")
    assert read_environment().secret_key_or_made() == "from a file"
    monkeypatch.delenv("YMACH_SECRET_KEY", raising=False)


def test_links_between_documents_lead_somewhere() -> None:
    for path in tracked("*.md"):
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_no_file_is_too_long_to_read() -> None:
    long = [path for path in tracked("*.py") if len(path.read_text(encoding="utf-8").splitlines()) > 600]
    assert long == []


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_migrations_are_named_after_their_reason() -> None:
    names = [path.name for path in tracked("src/**/migrations/*.py") if path.name != "__init__.py"]
    assert names
    assert not [name for name in names if re.search(r"_(auto|alter|initial)", name)]
