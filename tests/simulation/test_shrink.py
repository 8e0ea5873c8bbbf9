"""A failing history shrinks to the calls that matter."""

from __future__ import annotations

from unittest.mock import patch

from desktop.engine.writer.core import Core
from tests.simulation.calls.call import Call
from tests.simulation.draw import draw
from tests.simulation.finale import IDLE
from tests.simulation.history import History
from tests.simulation.plants import PLANTS
from tests.simulation.shrink import shrink
from tests.simulation.stage.props import Setting
from tests.simulation.stage.scene import Scene

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
    for seed in range(2):
        history = draw(seed)
        for begin in (5, 10):
            assert History(seed, history.setting, history.calls[begin:]).play() is None
