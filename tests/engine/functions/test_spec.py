"""Describing a task: what ``@task`` takes, where its function is, how often it is tried."""

from __future__ import annotations

import functools
import math
import os
import re
import statistics
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.engine import Retry, task
from desktop.engine.functions.backoff import exponential
from desktop.engine.functions.registry import Registry
from desktop.engine.functions.source import FunctionSource, load_file, source_of
from desktop.engine.functions.spec import spec_for
from tests.engine.functions.test_registry import plain, send_letter, wait_a_bit
from tests.engine.lanes import tasks


def generates() -> Iterator[int]:
    yield 1


async def generates_async() -> AsyncIterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("function", "description", "why"),
    [
        (generates, {}, "is a generator; a task returns once"),
        (generates_async, {}, "is a generator; a task returns once"),
        (wait_a_bit, {"lane": "cpu"}, "is an async def; only the async lane can run it"),
        (tasks.returns, {"lane": "async"}, "is no async def; the async lane cannot run it"),
        (tasks.returns, {"lane": "gpu"}, "there is no lane 'gpu'; there are io, cpu and async"),
        (tasks.returns, {"timeout": 0}, "timeout must be more than 0, got 0"),
        (tasks.returns, {"timeout": math.inf}, "timeout must be more than 0, got inf"),
        (tasks.returns, {"deadline": -1}, "deadline must be more than 0, got -1"),
        (tasks.returns, {"concurrency": 0}, "concurrency must be more than 0, got 0"),
        (tasks.returns, {"name": "a\nb"}, "cannot be the name of a task"),
        (tasks.returns, {"queue": " mail"}, "cannot be the queue of a task"),
        (lambda: None, {}, "'<lambda>' cannot be the name of a task"),
        (functools.partial(send_letter), {}, "a partial cannot be a task"),
        (tasks.returns, {"name": ""}, "'' cannot be the name of a task"),
        (tasks.returns, {"queue": ""}, "'' cannot be the queue of a task"),
        (tasks.returns, {"queue": 5}, "5 cannot be the queue of a task"),
        (tasks.returns, {"title": b"Letter"}, "title must be text, got b'Letter'"),
        (tasks.returns, {"lane": ["io"]}, "there is no lane"),
        (
            tasks.returns,
            {"retry": True},
            "retry, where it is no Retry, must be a whole number, got True",
        ),
        (
            tasks.returns,
            {"retry": None},
            "retry, where it is no Retry, must be a whole number, got None",
        ),
        (tasks.returns, {"retry": 0}, "at least one attempt, got 0"),
        (tasks.returns, {"rate": 30}, "rate must be text, got 30"),
        (tasks.returns, {"rate": "often"}, "rate 'often' cannot be used: A rate is written as in"),
        (tasks.returns, {"timeout": "60"}, "timeout must be a number, got '60'"),
        (tasks.returns, {"deadline": True}, "deadline must be a number, got True"),
        (tasks.returns, {"concurrency": 2.5}, "concurrency must be a whole number, got 2.5"),
        (tasks.returns, {"concurrency": True}, "concurrency must be a whole number, got True"),
        (tasks.returns, {"key": 5}, "a key is 1 to 200 printable characters"),
        (tasks.returns, {"reference": "x"}, "reference must be a function, got 'x'"),
    ],
)
def test_a_description_that_cannot_work_is_refused(
    function: Callable[..., Any], description: dict[str, Any], why: str
) -> None:
    with pytest.raises(TypeError, match=re.escape(why)):
        task(**description)(function)


def test_a_number_of_attempts_is_a_retry() -> None:
    def three() -> None: ...

    assert spec_for(task(retry=3)(three)).retry == Retry(attempts=3)


def test_a_plain_function_is_tried_once() -> None:
    assert spec_for(plain).retry.attempts == 1


def test_a_name_without_its_option_is_told_how_it_is_written() -> None:
    with pytest.raises(TypeError, match=r"@task\(name='send'\)"):
        task("send")  # type: ignore[call-overload]


@given(st.text("abcdefgh_").map("x".__add__))
def test_the_title_is_the_name_in_words(name: str) -> None:
    def function() -> None: ...

    title = registry_title(task(name=name)(function))
    assert "_" not in title
    assert title == title.strip()
    assert title[:1] == title[:1].upper()
    assert title.lower().split() == name.replace("_", " ").split()


def registry_title(function: Callable[..., Any]) -> str:
    return Registry().add(function).title


@pytest.mark.parametrize("what", ["timeout", "deadline"])
def test_no_span_of_time_is_longer_than_ten_years(what: str) -> None:
    with pytest.raises(TypeError, match=f"{what} is at most ten years"):
        task(**{what: 1e17})(plain)  # type: ignore[call-overload]


BACKOFFS = st.builds(
    lambda base, factor: exponential(base, cap=base * factor),
    st.floats(1e-3, 1e4),
    st.floats(1, 1e6),
)


