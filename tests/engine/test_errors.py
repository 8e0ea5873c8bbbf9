"""What a task may raise, and what the engine raises."""

from __future__ import annotations

import inspect
import math
import pickle
from pathlib import Path

import pytest

from desktop.contract.states import Refusal
from desktop.engine import errors
from desktop.engine.errors import (
    Busy,
    Closed,
    Conflict,
    DuplicateTask,
    EngineError,
    InTheWay,
    OwnedElsewhere,
    RetryLater,
    TaskCancelled,
    TaskFailed,
    UnknownId,
)
from desktop.engine.store.errors import StoreDamaged


def test_except_exception_in_a_task_does_not_swallow_its_cancel() -> None:
    assert not issubclass(TaskCancelled, Exception)


@pytest.mark.parametrize("after", [-1, math.nan, math.inf])
def test_a_delay_that_is_none_is_refused(after: float) -> None:
    with pytest.raises(ValueError, match="after must be 0 s or more"):
        RetryLater("busy", after)


def test_an_engine_error_is_a_sentence() -> None:
    assert str(Busy(2.4)) == "Too busy to take more now; try again in 2 s."
    assert str(UnknownId("task", 7)) == "There is no task 7."
    assert issubclass(Busy, EngineError)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = {line.split()[0] for line in tree_lines()}
    defined = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and value.__module__ == errors.__name__
    }
    assert drawn == defined


def tree_lines() -> list[str]:
    assert errors.__doc__ is not None
    lines = errors.__doc__.split("::\n")[1].splitlines()
    return [line.strip("│├└─ ") for line in lines if line.strip()]


@pytest.mark.parametrize(
    "error",
    [
        Closed(),
        OwnedElsewhere(),
        Busy(2.0),
        UnknownId("task", 7),
        InTheWay("It runs.", 7, "running"),
        Conflict("It is over.", Refusal.SUCCEEDED),
        DuplicateTask("send", "a", "b"),
        TaskFailed("cancelled", ""),
        StoreDamaged(Path("sendoff.db"), "it is empty"),
    ],
)
def test_an_error_leaves_a_process_as_it_is(error: EngineError) -> None:
    there = pickle.loads(pickle.dumps(error))  # noqa: S301 - from this process
    assert (type(there), str(there), vars(there)) == (type(error), str(error), vars(error))
