"""The steps of the integrators' guide, run as they stand against a real server; its table of refusals against the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.support.intake import example
from tests.support.site import PASSWORD, seeded
from ymach.agent.keys import open_p12
from ymach.agent.server import Server
from ymach.base.errors import YmachError
from ymach.exchange.findings import catalogue

GUIDE = (Path(__file__).parents[1] / "docs" / "integrators.md").read_text(encoding="utf-8")
ELSEWHERE = ("ymach.api.v1", "ymach.agent.errors", "ymach.web.urls", "ymach.exchange.channels.contract")


def blocks(language: str) -> str:
    return "\n".join(re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a vendor's machine, while a server runs that knows its facility."""
    (tmp_path / "day").mkdir()
    for name in ("01-outpatient.xml", "00-checkin-XML0.xml"):
        (tmp_path / "day" / name).write_bytes(example(name))
    p12 = tmp_path / "facility.p12"
    with seeded("seed_clinic.py", str(p12)) as base:
        own = {"BASE": base, "FACILITY": "99001", "P12": str(p12), "PASSWORD": PASSWORD}
        yield {**os.environ, **own, "DOSSIERS": str(tmp_path / "day"), "SIGNED": str(tmp_path / "signed.xml")}


def run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_steps_of_the_guide_do_what_they_say(clinic: dict[str, str]) -> None:
    told = run([sys.executable, "-W", "error", "-c", blocks("python")], clinic)
    assert "200 accepted" in told
    assert "FHIR 200 accepted" in told
    assert "bad 422 rejected YM-ENV-FACILITY" in told
    identity = open_p12(Path(clinic["P12"]), PASSWORD)
    Path(clinic["SIGNED"]).write_bytes(identity.signer().sign(example("01-outpatient.xml")))
    with Server(clinic["BASE"], "99001", identity) as server:
        token = server.ask("GET", "/api/v1/submissions").request.headers["Authorization"].partition(" ")[2]
    answers = run(["bash", "-euo", "pipefail", "-c", blocks("sh")], {**clinic, "TOKEN": token})
    for said in ('"dry_run":true', '"receipt":"', '"events":[]', '"kit":"/api/v1/conformance/runs/'):
        assert said in answers.replace('": ', '":')


def statuses() -> dict[str, str]:
    """The status of every code that a program can be told: findings, and errors of the doors."""
    for name in ELSEWHERE:
        import_module(name)
    waiting, found = [YmachError], {kind.code: str(kind.status) for kind in catalogue()}
    while waiting:
        error = waiting.pop()
        found[error.code] = str(error.status)
        waiting += error.__subclasses__()
    return found


def refusals() -> list[tuple[str, str]]:
    """Code and status as the guide's table has them; one status for all, or one for each."""
    table = GUIDE.partition("## What may be refused")[2].partition("## Reference")[0]
    rows = [line.split("|")[1:4] for line in table.splitlines() if line.startswith("| ") and "`YM-" in line]
    found = []
    for _, status, codes in rows:
        named, given = re.findall(r"`(YM-[A-Z0-9-]+)`", codes), [one.strip() for one in status.split(",")]
        found += list(zip(named, given if len(given) == len(named) else given * len(named), strict=True))
    return found


@pytest.mark.parametrize(("code", "status"), refusals())
def test_a_refusal_of_the_table_is_one_of_the_code(code: str, status: str) -> None:
    known = statuses()
    assert code in known
    assert status in {"–", "2xx", known[code]}
