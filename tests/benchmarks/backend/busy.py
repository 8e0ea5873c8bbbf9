"""The API while every lane is busy: how late its answers come, against an idle backend."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.benchmarks.backend.servers import Server, sendoff
from tests.benchmarks.figures import Figure, against, quantile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.plan import Plan

BUSY = '''"""Work for each lane."""

import asyncio
import threading

from sendoff_tasks import task


@task(name="waits")
def waits(seconds: float) -> None:
    """Block a thread."""
    threading.Event().wait(seconds)


@task(name="computes", lane="cpu")
def computes(rounds: int) -> int:
    """Keep a core busy."""
    value = 1
    for number in range(rounds):
        value = (value * 31 + number) % 65521
    return value


@task(name="awaits")
async def awaits(seconds: float) -> None:
    """Wait in the loop."""
    await asyncio.sleep(seconds)


@task(name="blocks", lane="async")
async def blocks(rounds: int) -> int:
    """Compute in the loop, which is a mistake."""
    value = 1
    for number in range(rounds):
        value = (value * 31 + number) % 65521
    return value
'''
Work = Mapping[str, tuple[str, float, int]]
"""For each lane a task, its argument, and about how many a second keep the lane full."""
CPU = ("computes", 1_000_000, 40)
WAITING: Work = {"io": ("waits", 0.1, 320), "cpu": CPU, "async": ("awaits", 0.5, 520)}
COMPUTING: Work = {"io": ("waits", 0.1, 320), "cpu": CPU, "async": ("blocks", 1_000_000, 20)}
PATHS = ("/tasks?limit=100", "/stats")
REQUESTS_A_SECOND = 50
TIMES_IDLE = 3.0
NEVER_OVER = 250.0
"""Milliseconds."""


def run(plan: Plan) -> list[Figure]:
    """Measure the same requests on an idle backend, then with all its lanes full."""
    data_dir = plan.place("busy")
    (data_dir / "tasks").mkdir()
    (data_dir / "tasks" / "busy.py").write_text(BUSY)
    with sendoff(data_dir) as server:
        for work in (WAITING, COMPUTING):
            fill(server, work, 0.2)  # starts the processes and threads
            server.wait_idle()
        waiting = _beside_idle(plan, server, WAITING, "the API while every lane is busy")
        words = "the API while every core computes and the async lane is blocked"
        return waiting + _beside_idle(plan, server, COMPUTING, words)


def _beside_idle(plan: Plan, server: Server, work: Work, what: str) -> list[Figure]:
    idle, busy = [], []
    for _ in range(plan.reps):
        idle.append(answers(server, plan.times(REQUESTS_A_SECOND)))
        fill(server, work, plan.seconds * 2)
        busy.append(answers(server, plan.times(REQUESTS_A_SECOND)))
        server.call("POST", "/tasks/bulk", {"action": "cancel", "filter": {"state": "queued"}})
        server.wait_idle()
    p99 = [[quantile(times, 0.99) for times in found] for found in (busy, idle)]
    most = [[max(times) for times in found] for found in (busy, idle)]
    return [
        against(f"{what}, p99", "ms", *p99, beside="idle", at_most=TIMES_IDLE),
        against(f"{what}, max", "ms", *most, beside="idle", limit=NEVER_OVER),
    ]


def fill(server: Server, work: Work, seconds: float) -> None:
    """Hand in what keeps every lane full for so long, and wait until it runs."""
    for name, argument, a_second in work.values():
        number = max(1, int(a_second * seconds))
        server.call("POST", "/tasks", [{"task": name, "args": [argument]}] * number)


def answers(server: Server, requests: int) -> list[float]:
    """Read pages, read counts and post items by turns, one connection, with pauses; ms."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
    pause = threading.Event()
    found = []
    for method, path, body in _requests(requests):
        pause.wait(0.01)
        began = time.perf_counter()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        words = answer.read()
        found.append((time.perf_counter() - began) * 1000)
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {words.decode()}")
    connection.close()
    return found


def _requests(number: int) -> Iterator[tuple[str, str, str | None]]:
    body = json.dumps({"tasks": ["nothing"]})
    for place in range(number):
        if place % 2:
            yield "POST", "/items", body
        else:
            yield "GET", PATHS[place // 2 % len(PATHS)], None
