"""The queue: encrypted, durable, and opened by nobody without its key."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ymach.agent.errors import QueueKeyGone, QueueKeyWrong, RunningAlready
from ymach.agent.locks import alone
from ymach.agent.queue import HISTORY, Entry, Queue, State
from ymach.agent.seals import Seal

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
SECRET = "Nguyễn Thị Bí Mật".encode()


def add(
    queue: Queue, content: bytes = SECRET, *, path: str = "/hồ sơ/Nguyễn Thị Bí Mật.xml", lane: str = "current"
) -> Entry:
    return queue.add(source_digest=sha256(content).hexdigest(), path=Path(path), content=content, lane=lane, at=AT)


def test_nothing_a_patient_could_be_known_by_is_on_the_disk_in_clear(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        entry = add(queue, SECRET * 100)
        queue.finish(entry, State.WAITING, at=AT)
        everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert SECRET not in everything
    assert "Bí Mật".encode() not in everything


def test_the_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    with Queue(tmp_path):
        pass
    assert stat.S_IMODE((tmp_path / "queue.key").stat().st_mode) == 0o600


def test_what_was_put_in_comes_out(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        entry = add(queue)
    with Queue(tmp_path) as queue:
        (found,) = queue.unfinished()
        assert (found, queue.content(found)) == (entry, SECRET)


def test_a_lost_key_is_told_and_never_replaced(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        add(queue)
    (tmp_path / "queue.key").unlink()
    with pytest.raises(QueueKeyGone):
        Queue(tmp_path)
    assert not (tmp_path / "queue.key").exists()


@pytest.mark.parametrize("key", [b"", b"x" * 31, b"x" * 32])
def test_another_key_is_told(tmp_path: Path, key: bytes) -> None:
    with Queue(tmp_path):
        pass
    (tmp_path / "queue.key").write_bytes(key)
    with pytest.raises(QueueKeyWrong):
        Queue(tmp_path)


def test_content_moved_to_another_entry_does_not_open(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        first, second = add(queue, b"first"), add(queue, b"second")
        with sqlite3.connect(tmp_path / "queue.sqlite3") as db:
            db.execute(
                "UPDATE content SET sealed = (SELECT sealed FROM content WHERE source_digest = ?) WHERE source_digest = ?",
                (first.source_digest, second.source_digest),
            )
        db.close()
        with pytest.raises(QueueKeyWrong):
            queue.content(second)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=2000), about=st.text(max_size=20), place=st.integers(0, 2**16))
def test_a_seal_opens_what_it_closed_and_nothing_that_was_changed(content: bytes, about: str, place: int) -> None:
    seal = Seal(bytes(32))
    sealed = bytearray(seal.close(content, about))
    assert seal.open(bytes(sealed), about) == content
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(QueueKeyWrong):
        seal.open(bytes(sealed), about)


def test_every_change_is_on_the_disk_when_it_returns(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        pragmas = {name: queue._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}


def test_a_source_that_may_have_been_sent_keeps_its_bytes(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        first = queue.add(source_digest="s", path=Path("a.xml"), content=b"signed once", at=AT)
        again = queue.add(source_digest="s", path=Path("a.xml"), content=b"signed anew", at=AT)
        assert again == first
        assert queue.content(again) == b"signed once"


def test_old_visits_come_after_todays(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        add(queue, b"old", lane=HISTORY)
        add(queue, b"today")
        assert [one.lane for one in queue.unfinished()] == ["current", "history"]


def test_copies_are_dropped_in_time_and_receipts_days_stay(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        done, waiting = add(queue, b"done"), add(queue, b"waiting")
        queue.finish(done, State.ACCEPTED, at=AT, received_at=AT)
        assert queue.forget(before=AT + timedelta(seconds=1)) == 1
        assert queue.content(done) is None
        assert queue.content(waiting) == b"waiting"
        assert [one.digest for one in queue.of_day(AT.date())] == [done.digest]
        assert queue.again(done, at=AT) is False


def test_a_path_that_is_no_text_survives(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        entry = add(queue, path="/in/\udcff\udcfe.xml")
        assert queue.find(entry.source_digest) == entry


def test_one_agent_at_a_time(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(RunningAlready), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass
