"""The engine as a reader of the design would tell it: a few dicts, no disk."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

from sendoff_tasks.submission import TaskChange
from tests.engine.reference.model_tasks import (
    ATTEMPTS,
    ENDS,
    LIMITS,
    ModelPending,
    ModelTask,
    ModelTasks,
)


class Model(ModelTasks):
    """What people and callers ask of the tasks; each tells whether it is allowed."""

    def cancel(self, task: ModelTask) -> bool:
        if task.state == "running":
            if task.passed:
                return False
            task.stopping = True
            return True
        if task.state not in {"scheduled", "queued", "waiting"}:
            return False
        self._over(task, "cancelled")
        before = self.tasks.get(task.resend_of or 0)
        if before is not None and not task.attempt and before.noted in {None, task.id}:
            before.noted = None  # its repeat was taken back
            before.seen = before.seen and before.state != "failed"
        return True

    def retry(self, task: ModelTask) -> bool:
        held = task.name in self.held_queues or task.name in self.outages
        if task.state in {"failed", "cancelled", "waiting"}:
            if self._repeated(task) or not self._afresh(task):
                return False
        elif not (task.state == "queued" and (held or task.name in self.freed)):
            return False
        if task.name in self.held_queues:
            self.freed.add(task.name)
        if held:
            self.release(task.name)
        return True

    def later(self, pending: ModelPending) -> None:
        """Have an action wait for those of its tasks that allow it now; earlier ones lose them."""
        self.take_out(pending.tasks)
        self.pending += [pending] if pending.tasks else []

    def take_out(self, tasks: Sequence[int]) -> None:
        """Have no action that waits mean these tasks."""
        self.pending = [
            replace(each, tasks=left)
            for each in self.pending
            if (left := [n for n in each.tasks if n not in tasks])
        ]

    def allows(self, verb: str, more: tuple[str, ...], task: ModelTask) -> bool:
        """Tell whether an action would be allowed; nothing is done."""
        other = deepcopy(self)
        return bool(getattr(other, verb)(other.tasks[task.id], *more))

    def _repeated(self, task: ModelTask) -> bool:
        """Tell whether it is over, and another one of its message is open, or has left since."""
        if task.noted is not None and task.noted not in self.tasks:
            return True  # it left by that one, which was removed
        return task.state in {*ENDS, "uncertain"} and any(
            other.state not in {*ENDS, "uncertain"}
            or (
                other.state in {"succeeded", "uncertain"}
                and (other.id > task.id or other.ended > task.made)
            )
            for other in self._message(task)
            if other is not task
        )

    def _message(self, task: ModelTask) -> list[ModelTask]:
        """Give it and all that repeat it or are repeated by it."""
        firsts: dict[int, int] = {}
        for each in self.tasks.values():  # in the order of their numbers
            before = each.resend_of or each.id
            firsts[each.id] = firsts.get(before, before)
        return [each for each in self.tasks.values() if firsts[each.id] == firsts[task.id]]

    def open_with(self, name: str, key: str | None) -> ModelTask | None:
        for task in self.tasks.values():
            if key is not None and (task.name, task.key) == (name, key) and task.state not in ENDS:
                return task
        return None

    def _afresh(self, task: ModelTask) -> bool:
        if self.open_with(task.name, task.key) not in {None, task}:
            return False
        task.state, task.left, task.due, task.held = "queued", ATTEMPTS, None, ""
        task.to, task.seen = self.corrected.get(task.item or 0, task.to), False
        task.noted = None
        task.crashes, task.passed, task.stopping = 0, False, False
        if task.deadline is not None and task.deadline <= self.now:
            task.deadline = None
        return True

    def resolve(self, task: ModelTask, outcome: str) -> bool:
        if task.state != "uncertain":
            return False
        if outcome == "again":
            return not self._repeated(task) and self._afresh(task)
        self._over(task, "succeeded")
        return True

    def correct(self, item: int, to: str, send: int) -> list[int] | None:
        """Correct an item; returns of which tasks new ones are to be made, ``None``: not now.

        ``send`` is the number of the first new task, 0 where there are to be none.
        """
        tasks = [task for task in self.tasks.values() if task.item == item]
        if not tasks or any(task.state == "running" for task in tasks):
            return None
        self.corrected[item] = to
        if send:
            self.take_out([task.id for task in tasks])
        for task in tasks:
            if task.state not in {*ENDS, "uncertain"}:
                task.to = to
        name = tasks[0].name
        ended = [task for task in tasks if task.state in ENDS]
        if not send or len(ended) < len(tasks):
            return []
        last = max(ended, key=lambda task: task.id)
        self.tasks[send] = ModelTask(
            send, name, item, 0, "queued", self.now, to=to, resend_of=last.id
        )
        self._put_aside(last, send)
        return [send]

    def resend(self, task: ModelTask, number: int = 0) -> bool:
        number = number or self.last + 1
        if task.state not in ENDS or self.open_with(task.name, task.key) is not None:
            return False
        if task.state != "succeeded" and self._repeated(task):
            return False
        to = self.corrected.get(task.item or 0, task.to)
        self.tasks[number] = ModelTask(
            number,
            task.name,
            task.item,
            task.priority,
            "queued",
            self.now,
            key=task.key,
            to=to,
            resend_of=task.id,
        )
        self._put_aside(task, number)
        return True

    def _put_aside(self, task: ModelTask, number: int) -> None:
        task.seen = task.seen or task.state == "failed"
        if task.noted is None or task.noted in self.tasks:
            task.noted = number

    def remove(self, task: ModelTask) -> bool:
        if task.state not in {*ENDS, "uncertain"}:
            return False
        if task.state in {"failed", "uncertain"} and not task.seen:
            return False
        has_left = task.state in {"succeeded", "uncertain"}
        for other in self._message(task) if has_left else ():
            is_since = task.id > other.id or task.ended > other.made
            if other is not task and other.state in ENDS and is_since:
                other.noted = task.id
        del self.tasks[task.id]
        repeats = [each for each in self.tasks.values() if each.resend_of == task.id]
        for each in repeats if task.resend_of is not None else ():
            each.resend_of = task.resend_of
        before = self.tasks.get(task.resend_of or 0)
        if before and before.noted == task.id and not has_left:
            before.noted = max((each.id for each in repeats), default=None)
        return True

    def change(self, task: ModelTask, wanted: TaskChange) -> bool:
        run_at = wanted.run_at
        if wanted.seen is not None and task.state not in {"failed", "uncertain"}:
            return False
        late = run_at is not None and task.deadline is not None and task.deadline <= run_at
        if run_at is not None and (late or task.state not in {"scheduled", "queued"}):
            return False
        task.seen = task.seen if wanted.seen is None else wanted.seen
        if run_at is not None and run_at > self.now:
            task.state, task.due, task.delayed = "scheduled", run_at, False
        elif run_at is not None and task.state == "scheduled":
            task.state, task.due = "queued", None
        return True

    def undo(self, item: int) -> bool:
        tasks = [task for task in self.tasks.values() if task.item == item]
        if any(task.attempt for task in tasks):
            return False
        for task in tasks:
            del self.tasks[task.id]
        return True

    def release(self, queue: str) -> None:
        if queue in self.outages:
            self.outages[queue].until = min(self.outages[queue].until, self.now)
            return
        if queue in self.held_queues:
            self.held_queues.remove(queue)
            self.trials.add(queue)
        for task in self.tasks.values():
            if task.name == queue and task.held == "hold queue":
                task.state, task.held = "queued", ""

    def pause(self, queue: str | None) -> None:
        self.pauses.add(queue)

    def resume(self, queue: str | None) -> None:
        if queue is None:
            self.pauses.clear()
        elif None in self.pauses:
            self.pauses = {*LIMITS}
        self.pauses.discard(queue)
