"""The cpu lane alone: real processes that really die, and hurt no other."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sendoff_tasks.attempts.attempt import CpuOrder
from sendoff_tasks.attempts.claim import LOG_LINES
from sendoff_tasks.attempts.control import CancelReason
from sendoff_tasks.attempts.outcomes import Cancelled, Failed, Misfit, Succeeded
from sendoff_tasks.errors import EngineError
from sendoff_tasks.functions.source import FunctionSource, load_file
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.lanes import cpu_parent, runs
from sendoff_tasks.lanes.cpu import CpuLane
from sendoff_tasks.lanes.cpu_child import (
    CpuRun,
    CpuRuns,
    EndMessage,
    StopMessage,
    WrittenMessage,
)
from sendoff_tasks.lanes.cpu_parent import Slot, _Process
from sendoff_tasks.lanes.os_process import NICE
from tests import WITHIN, forked
from tests.engine.book import Book, claim
from tests.engine.lanes import hazards, tasks
from tests.engine.lanes.processes import gone, run
from tests.looking import eventually

ON_LINUX = sys.platform == "linux"
"""The kernel's own word to kill a child with its parent."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of lanes' processes, in the order in which they were started."""
    found: list[int] = []
    start = _Process.start

    def note(process: _Process) -> None:
        start(process)
        assert process.pid is not None
        found.append(process.pid)

    monkeypatch.setattr(_Process, "start", note)
    return found


def test_a_process_is_started_by_the_first_task_kept_warm_and_stands_back(
    cold_cpu_lane: CpuLane, book: Book, started: list[int]
) -> None:
    assert not started
    first = run(cold_cpu_lane, book, hazards.tells_its_process, task_id=1)
    second = run(cold_cpu_lane, book, hazards.tells_its_process, task_id=2)
    assert first == second
    assert started == first[:1]
    assert first == [first[0], min(19, os.nice(0) + NICE)]
    assert first[0] != os.getpid()


def test_a_task_has_processes_of_its_own(cpu_lane: CpuLane, book: Book) -> None:
    assert run(cpu_lane, book, hazards.computes_in_a_pool, 7, "spawn", task_id=1) == [7, 7]
    assert run(cpu_lane, book, hazards.computes_in_a_pool, 8, "fork", task_id=2) == [8, 8]


def test_a_daemonic_process_has_the_lane_too(
    cold_cpu_lane: CpuLane, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(multiprocessing.current_process())["_config"], "daemon", True)
    assert run(cold_cpu_lane, book, hazards.computes_in_a_pool, 7, "fork", task_id=1) == [7, 7]


@pytest.mark.parametrize("function", [hazards.computes_for_ever, hazards.hangs_in_c])
def test_cancel_kills_the_process_in_the_middle_of_anything(
    cpu_lane: CpuLane, book: Book, function: Callable[..., Any]
) -> None:
    cpu_lane.start(claim(spec_for(function)))
    book.wait_for(lambda: bool(book.lines))
    cpu_lane.cancel(1, 1, CancelReason.PERSON)
    assert isinstance(book.outcome(), Cancelled)
    gone(int(book.texts()[0]))


def test_cancel_kills_what_the_task_has_started(cpu_lane: CpuLane, book: Book) -> None:
    cpu_lane.start(claim(spec_for(hazards.starts_a_child_and_hangs)))
    book.wait_for(lambda: bool(book.lines))
    cpu_lane.cancel(1, 1, CancelReason.PERSON)
    assert isinstance(book.outcome(), Cancelled)
    gone(int(book.texts()[0]))


def test_cancel_of_an_attempt_that_has_no_process_yet(cold_cpu_lane: CpuLane, book: Book) -> None:
    cold_cpu_lane.start(claim(spec_for(hazards.hangs)))
    cold_cpu_lane.cancel(1, 1, CancelReason.PERSON)
    assert isinstance(book.outcome(), Cancelled)


def test_a_process_that_is_started_while_the_lane_stops_is_ended_too(
    cold_cpu_lane: CpuLane,
    book: Book,
    started: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cold_cpu_lane.start(claim(spec_for(hazards.computes_for_ever), task_id=1))
    book.wait_for(lambda: bool(book.lines))
    late = claim(spec_for(hazards.computes_for_ever), task_id=2)
    monkeypatch.setattr(Slot, "ask_to_stop", lambda slot: cold_cpu_lane.start(late))
    cold_cpu_lane.stop(0)
    assert {number for number, _ in book.finished} == {1, 2}
    assert len(started) == 2
    for pid in started:
        gone(pid)


def test_a_process_killed_while_it_waited_is_replaced_unseen(cpu_lane: CpuLane, book: Book) -> None:
    pid, _ = run(cpu_lane, book, hazards.tells_its_process, task_id=1)
    os.kill(pid, signal.SIGKILL)
    gone(pid)
    again, _ = run(cpu_lane, book, hazards.tells_its_process, task_id=2)
    assert again != pid


def test_of_a_flooded_log_only_what_will_be_kept_is_sent(cpu_lane: CpuLane, book: Book) -> None:
    cpu_lane.start(claim(spec_for(tasks.floods_its_log), 5000))
    assert book.outcome() == Succeeded("null")
    assert len(book.lines) == LOG_LINES + 1


def test_of_many_reports_the_last_arrives(cpu_lane: CpuLane, book: Book) -> None:
    cpu_lane.start(claim(spec_for(tasks.reports_often), 20_000))
    assert book.outcome() == Succeeded("null")
    assert book.reports[-1] == (1, 20_000.0, 20_000.0, "")
    assert len(book.reports) < 2000


def test_what_a_task_prints_does_not_reach_stdout(
    cold_cpu_lane: CpuLane, book: Book, capfd: pytest.CaptureFixture[str]
) -> None:
    run(cold_cpu_lane, book, hazards.prints, "hello", task_id=1)
    printed = capfd.readouterr()
    assert printed.out == ""
    assert "hello" in printed.err


def test_a_changed_file_is_loaded_again_by_a_warm_process(
    cpu_lane: CpuLane, book: Book, tmp_path: Path
) -> None:
    file = tmp_path / "own.py"
    for answer in (41, 42):
        file.write_text(f"def answer():\n    return {answer}\n")
        os.utime(file, ns=(answer * 10**9, answer * 10**9))
        module = load_file("own_tasks_of_a_test", file)
        assert run(cpu_lane, book, module.answer, task_id=answer) == answer


def test_a_function_that_does_not_load_waits_for_other_code(
    cpu_lane: CpuLane, book: Book, tmp_path: Path
) -> None:
    file = tmp_path / "own.py"
    file.write_text("def answer():\n    return 41\n")
    spec = spec_for(load_file("own_tasks_of_a_test", file).answer)
    file.write_text("raise SystemExit('not today')\n")
    cpu_lane.start(claim(spec))
    outcome = book.outcome()
    assert isinstance(outcome, Misfit)
    assert outcome.error == "Its function cannot be loaded: SystemExit: not today"


PARENT = """
import sys
import time
from sendoff_tasks.lanes.cpu import CpuLane
from sendoff_tasks.functions.spec import spec_for
from tests.engine.book import Book, claim
from tests.engine.lanes import hazards

