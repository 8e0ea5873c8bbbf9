"""A backend with nothing to do leaves the processor alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.backend.idle import AT_MOST, wakes
from tests.looking import eventually

if TYPE_CHECKING:
    from tests.conftest import RunningBackend

STRETCH = 3.0
"""Seconds: longer than any pause between two looks at files."""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells of wake-ups")
def test_it_comes_to_rest(backend: RunningBackend) -> None:
    pid = backend.process.pid
    eventually(lambda: wakes(pid, STRETCH) <= AT_MOST)
