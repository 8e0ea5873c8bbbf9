"""What a person can do to tasks as they are now: only what fits, each with the tasks it fits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.contract.batches import ROW_COPY
from desktop.contract.items import CONFIRMATION
from desktop.contract.states import CANCELLABLE, OPEN, RESENDABLE, RETRYABLE, TROUBLED, State
from desktop.contract.tasks import BulkAction
from desktop.gui.reach import WHOLE, Reach
from desktop.gui.tasks.words.actions import (
    NOT_BEGUN,
    again_effect,
    again_word,
    cancel_effect,
    done_effect,
    done_word,
    resend_effect,
    retry_effect,
    retry_word,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from desktop.client.api import TaskQuery
    from desktop.gui.tasks.task_row import Row

translate = QCoreApplication.translate

Verb = BulkAction | Literal["to_me"]
TASKS_FOLDER: Final = "tasks_folder"
CORRECT: Final = "correct"
RUN_WITH: Final = "run_with"
Question = Literal["send_to", "change_time"]
Wish = Verb | Question | Literal["tasks_folder", "correct", "edit_template", "run_with"]
"""What an action asks for: a thing done to tasks, at once or after a question, or a place."""


@dataclass(frozen=True, slots=True)
class Everything:
    """All tasks that match, in memory or not; ``count`` of them where that is known."""

    query: TaskQuery
    count: int | None


Which = list[int] | Everything


@dataclass(frozen=True, slots=True)
class Selected:
    """What is selected: ``count`` tasks, of which ``rows`` are known.

    ``query`` is there when it is all that matches, so none needs to be known; ``counts`` then
    says how many are in which state, where the query asks for states alone.
    """

    rows: list[Row]
    count: int
    query: TaskQuery | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    reach: Reach = WHOLE

    @property
    def actions(self) -> list[TaskAction]:
        """What can be done to it, the likeliest first."""
        if self.query is None:
            return fitting_actions(self.rows, self.reach)
        return _allowed(_actions_on_all(self, self.query), self.reach)


@dataclass(frozen=True, slots=True)
class TaskAction:
    """One verb, its words and icon, the tasks it fits, and what it does where that needs saying."""

    verb: Wish
    text: str
    icon: str
    which: Which
    effect: str = ""
    is_rare: bool = False
    """Whether it stands in the menu only."""
    is_off: bool = False
    """Whether it cannot be chosen now; its words say why."""
    more: tuple[TaskAction, ...] = ()
    """Its variants, one arrow away."""


def fitting_actions(rows: Sequence[Row], reach: Reach = WHOLE) -> list[TaskAction]:
    """Return what can be done to at least one of the rows, the likeliest first.

    One that another task repeats is not retried and not corrected: that is done with the other.
    """
    return _allowed(_fitting(rows), reach)


def _allowed(actions: Iterable[TaskAction], reach: Reach) -> list[TaskAction]:
    return [action for action in actions if reach.allows(action.verb)]


def _fitting(rows: Sequence[Row]) -> list[TaskAction]:
    last = [row for row in rows if not row.is_repeated]
    retry = [row for row in last if row.state in RETRYABLE or row.may_try_now or row.kept]
    cancel = [row for row in rows if row.state in CANCELLABLE]
    unsure = [row for row in rows if row.state == State.UNCERTAIN]
    actions = [*_corrections(last, len(rows), first=True), *_templates(last)]
    if retry:
        word, effect = retry_word(retry), retry_effect(retry)
        again = _action("retry", word, "rotate-cw", retry, len(rows), effect)
        actions.append(replace(again, more=_elsewhere(rows)))
    if unsure:
        mail = all(row.is_mail for row in unsure)
        done = _action("done", done_word(mail), "check", unsure, len(rows), done_effect(mail))
        effect = again_effect(unsure, len(unsure), mail)
        again = _action("again", again_word(mail), "send", unsure, len(rows), effect)
        actions += [done, again]
    if any(row.awaits_function or (row.held and not row.is_mail) for row in rows):
        text = translate("actions", "Open the tasks folder")
        actions.append(TaskAction(TASKS_FOLDER, text, "folder-open", []))
    actions += [*_sending_again(rows), *_corrections(last, len(rows), first=False)]
    if len(rows) == 1 and rows[0].task not in {CONFIRMATION, ROW_COPY}:
        word = translate("actions", "Run again with other arguments…")
        actions.append(_action("run_with", word, "play", rows, 1))
    actions += _putting_aside(rows)
    if cancel:
        word = translate("actions", "Cancel")
        actions.append(_action("cancel", word, "ban", cancel, len(rows), cancel_effect(cancel)))
    return actions + _removing(rows)


def _putting_aside(rows: Sequence[Row]) -> list[TaskAction]:
    """Offer to put failed and uncertain tasks aside, or to have them counted again."""
    fresh = [row for row in rows if row.state in TROUBLED and not row.seen]
    seen = [row for row in rows if row.state in TROUBLED and row.seen]
    actions = []
    if fresh:
        word = translate("actions", "Mark as seen")
        actions.append(_action("seen", word, "eye", fresh, len(rows)))
    if seen:
        word = translate("actions", "Mark as unseen")
        actions.append(_action("unseen", word, "eye", seen, len(rows)))
    return [replace(action, is_rare=True) for action in actions]


def _removing(rows: Sequence[Row]) -> list[TaskAction]:
    """Offer to remove what has ended; what failed or is uncertain once it was seen."""
    done = [
        row for row in rows if row.state not in OPEN and (row.seen or row.state not in TROUBLED)
    ]
    if not done:
        return []
    word = translate("actions", "Remove")
    return [replace(_action("remove", word, "trash-2", done, len(rows)), is_rare=True)]


def _corrections(rows: Sequence[Row], among: int, *, first: bool) -> list[TaskAction]:
    """Offer to correct items: before all else where only that lets their messages leave.

    While a message is being sent it is said why it cannot be.
    """
    mails = [row for row in rows if row.is_mail and row.item_id is not None]
    items = _one_of_each_item(row for row in mails if row.state != State.RUNNING)
    held = [row for row in items if row.for_person and not row.is_fixed]
    wrong = [row for row in items if row.is_address_refused or row in held]
    if bool(wrong) != first:
        return []
    if not items:
        word = translate("actions", "Correct… once it has ended")
        return [TaskAction(CORRECT, word, "pencil", [], is_off=True)] if mails else []
    word = translate("actions", "Correct…")
    if wrong and all(row.is_address_refused for row in wrong):
        word = translate("actions", "Correct the address…")
    shown = _action("correct", word, "pencil", wrong or items, among)
    return [replace(shown, is_rare=not first and among > 1)]


def _templates(rows: Sequence[Row]) -> list[TaskAction]:
    """Offer the template of the first message that cannot be made with it."""
    stuck = [row.id for row in rows if row.awaits_template]
    word = translate("actions", "Edit template…")
    return [TaskAction("edit_template", word, "file-text", stuck)] if stuck else []


def _one_of_each_item(rows: Iterable[Row]) -> list[Row]:
    found: dict[int | None, Row] = {}
    for row in rows:
        found.setdefault(row.item_id, row)
    return list(found.values())


def _sending_again(rows: Sequence[Row]) -> list[TaskAction]:
    """Offer to send what was sent once more, and to start what is scheduled at another time."""
    sent = [row for row in rows if row.is_mail and row.state == State.SUCCEEDED and not row.kept]
    later = [row for row in rows if row.state == State.SCHEDULED]
    actions = []
    if sent:
        word = translate("actions", "Send again")
        again = _action("resend", word, "send", sent, len(rows), resend_effect())
        actions.append(replace(again, more=_elsewhere(rows)))
    if later:
        word = translate("actions", "Change time…")
        change = _action("change_time", word, "calendar-clock", later, len(rows))
        run_now = _action("run_now", translate("actions", "Run now"), "play", later, len(rows))
        actions += [run_now, change]
    return actions


def _elsewhere(rows: Sequence[Row]) -> tuple[TaskAction, ...]:
    """Offer the message of a single task that has ended to another address, or to the sender."""
    ended = [row for row in rows if row.state in RESENDABLE and not row.kept]
    if len(rows) != 1 or not ended or ended[0].task != CONFIRMATION:
        return ()
    return (
        _action("send_to", translate("actions", "Send to another address…"), "mail", ended, 1),
        _action("to_me", translate("actions", "Send to me"), "inbox", ended, 1),
    )


def _actions_on_all(selected: Selected, query: TaskQuery) -> list[TaskAction]:
    """Return what fits all that match; of them only those in the verb's own states are meant."""
    shown = frozenset(map(State, query.states)) or frozenset(State)
    mail = all(row.is_mail for row in selected.rows)

    def on_all(verb: Verb, text: str, icon: str, fits: Collection[State], effect: str = "") -> None:
        states = tuple(state.value for state in State if state in shown and state in fits)
        now = sum(selected.counts.get(state, 0) for state in states)
        count = min(now, selected.count) if selected.counts else None
        if len(states) == len(shown):
            count = selected.count
        if verb == "remove" and not TROUBLED.isdisjoint(states):
            count = None  # of these only what was seen
        if states and count != 0:
            which = Everything(replace(query, states=states, sort="-id"), count)
            words = text if count is None else f"{text} ({QLocale().toString(count)})"
            rare = verb in {"seen", "remove"}
            actions.append(TaskAction(verb, words, icon, which, effect, is_rare=rare))

    actions: list[TaskAction] = []
    waiting = translate("actions", "Try now"), translate("actions", "Retry")
    on_all("retry", waiting[not shown <= NOT_BEGUN], "rotate-cw", RETRYABLE)
    if shown == {State.UNCERTAIN}:
        on_all("done", done_word(mail), "check", shown, done_effect(mail))
        on_all(
            "again",
            again_word(mail),
            "send",
            shown,
            again_effect(selected.rows, selected.count, mail),
        )
    if shown == {State.SUCCEEDED} and mail:
        on_all("resend", again_word(mail), "send", shown, resend_effect())
    on_all("run_now", translate("actions", "Run now"), "play", {State.SCHEDULED})
    if shown <= TROUBLED:
        on_all("seen", translate("actions", "Mark as seen"), "eye", shown)
    on_all("cancel", translate("actions", "Cancel"), "ban", CANCELLABLE)
    on_all("remove", translate("actions", "Remove finished"), "trash-2", removable(query))
    return actions


def removable(query: TaskQuery) -> tuple[State, ...]:
    """Return the states of what can be removed of all that match."""
    # The people of what was cancelled may not be informed: it goes where it is asked for only.
    shown = frozenset(map(State, query.states)) or frozenset(State) - {State.CANCELLED}
    return tuple(state for state in State if state in shown - OPEN)


def effects(actions: Sequence[TaskAction]) -> list[str]:
    """Say of each action that needs it what it does."""
    return [f"{action.text}: {action.effect}" for action in actions if action.effect]


def _action(
    verb: Wish, text: str, icon: str, rows: Sequence[Row], among: int, effect: str = ""
) -> TaskAction:
    """Name an action; with many rows it says how many of them it fits."""
    words = text if among == 1 else f"{text} ({QLocale().toString(len(rows))})"
    return TaskAction(verb, words, icon, [row.id for row in rows], effect)
