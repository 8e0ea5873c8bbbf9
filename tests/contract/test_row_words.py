"""What is said of the check of a row."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.contract.batches import RowCheck, RowProblem
from desktop.contract.row_words import check_words, time_words
from tests.contract.row_said import APPROVED, CHECKS, EARLIER, LATER, PROBLEMS, SENT, row, said


def test_words_of_rows_are_those_that_were_approved() -> None:
    """``python -m tests.library.words.said`` writes the file; its diff is read like a text."""
    assert said() == APPROVED.read_text(encoding="utf-8")


def test_approved_words_have_each_check_and_problem() -> None:
    assert {check for check, _ in CHECKS} == {None, *RowCheck} - {RowCheck.PROBLEM}
    assert {problem for problem, _ in PROBLEMS} == {*RowProblem}


def test_row_of_an_unknown_problem_says_its_message() -> None:
    assert check_words(row("problem")) == "?"


@pytest.mark.parametrize(
    ("check", "also", "is_said"),
    [
        ("ready", [], True),
        ("changed", [], False),
        ("changed", ["changed"], True),
        ("same", ["changed"], False),
        ("same", ["same"], True),
    ],
)
def test_row_says_its_time_only_if_it_is_sent(check: str, also: list[str], is_said: bool) -> None:
    for moment in (EARLIER, LATER):
        at = row(check, item={"run_at": moment})
        assert check_words(at, also).endswith(time_words(at)) is is_said
    left_out: Any = row(check, item={"run_at": EARLIER}, outcome="left_out")
    assert not check_words(left_out, also).endswith(time_words(left_out))
    assert time_words(row(check)) == ""


def test_row_that_is_the_same_and_to_come_is_sent_again() -> None:
    to_come = row("same", outcome="open", **SENT)
    assert check_words(to_come) == check_words(row("same", **SENT), ["same"])
