"""What a new start makes of what an earlier run left."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from desktop.contract.batches import ROW_COPY
from desktop.tasks.mail_tasks import row_copy
from sendoff_tasks.attempts.outcomes import Failed, GivenBack, Succeeded
from sendoff_tasks.dispatch.after_attempt import BEGUN_MS
from sendoff_tasks.errors import Fenced
from sendoff_tasks.events.notices import RETRY_S
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.verbs.cancel import cancel
from tests.engine.stepped import START, Make, Stepped


def begin_to_stop(stepped: Stepped) -> None:
    stepped.core.claiming = False
    stepped.settle()


def test_a_kill_while_the_engine_stops_is_no_crash(stepped: Stepped) -> None:
    task = stepped.add()
    for attempt in range(1, 6):
        assert stepped.lane.running[task].attempt == attempt
        begin_to_stop(stepped)
        stepped.restart()
    history = stepped.task(task)["history"]
    assert [each["outcome"] for each in history] == ["given back"] * 5 + ["running"]
    stepped.end(task, Failed("wrong", ""))
    stepped.wait(3600)
    assert stepped.task(task)["max_attempts"] == 8  # the five kills cost it none of its three
    stepped.restart()
    history = stepped.task(task)["history"]
    assert history[-2]["outcome"] == "crashed"  # this time it was not asked to stop


def test_past_its_point_of_no_return_a_kill_while_it_stops_is_uncertain(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.cross(task).result(0)
    begin_to_stop(stepped)
    stepped.restart()
    told = stepped.task(task)
    words = "The program ended before there was an answer"
    assert (told["state"], told["error"]) == ("uncertain", words)


@pytest.mark.usefixtures("in_file")
def test_that_it_stops_is_written_once_and_only_where_something_runs(stepped: Stepped) -> None:
    def changes() -> int:
        return int(stepped.connection.total_changes)

    before = changes()
    begin_to_stop(stepped)
    assert changes() == before
    stepped.core.claiming = True
    stepped.add()
    before = changes()
    begin_to_stop(stepped)
    assert changes() == before + 1
    stepped.settle()
    assert changes() == before + 1


def test_three_kinds_of_orphans_are_told_apart(make: Make) -> None:
    stepped = make(slots=2)
    begun, past, queued = (stepped.add() for _ in range(3))
    stepped.cross(past, "A letter for Ada", "the post").result(0)
    stepped.slots = 0
    stepped.restart()
    told = {task: stepped.task(task) for task in (begun, past, queued)}

    never = told[queued]
    assert (never["state"], never["attempt"], never["max_attempts"]) == ("queued", 0, 3)
    assert (never["reason"], never["history"], never["log"]) == (None, [], [])

    safe = told[begun]
    assert (safe["state"], safe["attempt"], safe["max_attempts"]) == ("queued", 1, 4)
    assert safe["reason"] == "rescued"
    assert [(a["outcome"], a["finished_at"]) for a in safe["history"]] == [("crashed", None)]
    assert safe["handed_over"] is None

    unsure = told[past]
    assert unsure["state"] == "uncertain"
    assert (unsure["reason"], unsure["reason_data"]["server"]) == ("cut_short", "the post")
    assert unsure["reason_data"]["told"]["refusal"] == "reason.server.cut_short"
    assert [(a["outcome"], a["error"], a["finished_at"]) for a in unsure["history"]] == [
        ("uncertain", "The program ended before the post answered", None)
    ]
    assert unsure["handed_over"] == {
        "at": wire_time(int(START * 1000)),
        "what": "A letter for Ada",
        "to": "the post",
    }
    assert [(line["at"], line["level"], line["text"]) for line in unsure["log"]] == [
        (
            wire_time(int(START * 1000)),
            "warning",
            "Handed over to the post: A letter for Ada. No answer came.",
        )
    ]


def crash_after(stepped: Stepped, seconds: float) -> None:
    """Let the program end so long after its start, and start again."""
    stepped.wait(seconds)
    stepped.restart()


def test_a_task_is_held_after_three_crashes_in_which_only_it_ran(stepped: Stepped) -> None:
    task = stepped.add()
    for _ in range(3):
        crash_after(stepped, 30)
    told = stepped.task(task)
    assert (told["state"], told["reason"]) == ("waiting", "held_after_crashes")
    assert told["error"] == "The program ended while only this task ran."


def test_crashes_beside_others_hold_no_task(stepped: Stepped) -> None:
    tasks = [stepped.add() for _ in range(3)]
    for _ in range(10):
        crash_after(stepped, 30)
    assert stepped.states() == dict.fromkeys(tasks, "running")
    history = stepped.task(tasks[0])["history"]
    assert {a["error"] for a in history[:-1]} == {"The program ended while the task ran."}


def test_a_task_that_just_began_is_suspected_beside_one_that_runs_for_long(
    stepped: Stepped,
) -> None:
    innocent = stepped.add()
    stepped.wait(30)
    guilty = stepped.add()
    crash_after(stepped, 1)
    assert stepped.task(guilty)["history"][0]["error"] == (
        "The program ended just after the task had begun."
    )
    assert stepped.task(innocent)["history"][0]["error"] == "The program ended while the task ran."


def test_a_run_of_five_minutes_clears_a_task(stepped: Stepped) -> None:
    task = stepped.add()
    for seconds in (30, 30, 330, 30, 30):
        crash_after(stepped, seconds)
        stepped.wait(10)
    assert stepped.state(task) == "running"
    crash_after(stepped, 30)
    assert stepped.task(task)["reason"] == "held_after_crashes"


def test_a_run_of_five_minutes_that_a_stop_ends_clears_a_task_too(stepped: Stepped) -> None:
    task = stepped.add()
    for _ in range(2):
        crash_after(stepped, 30)
        stepped.wait(10)
    stepped.wait(330)
    stepped.end(task, GivenBack(begun=True))
    crash_after(stepped, 30)
    stepped.wait(10)
    assert stepped.state(task) == "running"


def test_of_those_that_run_for_long_each_starts_when_the_one_before_is_above_suspicion(
    stepped: Stepped,
) -> None:
    tasks = [stepped.add() for _ in range(3)]
    for _ in range(2):
        stepped.restart()
    stepped.wait(10)
    for count in (1, 2, 3):
        assert len(stepped.lane.running) == count
        stepped.wait(BEGUN_MS / 1000 - 0.1)
        assert len(stepped.lane.running) == count
        stepped.wait(0.7)
    crash_after(stepped, 5)
    assert stepped.states() == dict.fromkeys(tasks, "running")


def test_those_whose_turns_came_in_a_pause_start_one_at_a_time(stepped: Stepped) -> None:
    for _ in range(3):
        stepped.add()
    for _ in range(2):
        stepped.restart()
    stepped.pause()
    stepped.wait(60)
    stepped.resume()
    assert len(stepped.lane.running) == 1


@pytest.mark.parametrize("statement", range(12))
def test_a_full_disk_takes_no_turn_away(stepped: Stepped, statement: int) -> None:
    first, _ = stepped.add(), stepped.add()
    for _ in range(2):
        stepped.restart()
    stepped.clock.time += 10
    stepped.fuse.set(statement, full=True)
    stepped.step()
    stepped.fuse.set(None)
    stepped.wait(RETRY_S)
    assert [*stepped.lane.running] == [first]


def test_one_that_was_cancelled_keeps_no_other_waiting(stepped: Stepped) -> None:
    first, cancelled, last = (stepped.add() for _ in range(3))
    for _ in range(2):
        stepped.restart()
    stepped.change(cancel, cancelled)
    stepped.wait(10)
    stepped.end(first, Succeeded("1"))
    assert [*stepped.lane.running] == [last]


def test_tasks_cut_short_twice_start_apart_so_only_the_guilty_one_is_held(
    stepped: Stepped,
) -> None:
    innocent, guilty, other = (stepped.add() for _ in range(3))
    for _ in range(2):
        stepped.restart()
    assert stepped.states() == dict.fromkeys((innocent, guilty, other), "waiting")
    assert stepped.task(guilty)["reason"] == Reason.ALONE_AFTER_CRASH
    stepped.wait(10)
    assert [*stepped.lane.running] == [innocent]
    stepped.end(innocent, Succeeded("1"))
    stepped.restart()  # by the guilty one, alone by now
    stepped.wait(10)
    stepped.end(other, Succeeded("1"))
    assert stepped.states() == {innocent: "succeeded", guilty: "waiting", other: "succeeded"}
    assert stepped.task(guilty)["reason"] == "held_after_crashes"


def test_how_long_an_attempt_ran_is_known_without_another_event(stepped: Stepped) -> None:
    tasks = [stepped.add(), stepped.add()]
    due = stepped.step()
    assert due is not None
    assert due - stepped.clock.now() == pytest.approx(BEGUN_MS / 1000)
    crash_after(stepped, 2)
    history = stepped.task(tasks[1])["history"]
    assert history[0]["error"] == "The program ended while the task ran."


def test_the_life_of_an_earlier_process_says_nothing_of_the_next(stepped: Stepped) -> None:
    first = stepped.add()
    stepped.wait(5)
    stepped.end(first, Succeeded("1"))
    stepped.clock.time -= 4  # too little to be noticed
    stepped.restart()
    tasks = [stepped.add(), stepped.add()]
    stepped.restart()
    assert {stepped.task(each)["history"][0]["error"] for each in tasks} == {
        "The program ended just after the task had begun."
    }


def test_a_kill_after_the_process_was_asked_to_end_is_no_crash(stepped: Stepped) -> None:
    """A server may wait for its last request before it stops the engine."""
    stepped.core.ending = True
    task = stepped.add()
    stepped.settle()
    stepped.restart()
    assert [a["outcome"] for a in stepped.task(task)["history"]] == ["given back", "running"]


def test_of_the_product_s_own_tasks_only_one_that_ran_alone_is_suspected(make: Make) -> None:
    stepped = make()
    mailer: Any = SimpleNamespace(new_message_id=lambda: "<1@x.org>")
    stepped.registry.add(row_copy(lambda *_: pytest.fail("it runs"), lambda: mailer))
    mails = [stepped.add(ROW_COPY, 1, row) for row in range(2)]
    stepped.restart()
    errors = {stepped.task(mail)["history"][0]["error"] for mail in mails}
    assert errors == {"The program ended while the task ran."}
    stepped.end(mails[0], Succeeded("1"))
    stepped.restart()
    history = stepped.task(mails[1])["history"]
    assert history[1]["error"] == "The program ended while only this task ran."


@pytest.mark.usefixtures("in_file")
def test_short_attempts_write_nothing_about_their_age(stepped: Stepped) -> None:
    stepped.ended(Succeeded("1"))
    before = stepped.connection.total_changes
    stepped.wait(2)
    assert stepped.connection.total_changes == before


@pytest.mark.parametrize("is_past", [False, True])
def test_what_a_lost_attempt_still_says_changes_nothing(stepped: Stepped, *, is_past: bool) -> None:
    task = stepped.add()
    lost = stepped.lane.running[task]
    if is_past:
        stepped.cross(task).result(0)
    stepped.restart()
    before = stepped.task(task)
    assert before["state"] == ("uncertain" if is_past else "running")
    stepped.ledger.log(lost, "info", "still here")
    stepped.ledger.progress(lost, 1, 2, "half")
    crossing = stepped.ledger.point_of_no_return(lost)
    stepped.ledger.finish(lost, Succeeded("1"))
    stepped.settle()
    assert isinstance(crossing.exception(0), Fenced)
    assert stepped.task(task) == before


def test_an_attempt_that_ends_twice_ends_once(stepped: Stepped) -> None:
    task = stepped.add()
    claim = stepped.lane.running[task]
    stepped.ledger.finish(claim, Failed("no", "", final=True))
    stepped.ledger.finish(claim, Succeeded("1"))
    stepped.settle()
    assert stepped.state(task) == "failed"


def test_a_row_that_changed_under_the_engine_is_fenced(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.connection.execute("UPDATE tasks SET attempt = 7 WHERE id = ?", (task,))
    stepped.ledger.finish(stepped.lane.running.pop(task), Succeeded("1"))
    stepped.settle()
    assert stepped.state(task) == "running"
