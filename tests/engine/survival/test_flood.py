"""More is offered than the disk takes: callers are told to come back, memory stays bounded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.engine.verbs.submit import ROW
from desktop.engine.writer.writer import BACKLOG

MIB = 1 << 20


@pytest.mark.skipif(os.name != "posix", reason="asks the system how large a process became")
@pytest.mark.long
@pytest.mark.parametrize(
    ("backlog", "submissions", "characters", "grows"),
    [
        (10_000, 14_000, 10, 60),
        (BACKLOG, 4_000, 100_000, 4 * BACKLOG * ROW / MIB),  # 400 MB are offered
    ],
    ids=["small ones", "large ones"],
)
def test_a_flood_is_refused_in_time_and_loses_nothing_it_was_promised(
    tmp_path: Path, backlog: int, submissions: int, characters: int, grows: float
) -> None:
    offer = (str(number) for number in (backlog, submissions, characters))
    command = [sys.executable, "-m", "tests.engine.survival.flood", str(tmp_path), *offer]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["refused"] > 0
    assert told["accepted"] + told["refused"] == submissions
    assert told["kept"] == told["rows"] == told["accepted"] > 0
    assert told["grown"] < grows
