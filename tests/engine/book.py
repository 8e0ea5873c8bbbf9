"""A ledger that keeps everything in memory and lets a test wait for what it will hold."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from sendoff_tasks.attempts.claim import Claim
from sendoff_tasks.attempts.outcomes import Outcome
from sendoff_tasks.functions.arguments import encode
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.model.tasks import Level
from tests import WITHIN


@dataclass
class Book:
    """Keeps an attempt's notes; ``answer_marks`` decides what a point of no return gets."""

    finished: list[tuple[int, Outcome]] = field(default_factory=list)
    lines: list[tuple[int, str, str]] = field(default_factory=list)
    reports: list[tuple[int, float, float | None, str]] = field(default_factory=list)
    late: list[tuple[int, bool]] = field(default_factory=list)
    marks: list[tuple[int, str, str]] = field(default_factory=list)
    steps: dict[tuple[int, str], str] = field(default_factory=dict)
    answer_marks: Callable[[Future[None]], None] = lambda mark: mark.set_result(None)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def progress(self, claim: Claim, done: float, total: float | None, text: str) -> None:
        self._note(self.reports, (claim.task_id, done, total, text))

    def log(self, claim: Claim, level: Level, text: str) -> None:
        self._note(self.lines, (claim.task_id, level, text))

    def overdue(self, claim: Claim, *, stops: bool) -> None:
        self._note(self.late, (claim.task_id, stops))

    def point_of_no_return(self, claim: Claim, what: str, to: str) -> Future[None]:
        mark: Future[None] = Future()
        self._note(self.marks, (claim.task_id, what, to))
        self.answer_marks(mark)
        return mark

    def step(self, claim: Claim, name: str, result: str) -> Future[None]:
        kept: Future[None] = Future()
        self.steps[claim.task_id, name] = result
        self.answer_marks(kept)
        return kept

    def finish(self, claim: Claim, outcome: Outcome) -> None:
        self._note(self.finished, (claim.task_id, outcome))

    def texts(self) -> list[str]:
        return [text for _, _, text in self.lines]

    def outcome(self, task_id: int = 1) -> Outcome:
        """Wait for the end of a task's attempt; it has exactly one."""
        self.wait_for(lambda: any(each == task_id for each, _ in self.finished))
        (outcome,) = [outcome for each, outcome in self.finished if each == task_id]
        return outcome

    def wait_for(self, true: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(true, WITHIN), "it did not happen"

    def _note(self, where: list[Any], what: Any) -> None:
        with self.changed:
            where.append(what)
            self.changed.notify_all()


def claim(spec: TaskSpec, *args: Any, task_id: int = 1, **kwargs: Any) -> Claim:
    """Claim the first attempt of a task."""
    return Claim(
        task_id=task_id,
        attempt=1,
        max_attempts=5,
        spec=spec,
        arguments=encode(args, kwargs),
        given={"part": 1200},
        deadline=4e9,
        reference="<ref@example.org>",
        idempotency_key=f"key-{task_id}",
    )
