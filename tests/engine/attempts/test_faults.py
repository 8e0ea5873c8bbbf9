"""What an exception tells of its cause."""

from __future__ import annotations

import json
from typing import Any

import pytest

from desktop.contract.causes import CauseKind, Cure
from desktop.engine.attempts.outcomes import NO_FAULT, TIMED_OUT, Fault, fault_of
from desktop.engine.causes import ServerAnswer
from desktop.engine.errors import Final, RetryLater


def raised(*what: Any) -> BaseException:
    """Call as the engine calls a task; its own frame comes first."""
    function, *args = what
    try:
        function(*args)
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError


def own() -> None:
    raise ValueError("own 17")


def in_a_library() -> None:
    json.loads("{")


def deeper() -> None:
    in_a_library()


class Odd(Exception):
    def __str__(self) -> str:
        raise RuntimeError


def odd() -> None:
    raise Odd


@pytest.mark.parametrize(
    ("function", "kind", "where"),
    [
        (own, "ValueError", "own"),
        (in_a_library, "JSONDecodeError", "in_a_library"),
        (deeper, "JSONDecodeError", "in_a_library"),
        (odd, "Odd", "odd"),
    ],
)
def test_the_innermost_line_of_its_own_is_told(function: Any, kind: str, where: str) -> None:
    fault = fault_of(raised(function))
    assert (fault.kind, fault.exception) == (CauseKind.EXCEPTION, kind)
    assert (fault.file, fault.function) == ("attempts/test_faults.py", where)
    assert fault.line > 0


def test_the_same_line_is_one_cause_with_any_words_and_for_each_task_its_own() -> None:
    first, second = (Fault(CauseKind.EXCEPTION, "E", "a.py", "f", n, f"row {n}") for n in (1, 2))
    assert first.cause("work", "E: row 1").id == second.cause("work", "E: row 2").id
    assert first.cause("work", "").id != first.cause("other", "").id
    assert first.cause("work", "").about["text"] == "row …"
    assert TIMED_OUT.cause("work", "").id != NO_FAULT.cause("work", "").id


def test_what_a_task_says_itself_is_told_apart_by_code_and_words() -> None:
    assert fault_of(raised(lambda: (_ for _ in ()).throw(RetryLater("later")))) == NO_FAULT
    said = fault_of(Final("No.", cure=Cure.CORRECT_ADDRESS))
    answer = ServerAnswer("mx", 550, "5.1.1")
    found = said.cause("work", "550 5.1.1 no ada@example.org", answer)
    assert found.cure is Cure.CORRECT_ADDRESS
    assert found.id == said.cause("work", "550 5.1.1 no bo@example.org", answer).id
    assert found.id != said.cause("work", "550 5.1.1 No Such User", answer).id
    assert found.id != said.cause("work", "", ServerAnswer("mx", 550, "5.7.1")).id
    assert NO_FAULT.cause("work", "row 1").id == NO_FAULT.cause("work", "row 2").id
    assert NO_FAULT.cause("work", "row").id != NO_FAULT.cause("work", "column").id
