"""Setting up: the folder, the pinned keys, the password that is never kept, and wrong use."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tomllib
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ymach.trust.platform import PlatformKey

if TYPE_CHECKING:
    from pathlib import Path

    from tests.agent.conftest import Machine


def test_setting_up_pins_the_servers_keys_and_keeps_no_password(fresh: Machine) -> None:
    done = fresh.init()
    assert done.exit_code == 0, done.output
    assert fresh.exchange.key.kid in done.stdout
    assert "Bệnh viện Đa khoa Mẫu" in done.stdout
    written = "".join(path.read_text() for path in fresh.home.iterdir())
    assert "mật khẩu thử" not in written
    assert stat.S_IMODE(fresh.home.stat().st_mode) == 0o700


def test_changed_keys_of_the_server_need_a_persons_word(machine: Machine) -> None:
    machine.exchange.key = PlatformKey.create()
    refused = machine.init()
    assert refused.exit_code == 2
    assert "YM-AGENT-KEYS-CHANGED" in refused.output
    assert machine.init("--replace-keys").exit_code == 0


def test_a_wrong_password_is_told(fresh: Machine) -> None:
    fresh.environment = {"YMACH_AGENT_P12_PASSWORD": "khác"}
    assert "YM-AGENT-KEY" in fresh.init().output


def test_a_missing_password_is_wrong_use(fresh: Machine) -> None:
    fresh.environment = {}
    done = fresh.init()
    assert done.exit_code == 2
    assert "YMACH_AGENT_P12_PASSWORD" in done.output


def test_the_password_may_come_from_a_file(fresh: Machine) -> None:
    fresh.environment = {}
    (fresh.folder / "password").write_text("mật khẩu thử\r\n", encoding="utf-8")
    (fresh.folder / "password").chmod(0o600)
    assert fresh.init("--password-file", str(fresh.folder / "password")).exit_code == 0
    assert fresh.run("send", fresh.dossier("a")).exit_code == 0


def test_the_password_may_be_a_credential_of_the_service(fresh: Machine) -> None:
    credentials = fresh.folder / "credentials"
    credentials.mkdir()
    (credentials / "secret").write_text("mật khẩu thử\n", encoding="utf-8")
    (credentials / "secret").chmod(0o440)  # as an access list makes the mode look
    fresh.environment = {"CREDENTIALS_DIRECTORY": str(credentials)}
    assert fresh.init().exit_code == 0
    assert "credentials" not in (fresh.home / "agent.toml").read_text(encoding="utf-8")


def test_a_password_file_that_others_can_read_is_refused(fresh: Machine) -> None:
    fresh.environment = {}
    (fresh.folder / "password").write_text("mật khẩu thử", encoding="utf-8")
    (fresh.folder / "password").chmod(0o640)
    refused = fresh.init("--password-file", str(fresh.folder / "password"))
    assert (refused.exit_code, "YM-AGENT-SECRET-OPEN" in refused.output) == (2, True)


def test_a_key_must_be_named_once(fresh: Machine) -> None:
    refused = fresh.init("--pkcs11-module", str(fresh.folder / "chứng thư.p12"), "--token", "x")
    assert (refused.exit_code, "YM-AGENT-SETTING" in refused.output) == (2, True)


def test_an_unencrypted_line_to_another_machine_is_refused(fresh: Machine) -> None:
    done = fresh.run(
        "init", "--server", "http://ymach.example", "--facility", "99001", "--p12", fresh.folder / "chứng thư.p12"
    )
    assert done.exit_code == 2
    assert "YM-AGENT-PLAIN-HTTP" in done.output


@pytest.mark.parametrize("command", [["send"], ["status"], ["receipts"]])
def test_a_folder_that_is_not_set_up_is_told(fresh: Machine, command: list[str]) -> None:
    done = fresh.run(*command)
    assert done.exit_code == 2
    assert "ymach agent init" in done.output


def test_a_folder_without_xml_is_wrong_use(machine: Machine) -> None:
    (machine.folder / "trống").mkdir()
    done = machine.run("send", machine.folder / "trống")
    assert done.exit_code == 2
    assert "YM-AGENT-NO-FILES" in done.output


def test_english_is_spoken_when_asked(machine: Machine) -> None:
    machine.environment["YMACH_AGENT_LANGUAGE"] = "en"
    assert "Accepted 1" in machine.run("send", machine.dossier("a")).stdout


@given(name=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_any_path_survives_the_configuration(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    from pathlib import Path, PureWindowsPath

    from ymach.agent import config

    home = tmp_path_factory.mktemp("home")
    p12 = Path(f"C:\\Người dùng\\{name}.p12")
    config.write(config.Config(home=home, server="https://x", facility="99001", p12=p12))
    assert config.load(home).p12 == p12
    assert PureWindowsPath(tomllib.loads((home / "agent.toml").read_text(encoding="utf-8"))["p12"]).drive == "C:"


def test_a_receipt_that_was_changed_is_found(machine: Machine) -> None:
    machine.run("send", machine.dossier("a"))
    (kept,) = (machine.home / "receipts").glob("*.jws")
    token = kept.read_text()
    kept.write_text(token[:-6] + ("AAAAAA" if token[-6:] != "AAAAAA" else "BBBBBB"))
    done = machine.run("receipts", "--verify")
    assert done.exit_code == 1
    assert "1 biên nhận sai" in done.stdout


def test_receipts_are_exported_with_the_keys_that_verify_them(machine: Machine, tmp_path: Path) -> None:
    machine.run("send", machine.dossier("a"))
    assert machine.run("receipts", "--export", tmp_path / "biên nhận.zip").exit_code == 0
    names = zipfile.ZipFile(tmp_path / "biên nhận.zip").namelist()
    assert names[0] == "jwks.json"
    assert len(names) == 2
    assert len(machine.json("receipts")) == 1


def test_a_receipt_that_is_not_there_is_told(machine: Machine) -> None:
    assert "YM-AGENT-NO-RECEIPT" in machine.run("receipts", "--show", "../../etc/passwd").output


def test_the_agent_runs_without_django() -> None:
    code = "import sys; import ymach.agent.commands; sys.exit('django' in sys.modules)"
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    assert subprocess.run([sys.executable, "-c", code], check=False, env=environment).returncode == 0
