"""Some histories, always the same ones; the command plays many more, replays and shrinks."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest

from desktop.mail import transport
from sendoff_tasks.writer import core
from sendoff_tasks.writer.core import Core
from tests.simulation.__main__ import main
from tests.simulation.calls.call import Call
from tests.simulation.draw import draw
from tests.simulation.finale import IDLE
from tests.simulation.history import History
from tests.simulation.judging.alarm import Alarm
from tests.simulation.judging.broken import Broken
from tests.simulation.plants import PLANTS
from tests.simulation.report import explain
from tests.simulation.run import run
from tests.simulation.shrink import shrink
from tests.simulation.stage.props import Setting
from tests.simulation.stage.scene import Scene

HISTORIES = 10
FIRST = 20_261_120


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "part", [0, *(pytest.param(more, marks=pytest.mark.long) for more in range(1, 8))]
)
def test_no_promise_is_broken(part: int) -> None:
    result = run(FIRST + part * HISTORIES, HISTORIES)
    assert result.histories == HISTORIES
    assert not result.broken, explain(*result.broken[0])


def test_it_prints_what_happened_and_what_was_judged(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--histories", "1", "--seed", "5", "--jobs", "2"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("1 histories in ")
    assert "| nothing accepted is lost |" in told
    assert told.endswith("\n0 promises broken\n")


def test_it_begins_none_after_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--histories", "1000", "--seconds", "0"]) == 0
    assert "\n0 promises broken" in capsys.readouterr().out


def test_a_broken_promise_is_shrunk_and_can_be_replayed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    planted, _ = PLANTS["a stager that is five seconds early"]
    with planted():
        assert main(["--histories", "1", "--seed", "191"]) == 1
        told = capsys.readouterr().out
        seed = told.partition(" broke a promise")[0].rpartition(" ")[2]
        assert "→ not early: " in told
        assert main(["--replay", seed]) == 1
        assert f"seed {seed} broke a promise" in capsys.readouterr().out
    assert main(["--replay", seed]) == 0
    assert "every promise was kept" in capsys.readouterr().out


@pytest.mark.parametrize("part", [core, transport])
def test_a_mistake_in_the_log_of_any_part_breaks_a_promise(part: ModuleType) -> None:
    with Alarm(Scene(Setting(), 0)), pytest.raises(Broken, match="no mistakes"):
        logging.getLogger(part.__name__).error("A transaction failed")


CODE = "from tests.simulation.test_histories import told; print(told())"


def told() -> str:
    """Return all that can be seen from outside of a history."""
    history = draw(2)
    scene = Scene(history.setting, history.seed)
    history.play_on(scene)
    files = {name: len(file.content) for name, file in scene.disk.files.items()}
    happened = sorted((scene.happened + scene.disk.struck).items())
    return json.dumps([scene.witness.events, happened, files, scene.clock.now()])


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


NOISE = (Call("listen"), Call("wait", {"seconds": 0.1}), Call("cure"), Call("start"))


def test_calls_that_do_not_matter_are_left_out() -> None:
    needed = (
        Call("submit", {"label": "a", "tasks": [{"function": "plain", "delay": 60}]}),
        Call("wait", {"seconds": 58}),
        Call("submit", {"label": "b", "tasks": [{"function": "plain"}]}),
    )
    calls = tuple(call for each in needed for call in (*NOISE, each))
    planted, _ = PLANTS["a stager that is five seconds early"]
    with planted():
        history = History(0, Setting(), (*calls, *NOISE))
        broken = history.play()
        assert broken is not None
        assert shrink(history, broken).calls == needed


def test_a_history_is_over_soon_in_which_a_task_never_ends() -> None:
    tasks = ({"function": "plain"}, {"function": "news"})
    history = History(0, Setting(), (Call("submit", {"label": "a", "tasks": tasks}),))
    with (
        patch.object(Core, "_claim", lambda *_: None),
        patch.object(Scene, "settle", autospec=True, side_effect=Scene.settle) as settled,
    ):
        broken = history.play()
    assert broken is not None
    assert broken.promise == "every open task ends"
    assert settled.call_count < 2 * IDLE


def test_every_call_can_be_played_without_those_before_it() -> None:
    for seed, begin in enumerate((5, 10)):
        history = draw(seed)
        assert History(seed, history.setting, history.calls[begin:]).play() is None
