"""What was done about an item before: its earlier versions, each attempt, and who asked for it."""

from __future__ import annotations

import time
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.contract.items import Informed, Version
from desktop.contract.reasons import Reason
from desktop.contract.rules.templates import heading
from desktop.contract.states import State
from desktop.gui.detail.attempts import OUTCOMES, attempt_title
from desktop.gui.form.item_kind import item
from desktop.gui.items.deed_words import MOST, deed_words
from desktop.gui.items.item_words import UNTOLD
from desktop.gui.tasks.task_row import epoch, row_of
from desktop.gui.tasks.words.reasons import reason_words
from desktop.gui.tasks.words.states import sentences, state_word
from desktop.gui.widgets.texts import WholeLabel
from desktop.gui.words.ages import day_and_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop.contract.items import ItemDetail, NewItem
    from desktop.contract.tasks import Attempt, TaskDetail
    from desktop.gui.items.deed_words import Corrected
    from desktop.gui.look.theme import Theme

translate = QCoreApplication.translate


class EarlierVersions(QWidget):
    """Lists the earlier values of an item, version by version; hidden if there are none."""

    def __init__(self) -> None:
        super().__init__()
        title = QLabel(self.tr("What it was"))
        title.setProperty("role", "heading")
        self._said = WholeLabel()
        self._said.setProperty("role", "soft")
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(title)
        self._column.addWidget(self._said)

    def show_item(self, detail: ItemDetail) -> None:
        """Show the earlier versions of another item."""
        self._said.setText("\n\n".join(earlier(detail, time.time())))
        self.setVisible(bool(self.text()))

    def text(self) -> str:
        """Return the shown text."""
        return self._said.text()

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._column.setSpacing(theme.px(4))


def earlier(detail: ItemDetail, now: float) -> list[str]:
    """Return a paragraph for each earlier version: until when, and the old values; newest first."""
    lines = []
    present = Version(at=detail["corrected_at"] or "", item=detail["item"])
    for at, changed in corrections_of([present, *detail["versions"]]):
        until = translate("correction", "Until {}").format(day_and_time(epoch(at) or now, now))
        lines.append("\n".join([until, *(f"{key}: {was}" for key, was, _ in changed)]))
    return lines


def corrections_of(bodies: Sequence[Version]) -> Iterator[Corrected]:
    """Yield each correction, newest first: its time, and the changed values before and after."""
    for later, before in pairwise(bodies):
        was, became = _labelled(before["item"]), _labelled(later["item"])
        changed = [
            (key, was.get(key) or "–", became.get(key) or "–")
            for key in became | was
            if was.get(key, "") != became.get(key, "")
        ]
        if changed:
            yield later["at"], changed


def _labelled(body: NewItem) -> dict[str, str]:
    """Return the values of an item by the labels of the form."""
    labels = {kind.path: kind.label for kind in item().fields}
    recipient = body.get("recipient")
    said = {"title": body.get("title") or ""}
    if recipient:
        said["recipient.name"] = recipient.get("name", "")
        said["recipient.email"] = recipient["email"]
    said |= {f"fields.{name}": str(value) for name, value in (body.get("fields") or {}).items()}
    names = {path: heading(path.removeprefix("fields.")) for path in said}
    return {labels.get(path, names[path]): text for path, text in said.items()}


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
