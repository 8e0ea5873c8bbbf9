"""What is promised to follow a COMMIT: it follows, even when more goes wrong after it."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import pytest

from desktop.engine.attempts.outcomes import Succeeded
from desktop.engine.submission import NewTask, Submission
from desktop.engine.transaction.replies import Request
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.submit import accept, prepare
from tests.engine.stepped import Stepped


def out_of_memory(*args: object) -> None:
    raise MemoryError


class Unanswerable(Future[Any]):
    """A reply that cannot be given."""

    def set_result(self, result: Any) -> None:
        raise MemoryError


@pytest.mark.parametrize("part", ["throughput.count", "_trouble.end"])
def test_what_fails_after_the_commit_is_not_written_twice(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    owner, _, name = part.rpartition(".")
    with monkeypatch.context() as patch:
        patch.setattr(getattr(stepped.core, owner), name, out_of_memory)
        task = stepped.ask(
            lambda g: accept(g, prepare(Submission(tasks=[NewTask("work")]), stepped.registry))
        )
        stepped.step()
    stepped.settle()
    assert stepped.states() == {task.result(0).task_ids[0]: "running"}
    assert len(stepped.lane.started) == 1


def test_an_answer_that_cannot_be_given_costs_no_other_and_no_start(stepped: Stepped) -> None:
    prepared = prepare(Submission(tasks=[NewTask("work")]), stepped.registry)
    stepped.inbox.ask(Request(lambda group: accept(group, prepared), Unanswerable()))
    second = stepped.do(lambda group: accept(group, prepared)).task_ids[0]
    assert set(stepped.states()) == {second - 1, second}
    assert set(stepped.lane.running) == {second - 1, second}


def test_a_journal_that_stumbles_keeps_no_attempt_from_its_start_or_stop(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stepped.add()
    with monkeypatch.context() as patch:
        patch.setattr(stepped.journal, "committed", out_of_memory)
        stepped.change(cancel, first)
        second = stepped.add()
    assert set(stepped.states()) == {first, second}
    assert stepped.lane.asked_to_stop == [first]
    stepped.end(second, Succeeded("1"))
    assert stepped.state(second) == "succeeded"
