"""A backend with nothing to do leaves the processor alone."""

from __future__ import annotations

import sys

import pytest

from tests.benchmarks.backend.idle import AT_MOST, wakes
from tests.conftest import RunningBackend
from tests.looking import eventually

STRETCH = 3.0
"""Seconds: longer than any pause between two looks at files."""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells of wake-ups")
def test_it_comes_to_rest(backend: RunningBackend) -> None:
    pid = backend.process.pid
    eventually(lambda: wakes(pid, STRETCH) <= AT_MOST)
