"""A seed always plays the same history in every process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.simulation.draw import draw
from tests.simulation.history import History
from tests.simulation.stage.scene import Scene

SEEDS = range(3)
CODE = "from tests.simulation.test_replay import told; print(told())"


def told() -> str:
    """Return all that can be seen from outside of some histories."""
    return json.dumps([trace(draw(seed)) for seed in SEEDS])


def trace(history: History) -> list[object]:
    scene = Scene(history.setting, history.seed)
    history.play_on(scene)
    files = {name: len(file.content) for name, file in scene.disk.files.items()}
    happened = sorted((scene.happened + scene.disk.struck).items())
    return [scene.witness.events, happened, files, scene.clock.now()]


def test_a_seed_draws_the_same_history_again() -> None:
    assert draw(7) == draw(7)
    assert draw(7) != draw(8)


def test_another_process_sees_the_same() -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    root = Path(__file__).resolve().parents[2]
    other = subprocess.run(
        [sys.executable, "-c", CODE], cwd=root, env=environment, capture_output=True, check=True
    )
    assert json.loads(other.stdout) == json.loads(told())
