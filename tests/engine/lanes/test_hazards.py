"""What a task may do to its process: it ends that attempt and says why, and no other ends."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sendoff_tasks.attempts.claim import LOG_BYTES
from sendoff_tasks.attempts.outcomes import (
    Crashed,
    Failed,
    Held,
    LeftUncertain,
    NotBegun,
    Succeeded,
)
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.lanes import cpu_parent
from sendoff_tasks.lanes.cpu import CpuLane
from sendoff_tasks.words.table import ENGLISH
from tests.engine.book import Book, claim
from tests.engine.lanes import hazards, tasks
from tests.engine.lanes.processes import gone, run

KILLED = (
    "The task's process was ended by signal 9 (SIGKILL), as the system does when memory runs out."
)
UPDATED = "The program was updated, and starts no more processes until it is restarted."
MUTE = "The task's process could no longer be understood and was ended."


def test_a_crash_ends_one_attempt_and_no_other(cold_cpu_lane: CpuLane, book: Book) -> None:
    cold_cpu_lane.start(claim(spec_for(hazards.hangs), task_id=1))
    ways: list[tuple[Callable[..., Any], tuple[Any, ...], str]] = [
        (hazards.segfaults, (), "The task's process was ended by signal 11 (SIGSEGV)."),
        (hazards.kills_itself, (), KILLED),
        (hazards.leaves, (3,), "The task's process ended itself with exit code 3."),
        (hazards.leaves, (0,), "The task's process ended itself with exit code 0."),
    ]
    for number, (function, args, how) in enumerate(ways, 2):
        cold_cpu_lane.start(claim(spec_for(function), *args, task_id=number))
        assert book.outcome(number) == Crashed(how)
    assert run(cold_cpu_lane, book, tasks.returns, "again", task_id=9) == "again"
    assert [task_id for task_id, _ in book.finished] == [2, 3, 4, 5, 9]


@pytest.mark.parametrize(
    "function", [hazards.closes_every_file_and_hangs, hazards.writes_junk_to_the_lane]
)
def test_a_process_that_can_no_longer_be_understood_is_ended(
    cpu_lane: CpuLane, book: Book, function: Callable[..., Any]
) -> None:
    cpu_lane.start(claim(spec_for(function)))
    assert book.outcome() == Crashed(MUTE)
    assert run(cpu_lane, book, tasks.returns, "again", task_id=2) == "again"


def test_a_task_is_put_off_while_no_process_gets_ready(
    cold_cpu_lane: CpuLane, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = [
        (hazards.is_never_ready, 0.1, ENGLISH.say("process", "late", within="0.1")),
        (hazards.is_killed_at_its_start, 60, KILLED),
        (hazards.is_of_another_build, 60, UPDATED),
    ]
    for number, (serve, ready_s, how) in enumerate(ways, 1):
        with monkeypatch.context() as patch:
            patch.setattr(cpu_parent, "serve", serve)
            patch.setattr(cpu_parent, "READY_S", ready_s)
            cold_cpu_lane.start(claim(spec_for(tasks.returns), 1, task_id=number))
            assert book.outcome(number) == NotBegun(f"{how} The attempt had not begun.")
    assert run(cold_cpu_lane, book, tasks.returns, "again", task_id=9) == "again"


def test_a_task_whose_process_ends_itself_at_its_start_is_held(
    cold_cpu_lane: CpuLane, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cpu_parent, "serve", hazards.ends_itself_at_its_start)
    cold_cpu_lane.start(claim(spec_for(tasks.returns), 1))
    how = "The task's process ended itself with exit code 3. The attempt had not begun."
    assert book.outcome() == Held(f"{how} {ENGLISH.say('process', 'no_guard')}", "")


def test_a_stop_that_reaches_the_process_too_ends_no_attempt(cpu_lane: CpuLane, book: Book) -> None:
    """A service manager signals all processes of a service; the backend ends its own."""
    ended = run(cpu_lane, book, hazards.is_asked_to_end, task_id=1)
    assert set(ended) == {-signal.SIGTERM}


# memory


@pytest.mark.parametrize(
    "function", [hazards.runs_out_of_memory, hazards.runs_out_of_memory_for_good]
)
def test_task_that_runs_out_of_memory_fails_and_costs_no_other(
    cpu_lane: CpuLane, book: Book, function: Callable[..., Any]
) -> None:
    cpu_lane.start(claim(spec_for(function)))
    assert isinstance(book.outcome(), Failed | Crashed)
    assert run(cpu_lane, book, tasks.returns, "again", task_id=2) == "again"


def test_a_result_too_large_to_keep_fails_its_attempt(cpu_lane: CpuLane, book: Book) -> None:
    cpu_lane.start(claim(spec_for(hazards.returns_megabytes), 2))
    assert book.outcome() == Failed(
        "What it returned cannot be kept: ValueError: the result is 2,097,154 bytes of JSON; "
        "at most 1,048,576 are kept",
        "",
        final=True,
    )


def test_of_megabytes_of_log_little_is_sent(cpu_lane: CpuLane, book: Book) -> None:
    cpu_lane.start(claim(spec_for(hazards.logs_megabytes), 10))
    assert book.outcome() == Succeeded("null")
    assert sum(len(text) for text in book.texts()) < 2 * LOG_BYTES


def test_an_exception_that_can_neither_be_pickled_nor_said_is_named(
    cpu_lane: CpuLane, book: Book
) -> None:
    cpu_lane.start(claim(spec_for(hazards.raises_the_unspeakable)))
    outcome = book.outcome()
    assert isinstance(outcome, Failed)
    assert outcome.error == "Unspeakable (its message raised RuntimeError)"


# what stays behind


def test_a_copy_of_the_process_says_nothing_and_takes_no_orders(
    cpu_lane: CpuLane, book: Book
) -> None:
    assert run(cpu_lane, book, hazards.forks_and_returns_twice, task_id=1) == "the parent"
    assert run(cpu_lane, book, tasks.returns, "again", task_id=2) == "again"
    assert book.texts() == ["from one of two"]


def test_what_a_crashed_task_has_started_ends_with_it_and_delays_no_other(
    cpu_lane: CpuLane, book: Book, tmp_path: Path
) -> None:
    cpu_lane.start(claim(spec_for(hazards.forks_then_leaves)))
    left = "The task's process ended itself with exit code 3."
    assert book.outcome() == Crashed(left)
    file = str(tmp_path / "pid")
    cpu_lane.start(claim(spec_for(hazards.starts_a_shell_then_leaves), file, task_id=2))
    assert book.outcome(2) == Crashed(left)
    for started in book.texts():
        gone(int(started))


def test_what_a_task_changes_of_its_process_is_put_back(cpu_lane: CpuLane, book: Book) -> None:
    for number, what in enumerate(hazards.CHANGES):
        if what == "files for good":
            continue
        before, changed = run(cpu_lane, book, hazards.changes_its_process, what, task_id=2 * number)
        assert before != changed, what
        again, _ = run(cpu_lane, book, hazards.changes_its_process, what, task_id=2 * number + 1)
        assert again == before, what


def test_a_process_that_cannot_be_put_back_runs_nothing_more(cpu_lane: CpuLane, book: Book) -> None:
    first = run(cpu_lane, book, hazards.tells_its_process, task_id=1)
    run(cpu_lane, book, hazards.changes_its_process, "files", task_id=2)
    assert run(cpu_lane, book, hazards.tells_its_process, task_id=3) == first
    run(cpu_lane, book, hazards.changes_its_process, "files for good", task_id=4)
    assert run(cpu_lane, book, hazards.tells_its_process, task_id=5) != first


def test_a_process_with_a_thread_left_behind_runs_nothing_more(
    cpu_lane: CpuLane, book: Book
) -> None:
    before = run(cpu_lane, book, hazards.leaves_a_thread, task_id=1)
    gone(before)
    assert run(cpu_lane, book, hazards.reports_then_tells_its_process, task_id=2) != before


def test_what_the_lane_itself_leaves_running_does_not_cost_the_process(
    cpu_lane: CpuLane, book: Book
) -> None:
    first = run(cpu_lane, book, hazards.reports_then_tells_its_process, task_id=1)
    assert run(cpu_lane, book, hazards.reports_then_tells_its_process, task_id=2) == first


def test_a_signal_handler_logs_in_the_middle_of_another_line(cpu_lane: CpuLane, book: Book) -> None:
    run(cpu_lane, book, hazards.gets_a_signal_as_it_logs, task_id=1)
    assert book.texts() == ["before", "in the handler", "after"]


def test_a_process_that_has_stopped_is_killed_by_its_timeout(cpu_lane: CpuLane, book: Book) -> None:
    cpu_lane.start(claim(replace(spec_for(hazards.stops_itself), timeout=0.2)))
    assert book.outcome() == Failed("The attempt did not end within 0.2 s.", "")


def test_a_task_that_closes_its_pipes_and_returns_has_crashed(
    cpu_lane: CpuLane, book: Book
) -> None:
    cpu_lane.start(claim(spec_for(hazards.closes_every_file)))
    # Both its threads find their pipe closed: one leaves with an error, the other by a signal. One
    # that takes long to leave is ended.
    ended = "The task's process ended itself with exit code 1."
    assert book.outcome() in {Crashed(ended), Crashed(KILLED), Crashed(MUTE)}
    assert run(cpu_lane, book, tasks.returns, "again", task_id=2) == "again"


def test_a_crash_past_the_point_of_no_return_is_uncertain(cpu_lane: CpuLane, book: Book) -> None:
    cpu_lane.start(claim(spec_for(hazards.crosses_then_segfaults)))
    assert isinstance(book.outcome(), LeftUncertain)
