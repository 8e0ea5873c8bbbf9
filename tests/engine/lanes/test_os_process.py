"""Ending processes, on systems that say it in their own way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from multiprocessing.context import SpawnProcess

import pytest

from sendoff_tasks.lanes.os_process import kill, kill_group
from tests import WITHIN

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no groups")


def make_process() -> SpawnProcess:
    return multiprocessing.get_context("spawn").Process(target=signal.pause, daemon=True)


@pytest.fixture
def process() -> Iterator[SpawnProcess]:
    process = make_process()
    process.start()
    yield process
    process.kill()
    process.join()


def test_a_process_that_has_no_group_yet_is_killed_alone(
    process: SpawnProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError(1, "Operation not permitted")  # macOS, of a group of zombies

    monkeypatch.setattr(os, "killpg", refuse)
    kill(process)
    process.join(WITHIN)
    assert process.exitcode == -signal.SIGKILL
    assert not kill_group(process)


def test_one_that_was_waited_for_is_never_killed_by_its_number(
    process: SpawnProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.kill()
    process.join()
    numbers: list[int] = []
    monkeypatch.setattr(os, "kill", lambda number, _: numbers.append(number))
    kill(process)
    assert numbers == []
