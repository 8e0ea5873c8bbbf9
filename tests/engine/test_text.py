"""Text from a task's code must never harm the store; what errors say, and how often a log."""

from __future__ import annotations

import inspect
import logging
import math
import os
import pickle
import time
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendoff_tasks import (
    GiveUp,
    NeedsPerson,
    RetryLater,
    TaskContext,
    errors,
    task,
)
from sendoff_tasks.attempts import attempt
from sendoff_tasks.attempts.control import Control
from sendoff_tasks.errors import (
    Busy,
    Closed,
    Conflict,
    DuplicateTask,
    EngineError,
    InTheWay,
    OwnedElsewhere,
    TaskCancelled,
    TaskFailed,
    UnknownId,
)
from sendoff_tasks.log_rate_limit import LogRateLimit
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.store.errors import StoreDamaged
from sendoff_tasks.text import SENTENCE, TRACE, sentence, storable, trace, valid_text
from tests.engine.stepped import Make, Stepped


@given(st.text(st.characters()), st.integers(10, 100))
def test_text_is_made_storable(text: str, limit: int) -> None:
    kept = storable(text, limit)
    kept.encode()
    assert not any(unicodedata.category(c) == "Cc" for c in kept if c not in "\n\t")
    if len(text) <= limit and text.isprintable():
        assert kept == text


def test_of_long_text_the_middle_goes() -> None:
    kept = storable("a" * 500 + "z" * 500, 100)
    assert len(kept) == 100
    assert kept.startswith("aaa")
    assert kept.endswith("zzz")
    assert " […] " in kept


def test_what_a_terminal_would_obey_is_shown_instead() -> None:
    said = "550 \x1b]0;owned\x07\x9b31m no\r\nsuch\tuser\x7f\r"
    assert storable(said, 100) == "550 ␛]0;owned␇�31m no\nsuch\tuser␡␍"
    assert sentence(ValueError("\x1b[2J")) == "ValueError: ␛[2J"
    assert "\x1b" not in trace(ValueError("\x1b[2J"))


class SpeechlessError(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


class LeavingError(Exception):
    def __str__(self) -> str:
        raise SystemExit


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("bad"), "ValueError: bad"),
        (ValueError(), "ValueError"),
        (KeyError("a"), "KeyError: 'a'"),
        (SpeechlessError(), "SpeechlessError (its message raised ValueError)"),
        (LeavingError(), "LeavingError (its message raised SystemExit)"),
    ],
)
def test_an_error_is_said_in_a_sentence(error: Exception, words: str) -> None:
    assert sentence(error) == words


def test_a_huge_error_is_cut() -> None:
    error = ValueError("x" * 10_000_000)
    assert len(sentence(error)) == SENTENCE
    assert len(trace(error)) == TRACE


def test_what_no_store_accepts_is_replaced() -> None:
    names = ["caf\udce9", "caf\ud83d", "caf\0", "café \U0001f600"]
    assert [valid_text(name) for name in names] == [*["caf\ufffd"] * 3, "café \U0001f600"]


# through the engine, on every store

HALF = "caf\ud83d"
NAME = os.fsdecode(b"caf\xe9.txt")
HOSTILE = [HALF, NAME, "a\0b", "\ud83d" * 3000]


class HalfError(Exception):
    """An exception whose own attributes and notes are hostile, too."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.add_note(text)


def run_once(make: Make, function: Callable[..., Any], calls: Iterable[Any]) -> list[Any]:
    """Run a function that may run once, with each argument; return the tasks as the API shows them.

    A call begins once the one before has ended.
    """
    stepped, told = make(task(retry=1)(function)), []
    for each in calls:
        number = stepped.add(function.__name__, each)
        claim = stepped.lane.running[number]
        stepped.end(number, attempt.run(claim, stepped.ledger, Control()))
        told.append(stepped.task(number))
    stepped.check()
    assert {each["attempt"] for each in told} == {1}
    return told


@pytest.mark.parametrize("kind", [ValueError, SyntaxError, HalfError, ExceptionGroup, GiveUp])
def test_an_error_with_any_text_fails_its_task_once(make: Make, kind: type[Exception]) -> None:
    def fails(place: int) -> None:
        text = HOSTILE[place]
        raise kind(text, [ValueError(text)]) if kind is ExceptionGroup else kind(text)

    for told, text in zip(run_once(make, fails, range(len(HOSTILE))), HOSTILE, strict=True):
        assert told["state"] == "failed"
        assert storable(text, 20)[:5] in told["error"]


@pytest.mark.parametrize("signal", [RetryLater, NeedsPerson])
def test_a_task_may_ask_for_its_fate_in_any_words(
    make: Make, signal: Callable[..., Exception]
) -> None:
    def asks(place: int) -> None:
        text = HOSTILE[place]
        raise signal(text, server=text, enhanced=text)

    told = run_once(make, asks, range(len(HOSTILE)))
    assert {each["state"] for each in told} == {"failed" if signal is RetryLater else "waiting"}


def test_a_task_may_tell_any_text(make: Make) -> None:
    def tells(ctx: TaskContext, given: str) -> str:
        ctx.log(given)
        ctx.progress(1, 2, given)
        return given

    for told, text in zip(run_once(make, tells, HOSTILE), HOSTILE, strict=True):
        result = valid_text(text) if "\0" not in text else text
        assert (told["state"], told["result"]) == ("succeeded", result)
        assert len(told["log"]) == 1


def test_a_task_may_have_any_title(stepped: Stepped) -> None:
    numbers = [stepped.add("work", to=text, title=text) for text in HOSTILE]
    for number, text in zip(numbers, HOSTILE, strict=True):
        found = stepped.connection.execute("SELECT id FROM tasks WHERE title = ?", (text,))
        assert found.fetchall() == [(number,)]
    stepped.restart()
    for number, text in zip(numbers, HOSTILE, strict=True):
        assert stepped.task(number)["title"] in {text, valid_text(text)}


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
        if inspect.isclass(value)
        and issubclass(value, BaseException)
        and value.__module__ == errors.__name__
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
        InTheWay(Refusal.RUNNING, task_id=7, state="running"),
        Conflict(Refusal.SAME_KEY, task_id=7, key="a"),
        DuplicateTask("send", "a", "b"),
        TaskFailed("cancelled", ""),
        StoreDamaged(Path("sendoff.db"), "it is empty"),
    ],
)
def test_an_error_leaves_a_process_as_it_is(error: EngineError) -> None:
    there = pickle.loads(pickle.dumps(error))  # noqa: S301 - from this process
    assert (type(there), str(there), vars(there)) == (type(error), str(error), vars(error))


def test_why_a_server_is_away_is_logged_once_a_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    moments = iter((5.0, 6.0, 64.0, 66.0, 67.0, 68.0, 68.0))
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    log = logging.Logger("server")
    log.addFilter(LogRateLimit())
    log.addHandler(caplog.handler)
    for _ in range(4):
        log.info("There is no session: %s", "too many")
    log.info("There is no session: %s", "it is starting")
    for _ in range(2):
        log.warning("It is lost")
    assert caplog.messages == [
        "There is no session: too many",
        "There is no session: too many",
        "There is no session: it is starting",
        "It is lost",
        "It is lost",
    ]
