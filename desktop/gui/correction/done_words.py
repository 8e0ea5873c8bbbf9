"""Sentences on what was done about an item: each attempt, and who asked for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from desktop.contract.items import Informed
from desktop.contract.reasons import Reason
from desktop.contract.states import State
from desktop.gui.correction.earlier_versions import earlier
from desktop.gui.detail.attempts import OUTCOMES, attempt_title
from desktop.gui.items.deed_words import MOST, deed_words
from desktop.gui.items.item_words import UNTOLD
from desktop.gui.tasks.task_row import epoch, row_of
from desktop.gui.tasks.words.reasons import reason_words
from desktop.gui.tasks.words.states import sentences, state_word
from desktop.gui.words.ages import day_and_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.items import ItemDetail
    from desktop.contract.tasks import Attempt, TaskDetail

translate = QCoreApplication.translate
_ENDS: Final = frozenset({State.FAILED, State.CANCELLED, State.UNCERTAIN})
"""States a message can end in that differ from the outcome of its last attempt.

Its deadline passed, a person cancelled it, or an earlier attempt may have sent it.
"""

_WAITS: Final = frozenset({"offline", "quota"})
"""Outcomes of tries that use up no attempt: the server was away or its limit was reached."""


def done_words(detail: ItemDetail, messages: Sequence[TaskDetail], now: float) -> list[str]:
    """Return lines on what people did, on the attempts, newest first, and on earlier versions.

    ``messages`` are the tasks to report on, oldest first. If nothing was done, a line says so. For
    a sent message, the number of attempts is given if there was more than one.
    """
    lines = []
    if detail["informed"] == Informed.YES:
        lines = [line for line in [_tries(messages)] if line]
    if detail["informed"] in UNTOLD:
        lines = [line for task in reversed(messages) for line in _lines(task, now)]
    before = earlier(detail, now)
    log = [line for task in messages for line in task["log"]]
    deeds = deed_words(messages, log, partial(day_and_time, now=now))
    if deeds:
        lines.insert(0, deeds)
    elif len(messages) == len(lines) == 1 and not before and _needs_person(messages[0]):
        lines.insert(0, translate("items", "Nothing has been done about it yet."))
    return [*lines, *before]


def _tries(messages: Sequence[TaskDetail]) -> str:
    """Say how many attempts the last sent message took, with tries during outages apart."""
    ended = [task for task in messages if task["state"] == State.SUCCEEDED]
    sent = [task for task in ended if task["reason"] not in {Reason.KEPT, Reason.SETTLED_BY_PERSON}]
    history = sent[-1]["history"] if sent else []
    waits = sum(each["count"] for each in history if each["outcome"] in _WAITS)
    attempts = sum(each["outcome"] not in _WAITS for each in history)
    took = translate("items", "It took %Ln attempts.", None, attempts)
    waited = translate(
        "items", "It waited for the mail server: %Ln tries that used up no attempt.", None, waits
    )
    return sentences(took if attempts > 1 else "", waited if waits else "")


def _needs_person(task: TaskDetail) -> bool:
    return task["state"] in {State.FAILED, State.UNCERTAIN} and not task["seen"]


def _lines(task: TaskDetail, now: float) -> list[str]:
    history = task["history"]
    before = [None, *history]
    said = [_line(task, each, last, now) for last, each in zip(before, history, strict=False)]
    ended = history[-1]["outcome"] if history else None
    if task["state"] in _ENDS and task["state"] != ended:
        row = row_of(task)
        how = [day_and_time(row.finished or now, now), reason_words(row, now)]
        said.append(_joined(state_word(row), how))
    return said[-MOST:][::-1]


def _line(task: TaskDetail, attempt: Attempt, last: Attempt | None, now: float) -> str:
    """Return a line on how an attempt ended, and whether a person asked for it."""
    _, _, outcome = OUTCOMES[attempt["outcome"]]
    asked = " · ".join(filter(None, [_asked(task, last), attempt_title(attempt)]))
    at = day_and_time(epoch(attempt["started_at"]) or now, now)
    return _joined(asked, [at, translate("attempts", str(outcome)), attempt["error"] or ""])


def _joined(what: str, how: Sequence[str]) -> str:
    return f"{what}: {' · '.join(filter(None, how))}"


def _asked(task: TaskDetail, last: Attempt | None) -> str:
    """Say what a person did to start an attempt; empty if it was automatic."""
    is_sent_again = last is None and task["resend_of"] is not None
    if is_sent_again or (last is not None and last["outcome"] == "uncertain"):
        return translate("items", "Sent again by a person")
    if last is not None and last["outcome"] in _ENDS:
        return translate("items", "Retried by a person")
    return ""
