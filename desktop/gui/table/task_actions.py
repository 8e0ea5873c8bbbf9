"""What a person can do to tasks as they are now: only what fits, each with the ids it fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from desktop.contract.states import CANCELLABLE, RETRYABLE, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.table.task_row import Row

translate = QCoreApplication.translate

Verb = Literal["retry", "cancel", "done", "again"]


@dataclass(frozen=True, slots=True)
class TaskAction:
    """One verb, its words and icon, the tasks it fits, and what it does where that needs saying."""

    verb: Verb
    text: str
    icon: str
    ids: list[int]
    effect: str = ""


def fitting_actions(rows: Sequence[Row]) -> list[TaskAction]:
    """Return what can be done to at least one of the rows, the likeliest first."""
    retry = [row for row in rows if row.state in RETRYABLE or row.behind_held_queue]
    cancel = [row for row in rows if row.state in CANCELLABLE]
    unsure = [row for row in rows if row.state == State.UNCERTAIN]
    actions = []
    if retry:
        actions.append(_action("retry", _retry_word(retry), "rotate-cw", retry, len(rows)))
    if unsure:
        mail = all(row.is_mail for row in unsure)
        done = translate("actions", "It was sent") if mail else translate("actions", "It was done")
        again = translate("actions", "Send again") if mail else translate("actions", "Run again")
        actions.append(_action("done", done, "check", unsure, len(rows), _done_effect(mail)))
        actions.append(_action("again", again, "send", unsure, len(rows), _again_effect(mail)))
    if cancel:
        word = translate("actions", "Cancel")
        actions.append(_action("cancel", word, "ban", cancel, len(rows)))
    return actions


def effects(actions: Sequence[TaskAction]) -> list[str]:
    """Say of each action that needs it what it does."""
    return [f"{action.text}: {action.effect}" for action in actions if action.effect]


def _done_effect(mail: bool) -> str:
    if mail:
        return translate("actions", "the task ends here, and no other mail goes out.")
    return translate("actions", "the task ends here and does not run again.")


def _again_effect(mail: bool) -> str:
    if mail:
        return translate(
            "actions",
            "the same message leaves once more, with the same Message-ID. If the first one"
            " arrived, there are two.",
        )
    return translate("actions", "it runs once more from its beginning.")


def _retry_word(rows: Sequence[Row]) -> str:
    if all(row.state in {State.WAITING, State.QUEUED} for row in rows):
        return translate("actions", "Try now")
    return translate("actions", "Retry")


def _action(
    verb: Verb, text: str, icon: str, rows: Sequence[Row], among: int, effect: str = ""
) -> TaskAction:
    """Name an action; with many rows it says how many of them it fits."""
    words = text if among == 1 else f"{text} ({len(rows)})"
    return TaskAction(verb, words, icon, [row.id for row in rows], effect)
