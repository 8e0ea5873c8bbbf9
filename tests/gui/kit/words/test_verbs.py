"""What is done to tasks, said on its button, before, meanwhile and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.gui.kit.words.verbs import (
    beside,
    counted,
    effect_of,
    failed_words,
    result,
    skipped_words,
    tip_of,
    under_way,
)
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.model.tasks import BulkAnswer, Skipped

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def skipped(refusal: Refusal | str, count: int) -> Skipped:
    return Skipped(why="It is so.", count=count, refusal=str(refusal))


def test_a_cancel_says_what_it_can_still_do(qapp: QApplication) -> None:
    running = BulkAnswer(touched=1, skipped=[], stopping=1)
    assert beside(running) == ["1 is running and is asked to stop"]
    assert result("cancel", running) == "1 is running and is asked to stop"
    some = BulkAnswer(touched=5, skipped=[skipped("past_return", 2)], stopping=2)
    assert beside(some) == [
        "2 are running and are asked to stop",
        "Skipped: 2 can no longer be stopped",
    ]
    assert result("cancel", some) == (
        "Cancel · 3 tasks · done · 2 are running and are asked to stop"
        " · Skipped: 2 can no longer be stopped"
    )


def test_a_removal_says_what_was_never_sent(qapp: QApplication) -> None:
    assert beside(BulkAnswer(touched=9, skipped=[], kept=2)) == [
        "2 were only kept in practice mode and not sent."
    ]
    one = BulkAnswer(touched=1, skipped=[], kept=1)
    assert beside(one) == ["1 was only kept in practice mode and not sent."]


def test_how_far_it_is_is_told_in_numbers(qapp: QApplication) -> None:
    assert under_way("remove", 1500, 12041) == "Remove · 1,500 of 12,041 tasks"
    assert (counted("resend", 1), counted("retry", 2)) == ("1 e-mail", "2 tasks")


def test_what_ended_with_an_error_says_what_it_was_and_what_it_did() -> None:
    none = BulkAnswer(touched=0, skipped=[], error="ZeroDivisionError")
    some = BulkAnswer(touched=2, skipped=[], error="ZeroDivisionError")
    error = "stopped by an error: ZeroDivisionError"
    assert failed_words("remove", none) == f"Remove · {error}"
    assert failed_words("resend", some) == f"Send again · 2 e-mails · queued · {error}"


def test_the_reasons_of_those_left_alone_stand_together(qapp: QApplication) -> None:
    left = [skipped(Refusal.RUNNING, 1), skipped(Refusal.UNSEEN, 3), skipped("running", 1)]
    unseen = "3 failed or are uncertain (choose Mark as seen first)"
    said = f"Skipped: {unseen}, 2 are running"
    assert skipped_words(left) == said
    assert "1 for another reason" in skipped_words([skipped("of a later version", 1)])


pytestmark = pytest.mark.usefixtures("qapp")


def test_a_tool_tip_begins_with_a_capital() -> None:
    for effect in (effect_of("done", mail=True), effect_of("resend")):
        assert tip_of("resend", effect) == effect.capitalize()
    assert tip_of("retry", "") == "Try it again"
