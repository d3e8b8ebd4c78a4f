"""`ymach serve` and `ymach synth` as programs, on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support import databases
from tests.support.commands import ymach

from ymach.base.embedded import Cluster


@pytest.fixture(scope="module")
def server() -> Cluster:
    return databases.server()


@pytest.fixture(scope="module")
def database(server: Cluster) -> Iterator[str]:
    with databases.copy(server, "cli") as name:
        yield name


def test_serving_under_a_superuser_is_refused(server: Cluster, database: str) -> None:
    environment = databases.environment_for(server, database)
    environment["YMACH_DATABASE_URL"] = server.url("postgres", database)
    done = ymach(environment, "serve", "--port", "8999")
    assert done.returncode == 2
    assert "superuser" in done.output


def test_serving_under_a_role_that_passes_over_row_security_is_refused(server: Cluster, database: str) -> None:
    server.sql("DROP ROLE IF EXISTS test_bypasses; CREATE ROLE test_bypasses LOGIN BYPASSRLS")
    try:
        environment = databases.environment_for(server, database)
        environment["YMACH_DATABASE_URL"] = server.url("test_bypasses", database)
        done = ymach(environment, "serve", "--port", "8999")
    finally:
        server.sql("DROP ROLE test_bypasses")
    assert done.returncode == 2
    assert "bypasses row security" in done.output


def test_synthetic_data_stay_out_of_an_installation_that_is_no_demo(server: Cluster, database: str) -> None:
    done = ymach(databases.environment_for(server, database), "synth", "registry")
    assert done.returncode == 1
    assert "YM-SYNTH-NOT-A-DEMO" in done.output


def test_a_country_is_loaded_once_and_writes_dossiers(server: Cluster, database: str, tmp_path: Path) -> None:
    environment = {**databases.environment_for(server, database), "YMACH_DEMO": "1"}
    small = ("synth", "registry", "--practitioners", "200", "--facilities", "40")
    assert ymach(environment, *small).returncode == 0
    again = ymach(environment, *small)
    assert again.returncode == 1
    assert "YM-SYNTH-THERE" in again.output
    written = ymach(environment, "synth", "dossiers", "--count", "5", "--out", str(tmp_path), "--facility", "99001")
    assert written.returncode == 0, written.output
    assert len(list(tmp_path.glob("*-99001.xml"))) == 5
