"""A hospital's machine with the agent on it, and the server it talks to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.agent.standin import FACILITY, Exchange, serving

from ymach.agent.commands import agent
from ymach.agent.queue import Queue
from ymach.trust.demo_ca import DemoAuthority, Issued, KeyPool, new_key

PASSWORD = "mật khẩu thử"


@pytest.fixture(scope="session")
def issued() -> Issued:
    """With an elliptic key: each command of the agent opens it anew, and checking an RSA key takes a long while."""
    authority = DemoAuthority(at=datetime.now(UTC), keys=KeyPool(1))
    return authority.issue_facility("0100109106", "Bệnh viện Đa khoa Mẫu", key=new_key("EC"))


@pytest.fixture(scope="session")
def p12(issued: Issued) -> bytes:
    return issued.pkcs12(PASSWORD)


@pytest.fixture
def exchange(issued: Issued) -> Iterator[Exchange]:
    with serving(issued) as state:
        yield state


@dataclass
class Machine:
    """A hospital's machine: its folder, and the agent's command line. name: how the service names its home."""

    folder: Path
    exchange: Exchange
    environment: dict[str, str]
    name: Path | None = None

    @property
    def home(self) -> Path:
        return self.folder / "công cụ"

    def run(self, *arguments: str | Path) -> Result:
        given = ["--home", str(self.home), *(str(one) for one in arguments)]
        return CliRunner().invoke(agent, given, env=self.environment, catch_exceptions=False)

    def json(self, *arguments: str | Path) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run("--json", *arguments).stdout.splitlines()]

    def init(self, *more: str) -> Result:
        p12 = self.folder / "chứng thư.p12"
        return self.run("init", "--server", self.exchange.base, "--facility", FACILITY, "--p12", p12, *more)

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    def signed(self) -> list[bytes]:
        """The bytes that are kept in the queue, in order."""
        with Queue(self.home) as queue:
            return [content for one in queue.all() if (content := queue.content(one)) is not None]

    def dossier(self, name: str, number: str = "1", folder: Path | None = None) -> Path:
        path = (folder or self.folder / "hồ sơ") / f"{name}.xml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"<GIAMDINHHS><THONGTINDONVI><MACSKCB>{FACILITY}</MACSKCB></THONGTINDONVI>"
            f"<THONGTINHOSO><SO>{number}</SO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>",
            encoding="utf-8",
        )
        return path


@pytest.fixture
def fresh(exchange: Exchange, p12: bytes, tmp_path: Path) -> Machine:
    (tmp_path / "chứng thư.p12").write_bytes(p12)
    return Machine(tmp_path, exchange, {"YMACH_AGENT_P12_PASSWORD": PASSWORD})


@pytest.fixture
def machine(fresh: Machine) -> Machine:
    """A machine that is set up."""
    assert fresh.init().exit_code == 0
    return fresh
