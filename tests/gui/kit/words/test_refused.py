"""Why tasks are left alone, and how many of the others are what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.contract.states import Refusal
from desktop.contract.tasks import Skipped
from desktop.gui.kit.words.verbs import skipped_words

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def skipped(refusal: Refusal | str, count: int) -> Skipped:
    return Skipped(why="It is so.", count=count, refusal=str(refusal))


def test_the_reasons_of_those_left_alone_stand_together(qapp: QApplication) -> None:
    left = [skipped(Refusal.RUNNING, 1), skipped(Refusal.UNSEEN, 3), skipped("running", 1)]
    unseen = "3 failed or are uncertain (choose Mark as seen first)"
    said = f"Left alone: {unseen}, 2 are running"
    assert skipped_words(left) == said
    for refusal in Refusal:  # each has words of its own
        words = skipped_words([skipped(refusal, 1)])
        assert ("another reason" in words) == (refusal is Refusal.OTHER)
    assert "1 for another reason" in skipped_words([skipped("of a later version", 1)])
