"""What a person can do to tasks as they are now: only what fits, each with the tasks it fits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.contract.states import CANCELLABLE, RETRYABLE, State

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desktop.client.api import TaskQuery
    from desktop.gui.tasks.task_row import Row

translate = QCoreApplication.translate

Verb = Literal["retry", "cancel", "done", "again"]
TASKS_FOLDER: Final = "tasks_folder"
_NOT_BEGUN: Final = {State.WAITING, State.QUEUED}
Wish = Verb | Literal["tasks_folder"]
"""What an action asks for: something done to tasks, or the place their cure belongs."""


@dataclass(frozen=True, slots=True)
class Everything:
    """All tasks that match, in memory or not; ``count`` of them where that is known."""

    query: TaskQuery
    count: int | None


Which = list[int] | Everything


@dataclass(frozen=True, slots=True)
class Selected:
    """What is selected: ``count`` tasks, of which ``rows`` are known.

    ``query`` is there when it is all that matches, so that none needs to be known; ``counts`` then
    says how many are in which state, where the query asks for states alone.
    """

    rows: list[Row]
    count: int
    query: TaskQuery | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def actions(self) -> list[TaskAction]:
        """What can be done to it, the likeliest first."""
        if self.query is None:
            return fitting_actions(self.rows)
        return _actions_on_all(self, self.query)


@dataclass(frozen=True, slots=True)
class TaskAction:
    """One verb, its words and icon, the tasks it fits, and what it does where that needs saying."""

    verb: Wish
    text: str
    icon: str
    which: Which
    effect: str = ""


def fitting_actions(rows: Sequence[Row]) -> list[TaskAction]:
    """Return what can be done to at least one of the rows, the likeliest first."""
    retry = [row for row in rows if row.state in RETRYABLE or row.behind_held_queue or row.kept]
    cancel = [row for row in rows if row.state in CANCELLABLE]
    unsure = [row for row in rows if row.state == State.UNCERTAIN]
    actions = []
    if retry:
        actions.append(_action("retry", _retry_word(retry), "rotate-cw", retry, len(rows)))
    if unsure:
        mail = all(row.is_mail for row in unsure)
        done = _action("done", _done_word(mail), "check", unsure, len(rows), _done_effect(mail))
        again = _action("again", _again_word(mail), "send", unsure, len(rows), _again_effect(mail))
        actions += [done, again]
    if any(row.awaits_function or (row.held and not row.is_mail) for row in rows):
        text = translate("actions", "Open the tasks folder")
        actions.append(TaskAction(TASKS_FOLDER, text, "folder-open", []))
    if cancel:
        word = translate("actions", "Cancel")
        actions.append(_action("cancel", word, "ban", cancel, len(rows)))
    return actions


def _actions_on_all(selected: Selected, query: TaskQuery) -> list[TaskAction]:
    """Return what fits all that match; of them only those in the verb's own states are meant."""
    shown = frozenset(map(State, query.states)) or frozenset(State)
    mail = all(row.is_mail for row in selected.rows)

    def on_all(verb: Verb, text: str, icon: str, fits: Collection[State], effect: str = "") -> None:
        states = tuple(state.value for state in State if state in shown and state in fits)
        count = sum(selected.counts.get(state, 0) for state in states) if selected.counts else None
        if len(states) == len(shown):
            count = selected.count
        if states and count != 0:
            which = Everything(replace(query, states=states, sort="-id"), count)
            words = text if count is None else f"{text} ({QLocale().toString(count)})"
            actions.append(TaskAction(verb, words, icon, which, effect))

    actions: list[TaskAction] = []
    waiting = translate("actions", "Try now"), translate("actions", "Retry")
    on_all("retry", waiting[not shown <= _NOT_BEGUN], "rotate-cw", RETRYABLE)
    if shown == {State.UNCERTAIN}:
        on_all("done", _done_word(mail), "check", shown, _done_effect(mail))
        on_all("again", _again_word(mail), "send", shown, _again_effect(mail))
    on_all("cancel", translate("actions", "Cancel"), "ban", CANCELLABLE)
    return actions


def effects(actions: Sequence[TaskAction]) -> list[str]:
    """Say of each action that needs it what it does."""
    return [f"{action.text}: {action.effect}" for action in actions if action.effect]


def _done_word(mail: bool) -> str:
    return translate("actions", "It was sent") if mail else translate("actions", "It was done")


def _again_word(mail: bool) -> str:
    return translate("actions", "Send again") if mail else translate("actions", "Run again")


def _done_effect(mail: bool) -> str:
    if mail:
        return translate("actions", "the task ends here, and no other e-mail is sent.")
    return translate("actions", "the task ends here and does not run again.")


def _again_effect(mail: bool) -> str:
    if mail:
        return translate(
            "actions",
            "it is sent once more with the same Message-ID; if both arrive, there are two.",
        )
    return translate("actions", "it runs once more from its beginning.")


def _retry_word(rows: Sequence[Row]) -> str:
    if all(row.state in _NOT_BEGUN for row in rows):
        return translate("actions", "Try now")
    if all(row.kept for row in rows):
        return translate("actions", "Send")
    return translate("actions", "Retry")


def _action(
    verb: Verb, text: str, icon: str, rows: Sequence[Row], among: int, effect: str = ""
) -> TaskAction:
    """Name an action; with many rows it says how many of them it fits."""
    words = text if among == 1 else f"{text} ({len(rows)})"
    return TaskAction(verb, words, icon, [row.id for row in rows], effect)
