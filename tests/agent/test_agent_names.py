"""Windows is respected: its file names, its code pages, its line ends; with no Windows at hand."""

from __future__ import annotations

import ast
import io
import sys
import unicodedata
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ymach.agent
from ymach.agent import secrets
from ymach.agent.consoles import fit, say_safely
from ymach.agent.files import free_name, move, safe_name
from ymach.agent.watch import note_bytes

if TYPE_CHECKING:
    from tests.agent.conftest import Machine

SENTENCE = "Đã nhận 3, đang giữ 0, bị trả lại 1: “Nguyễn Thị Huệ” → sửa, gửi lại."
PACKAGE = Path(ymach.agent.__file__).parent


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_windows_takes(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert not set(safe) & set('<>:"/\\|?*')
    assert safe[-1] not in ". "
    assert not PureWindowsPath(safe).is_reserved()
    assert PureWindowsPath(safe).name == safe
    assert len(safe.encode("utf-8", "surrogatepass")) <= 200


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Hồ sơ bệnh án.xml", "Hồ sơ bệnh án.xml"),
        (unicodedata.normalize("NFD", "Hồ sơ.xml"), "Hồ sơ.xml"),
        ("23:11:2026.xml", "23-11-2026.xml"),
        ("con.xml", "_con.xml"),
        ("a/b.xml", "a-b.xml"),
        ("...", "_"),
    ],
)
def test_names_stay_as_near_as_they_can(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_no_name_the_agent_makes_has_a_colon(machine: Machine) -> None:
    machine.run("send", machine.dossier("a"))
    machine.run("reconcile")
    assert len(list(machine.home.rglob("*"))) > 8
    assert not [path for path in machine.home.rglob("*") if ":" in path.name]


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    (tmp_path / "a.xml").touch()
    (tmp_path / "a-2.xml").touch()
    assert free_name(tmp_path, "a.xml").name == "a-3.xml"


def test_moving_across_disks_copies_then_removes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.xml").write_bytes(b"x")

    def other_disk(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "rename", other_disk)
    moved = move(tmp_path / "a.xml", tmp_path / "done")
    assert (moved.read_bytes(), (tmp_path / "a.xml").exists()) == (b"x", False)


def test_code_page_1258_shows_vietnamese_with_the_tone_after_the_vowel() -> None:
    shown = fit(SENTENCE, "cp1258").encode("cp1258").decode("cp1258")
    assert unicodedata.normalize("NFC", shown) == SENTENCE.replace("→", "->")


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii", "latin-1", "no-such-code-page"])
def test_consoles_without_vietnamese_get_plain_letters(encoding: str) -> None:
    known = "ascii" if encoding.startswith("no-") else encoding
    shown = fit(SENTENCE, encoding).encode(known).decode(known)
    assert "nh" in shown
    assert len(shown) >= len(SENTENCE)


@given(st.text(), st.sampled_from(["cp1258", "cp437", "ascii", "utf-8", "utf-16", "cp932"]))
def test_whatever_is_said_can_be_written(text: str, encoding: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    say_safely(stream)
    stream.write(fit(text, encoding))
    stream.flush()
    written = raw.getvalue().decode(encoding)
    # An accent without a letter is nothing where accents cannot be written.
    assert written or all(unicodedata.combining(one) for one in text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_consoles_that_know_all_letters_get_all(encoding: str) -> None:
    assert fit(SENTENCE, encoding) == SENTENCE


@pytest.mark.parametrize("encoding", ["cp1258", "ascii", "utf-16"])
def test_a_whole_command_speaks_to_an_old_console(machine: Machine, encoding: str) -> None:
    import os
    import subprocess

    command = [sys.executable, "-m", "ymach", "agent", "--home", str(machine.home), "send", str(machine.dossier("Huệ"))]
    environment = {**os.environ, **machine.environment, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "nh" in done.stdout.decode(encoding)


def test_a_name_cannot_give_orders_to_the_terminal(machine: Machine) -> None:
    path = machine.dossier("\x1b[31mđỏ:smile:[bold]")
    path.write_bytes(b"PK")
    said = machine.run("send", path).stdout
    assert "\x1b" not in said
    assert "[31mđỏ:smile:[bold].xml" in said


def test_json_for_programs_is_utf8_whatever_the_console(machine: Machine) -> None:
    import json
    import os
    import subprocess

    command = [sys.executable, "-m", "ymach", "agent", "--home", str(machine.home), "--json", "send"]
    environment = {**os.environ, **machine.environment, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*command, str(machine.dossier("Huệ"))], env=environment, capture_output=True, check=True, timeout=120
    )
    assert json.loads(done.stdout.decode("utf-8"))["file"].endswith("Huệ.xml")


def test_a_note_opens_in_notepad() -> None:
    assert note_bytes("một\nhai\n", "win32") == "\ufeffmột\r\nhai\r\n".encode()
    assert note_bytes("một\n", "linux") == "một\n".encode()


@pytest.mark.parametrize("written", [b"m\xe1\xba\xadt\r\n", b"\xef\xbb\xbfm\xe1\xba\xadt\n", b"m\xe1\xba\xadt"])
def test_a_password_file_written_by_notepad_is_read(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "p").write_bytes(written)
    (tmp_path / "p").chmod(0o600)
    assert secrets.read(tmp_path / "p") == "mật"


def test_no_module_needs_a_part_of_python_that_windows_lacks() -> None:
    missing = {"fcntl", "pwd", "grp", "resource", "termios", "pty"}
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert not missing & set(names), path
            assert not (isinstance(node, ast.Attribute) and node.attr in {"fork", "getuid", "mkfifo"}), path


def test_every_text_file_is_opened_with_its_encoding() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"read_text", "write_text"}
            ):
                assert any(one.arg == "encoding" for one in node.keywords), f"{path.name}:{node.lineno}"
