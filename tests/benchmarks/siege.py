"""The backend under siege by other programs: how late it answers its window, and sends its mail."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desktop.client.health import Health, check
from desktop.settings.backend_file import Backend
from tests.benchmarks.figures import Figure, alone, quantile
from tests.benchmarks.mail import SLOW, set_up, sink
from tests.benchmarks.servers import sendoff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.plan import Plan
    from tests.benchmarks.servers import Server

HALF_SENT, IDLE, STREAMS = 2000, 500, 50
"""Connections of each kind, for the four seconds a stretch lasts unless told otherwise."""
DESCRIPTORS = (None, 1024)
"""How many descriptors the backend may open; ``None`` leaves it what this process has."""
MAILS_A_SECOND = 100
NEVER_OVER = 100.0
"""Milliseconds."""
GIVE_UP = 10.0
"""Seconds."""


def run(plan: Plan) -> list[Figure]:
    """Besiege a backend that may open many descriptors, and one that may open few."""
    return [figure for limit in DESCRIPTORS for figure in _besieged(plan, limit)]


def _besieged(plan: Plan, descriptors: int | None) -> list[Figure]:
    part = min(1.0, plan.seconds / 4)
    kinds = {"half": HALF_SENT, "idle": IDLE, "streams": STREAMS}
    numbers = {kind: max(1, int(number * part)) for kind, number in kinds.items()}
    p99, most = [], []
    with (
        sink(SLOW) as port,
        sendoff(plan.place("siege"), descriptors=descriptors) as server,
    ):
        set_up(server, port)
        for _ in range(plan.reps):
            before = server.counts().get("succeeded", 0)
            mails = plan.times(MAILS_A_SECOND)
            server.call("POST", "/items/batch", {"items": [_item(n) for n in range(mails)]})
            with besieged(server, **numbers):
                times = window_waits(server, plan.seconds)
            server.wait_done(before + mails)
            p99.append(quantile(times, 0.99))
            most.append(max(times))
    words = f"{sum(numbers.values()):,} strangers, " + (
        f"{descriptors:,} descriptors" if descriptors else "all the descriptors there are"
    )
    return [
        alone(f"the window waits, {words}, p99", "ms", p99),
        alone(f"the window waits, {words}, max", "ms", most, at_most=NEVER_OVER),
    ]


def _item(number: int) -> dict[str, object]:
    return {"recipient": {"name": "Ada", "email": f"ada{number}@example.org"}}


@contextmanager
def besieged(server: Server, *, half: int, idle: int, streams: int) -> Iterator[None]:
    """Let the besiegers begin; they go on while the block runs."""
    command = [sys.executable, "-m", "tests.benchmarks.besiegers", server.url]
    command += [f"--token={server.token}", f"--half={half}", f"--idle={idle}"]
    with subprocess.Popen([*command, f"--streams={streams}"], stdin=subprocess.PIPE) as besiegers:
        assert besiegers.stdin is not None
        try:
            yield
        finally:
            besiegers.stdin.close()


def window_waits(server: Server, seconds: float) -> list[float]:
    """Ask what a window asks, on its connection and on new ones; ms until each answer."""
    backend = Backend(server.url, server.token, server.process.pid)
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    headers = {"Authorization": f"Bearer {server.token}"}
    waits, ends = [], time.monotonic() + seconds
    while (began := time.monotonic()) < ends:
        while (health := check(backend)) is not Health.ANSWERS:  # dropped for a stranger
            if time.monotonic() > began + GIVE_UP:
                raise RuntimeError(f"the backend is {health.value}")
        waits.append((time.monotonic() - began) * 1000)
        for path in ("/health", "/tasks?limit=100"):
            began = time.monotonic()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            waits.append((time.monotonic() - began) * 1000)
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return waits
