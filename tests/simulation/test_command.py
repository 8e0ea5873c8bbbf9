"""The command: a table, and a failing history explained."""

from __future__ import annotations

import pytest

from tests.simulation.__main__ import main
from tests.simulation.plants import PLANTS


def test_it_prints_what_happened_and_what_was_judged(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--histories", "6", "--seed", "5", "--jobs", "2"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("6 histories in ")
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
