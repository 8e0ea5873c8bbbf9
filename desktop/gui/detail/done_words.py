"""What was done for an item whose person was not informed: each attempt, and who asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.states import State
from desktop.gui.detail.attempts import OUTCOMES
from desktop.gui.tasks.task_row import epoch
from desktop.gui.words.ages import day_and_time
from desktop.gui.words.plurals import figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.tasks import Attempt, TaskDetail

translate = QCoreApplication.translate
MOST = 5
"""Attempts that are told of one message, the newest ones."""
_ENDS = {State.FAILED.value, State.CANCELLED.value, State.UNCERTAIN.value}
"""How an attempt ended after which only a person has it tried again."""


def done_words(messages: Sequence[TaskDetail], now: float) -> list[str]:
    """Say line by line what was tried, the newest first; that nothing was, where that is so."""
    lines = [line for task in reversed(messages) for line in _lines(task, now)]
    if len(messages) == 1 and len(lines) == 1 and _needs_person(messages[0]):
        lines.insert(0, translate("items", "Nothing has been done about it yet."))
    return lines


def _needs_person(task: TaskDetail) -> bool:
    return task["state"] in {State.FAILED, State.UNCERTAIN} and not task["seen"]


def _lines(task: TaskDetail, now: float) -> list[str]:
    history = task["history"]
    before = [None, *history]
    said = [_line(task, each, last, now) for last, each in zip(before, history, strict=False)]
    return said[-MOST:][::-1]


def _line(task: TaskDetail, attempt: Attempt, last: Attempt | None, now: float) -> str:
    """Say how an attempt ended, and whether a person had asked for it."""
    words = translate("items", "Attempt {}")
    if last is None and task["resend_of"] is not None:
        words = translate("items", "Sent again by a person, attempt {}")
    elif last is not None and last["outcome"] in _ENDS:
        words = translate("items", "Retried by a person, attempt {}")
    _, _, outcome = OUTCOMES[attempt["outcome"]]
    at = day_and_time(epoch(attempt["started_at"]) or now, now)
    how = [at, translate("attempts", str(outcome)), attempt["error"] or ""]
    return f"{words.format(figure(attempt['attempt']))}: {' · '.join(filter(None, how))}"
