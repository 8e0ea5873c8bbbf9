"""A store with many tasks, made by the real backend: most done, some failed, some to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.benchmarks.backend.servers import Server

A_CALL = 10_000
A_DAY = 86_400.0


def fill(server: Server, rows: int) -> None:
    """Hand in that many tasks and wait until those that are due have ended."""
    for first in range(1, rows + 1, A_CALL):
        numbers = range(first, min(first + A_CALL, rows + 1))
        server.call("POST", "/tasks", [_task(number) for number in numbers])
        server.wait_idle()


def _task(number: int) -> dict[str, Any]:
    """Describe one of twenty tasks as refused, and one as due tomorrow."""
    name = "refused" if number % 20 == 7 else "nothing"
    described: dict[str, Any] = {"task": name, "args": [number]}
    if number % 20 == 13:
        described["delay"] = A_DAY
    return described
