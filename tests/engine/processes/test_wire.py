"""What is said of a task in one process is what the owner reads of it."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from desktop.engine.functions.backoff import Retry
from desktop.engine.functions.source import FunctionSource
from desktop.engine.functions.spec import describe
from desktop.engine.processes.wire import (
    dump_line,
    dump_task,
    dump_wanted,
    load_line,
    load_tasks,
)
from desktop.engine.submission import (
    PRIORITY_LIMIT,
    TIME_LIMIT,
    Idempotency,
    NewTask,
    Place,
    TaskOptions,
)
from desktop.engine.verbs.submit import PreparedSubmission, PreparedTask
from tests.engine.lanes.tasks import returns

ENCODED = {"args", "kwargs"}
"""What a prepared task says in another form."""


def prepared(**said: object) -> PreparedTask:
    spec = describe(returns, "name", title="Title", queue="q", retry=Retry(4), deadline=9.0)
    task = NewTask("name", **said)  # type: ignore[arg-type]
    return PreparedTask(task, spec, "[[1],{}]", "k", "words", "<m@x>")


SECONDS = st.none() | st.floats(0, TIME_LIMIT, exclude_max=True)
WHOLE = st.integers(1 - PRIORITY_LIMIT, PRIORITY_LIMIT - 1)
AFTER = st.lists(st.integers(1) | st.builds(Place, st.integers(0)), max_size=3).map(tuple)
OPTIONS = st.builds(
    TaskOptions, SECONDS, SECONDS, SECONDS, WHOLE, st.none() | st.just("k"), AFTER, st.booleans()
)


@given(OPTIONS)
def test_any_options_travel_exactly(options: TaskOptions) -> None:
    (got,) = load_tasks([(1, dump_task(prepared(options=replace(options, after=()))))]).tasks
    assert got.task.options == replace(options, after=())
    sent = PreparedSubmission([prepared(options=options)])
    (read,) = load_line(dump_line("me", 1, [dump_wanted(sent)])).wanted
    assert isinstance(read, PreparedSubmission)
    assert read.tasks[0].task.options == options


def test_all_that_is_said_of_a_task_travels() -> None:
    said = {
        "item_id": 3,
        "to": "Ada <a@x>",
        "title": "T",
        "options": TaskOptions(0.005, 6.25, 1e9 / 3, 2, "k", (Place(0), 3), parallel=True),
        "behind": Place(0),
        "token": "t",
        "variables": "{}",
    }
    assert {each.name for each in fields(NewTask)} == {"task", *ENCODED, *said}
    assert all(getattr(said["options"], each.name) != each.default for each in fields(TaskOptions))
    key = Idempotency("k", "h", {"n": 1})
    sent = [prepared(**said), prepared(options=TaskOptions(after=(17,))), prepared()]
    text = dump_line("me", 8, [dump_wanted(PreparedSubmission(sent, key))])
    line = load_line(text)
    assert (line.process, line.number) == ("me", 8)
    (got,) = line.wanted
    assert isinstance(got, PreparedSubmission)
    assert got.idempotency == key
    for before, after in zip(sent, got.tasks, strict=True):
        assert after.task == before.task
        for each in fields(PreparedTask):
            if each.name != "spec":
                assert getattr(after, each.name) == getattr(before, each.name)
        told = after.spec
        assert (told.name, told.title, told.queue, told.lane) == ("name", "Title", "q", "io")
        assert (told.source, told.retry.attempts, told.deadline) == (
            FunctionSource("tests.engine.lanes.tasks", "returns"),
            4,
            9.0,
        )
