"""A conformance run over HTTP, from opening to the verified report."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from tests.support.in_process import application
from tests.synth.conftest import World

from ymach.agent import keys
from ymach.agent.server import Server
from ymach.base.clock import now
from ymach.cli.conformance_sending import Line, Runner
from ymach.exchange.conformance.cases import cases
from ymach.exchange.conformance.errors import ReportRefused
from ymach.exchange.conformance.models import ConformanceRun, ConformanceTry
from ymach.exchange.conformance.proof import verify_report
from ymach.exchange.models import Submission
from ymach.exchange.platform import platform_key
from ymach.trust.platform import jwks


@pytest.fixture
def runner(fixed_world: World) -> Iterator[Runner]:
    """The software of the first facility, on a line to the server in this process."""
    sender, _ = fixed_world.writers[0]
    issued = fixed_world.certificates.issued(sender)
    identity = keys.of_key(issued.key, issued.certificate, issued.chain)
    base = settings.ENVIRONMENT.base_url
    with application() as transport, Server(base, sender.code, identity, transport=transport) as server:
        yield Runner(server, identity.signer(), clock=now, wait=lambda _: None)


def status(runner: Runner, run: dict[str, object], line: Line, **headers: str) -> int:
    """What the server answers to one case of a run, sent with other headers."""
    named = {"Ymach-Conformance-Run": str(run["id"]), "Ymach-Conformance-Case": line.case, **headers}
    answer = runner.server.ask("POST", "/api/v1/submissions", line.content, named, {"dry_run": "1"})
    return answer.status_code


def test_software_that_does_all_cases_gets_a_signed_report(runner: Runner) -> None:
    run = runner.open("Phần mềm thử 1.0")
    lines = runner.kit(run)
    assert {line.case for line in lines} == cases().keys()
    assert all(code < 500 for _, code in runner.send(run, lines))
    finished = runner.finish(run)
    failed = [one for one in finished["cases"] if one["verdict"] != "passed"]
    assert not failed
    claims = verify_report(finished["report"], jwks(platform_key()))
    assert (claims["passed"], claims["test"], claims["software"]) == (True, True, "Phần mềm thử 1.0")
    assert len({one["digest"]["value"] for one in claims["cases"]}) > len(lines) / 2
    assert not Submission.objects.exists()
    assert not ConformanceTry.objects.exists()
    with pytest.raises(ReportRefused):
        verify_report(finished["report"].replace("e", "f", 1), jwks(platform_key()))


def test_a_report_says_what_was_left_out_and_what_came_out_otherwise(runner: Runner) -> None:
    run = runner.open("")
    good, *rest = runner.kit(run)
    assert status(runner, run, good) == 422  # unsigned, though the case asks for a signature
    told = {one["case"]: one for one in runner.finish(run)["cases"]}
    assert (told[good.case]["verdict"], told[good.case]["outcome"]) == ("failed", "rejected")
    assert {told[line.case]["verdict"] for line in rest} == {"not-tried"}
    again = runner.finish(run)
    assert again["passed"] is False
    assert status(runner, run, good) == 409


def test_only_dry_runs_of_ones_own_cases_are_noted(runner: Runner) -> None:
    run = runner.open("")
    good = runner.kit(run)[0]
    assert status(runner, run, good, **{"Ymach-Conformance-Case": "YM-NO-SUCH"}) == 422
    assert status(runner, {"id": "01900000-0000-7000-8000-000000000000"}, good) == 404
    named = {"Ymach-Conformance-Run": str(run["id"]), "Ymach-Conformance-Case": good.case}
    answer = runner.server.ask("POST", "/api/v1/submissions", good.content, named)
    assert answer.json()["code"] == "YM-CONF-NOT-A-DRY-RUN"
    assert not Submission.objects.exists()
    ConformanceRun.objects.update(facility_id="01900000-0000-7000-8000-000000000000")
    assert status(runner, run, good) == 404
