"""``POST /items/{id}``, durable, against FastAPI's ``BackgroundTasks``; the task does nothing."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.backend.servers import Server, load, plain, sendoff
from tests.benchmarks.figures import Figure, against

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.plan import Plan

BODY = '{"tasks":["nothing"]}'
NUMBERS_A_STRETCH = 1_000_000
WARM_UP = 0.25
"""Of a measured stretch."""


class Stretch(NamedTuple):
    """One load: requests/s until every task of it had run, and the answers' p99 in ms."""

    rate: float
    p99: float


def run(plan: Plan) -> list[Figure]:
    """Measure requests/s with 16 connections and the slowest hundredth with one."""
    folder = plan.place("post")
    firsts = count(1, NUMBERS_A_STRETCH)
    with (
        sendoff(folder / "data") as ours,
        plain() as memory,
        plain("--synced", str(folder / "lines")) as synced,
    ):
        for server in (ours, memory, synced):
            _stretch(server, 16, plan.seconds * WARM_UP, firsts)
        rates: tuple[list[float], list[float]] = ([], [])
        slowest: tuple[list[float], list[float]] = ([], [])
        for _ in range(plan.reps):
            for server, found in zip((ours, memory), rates, strict=True):
                found.append(_stretch(server, 16, plan.seconds, firsts).rate)
            for server, found in zip((ours, synced), slowest, strict=True):
                found.append(_stretch(server, 1, plan.seconds, firsts).p99)
    many = "POST /items/{id}, 16 connections, every task run"
    one = "POST /items/{id}, 1 connection, p99"
    return [
        against(many, "requests/s", *rates, beside="BackgroundTasks", at_least=0.65),
        against(one, "ms", *slowest, beside="BackgroundTasks + fdatasync", at_most=3.0),
    ]


def _stretch(server: Server, connections: int, seconds: float, firsts: Iterator[int]) -> Stretch:
    before = server.counts().get("succeeded", 0)
    result = load(server, connections=connections, seconds=seconds, first=next(firsts), body=BODY)
    ended = server.wait_done(before + int(result["requests"]))
    return Stretch(result["requests"] / (ended - result["began"]), result["p99"])