@given(BACKOFFS, st.integers(1, 10**9), st.randoms(use_true_random=False))
def test_a_delay_is_never_negative_and_never_over_its_ceiling(
    backoff: object, attempt: int, random: Random
) -> None:
    delay = backoff(attempt, random)  # type: ignore[operator]
    assert 0 <= delay <= backoff.ceiling(attempt) <= backoff.cap  # type: ignore[attr-defined]


@given(st.floats(1e-3, 1e4), st.floats(1, 1e6), st.integers(1, 60))
def test_the_ceiling_doubles_until_it_is_the_cap(base: float, factor: float, attempt: int) -> None:
    backoff = exponential(base, cap=base * factor)
    now, after = backoff.ceiling(attempt), backoff.ceiling(attempt + 1)
    assert backoff.ceiling(1) == base
    assert after == pytest.approx(min(2 * now, backoff.cap))


def test_a_steeper_factor_reaches_the_cap_in_fewer_attempts() -> None:
    steep = exponential(2, cap=3600, factor=4)
    assert [steep.ceiling(attempt) for attempt in range(1, 8)] == [2, 8, 32, 128, 512, 2048, 3600]


@pytest.mark.parametrize("factor", [0.5, 0, -2, math.nan, math.inf])
def test_a_backoff_that_shrinks_is_refused(factor: float) -> None:
    with pytest.raises(ValueError, match="factor of 1 or more"):
        exponential(2, cap=10, factor=factor)


def test_full_jitter_spreads_over_the_whole_range() -> None:
    random = Random(1)
    delays = [exponential(2, cap=3600)(5, random) for _ in range(10_000)]
    assert statistics.mean(delays) == pytest.approx(16, rel=0.02)
    assert min(delays) < 0.1
    assert max(delays) > 31.9


@pytest.mark.parametrize(
    ("base", "cap"), [(0, 1), (-1, 1), (2, 1), (math.nan, 1), (1, math.inf), (1, math.nan)]
)
def test_a_backoff_that_cannot_work_is_refused(base: float, cap: float) -> None:
    with pytest.raises(ValueError, match="backoff needs 0 < base ≤ cap"):
        exponential(base, cap)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"attempts": 0}, "at least one attempt"),
        ({"attempts": 2.5}, "attempts must be a whole number, got 2.5"),
        ({"attempts": True}, "attempts must be a whole number, got True"),
        ({"attempts": None}, "attempts must be a whole number, got None"),
        ({"attempts": 2**63}, "a task has at most 1,000,000 attempts, got 9223372036854775808"),
        ({"backoff": 5}, "backoff must be a function, got 5"),
        ({"backoff": None}, "backoff must be a function, got None"),
        ({"on": ValueError}, "on must be a tuple of exception classes, got <class 'ValueError'>"),
        ({"never": (ValueError, 5)}, "never must be a tuple of exception classes"),
    ],
)
def test_a_retry_that_cannot_work_is_refused(options: dict[str, Any], why: str) -> None:
    with pytest.raises(TypeError, match=why):
        Retry(**options)
    with pytest.raises(TypeError, match="base must be a number, got '2'"):
        exponential("2")  # type: ignore[arg-type]


MODULE = "own_tasks_of_test_source"


@pytest.fixture(autouse=True)
def _forget() -> object:
    yield
    sys.modules.pop(MODULE, None)


@pytest.mark.parametrize(
    "source",
    [
        FunctionSource("no.such.module", "f"),
        FunctionSource("os", "no_such_function"),
        FunctionSource("os", "path.no_such_function"),
        FunctionSource("os", "sep"),
    ],
)
def test_what_is_gone_is_an_import_error(source: FunctionSource) -> None:
    with pytest.raises(ImportError):
        source.find()


def test_a_function_of_a_file_is_found_by_the_file(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text("class Box:\n    @staticmethod\n    def answer():\n        return 42\n")
    source = source_of(load_file(MODULE, file).Box.answer)
    assert (source.qualname, source.file) == ("Box.answer", str(file))
    del sys.modules[MODULE]
    assert source.find()() == 42


def test_a_file_that_does_not_import_leaves_the_older_module_in_place(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text("1 / 0")
    with pytest.raises(ZeroDivisionError):
        load_file(MODULE, file)
    assert MODULE not in sys.modules
    file.write_text("answer = 42")
    module = load_file(MODULE, file)
    file.write_text("raise SystemExit")
    with pytest.raises(SystemExit):
        load_file(MODULE, file)
    assert sys.modules[MODULE] is module


def test_a_change_within_a_second_that_keeps_the_size_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    for answer in ("41", "42"):
        file.write_text(f"answer = {answer}")
        os.utime(file, (1, 1))
        assert load_file(MODULE, file).answer == int(answer)
    assert list(tmp_path.iterdir()) == [file]  # and nothing is put beside it


def test_a_module_of_a_file_knows_its_name_and_place(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text("from __future__ import annotations\nhere = __file__, __name__")
    assert load_file(MODULE, file).here == (str(file), MODULE)
