"""The rules of those who correct items, send again, and change when a task starts."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from desktop.items.accepting import ItemCorrection, NewItemRow
from desktop.items.correcting import correct, prepare_correction
from sendoff_tasks.errors import Conflict, InTheWay
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.submission import NewTask, TaskChange
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.change import change
from sendoff_tasks.verbs.remove import check_removable, remove
from sendoff_tasks.verbs.resend import resend
from tests.engine.reference.machine import FUSE, Burn, Machine
from tests.engine.reference.model_tasks import ENDS, ModelTask


class Correcting(Machine):
    """Every rule is one group; with a fuse the power may be cut in it."""

    corrections = 0

    @precondition(lambda self: self.model.tasks)
    @rule(fuse=FUSE, data=st.data(), send=st.booleans())
    def correct(self, fuse: Burn, data: st.DataObject, send: bool) -> None:
        """Correct an item and, perhaps, send one of its tasks again."""
        task = self.any_task(data, data.draw(st.sampled_from(["failed", "scheduled", "waiting"])))
        item, self.corrections = task.item or 0, self.corrections + 1
        body, to = {"title": f"Better {self.corrections}"}, f"Bo {self.corrections} <bo@x.org>"
        row = NewItemRow(item, body, [NewTask(task.name, to=to)])
        prepared = prepare_correction(ItemCorrection(row, to, send), self.engine.registry)
        number = self.engine.core.memory.last_task + 1 if send else 0
        expected: list[list[int] | None] = []
        answer = self.group(
            fuse,
            lambda: self.ask(lambda group: correct(group, prepared)),
            lambda: expected.append(self.model.correct(item, to, number)),
        )
        if answer is not None:
            assert (None if isinstance(answer, InTheWay) else answer.added) == expected[0]

    @precondition(lambda self: self.model.tasks)
    @rule(fuse=FUSE, data=st.data())
    def resend(self, fuse: Burn, data: st.DataObject) -> None:
        task = self.any_task(data, data.draw(st.sampled_from(["failed", "succeeded", "cancelled"])))
        repeats = [each for each in self.model.tasks.values() if each.resend_of is not None]
        is_chained: bool = data.draw(st.booleans())
        if repeats and is_chained:
            task = data.draw(st.sampled_from(repeats))
        self.send_again(fuse, task)

    def send_again(self, fuse: Burn, task: ModelTask) -> None:
        """Have a task done once more, as a new one."""
        number = self.engine.core.memory.last_task + 1
        expected: list[bool] = []
        answer = self.group(
            fuse,
            lambda: self.ask(lambda group: resend(group, group.read(task.id)) and True),
            lambda: expected.append(self.model.resend(task, number)),
        )
        if answer is not None:
            assert isinstance(answer, Conflict) != expected[0]

    @precondition(lambda self: self.model.tasks)
    @rule(
        fuse=FUSE,
        data=st.data(),
        start=st.sampled_from([None, 0, 7, 30]),
        seen=st.sampled_from([None, None, True, False]),
    )
    def move(self, fuse: Burn, data: st.DataObject, start: int | None, seen: bool | None) -> None:
        run_at = None if start is None else start and self.model.now + start
        state = data.draw(st.sampled_from(["queued", "scheduled", "failed"]))
        self.change(fuse, self.any_task(data, state), change, TaskChange(run_at, seen=seen))

    @precondition(lambda self: self.model.tasks)
    @rule(fuse=FUSE, data=st.data())
    def remove(self, fuse: Burn, data: st.DataObject) -> None:
        """Forget a task that has ended, which may repeat another one and be repeated."""
        tasks = self.model.tasks.values()
        again = {each.resend_of for each in tasks}
        between = [each for each in tasks if each.resend_of is not None and each.id in again]
        ended = [each for each in tasks if each.state in {*ENDS, "uncertain"}]
        task = data.draw(st.sampled_from(between or ended or list(tasks)))
        self.change(fuse, task, remove_one)


def remove_one(group: Group, record: TaskRecord) -> None:
    """Remove a task as a person does."""
    check_removable(group, record)
    remove(group, [record])


remove_one.__name__ = remove.__name__  # as the model calls it
