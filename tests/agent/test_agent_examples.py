"""The shipped examples, by the agent's own commands, through a running site: nothing between them is a stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from tests.support.site import PASSWORD, seeded

from ymach.agent.commands import agent
from ymach.exchange.receipts.claims import claims_of
from ymach.synth.examples import Example, examples

P12_PASSWORD = "demo"


@dataclass
class Installation:
    """A demonstration's registry behind a site, and a folder for the machines of its facilities."""

    address: str
    folder: Path

    def agent(self, home: Path, *arguments: str | Path) -> None:
        given = ["--home", str(home), *map(str, arguments)]
        done = CliRunner().invoke(agent, given, env={"YMACH_AGENT_P12_PASSWORD": P12_PASSWORD}, catch_exceptions=False)
        assert done.exit_code == 0, f"{arguments}: {done.output}"

    def send(self, example: Example) -> dict[str, object]:
        """Sign and send one example as its facility would; the claims of the receipt the agent kept."""
        home, p12 = self.folder / example.name, self.folder / f"{example.facility_code}.p12"
        source = self.folder / f"{example.name}.xml"
        source.write_bytes(example.xml)
        to = ("--server", self.address, "--allow-http", "--facility", example.facility_code)
        self.agent(home, "init", *to, "--p12", p12)
        self.agent(home, "send", source)
        self.agent(home, "receipts", "--verify")
        (receipt,) = home.rglob("*.jws")
        return claims_of(receipt.read_text(encoding="ascii").strip())

    def page(self, path: str, *, of: str) -> str:
        """A page as the facility's account sees it."""
        with httpx.Client(base_url=self.address, follow_redirects=True) as reader:
            token = reader.get("/sign-in").text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
            who = {"username": f"co-so-{of}", "password": PASSWORD, "csrfmiddlewaretoken": token}
            assert reader.post("/sign-in", data=who).status_code == 200
            answer = reader.get(path)
            assert answer.status_code == 200
            return answer.text


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("examples")
    codes = sorted({one.facility_code for one in examples()})
    with seeded("seed_examples.py", str(folder), *codes, YMACH_DEMO="1", YMACH_VAR=str(folder / "var")) as address:
        yield Installation(address, folder)


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
