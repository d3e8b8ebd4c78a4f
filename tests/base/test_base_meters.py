"""Counts of many processes: exact, readable while they run and after they were killed, never going down."""

import os
import signal
import threading
from pathlib import Path

import pytest

from ymach.base import meters
from ymach.base.meters import Meters, exposition, name_of, read_all


def test_counts_of_many_threads_are_exact(tmp_path: Path) -> None:
    mine = Meters(tmp_path)

    def work() -> None:
        for _ in range(500):
            mine.add("a_total")
            mine.observe("b_seconds", 0.02)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found = read_all(tmp_path)
    assert found["a_total"] == [2000]
    assert found["b_seconds"][2] == 2000
    assert found["b_seconds"][-1] == pytest.approx(40)


def test_a_child_counts_for_itself_and_a_killed_one_is_not_forgotten(tmp_path: Path) -> None:
    mine = Meters(tmp_path)
    mine.add("a_total", 5)
    child = os.fork()
    if child == 0:
        mine.add("a_total", 2)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert read_all(tmp_path)["a_total"] == [7]
    other = Meters(tmp_path)
    other.add("a_total")
    assert read_all(tmp_path)["a_total"] == [8]
    assert len(list(tmp_path.glob("*.meters"))) == 3, "the living two, and what the dead have left"


def test_more_names_than_there_is_room_for_cost_the_names_not_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meters, "SIZE", 4096)
    mine = Meters(tmp_path)
    for number in range(500):
        mine.add(name_of("a_total", number=str(number)))
    mine.add(name_of("a_total", number="0"))
    found = read_all(tmp_path)
    assert found['a_total{number="0"}'] == [2]
    assert 10 < len(found) < 500


def test_a_folder_that_cannot_be_written_to_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    Meters(tmp_path / "file").add("a_total")
    assert read_all(tmp_path / "nowhere") == {}


def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    mine = Meters(tmp_path)
    mine.add("a_total", 3)
    mine.observe("b_seconds", 1)
    whole = next(tmp_path.glob("*.meters")).read_bytes()
    for length in range(0, 200, 7):
        (tmp_path / "cut.meters").write_bytes(whole[:length])
        assert read_all(tmp_path)["a_total"][0] in (3, 6)


def test_the_text_format_has_classes_that_add_up_and_labels_that_are_escaped() -> None:
    values = {"a_total": [3.0], name_of("b_seconds", route='x"\\\n'): [1.0, *[0.0] * 9, 2.0, 1.0, 20.5]}
    lines = list(exposition(values, {"a_total": "How many."}))
    assert lines[:3] == ["# HELP a_total How many.", "# TYPE a_total counter", "a_total 3"]
    assert "# TYPE b_seconds histogram" in lines
    assert r'b_seconds_bucket{route="x\"\\\n",le="0.005"} 1' in lines
    assert r'b_seconds_bucket{route="x\"\\\n",le="+Inf"} 4' in lines
    assert r'b_seconds_sum{route="x\"\\\n"} 20.5' in lines
