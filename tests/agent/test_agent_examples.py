"""The shipped examples, by the agent's own commands, through a running site: nothing between them is a stand-in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from tests.support import databases
from tests.support.site import serving

from ymach.exchange.receipts.claims import claims_of
from ymach.synth.examples import Example, examples

P12_PASSWORD, SIGN_IN = "demo", "mot-hai-ba-bon-nam"
ACCOUNT = """
import sys, django
django.setup()
from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.base.actors import command
from ymach.base.clock import now
from ymach.facilities.models import Facility
code, password = sys.argv[1:]
by, facility = command("test"), Facility.objects.get(code=code)
user = create_user(username=f"co-so-{code}", full_name="Hồ Văn Công", password=password, by=by, at=now())
grant_role(user=user, role=Role.FACILITY, facility_id=facility.pk, by=by, at=now())
"""


@dataclass
class Installation:
    """A demonstration's registry behind a site, and a folder for the machines of its facilities."""

    address: str
    environment: dict[str, str]
    folder: Path

    def run(self, *arguments: str | Path) -> str:
        command = [sys.executable, "-m", "ymach", *map(str, arguments)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def send(self, example: Example) -> dict[str, object]:
        """Sign and send one example as its facility would; the claims of the receipt the agent kept."""
        home, p12 = self.folder / example.name, self.folder / f"{example.facility_code}.p12"
        if not p12.exists():
            self.run("synth", "certificate", "--facility", example.facility_code, "--out", p12)
        source = self.folder / f"{example.name}.xml"
        source.write_bytes(example.xml)
        to = ("--server", self.address, "--allow-http", "--facility", example.facility_code)
        self.run("agent", "--home", home, "init", *to, "--p12", p12)
        self.run("agent", "--home", home, "send", source)
        self.run("agent", "--home", home, "receipts", "--verify")
        (receipt,) = home.rglob("*.jws")
        return claims_of(receipt.read_text(encoding="ascii").strip())

    def page(self, path: str, *, of: str) -> str:
        """A page as the facility's account sees it."""
        with httpx.Client(base_url=self.address, follow_redirects=True) as reader:
            token = reader.get("/sign-in").text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
            who = {"username": f"co-so-{of}", "password": SIGN_IN, "csrfmiddlewaretoken": token}
            assert reader.post("/sign-in", data=who).status_code == 200
            answer = reader.get(path)
            assert answer.status_code == 200
            return answer.text

    def open_account(self, code: str) -> None:
        command = [sys.executable, "-c", ACCOUNT, code, SIGN_IN]
        subprocess.run(command, env=self.environment, check=True, timeout=60)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    here, folder = databases.server(), tmp_path_factory.mktemp("examples")
    with databases.copy(here, "examples") as name:
        environment = dict(databases.environment_for(here, name))
        environment |= {"YMACH_VAR": str(folder / "var"), "YMACH_DEMO": "1"}
        environment |= {"YMACH_AGENT_P12_PASSWORD": P12_PASSWORD, "PYTHONPATH": os.pathsep.join(sys.path)}
        (folder / "var").mkdir()
        with serving(environment) as address:
            made = Installation(address, {**environment, "YMACH_BASE_URL": address}, folder)
            made.run("synth", "registry", "--practitioners", "300", "--facilities", "30")
            for code in sorted({one.facility_code for one in examples()}):
                made.open_account(code)
            yield made


@pytest.mark.slow
@pytest.mark.parametrize("example", examples(), ids=lambda one: one.name)
def test_a_shipped_example_goes_through_the_agent_and_is_findable_when_the_answer_comes(
    installation: Installation, example: Example
) -> None:
    before = datetime.now(UTC)
    claims = installation.send(example)
    assert str(claims["outcome"]).startswith("accepted")
    assert before <= datetime.fromisoformat(str(claims["searchable_at"])) <= datetime.now(UTC)
    page = installation.page(f"/submissions/{claims['jti']}", of=example.facility_code)
    assert str(claims["records"][0]["code"]) in page  # type: ignore[index]
