"""What a new start makes of what an earlier run left."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.contract.rules.times import wire_time
from desktop.engine.attempts.outcomes import Failed, Succeeded
from desktop.engine.duties.recovery import SUSPECTED
from desktop.engine.errors import Fenced
from tests.engine.stepped import START, Stepped


def test_an_orphan_is_the_next_attempts_turn(stepped: Stepped) -> None:
    """Its attempt was said to have run until the restart: when it ended is not known."""
    task = stepped.add()
    stepped.clock.time += 60
    stepped.restart()
    told = stepped.task(task)
    assert (told["state"], told["attempt"]) == ("running", 2)
    assert [(a["outcome"], a["error"], a["finished_at"]) for a in told["history"]] == [
        ("crashed", "The program ended while it ran.", None),
        ("running", None, None),
    ]


def test_an_orphan_past_its_point_of_no_return_is_uncertain(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.cross(task).result(0)
    stepped.restart()
    assert stepped.state(task) == "uncertain"
    assert stepped.task(task)["history"][0]["finished_at"] is None
    assert stepped.lane.started == []


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
    stepped.clock.time += 3600
    stepped.settle()
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
    words = "The program ended before there was an answer."
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


def test_three_kinds_of_orphans_are_told_apart(make: Callable[..., Stepped]) -> None:
    stepped = make(slots=2)
    begun, past, queued = (stepped.add() for _ in range(3))
    stepped.cross(past, "A letter for Ada", "the post").result(0)
    stepped.slots = 0
    stepped.restart()
    told = {task: stepped.task(task) for task in (begun, past, queued)}

    never = told[queued]
    assert (never["state"], never["attempt"], never["max_attempts"]) == ("queued", 0, 3)
    assert (never["why"], never["history"], never["log"]) == ("", [], [])

    safe = told[begun]
    assert (safe["state"], safe["attempt"], safe["max_attempts"]) == ("queued", 1, 4)
    assert safe["why"] == (
        "It runs again, because it was not past a point of no return: "
        "The program ended while it ran."
    )
    assert [a["outcome"] for a in safe["history"]] == ["crashed"]
    assert safe["handed_over"] is None

    unsure = told[past]
    assert unsure["state"] == "uncertain"
    assert unsure["why"] == (
        "It ended past its point of no return before an answer came from the post: "
        "it may have happened."
    )
    assert [(a["outcome"], a["error"]) for a in unsure["history"]] == [
        ("uncertain", "The program ended before the post answered.")
    ]
    assert unsure["handed_over"] == {
        "at": wire_time(int(START * 1000)),
        "what": "A letter for Ada",
        "to": "the post",
        "message_id": None,
    }
    assert [(line["at"], line["level"], line["text"]) for line in unsure["log"]] == [
        (
            wire_time(int(START * 1000)),
            "warning",
            "Handed over to the post: A letter for Ada. No answer came.",
        )
    ]


def test_an_answer_that_comes_after_all_overwrites_nothing(stepped: Stepped) -> None:
    task = stepped.add()
    claim = stepped.lane.running[task]
    stepped.cross(task, "A letter for Ada", "the post").result(0)
    stepped.restart()
    before = stepped.task(task)
    stepped.ledger.log(claim, "info", "250 taken")
    again = stepped.ledger.point_of_no_return(claim, "Another letter", "another")
    stepped.ledger.finish(claim, Succeeded("1"))
    stepped.settle()
    assert isinstance(again.exception(0), Fenced)
    assert stepped.task(task) == before


def test_a_point_that_did_not_reach_the_disk_never_was(stepped: Stepped) -> None:
    task = stepped.add()
    future = stepped.ledger.point_of_no_return(stepped.lane.running[task])
    stepped.restart()
    assert not future.done()
    assert stepped.state(task) == "running"


def test_the_third_crash_of_the_program_under_a_task_stops_it(stepped: Stepped) -> None:
    task = stepped.add()
    for _ in range(3):
        stepped.restart()
    assert stepped.state(task) == "waiting"
    assert "3 times in a row" in stepped.task(task)["why"]


def test_who_only_ran_beside_what_takes_the_program_down_is_not_stopped_with_it(
    stepped: Stepped,
) -> None:
    innocent, guilty, other = (stepped.add() for _ in range(3))
    for _ in range(2):
        stepped.restart()
    assert stepped.states() == {innocent: "running", guilty: "waiting", other: "waiting"}
    assert stepped.task(guilty)["why"] == SUSPECTED
    stepped.end(innocent, Succeeded("1"))
    stepped.clock.time += 10
    stepped.settle()
    stepped.restart()  # by the guilty one, alone by now
    stepped.clock.time += 10
    stepped.settle()
    stepped.end(other, Succeeded("1"))
    assert stepped.states() == {innocent: "succeeded", guilty: "waiting", other: "succeeded"}
    assert "3 times in a row" in stepped.task(guilty)["why"]


def test_what_a_lost_attempt_still_says_changes_nothing(stepped: Stepped) -> None:
    task = stepped.add()
    lost = stepped.lane.running[task]
    stepped.restart()
    stepped.ledger.log(lost, "info", "still here")
    stepped.ledger.progress(lost, 1, 2, "half")
    crossing = stepped.ledger.point_of_no_return(lost)
    stepped.ledger.finish(lost, Succeeded("1"))
    stepped.settle()
    assert isinstance(crossing.exception(0), Fenced)
    told = stepped.task(task)
    assert (told["state"], told["attempt"], told["progress"]) == ("running", 2, None)
    assert told["log"] == []


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


def test_counts_and_numbers_go_on_after_a_start(stepped: Stepped) -> None:
    first = stepped.add()
    stepped.end(first, Succeeded("1"))
    last = stepped.journal.last
    stepped.restart()
    assert stepped.journal.last >= last
    assert stepped.add() > first
    stepped.check()
