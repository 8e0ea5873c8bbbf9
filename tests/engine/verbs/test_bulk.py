"""One verb for many tasks."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import fields, replace
from functools import partial
from typing import Any

import pytest

from desktop.items.accepting import ItemSubmission, NewItemRow, undo
from sendoff_tasks.attempts.outcomes import Failed, Held, LeftUncertain, Succeeded
from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import NO_REASON, Reason
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.submission import Idempotency, NewTask, Submission, TaskOptions
from sendoff_tasks.verbs.bulk import BulkDone, BulkTasks, bulk, choose, preview
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.words.table import ENGLISH
from tests.engine.stepped import Stepped
from tests.items.corrections import FINAL, TO_BO, put, submit

KEY = Idempotency("key", "hash")
STEP = 20
"""Tasks in a step; fewer than in the product, to be quick."""


@pytest.fixture(autouse=True)
def _short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sendoff_tasks.verbs.bulk.STEP", STEP)


def ask(
    stepped: Stepped, action: Any, which: Sequence[int] | TaskFilter, key: Idempotency | None = None
) -> Future[Any]:
    chosen = stepped.choose(which)
    return stepped.ask(lambda group: bulk(group, action, chosen, key))


def act(
    stepped: Stepped, action: Any, which: Sequence[int] | TaskFilter, key: Idempotency | None = None
) -> Any:
    answer = ask(stepped, action, which, key)
    stepped.settle()
    return answer.result(0)


def skipped(refusal: str, count: int = 1) -> dict[str, Any]:
    return {"why": ENGLISH.say("skipped", refusal, n=count), "count": count, "refusal": refusal}


def test_each_reason_for_skipping_is_counted(stepped: Stepped) -> None:
    first = stepped.add()
    later = [stepped.add(delay=60) for _ in range(3)]
    stepped.end(first, Failed("no", "", final=True))
    done = act(stepped, "cancel", [first, *later, *later, 98, 99])
    assert done.answer == {
        "touched": 3,
        "skipped": [
            {"why": "2 are gone", "count": 2, "refusal": "not_there"},
            {"why": "1 has failed", "count": 1, "refusal": "failed"},
        ],
    }


@pytest.mark.parametrize("by_number", [False, True])
def test_a_preview_tells_what_the_action_then_does(stepped: Stepped, by_number: bool) -> None:
    running, failed, crossed, kept = (stepped.add() for _ in range(4))
    later = stepped.add(delay=60)
    stepped.end(failed, Failed("no", "", final=True))
    stepped.cross(crossed)
    stepped.end(kept, Succeeded("1", kept=True))
    which = [running, failed, crossed, kept, later, 99] if by_number else TaskFilter()
    for action in ("resend", "seen", "cancel", "run_now", "retry", "again", "remove"):
        states = stepped.states()
        chosen = stepped.choose(which)
        told = stepped.do(partial(preview, action=action, chosen=chosen)).answer
        assert stepped.states() == states
        assert told.pop("is_exact")
        assert sum(told.pop("queues").values()) == told["touched"]
        done = stepped.do(partial(bulk, action=action, chosen=chosen)).answer
        assert {**told, "ids": []} == {**done, "ids": []}, action
        assert ("stopping" in done) == (action == "cancel")
        assert ("kept" in done) == (action == "remove")  # it was not retried: it is sent again
    some = choose(TaskFilter(), stepped.reader, 1, known=NOTHING_KNOWN)
    assert not stepped.do(lambda group: preview(group, "seen", some)).answer["is_exact"]


def test_many_are_sent_again_once_also_where_the_call_was_cut_short(stepped: Stepped) -> None:
    count = STEP + 7
    stepped.add_many(count, delay=60)
    act(stepped, "cancel", TaskFilter(states=("scheduled",)))
    which = TaskFilter(states=("cancelled",))
    chosen = stepped.choose(which)
    stepped.ask(lambda group: bulk(group, "resend", chosen, KEY))
    stepped.step()
    stepped.restart()
    asked = stepped.ask(lambda group: bulk(group, "resend", chosen, KEY))
    stepped.settle()
    answer = asked.result(0).answer
    assert (answer["touched"], answer["skipped"]) == (count, [])
    again = "SELECT id, resend_of FROM tasks WHERE id > ? ORDER BY id"
    added = stepped.connection.execute(again, (count,)).fetchall()
    assert answer["ids"] == [number for number, _ in added]
    assert [first for _, first in added] == list(range(1, count + 1))
    assert act(stepped, "resend", which, KEY).answer == answer


def test_what_practice_kept_is_sent_only_where_it_is_asked_for(stepped: Stepped) -> None:
    kept, failed, other = (stepped.add() for _ in range(3))
    stepped.end(kept, Succeeded("1", kept=True))
    stepped.end(failed, Failed("no", "", final=True))
    stepped.end(other, Succeeded("1", kept=True))
    stepped.pause()
    done = act(stepped, "retry", TaskFilter(task="work"))
    assert done.answer == {"touched": 1, "skipped": [skipped("kept", 2)], "ids": [failed]}
    assert stepped.states() == {kept: "succeeded", failed: "queued", other: "succeeded"}
    assert act(stepped, "retry", [kept]).answer["touched"] == 1
    assert act(stepped, "retry", TaskFilter(reasons=("kept",))).answer["touched"] == 1
    assert stepped.state(other) == "queued"


def test_tasks_without_a_reason_are_meant_by_a_word_of_their_own(stepped: Stepped) -> None:
    kept, done = (stepped.add() for _ in range(2))
    stepped.end(kept, Succeeded("1", kept=True))
    stepped.end(done, Succeeded("1"))
    assert act(stepped, "remove", TaskFilter(reasons=(NO_REASON,))).answer["touched"] == 1
    assert stepped.states() == {kept: "succeeded"}


@pytest.mark.parametrize("by_number", [False, True])
def test_of_one_message_the_latest_task_alone_is_retried(stepped: Stepped, by_number: bool) -> None:
    (first,) = submit(stepped)
    stepped.end(first, FINAL)
    (second,) = put(stepped, send=True, delay=5).added
    stepped.change(cancel, second)
    which = [first, second] if by_number else TaskFilter(states=("failed", "cancelled"))
    left = {"touched": 1, "skipped": [skipped("repeated")]}
    chosen = stepped.choose(which)
    told = stepped.do(lambda group: preview(group, "retry", chosen)).answer
    assert told == {**left, "is_exact": True, "queues": {"work": 1}}
    assert act(stepped, "retry", which).answer == left | {"ids": [second]}
    assert stepped.states() == {first: "failed", second: "running"}


def test_of_one_message_to_one_address_the_latest_task_alone_is_sent_again(
    stepped: Stepped,
) -> None:
    (first,) = submit(stepped)
    stepped.end(first, Succeeded("1"))
    (second,) = put(stepped, send=True).added
    stepped.end(second, Succeeded("1"))
    other = stepped.send_again(second, {"email": "cy@example.org"})["id"]
    stepped.end(other, Succeeded("1"))
    which = [first, second, other]
    left = {"touched": 2, "skipped": [skipped("repeated")]}
    chosen = stepped.choose(which)
    told = stepped.do(lambda group: preview(group, "resend", chosen)).answer
    assert {**told, "ids": []} == {**left, "is_exact": True, "queues": {"work": 2}, "ids": []}
    new = act(stepped, "resend", which).answer["ids"]
    assert [stepped.task(each)["to"] for each in new] == [TO_BO, "cy@example.org"]


def test_a_repeat_that_the_call_leaves_alone_keeps_nothing_back(stepped: Stepped) -> None:
    (first,) = submit(stepped)
    stepped.end(first, FINAL)
    (second,) = put(stepped, send=True, delay=5).added
    stepped.change(cancel, second)
    assert act(stepped, "retry", TaskFilter(states=("failed",))).answer["touched"] == 1
    assert stepped.states() == {first: "running", second: "cancelled"}


def test_a_key_answers_the_first_answer_again(stepped: Stepped) -> None:
    task = stepped.add(delay=60)
    first = act(stepped, "cancel", [task], KEY)
    assert not first.replayed
    act(stepped, "retry", [task])
    assert act(stepped, "cancel", [task], KEY) == BulkDone(first.answer, replayed=True)
    assert stepped.state(task) == "running"
    with pytest.raises(Conflict):
        act(stepped, "cancel", [task], Idempotency("key", "other"))


def test_the_same_call_while_the_first_is_under_way_goes_on_with_it(stepped: Stepped) -> None:
    count = 4 * STEP + 7
    stepped.add_many(count, delay=60)
    which = TaskFilter(states=("scheduled",))
    answers = [ask(stepped, "cancel", which, KEY)]
    stepped.step()
    answers.append(ask(stepped, "cancel", which, KEY))
    other = ask(stepped, "cancel", which, Idempotency("key", "other"))
    stepped.settle()
    answers.append(ask(stepped, "cancel", which, KEY))
    stepped.settle()
    assert [each.result(0).answer for each in answers] == [{"touched": count, "skipped": []}] * 3
    assert answers[2].result(0).replayed
    with pytest.raises(Conflict):
        other.result(0)


def test_the_same_call_after_a_restart_goes_on_where_the_first_was_cut_short(
    stepped: Stepped,
) -> None:
    count = 2 * STEP + 7
    tasks = Submission(tasks=[NewTask("work", options=TaskOptions(delay=60))] * count)
    last = stepped.submit(tasks).task_ids[-1]
    stepped.do(lambda group: cancel(group, group.read(1)))
    which = TaskFilter(states=("scheduled", "cancelled"))
    ask(stepped, "cancel", which, KEY)
    stepped.step()
    stepped.restart()
    assert stepped.state(STEP) == "cancelled"
    assert stepped.state(STEP + 1) == stepped.state(last) == "scheduled"
    later = stepped.add(delay=60)  # is not meant
    assert act(stepped, "cancel", which, KEY).answer == {
        "touched": count - 1,
        "skipped": [skipped("cancelled")],
    }
    assert stepped.state(last) == "cancelled"
    assert stepped.state(later) == "scheduled"


def test_a_held_queue_goes_on_once_however_many_of_its_tasks_are_retried(
    stepped: Stepped,
) -> None:
    heard = list[bool]()
    count = STEP + 7
    stepped.add_many(count, "narrow")
    held = Held("535", "", whole_queue=True)
    stepped.end(1, held)
    stepped.end(2, held)
    stepped.journal.board.on_notice(lambda notice: heard.append(notice["active"]))
    future = ask(stepped, "retry", TaskFilter(task="narrow"))
    stepped.step()
    stepped.end(1, held)  # it was not cured
    stepped.settle()
    assert future.result(0).answer["ids"] == [*range(1, count + 1)]
    assert heard == [False, True]


def test_tasks_behind_a_hold_are_retried_where_the_one_that_was_held_is_gone(
    stepped: Stepped,
) -> None:
    held, *behind = (stepped.add("narrow") for _ in range(4))
    stepped.end(held, Held("535", "", whole_queue=True))
    stepped.do(lambda group: cancel(group, group.read(held)))
    stepped.pause("narrow")
    queued = TaskFilter(states=("queued",))
    assert act(stepped, "retry", queued).answer == {"touched": 2, "skipped": [], "ids": [3, 4]}
    assert not stepped.core.memory.held_queues
    again = act(stepped, "retry", queued).answer
    assert again == {"touched": 0, "skipped": [skipped("paused", 2)]}
    stepped.resume("narrow")
    for task in behind:
        stepped.end(task, Succeeded("1"))
    assert stepped.states() == {held: "cancelled", **dict.fromkeys(behind, "succeeded")}


def test_what_came_or_ended_after_the_person_chose_is_not_meant(stepped: Stepped) -> None:
    early, meanwhile = stepped.add(), stepped.add()
    stepped.end(early, LeftUncertain("no answer", ""))
    stepped.clock.time += 1
    then = stepped.clock.now()
    all_then = TaskFilter(states=("uncertain",), known_at=then)
    chosen = stepped.choose(TaskFilter(states=("uncertain",)))
    stepped.end(meanwhile, LeftUncertain("no answer", ""))
    assert act(stepped, "again", all_then).answer["touched"] == 1
    assert stepped.states()[meanwhile] == "uncertain"
    stepped.end(early, LeftUncertain("no answer", ""))  # between the choice and the act
    late = stepped.ask(lambda group: bulk(group, "done", replace(chosen, filter=all_then)))
    stepped.settle()
    assert late.result(0).answer["touched"] == 0
    new = stepped.add(delay=60)
    assert act(stepped, "cancel", TaskFilter(known_at=then)).answer["touched"] == 0
    assert stepped.states()[new] == "scheduled"


def test_what_was_put_aside_meanwhile_is_not_meant(stepped: Stepped) -> None:
    first, second = stepped.add(), stepped.add()
    for task in (first, second):
        stepped.end(task, Failed("no", "", final=True))
    chosen = stepped.choose(TaskFilter(states=("failed",), seen=False))
    assert act(stepped, "seen", [first]).answer["touched"] == 1
    done = stepped.do(lambda group: bulk(group, "retry", chosen))
    assert (done.answer["touched"], done.answer["skipped"]) == (1, [])
    assert (stepped.state(first), stepped.state(second)) == ("failed", "running")


def test_a_filter_means_all_that_match_in_groups_that_stay_short(stepped: Stepped) -> None:
    count = 2 * STEP + 7
    stepped.add_many(count, delay=60)
    other = stepped.add("narrow", delay=60)
    which = TaskFilter(states=("scheduled",), task="work")
    future = ask(stepped, "cancel", which)
    stepped.step()
    assert not future.done()
    assert list(stepped.states().values()).count("cancelled") == STEP
    stepped.add(delay=60)  # comes too late to be meant
    assert future.result(0).answer == {"touched": count, "skipped": []}
    assert stepped.state(other) == "scheduled"
    assert list(stepped.states().values()).count("scheduled") == 2


def test_a_task_that_matches_no_more_when_its_turn_comes_is_left_alone(stepped: Stepped) -> None:
    waiting, started, other = (stepped.add(delay=delay) for delay in (60, 30, 60))
    chosen = stepped.choose(TaskFilter(states=("scheduled",)))
    stepped.wait(30)
    done = stepped.do(lambda group: bulk(group, "cancel", chosen))
    assert done.answer == {"touched": 2, "skipped": []}
    assert stepped.state(started) == "running"
    assert {stepped.state(each) for each in (waiting, other)} == {"cancelled"}


def test_what_attempts_and_people_can_change_is_looked_at_again(stepped: Stepped) -> None:
    task = stepped.ended(Failed("No.", "", final=True))
    stays = {"ids", "task", "called", "queue", "text", "item_id", "batch_id", "to"}
    stays |= {"since", "until"}
    chosen_once = {"standing", "error"}  # a pause may end meanwhile, an error is only added
    lost: dict[str, Any] = {
        "states": ("queued",),
        "reasons": (Reason.KEPT,),
        "seen": True,
        "cause": "another",
        "known_at": stepped.clock.time - 1,
    }
    assert stays | chosen_once | lost.keys() == {each.name for each in fields(TaskFilter)}
    for name, value in lost.items():
        chosen = BulkTasks([task], TaskFilter(**{name: value}))
        done = stepped.do(partial(bulk, action="seen", chosen=chosen))
        assert done.answer["touched"] == 0, name
    chosen = BulkTasks([task], TaskFilter(reasons=(NO_REASON,)))
    assert stepped.do(partial(bulk, action="seen", chosen=chosen)).answer["touched"] == 0
    assert act(stepped, "seen", TaskFilter(states=("failed",))).answer["touched"] == 1


def test_a_task_that_matched_and_is_gone_when_its_turn_comes_is_not_counted(
    stepped: Stepped,
) -> None:
    item = NewItemRow(1, {}, [NewTask("work", options=TaskOptions(delay=60))])
    stepped.submit(ItemSubmission([item]))
    chosen = stepped.choose(TaskFilter())
    stepped.do(lambda group: undo(group, 1))
    done = stepped.do(lambda group: bulk(group, "cancel", chosen))
    assert done.answer == {"touched": 0, "skipped": []}


@pytest.mark.usefixtures("in_file")
def test_the_writer_looks_for_nothing(stepped: Stepped) -> None:
    stepped.add_many(2 * STEP, delay=60)
    read = list[str]()
    stepped.connection.set_trace_callback(read.append)
    done = act(stepped, "cancel", TaskFilter(since=stepped.clock.time + 1))
    assert done.answer == {"touched": 0, "skipped": []}
    assert read
    assert not [statement for statement in read if "created_at >=" in statement]
