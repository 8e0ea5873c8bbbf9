"""The first answer to a key is kept, for seven days, and given again to the same request."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from desktop.engine.attempts.outcomes import Succeeded
from desktop.engine.errors import Conflict
from desktop.engine.submission import Idempotency, NewTask, Submission
from desktop.engine.verbs.submit import accept, amend, prepare, recall, remember
from tests.engine.stepped import Stepped
from tests.engine.verbs.submit.test_accept import KEY


def test_what_is_kept_is_recalled_and_can_be_changed(stepped: Stepped) -> None:
    assert stepped.do(lambda group: recall(group, KEY)) is None
    stepped.do(lambda group: remember(group, KEY, {"so far": 1}))
    stepped.do(lambda group: remember(group, Idempotency("other", "hash"), "ü"))
    stepped.do(lambda group: amend(group, KEY, {"so far": 2}))
    stepped.restart()
    assert stepped.do(lambda group: recall(group, KEY)) == {"so far": 2}
    assert stepped.do(lambda group: recall(group, Idempotency("other", "hash"))) == "ü"


def test_a_key_answers_the_first_answer_again(stepped: Stepped) -> None:
    call = Submission([NewTask("work")] * 2, KEY)
    first = stepped.submit(call)
    second = stepped.submit(call)
    assert second.replayed
    assert not first.replayed
    assert second.task_ids == first.task_ids


def test_a_key_answers_the_row_as_it_was(stepped: Stepped) -> None:
    call = Submission(tasks=[NewTask("work")], idempotency=KEY)
    first = stepped.submit(call)
    assert first.row is not None
    stepped.end(first.row["id"], Succeeded("1"))
    assert stepped.submit(call).row == first.row
    assert first.row["state"] == "queued"


def test_a_key_with_another_body_conflicts_also_within_one_group(stepped: Stepped) -> None:
    one = prepare(Submission(tasks=[NewTask("work")], idempotency=KEY), stepped.registry)
    other_key = Idempotency(KEY.key, "hash-2")
    two = prepare(Submission(tasks=[NewTask("work")], idempotency=other_key), stepped.registry)
    answers = [stepped.ask(partial(accept, submission=p)) for p in (one, one, two)]
    stepped.settle()
    assert [answer.result(0).replayed for answer in answers[:2]] == [False, True]
    assert isinstance(answers[2].exception(0), Conflict)
    assert len(stepped.states()) == 1


def test_a_key_is_forgotten_after_seven_days(stepped: Stepped) -> None:
    call = Submission(tasks=[NewTask("work")], idempotency=KEY)
    stepped.submit(call)
    stepped.clock.time += 7 * 86400 - 1
    assert stepped.submit(call).replayed
    stepped.clock.time += 62
    stepped.add()
    assert not stepped.submit(call).replayed


def test_a_note_comes_back_with_every_answer_to_its_key(stepped: Stepped) -> None:
    first = stepped.submit(Submission([NewTask("work")], replace(KEY, note=["as it was"])))
    again = stepped.submit(Submission([NewTask("work")], replace(KEY, note=["as it is"])))
    assert first.note == again.note == ["as it was"]
    assert again.replayed
