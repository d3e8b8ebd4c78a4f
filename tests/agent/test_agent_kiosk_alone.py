"""The kiosk's command as a hospital runs it: a process of its own, without Django and the server's packages."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
from tests.agent.test_agent_alone import BLOCKED, ONE, SERVER
from tests.support.kiosks import WOMAN, sample

if TYPE_CHECKING:
    from tests.agent.conftest import Machine


def test_the_command_serves_signs_sends_and_ends_in_order(machine: Machine) -> None:
    sample(machine.home)
    program = BLOCKED.format(server=set(SERVER)) + ONE
    command = [sys.executable, "-c", program, "agent", "--json", "--home", str(machine.home)]
    environment = {**os.environ, **machine.environment}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with subprocess.Popen(
        [*command, "kiosk", "--port", "0", "--every", "0.1"], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = next(json.loads(line) for line in process.stdout if '"kiosk"' in line)
        page = check_in(told["kiosk"])
        wait_for(machine, 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert '<p class="big">1</p>' in page
    assert "<svg" in page or re.search(r"K\d{6}-NOI-001-\w{4}", page)


def check_in(address: str) -> str:
    """The page with the number, after scan, payer and room."""
    with httpx.Client(base_url=address, follow_redirects=True, trust_env=False, verify=False) as client:
        page = client.get("/")
        for where, form in (("/scan", {"text": WOMAN}), ("/pays", {"pays": "self"}), ("/rooms", {"room": "NOI"})):
            token = re.findall(r'data-form="([^"]+)"', page.text)[0]
            page = client.post(where, data={"form": token, **form})
        return page.text


def wait_for(machine: Machine, count: int) -> None:
    deadline = time.monotonic() + 20
    while len(machine.exchange.stored) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(machine.exchange.stored) == count
