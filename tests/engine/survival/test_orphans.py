"""What a killed engine leaves in each of its lanes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.lanes.processes import gone
from tests.engine.survival.orphans import open_engine


def kill_one(folder: Path, lane: str) -> list[int]:
    """Kill an engine that has begun, handed over and queued a task; gives their numbers."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.engine.survival.orphans", str(folder), lane],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        *numbers, process = map(int, child.stdout.readline().split())
        child.kill()
    gone(process)  # also where the lane had processes of its own
    return numbers


@pytest.mark.parametrize("lane", ["io", "cpu", "async"])
def test_three_kinds_of_orphans_are_told_apart(tmp_path: Path, lane: str) -> None:
    numbers = kill_one(tmp_path, lane)
    engine = open_engine(tmp_path, lanes=False)
    begun, past, queued = (engine.task(number) for number in numbers)
    engine.stop()

    assert (queued["state"], queued["attempt"], queued["history"]) == ("queued", 0, [])

    assert (begun["state"], begun["attempt"]) == ("queued", 1)
    assert begun["max_attempts"] == queued["max_attempts"] + 1
    assert "not past a point of no return" in begun["why"]
    assert [a["outcome"] for a in begun["history"]] == ["crashed"]
    assert begun["handed_over"] is None

    assert past["state"] == "uncertain"
    assert past["reason"] == "cut_short"
    assert past["reason_data"]["server"] == "the post office"
    assert [a["outcome"] for a in past["history"]] == ["uncertain"]
    evidence = past["handed_over"]
    assert evidence is not None
    assert (evidence["what"], evidence["to"]) == (f"Letter {past['id']}", "the post office")
    assert str(past["started_at"]) <= evidence["at"] <= str(past["finished_at"])