book = Book()
lane = CpuLane(book, 1)
lane.start(claim(spec_for(getattr(hazards, sys.argv[1]))))
book.wait_for(lambda: bool(book.lines))
print(book.texts()[0], flush=True)
sys.stdin.read()
raise SystemExit
"""


@contextmanager
def parent_of(function: str) -> Iterator[tuple[forked.Process, str]]:
    """Run one of the hazards in a lane of another process; gives it and the task's first line."""
    parent = forked.start([function], PARENT)
    assert parent.stdin is not None
    assert parent.stdout is not None
    with parent.stdin, parent.stdout as told:
        yield parent, told.readline().decode().strip()


@pytest.mark.parametrize(
    "function",
    [
        "starts_a_child_and_hangs",
        pytest.param("hangs_in_c", marks=pytest.mark.skipif(not ON_LINUX, reason="needs prctl")),
    ],
)
def test_a_process_dies_with_its_parent_however_that_dies(function: str) -> None:
    with parent_of(function) as (parent, told):
        parent.kill()
        gone(int(told))  # the process, or what its task has started


def test_the_input_of_the_parent_is_no_input_of_a_task() -> None:
    with parent_of("reads_its_input") as (parent, told):
        assert told == "read ['', '', '']"
        assert parent.stdin is not None
        parent.stdin.close()
        assert parent.wait(WITHIN) == 0


