"""Functions that wait for a test, and looks at an engine that runs them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from sendoff_tasks import TaskContext, task
from sendoff_tasks.facade.engine import Engine
from tests import WITHIN


class Stage:
    """Functions that wait for the test, and what they did."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.done: list[Any] = []

    def functions(self) -> list[Callable[..., Any]]:
        @task
        def quick(*args: Any) -> Any:
            self.done.append(args)
            return args

        @task
        def slow(ctx: TaskContext) -> None:
            self.entered.release()
            while not self.go_on.wait(0.01):
                ctx.check_cancelled()

        @task
        def stubborn(ctx: TaskContext) -> None:
            self.entered.release()
            self.go_on.wait(WITHIN)

        @task
        def sending(ctx: TaskContext) -> None:
            ctx.point_of_no_return()
            self.entered.release()
            self.go_on.wait(WITHIN)

        return [quick, slow, stubborn, sending]


def state(engine: Engine, number: int) -> str:
    return engine.task(number)["state"]
