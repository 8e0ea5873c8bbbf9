"""Ending processes, on systems that say it in their own way."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from desktop.engine.lanes.surroundings import end_group, kill_group

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no groups")


def test_a_group_of_which_only_the_dead_are_left_may_refuse_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    killed: list[tuple[int, int]] = []

    def refuse(*told: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "killpg", refuse)
    monkeypatch.setattr(os, "kill", lambda pid, number: killed.append((pid, number)))
    kill_group(17)
    end_group(17)
    assert killed == [(17, signal.SIGKILL)]
