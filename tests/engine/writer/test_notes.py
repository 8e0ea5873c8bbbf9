"""What attempts write through, and tasks a second."""

from __future__ import annotations

import math
import sys
from types import FrameType, FunctionType

import pytest

from sendoff_tasks.attempts.claim import LOG_BYTES, LOG_LINES
from sendoff_tasks.attempts.outcomes import Succeeded
from sendoff_tasks.model.tasks import LogLine
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.words.table import ENGLISH
from sendoff_tasks.writer.figures import WINDOW, Throughput
from sendoff_tasks.writer.notes import ProgressNote
from sendoff_tasks.writer.writer import WorkerWait
from tests.engine.stepped import START, Stepped


def test_lines_are_kept_in_order_with_their_time(stepped: Stepped) -> None:
    task = stepped.add()
    claim = stepped.lane.running[task]
    stepped.ledger.log(claim, "info", "one")
    stepped.clock.time += 1
    stepped.ledger.log(claim, "warning", "two")
    stepped.end(task, Succeeded("1"))
    at = int(START * 1000)
    assert stepped.task(task)["log"] == [
        LogLine(at=wire_time(at), attempt=1, level="info", text="one", deed=None),
        LogLine(at=wire_time(at + 1000), attempt=1, level="warning", text="two", deed=None),
    ]


def test_a_flood_is_cut_off_with_one_line_that_says_so(stepped: Stepped) -> None:
    task = stepped.add()
    for number in range(LOG_LINES + 50):
        stepped.ledger.log(stepped.lane.running[task], "info", str(number))
    stepped.settle()
    texts = [line["text"] for line in stepped.task(task)["log"]]
    assert len(texts) == LOG_LINES + 1
    assert texts[-2:] == [str(LOG_LINES - 1), ENGLISH.say("history", "capped")]


def test_many_bytes_are_a_flood_too(stepped: Stepped) -> None:
    task = stepped.add()
    for _ in range(LOG_BYTES // 4000 + 20):
        stepped.ledger.log(stepped.lane.running[task], "info", "x" * 4000)
    stepped.settle()
    texts = [line["text"] for line in stepped.task(task)["log"]]
    assert texts[-1] == ENGLISH.say("history", "capped")
    assert sum(map(len, texts[:-1])) <= LOG_BYTES


def test_of_many_reports_the_last_is_kept(stepped: Stepped) -> None:
    task = stepped.add()
    for number in range(100):
        stepped.ledger.progress(stepped.lane.running[task], number, None, "")
    stepped.settle()
    assert stepped.task(task)["progress"] == {"done": 99, "total": None, "text": ""}
    assert stepped.journal.last == 3  # accepted, claimed, one report


@pytest.mark.parametrize("inside", [ProgressNote.__init__, WorkerWait.came])
def test_a_line_from_a_signal_handler_in_the_middle_of_a_note_is_kept(
    stepped: Stepped, inside: FunctionType
) -> None:
    """What the garbage collector frees may log at the same places."""
    claim = stepped.lane.running[stepped.add()]

    def interrupt(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is inside.__code__:
            sys.setprofile(None)
            stepped.ledger.log(claim, "info", "in a handler")

    sys.setprofile(interrupt)
    try:
        stepped.add()
        stepped.ledger.progress(claim, 1, None, "")
    finally:
        sys.setprofile(None)
    stepped.settle()
    told = stepped.task(claim.task_id)
    assert [line["text"] for line in told["log"]] == ["in a handler"]
    assert told["progress"] == {"done": 1, "total": None, "text": ""}


def test_what_json_or_the_store_cannot_hold_is_made_fit(stepped: Stepped) -> None:
    task = stepped.add()
    claim = stepped.lane.running[task]
    stepped.ledger.progress(claim, math.nan, math.inf, "\ud800")
    stepped.ledger.log(claim, "info", "\ud800")
    stepped.settle()
    assert stepped.task(task)["progress"]["done"] == 0
    assert stepped.task(task)["progress"]["total"] is None
    assert stepped.task(task)["log"]


def test_a_line_that_comes_after_the_end_is_not_kept(stepped: Stepped) -> None:
    task = stepped.add()
    claim = stepped.lane.running[task]
    stepped.ledger.log(claim, "info", "in time")
    stepped.end(task, Succeeded("1"))
    stepped.ledger.log(claim, "info", "late")
    assert stepped.inbox.empty


def test_progress_of_the_last_attempt_does_not_show_in_the_next(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.ledger.progress(stepped.lane.running[task], 1, 2, "half")
    stepped.settle()
    stepped.restart()
    assert stepped.task(task)["progress"] is None


def test_a_steady_flow_is_its_own_rate() -> None:
    meter = Throughput()
    for tenth in range(1000, 1300):
        meter.count(tenth / 10, started=5, finished={"mail": 2, "ledger": 1})
    assert meter.rates(130.0) == {"started": 50.0, "finished": 30.0}
    assert meter.paces(130.0) == pytest.approx({"mail": 20.0, "ledger": 10.0})


def test_the_pace_of_what_has_just_begun_is_not_known() -> None:
    meter = Throughput()
    for tenth in range(1000, 1070):
        meter.count(tenth / 10, started=4, finished={"mail": 4})
        told = meter.paces(tenth / 10)
        assert told == ({} if tenth < 1050 else {"mail": pytest.approx(40, rel=0.05)})
    meter.count(107.0 + 2 * WINDOW, started=1, finished={"mail": 1})
    assert meter.paces(109.0 + 2 * WINDOW) == {}


def test_what_is_over_is_forgotten() -> None:
    meter = Throughput()
    meter.count(100.0, started=1000, finished={"mail": 1000})
    assert meter.rates(100.0 + WINDOW + 1) == {"started": 0.0, "finished": 0.0}
    assert meter.paces(100.0 + WINDOW + 1) == {}
