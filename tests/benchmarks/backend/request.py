"""A request's tasks: when they begin, against FastAPI's ``BackgroundTasks``."""

from __future__ import annotations

import http.client
import sys
import threading
import time
from contextlib import ExitStack
from itertools import count
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.benchmarks.backend.servers import Server, load, start, stopping
from tests.benchmarks.figures import Figure, against, quantile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.plan import Plan

REQUESTS_A_SECOND = 50
NUMBERS_A_STRETCH = 1_000_000
BESIDE = "BackgroundTasks"


def run(plan: Plan) -> list[Figure]:
    """Measure from a request and from its answer to the begin, idle; and requests/s."""
    app = [sys.executable, "-m", "tests.benchmarks.backend.request_app"]
    firsts = count(1, NUMBERS_A_STRETCH)
    with ExitStack() as held:
        servers = []
        for arguments in ([str(plan.place("request"))], []):
            servers.append(server := start([*app, *arguments]))
            held.enter_context(stopping(server))
            _rate(server, plan.seconds / 4, firsts)
        rates: tuple[list[float], ...] = ([], [])
        begins: tuple[list[list[float]], ...] = ([], [])
        for _ in range(plan.reps):
            for server, rate, begin in zip(servers, rates, begins, strict=True):
                rate.append(_rate(server, plan.seconds, firsts))
                begin.append(_begins(server, plan.times(REQUESTS_A_SECOND)))
    many = "a request with a task, 16 connections, every task run"
    figures = [against(many, "requests/s", *rates, beside=BESIDE)]
    for name, part in (("p50", 0.5), ("p99", 0.99)):
        took = [[quantile(times, part) for times in each] for each in begins]
        figures.append(
            against(f"from a request to its task, idle, {name}", "ms", *took, beside=BESIDE)
        )
    return figures


def _rate(server: Server, seconds: float, firsts: Iterator[int]) -> float:
    before = server.counts()["succeeded"]
    result = load(server, connections=16, seconds=seconds, first=next(firsts), body="{}")
    requests = int(result["requests"])
    return requests / (server.wait_done(before + requests) - float(result["began"]))


def _begins(server: Server, requests: int) -> list[float]:
    """Ask one by one, with pauses; the times from sending to the begin of the task, ms."""
    before = server.counts()["succeeded"]
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    pause, chance = threading.Event(), Random(1)
    sent = []
    for number in range(requests):
        pause.wait(chance.uniform(0.01, 0.02))
        sent.append(time.monotonic())
        connection.request("POST", f"/items/{number}")
        connection.getresponse().read()
    connection.close()
    server.wait_done(before + requests)
    began = sorted(server.call("GET", "/began"))[before:]
    return [(b - s) * 1000 for s, b in zip(sent, began, strict=True)]
