"""A process with few descriptors, and clients that want them all."""

from __future__ import annotations

import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from desktop.backend.serving.starting import KEPT, LEAST_CONNECTIONS, MOST_CONNECTIONS
from tests.benchmarks.backend.servers import sendoff
from tests.benchmarks.backend.siege import besieged, window_waits

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("soft", "hard", "raised", "connections"),
    [
        (100, 100, 100, LEAST_CONNECTIONS),
        (256, 5000, 4096, MOST_CONNECTIONS),
        (500, 500, 500, 500 - KEPT),
        (5000, 5000, 5000, MOST_CONNECTIONS),
    ],
)
def test_the_limit_is_raised_and_most_is_kept(
    soft: int, hard: int, raised: int, connections: int
) -> None:
    code = f"""
import resource
from desktop.backend.serving.starting import connection_limit, raise_limit
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
raise_limit()
print(resource.getrlimit(resource.RLIMIT_NOFILE), connection_limit())
"""
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < hard:
        pytest.fail("this machine allows no test of it")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"({raised}, {hard}) {connections}\n"


def test_strangers_cannot_end_a_backend_that_may_open_few_files(tmp_path: Path) -> None:
    with sendoff(tmp_path / "data", descriptors=256) as server:
        with besieged(server, half=400, idle=40, streams=5):
            window_waits(server, 1.0)
            tasks = [{"task": "nothing", "args": [number]} for number in range(100)]
            server.call("POST", "/tasks", tasks)  # each begins a thread of the pool
            server.wait_done(len(tasks))
            window_waits(server, 1.0)
        assert server.process.poll() is None
    log = (tmp_path / "data" / "logs" / "benchmark.log").read_text()
    assert "Traceback" not in log