class Pipe:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def send(self, message: Any) -> None:
        self.sent.append(message)


def job() -> CpuRun:
    return CpuRun(CpuOrder.of(claim(spec_for(tasks.returns), 1)), Pipe())  # type: ignore[arg-type]


def test_two_threads_at_their_point_of_no_return_are_each_answered_in_their_order() -> None:
    running = job()
    of_none = claim(spec_for(tasks.returns), 1)
    first, second = (running.point_of_no_return(of_none, "", "") for _ in range(2))
    running.take(WrittenMessage())
    assert first.done()
    running.take(WrittenMessage(error="The disk is full."))
    assert first.result(0) is None
    with pytest.raises(EngineError, match="disk is full"):
        second.result(0)


class LogsAsItIsSent:
    """As what the garbage collector frees may do meanwhile."""

    def __init__(self, run: CpuRun) -> None:
        self.run = run

    def __reduce__(self) -> tuple[type[str], tuple[()]]:
        self.run.log(claim(spec_for(tasks.returns), 1), "info", "late")
        return str, ()


def test_nothing_is_sent_after_the_end_of_an_attempt() -> None:
    ours, theirs = multiprocessing.Pipe()
    running = CpuRun(CpuOrder.of(claim(spec_for(tasks.returns), 1)), theirs)
    outcome: Any = LogsAsItIsSent(running)
    running.end(outcome, is_last=False)
    assert isinstance(ours.recv(), EndMessage)
    assert not ours.poll()


def test_an_order_that_comes_after_the_engine_began_to_stop_is_stopped_too() -> None:
    jobs = CpuRuns()
    early, late = job(), job()
    jobs.begin(early)
    assert early.control.reason is None
    jobs.take(StopMessage())
    jobs.begin(late)
    assert [each.control.reason for each in (early, late)] == [CancelReason.STOP] * 2


def test_timeout_begins_when_the_function_is_called_not_while_its_module_is_imported(
    cold_cpu_lane: CpuLane, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, begun, go = [0.0], tmp_path / "begun", tmp_path / "go"
    clock = SimpleNamespace(time=time.time, monotonic=lambda: now[0])
    monkeypatch.setattr(runs, "time", clock)
    (tmp_path / "slow_to_import.py").write_text(f"""
import pathlib, time
pathlib.Path({str(begun)!r}).touch()
while not pathlib.Path({str(go)!r}).exists():
    time.sleep(0.01)
def quick():
    return 1
""")
    monkeypatch.syspath_prepend(str(tmp_path))
    spec = replace(spec_for(tasks.returns), lane="cpu", timeout=0.2)
    slow = replace(spec, source=FunctionSource("slow_to_import", "quick"))
    cold_cpu_lane.start(claim(slow, task_id=1))
    eventually(begun.exists)
    cold_cpu_lane.start(claim(replace(spec_for(hazards.hangs), timeout=0.2), task_id=2))
    book.wait_for(lambda: bool(book.lines))
    now[0] += cpu_parent.READY_S / 2
    assert isinstance(book.outcome(2), Failed)
    go.touch()
    assert book.outcome(1) == Succeeded("1")
