"""A conformance run over HTTP, from opening to the verified report."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from tests.support.in_process import Transport
from tests.synth.conftest import World

from ymach.accounts.actions import create_user, grant_role
from ymach.accounts.permissions import Role
from ymach.agent import keys
from ymach.agent.server import Server
from ymach.api.conformance import CASE, RUN
from ymach.base.actors import command
from ymach.base.clock import now
from ymach.cli.conformance_sending import Line, Runner
from ymach.exchange.conformance.cases import cases
from ymach.exchange.conformance.errors import ReportRefused
from ymach.exchange.conformance.models import ConformanceRun, ConformanceTry
from ymach.exchange.conformance.proof import verify_report
from ymach.exchange.models import Submission
from ymach.exchange.platform import platform_key
from ymach.facilities.models import Facility
from ymach.trust.platform import jwks


@pytest.fixture
def runner(fixed_world: World) -> Iterator[Runner]:
    """The software of the first facility, on a line to the server in this process."""
    sender, _ = fixed_world.writers[0]
    issued = fixed_world.certificates.issued(sender)
    identity = keys.of_key(issued.key, issued.certificate, issued.chain)
    base = settings.ENVIRONMENT.base_url
    with Server(base, sender.code, identity, transport=Transport()) as server:
        yield Runner(server, identity.signer(), clock=now, wait=lambda _: None)


def staff_of(code: str) -> Client:
    """A signed-in clerk of a facility."""
    facility, by = Facility.objects.get(code=code), command("test")
    user = create_user(username=f"clerk-{code}", full_name="Lê Thị Hạnh", password="mot-hai-ba-bon", by=by, at=now())
    grant_role(user=user, role=Role.FACILITY, facility_id=facility.id, by=by, at=now())
    client = Client()
    client.force_login(user)
    return client


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


def test_the_facility_follows_its_run_on_a_page_and_anybody_verifies_the_report(runner: Runner) -> None:
    clerk = staff_of("99001")
    opened = clerk.post("/conformance", {"software": "HIS 5.2"})
    address = str(opened["Location"])
    run = ConformanceRun.objects.get()
    lines = runner.kit({"kit": f"/api/v1/conformance/runs/{run.id}/kit"})
    assert clerk.get(f"{address}/kit.zip").content
    list(runner.send({"id": str(run.id), "headers": [RUN, CASE]}, lines[:3]))
    live = clerk.get(address, headers={"HX-Request": "true"}).content.decode()
    assert (live.count('data-state="accepted"'), "hx-get" in live) == (3, True)
    assert "GOOD-OUTPATIENT" in clerk.get(f"{address}?format=csv").content.decode()
    assert staff_of("99002").get(address).status_code == 404
    assert clerk.post(f"{address}/finish").status_code == 302
    report = clerk.get(f"{address}/report.jws").content.decode()
    anybody = Client()
    assert "Báo cáo là thật" in anybody.post("/conformance/verify", {"report": report}).content.decode()
    forged = anybody.post("/conformance/verify", {"report": report[:-9]})
    assert (forged.status_code, report[:-9] in forged.content.decode()) == (422, True)


def test_another_run_may_not_be_opened_at_once(runner: Runner) -> None:
    clerk = staff_of("99001")
    assert clerk.post("/conformance", {"software": "A"}).status_code == 302
    refused = clerk.post("/conformance", {"software": "Tên đã gõ"})
    assert (refused.status_code, "Tên đã gõ" in refused.content.decode()) == (429, True)
