"""What is done to many tasks, said before, meanwhile and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.contract.states import Refusal
from desktop.contract.tasks import BulkAnswer, Skipped
from desktop.gui.kit.words.verbs import (
    RetryOutcome,
    beside,
    counted,
    link_words,
    result,
    under_way,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def skipped(refusal: Refusal | str, count: int) -> Skipped:
    return Skipped(why="It is so.", count=count, refusal=str(refusal))


def test_a_cancel_says_what_it_can_still_do(qapp: QApplication) -> None:
    running = BulkAnswer(touched=1, skipped=[], stopping=1)
    assert beside(running, 1) == ["It is running and will be asked to stop."]
    assert result("cancel", running) == "1 is running and was asked to stop"
    some = BulkAnswer(touched=5, skipped=[skipped("past_return", 2)], stopping=2)
    assert beside(some, 5) == [
        "2 are running and will be asked to stop.",
        "Left alone: 2 can no longer be stopped",
    ]
    assert result("cancel", some) == (
        "3 tasks are cancelled · 2 are running and were asked to stop"
        " · Left alone: 2 can no longer be stopped"
    )


def test_a_removal_says_what_was_never_sent(qapp: QApplication) -> None:
    assert beside(BulkAnswer(touched=9, skipped=[], kept=2), 9) == [
        "2 were only kept in practice mode and not sent."
    ]
    one = BulkAnswer(touched=1, skipped=[], kept=1)
    assert beside(one, 1) == ["It was only kept in practice mode and not sent."]


def test_how_far_it_is_is_told_in_numbers(qapp: QApplication) -> None:
    assert under_way("remove", 1500, 12041) == "Removing… 1,500 of 12,041 tasks"
    assert (counted("resend", 1), counted("retry", None)) == ("1 message", "All that match")
    assert counted("remove", None) == "All finished ones that match"  # the others stay


def test_the_way_to_those_that_did_not_succeed_calls_them_what_they_are() -> None:
    """Uncertain ones were said to have failed."""

    def said(failed: int, uncertain: int) -> str:
        counts = {"failed": failed, "uncertain": uncertain}
        return link_words(RetryOutcome(counts, failed=tuple(range(failed + uncertain))))

    assert said(2, 0) == "Show the 2 that failed"
    assert said(0, 1) == "Show the one that is uncertain"
    assert said(2, 1) == "Show the 3 that failed or are uncertain"
