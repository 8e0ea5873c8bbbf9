"""The actions that fit given tasks, each with the tasks it fits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.contract.items import CONFIRMATION
from desktop.contract.office import OfficeReason
from desktop.contract.rules.mailbox import written_address
from desktop.gui.kit.rights import TASKS_FOLDER, WindowRights
from desktop.gui.kit.words.verbs import action_word, effect_of
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.model.states import CANCELLABLE, OPEN, RESENDABLE, RETRYABLE, TROUBLED, State
from sendoff_tasks.model.tasks import BulkAction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.pending_actions import Delivery, PendingAction, PendingActions


translate = QCoreApplication.translate

Verb = BulkAction | Literal["to_me", "send_to"]
Question = Literal["send_to", "change_time"]
Called = Literal["send", "try_now", "send_again", "undo"]
"""Verbs with names of their own: *retry* of kept or waiting tasks, *again* of e-mails, undo."""
Destination = Literal["tasks_folder", "edit_template", "same_reason"]
WishedVerb = Verb | Called | Question | Destination
"""Everything an action can ask for: a verb, a verb with a question first, or a place to open."""

NOT_BEGUN: Final = frozenset({State.WAITING, State.QUEUED})

Which = list[int] | SortedFilter
"""The numbers of tasks, or all tasks that match a query."""


@dataclass(frozen=True, slots=True)
class TaskAction:
    """A verb, its text and icon, the tasks it fits, and its effect if that needs a sentence."""

    verb: WishedVerb
    text: str
    icon: str
    which: Which
    effect: str = ""
    widest: str = ""
    """The text with the highest number that may come, for which its button has room."""
    is_rare: bool = False
    """Whether it is in the menu only."""
    is_off: bool = False
    """Whether it is disabled; its text or effect says why."""
    more: tuple[TaskAction, ...] = ()
    """Its variants, in a menu beside the button."""


def fitting_actions(
    rows: Sequence[Row], rights: WindowRights, pending: PendingActions
) -> list[TaskAction]:
    """Return the actions that fit at least one of the rows, each kind at its own place.

    A task that a later one repeats is not retried; that is done with the later one. For tasks with
    a started action that can still be undone, *Undo* is the only action; for those that were just
    added, it is one more.
    """
    started = pending.of_rows(rows)
    free = [row for row in rows if pending.of(row) is None] if started else rows
    done = [replace(each, is_rare=True) for each in undoing(pending.done_to(rows))]
    fitting = _fitting(free, len(rows), pending.delivery)
    return allowed([*undoing(started), *fitting, *done], rights)


def undoing(started: Sequence[PendingAction]) -> list[TaskAction]:
    """Return *Undo* for started actions, given by their numbers, each as a whole."""
    started = [each for each in started if not each.is_due]
    count, word = sum(each.count for each in started), action_word("undo")
    numbers = [each.number for each in started]
    words = word if count == 1 else numbered(word, count)
    return [TaskAction("undo", words, "undo-2", numbers)] if numbers else []


def allowed(actions: Iterable[TaskAction], rights: WindowRights) -> list[TaskAction]:
    """Leave out the actions that this token or this window does not allow."""
    return [action for action in actions if rights.allows(action.verb)]


def _fitting(rows: Sequence[Row], among: int, delivery: Delivery) -> list[TaskAction]:
    last = [row for row in rows if not row.is_repeated]
    free = [row for row in last if not (row.state in OPEN and _is_kept(row))]
    retry = [row for row in free if row.state in RETRYABLE or row.may_try_now]
    if delivery.is_real:  # else it would only be kept once more
        retry += [row for row in free if row.kept]
    cancel = [row for row in rows if row.state in CANCELLABLE and not row.is_handed_over]
    unsure = [row for row in rows if row.state == State.UNCERTAIN]
    actions = _templates(last)
    if retry:
        kept: WishedVerb = "send" if all(row.kept for row in retry) else "retry"
        verb: WishedVerb = "try_now" if {row.state for row in retry} <= NOT_BEGUN else kept
        again = _action(verb, action_word(verb), "rotate-cw", retry, among)
        would_fail = all(row.is_address_refused for row in retry)  # another address helps
        actions.append(
            replace(again, is_rare=would_fail, more=_elsewhere(rows, among, delivery.me))
        )
    if unsure:
        mail = all(row.is_mail for row in unsure)
        done = _action(
            "done", action_word("done", mail), "check", unsure, among, effect_of("done", mail)
        )
        effect = effect_of("again", mail)
        again = _action(again_verb(mail), action_word("again", mail), "send", unsure, among, effect)
        actions += [done, again]
    if any(row.awaits_function or (row.held and not row.is_mail) for row in rows):
        text = action_word("tasks_folder")
        actions.append(TaskAction(TASKS_FOLDER, text, "folder-open", []))
    actions += _sending_again(rows, among, delivery.me)
    if among == 1 and rows and rows[0].cause:
        alike = _action("same_reason", action_word("same_reason"), "list", rows, among)
        actions.append(replace(alike, is_rare=True))
    # What ends a task is always the last one: a change of state does not move it.
    return [*actions, *_marking(rows, among), *_cancelling(cancel, among), *_removing(rows, among)]


def _cancelling(rows: Sequence[Row], among: int) -> list[TaskAction]:
    """Return *Cancel*; it is disabled and says why once all of them were asked to stop."""
    left, word = [row for row in rows if not row.is_asked_to_stop], action_word("cancel")
    if left:
        effect = effect_of("cancel", any(row.is_mail for row in left))
        runs = any(row.state == State.RUNNING for row in left)
        return [_action("cancel", word, "ban", left, among, effect if runs else "")]
    asked = effect_of("cancel_again")
    return [TaskAction("cancel", word, "ban", [], asked, is_off=True)] if rows else []


def _is_kept(row: Row) -> bool:
    """Tell whether an open task cannot be tried now at all."""
    return row.is_paused_till or row.is_stopped_by_batch


def _marking(rows: Sequence[Row], among: int) -> list[TaskAction]:
    """Return *Mark as seen* and *Mark as unseen* for failed and uncertain tasks."""
    fresh = [row for row in rows if row.state in TROUBLED and not row.seen]
    seen = [row for row in rows if row.state in TROUBLED and row.seen]
    actions = []
    if fresh:
        word = action_word("seen")
        # If it fits only some of the tasks, it is in the menu: the bar is for the others' actions.
        unsure = any(row.state == State.UNCERTAIN for row in fresh)
        action = _action("seen", word, "eye", fresh, among, effect_of("seen") if unsure else "")
        actions.append(replace(action, is_rare=len(fresh) < among))
    if seen:
        word = action_word("unseen")
        actions.append(replace(_action("unseen", word, "eye", seen, among), is_rare=True))
    return actions


def _removing(rows: Sequence[Row], among: int) -> list[TaskAction]:
    """Return *Remove* for ended tasks; failed and uncertain ones must be marked as seen."""
    done = [
        row for row in rows if row.state not in OPEN and (row.seen or row.state not in TROUBLED)
    ]
    if not done:
        return []
    word = action_word("remove")
    return [replace(_action("remove", word, "trash-2", done, among), is_rare=True)]


def _templates(rows: Sequence[Row]) -> list[TaskAction]:
    """Return *Edit the letter…* for messages that wait for it to be fixed."""
    stuck = [row.id for row in rows if row.awaits_template]
    word = action_word("edit_template")
    return [TaskAction("edit_template", word, "file-text", stuck)] if stuck else []


def _sending_again(rows: Sequence[Row], among: int, me: str) -> list[TaskAction]:
    """Return *Send again* for sent messages, and the actions on scheduled tasks."""
    sent = [row for row in rows if row.is_mail and row.state == State.SUCCEEDED and not row.kept]
    later = [row for row in rows if row.state == State.SCHEDULED]
    actions = []
    if later:
        word = action_word("change_time")
        change = _action("change_time", word, "calendar-clock", later, among)
        free = [row for row in later if not row.is_stopped_by_batch]
        limited = [row for row in later if row.reason == OfficeReason.BATCH_LIMIT]
        now = action_word("run_now", all(row.is_mail for row in free))
        actions += [_action("run_now", now, "play", free, among)] if free else []
        actions += [anyway_action(limited, among)] if limited else []
        actions.append(change)
    if sent:
        word = action_word("resend")
        again = _action("resend", word, "send", sent, among, effect_of("resend"))
        actions.append(replace(again, more=_elsewhere(rows, among, me)))
    return actions


def anyway_action(rows: Sequence[Row], among: int) -> TaskAction:
    """Return the action that starts tasks past the limit of their batch."""
    word = action_word("run_anyway", all(row.is_mail for row in rows))
    return _action("run_anyway", word, "play", rows, among, effect_of("run_anyway"))


def _elsewhere(rows: Sequence[Row], among: int, me: str) -> tuple[TaskAction, ...]:
    """Return the variants that send a single ended message to another address or to the sender."""
    ended = [row for row in rows if row.state in RESENDABLE and not row.kept]
    if among != 1 or not ended or ended[0].task != CONFIRMATION:
        return ()
    to_me = action_word("to_me")
    if me:
        to_me = f"{to_me} ({written_address(me)})"
    return (
        _action("send_to", action_word("send_to"), "mail", ended, 1),
        _action("to_me", to_me, "inbox", ended, 1),
    )


def effects(actions: Sequence[TaskAction]) -> list[str]:
    """Return the effects of the actions that have one, each after the action's text."""
    return [f"{action.text}: {action.effect}" for action in actions if action.effect]


def _action(
    verb: WishedVerb, text: str, icon: str, rows: Sequence[Row], among: int, effect: str = ""
) -> TaskAction:
    """Make an action on rows; among several tasks its text has their number."""
    which = [row.id for row in rows]
    if among == 1:
        return TaskAction(verb, text, icon, which, effect)
    return TaskAction(verb, numbered(text, len(rows)), icon, which, effect)


def again_verb(mail: bool) -> WishedVerb:
    """Return the verb that repeats uncertain tasks."""
    return "send_again" if mail else "again"


def numbered(word: str, count: int) -> str:
    """Return the text of an action on many tasks."""
    return f"{word} ({QLocale().toString(count)})"


@dataclass(frozen=True, slots=True)
class Selection:
    """The selection: ``count`` tasks, of which ``rows`` are known.

    If all matching tasks are selected, ``query`` is set and none needs to be known; ``counts`` then
    are the tasks by state, if the query is for states only.
    """

    rows: list[Row]
    count: int
    rights: WindowRights
    pending: PendingActions
    query: SortedFilter | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def actions(self) -> list[TaskAction]:
        """The actions that the known states allow, in an order that no selection changes.

        What ends a task comes last of those that are not rare.
        """
        if self.query is None:
            actions = fitting_actions(self.rows, self.rights, self.pending)
        else:
            actions = allowed(_on_all(self, self.query), self.rights)
        return sorted(actions, key=lambda each: each.is_rare)

    @property
    def taking_out(self) -> TaskAction | None:
        """The action of the Delete key: cancel, or else remove ended tasks."""
        offered = {action.verb: action for action in self.actions if not action.is_off}
        return offered.get("cancel") or offered.get("remove")


def _on_all(selected: Selection, query: SortedFilter) -> list[TaskAction]:
    """Return the actions on all matching tasks; each applies to the states that its verb allows."""
    shown = _states(query) or frozenset(State)
    started = selected.pending.of_all(query)
    for each in started:
        shown -= _states(each.query)
    mail = all(row.is_mail for row in selected.rows)

    def on_all(
        verb: WishedVerb, text: str, icon: str, fits: Collection[State], effect: str = ""
    ) -> None:
        states = tuple(state.value for state in State if state in shown and state in fits)
        there = sum(selected.counts.get(state, 0) for state in states)
        if there if selected.counts else states:
            meant = replace(query, states=states, sort="-id")
            said, most = text, ""
            if verb == "seen" and query.seen is None:
                meant = replace(meant, seen=False)
            elif there:
                said = numbered(text, min(there, selected.count))
                most = numbered(text, selected.count)
            rare = verb == "remove" or (verb == "seen" and len(states) < len(shown))
            actions.append(TaskAction(verb, said, icon, meant, effect, most, is_rare=rare))

    actions = undoing(started)
    if not shown:
        return actions
    verb: WishedVerb = "try_now" if shown <= NOT_BEGUN else "retry"
    on_all(verb, action_word(verb), "rotate-cw", RETRYABLE)
    if shown == {State.UNCERTAIN}:
        on_all("done", action_word("done", mail), "check", shown, effect_of("done", mail))
        on_all(
            again_verb(mail), action_word("again", mail), "send", shown, effect_of("again", mail)
        )
    if shown == {State.SUCCEEDED} and mail:
        on_all("resend", action_word("again", mail), "send", shown, effect_of("resend"))
    on_all("run_now", action_word("run_now", mail), "play", {State.SCHEDULED})
    if not query.seen:
        effect = effect_of("seen") if shown == {State.UNCERTAIN} else ""
        on_all("seen", action_word("seen"), "eye", TROUBLED, effect)
    on_all("cancel", action_word("cancel"), "ban", CANCELLABLE)
    on_all("remove", action_word("remove_ended"), "trash-2", removable(query))
    return actions


def removable(query: SortedFilter) -> tuple[State, ...]:
    """Return the states of the matching tasks that can be removed."""
    # Without a state in the query: only what succeeded. Other recipients may lack their message.
    shown = frozenset(map(State, query.states)) or {State.SUCCEEDED}
    return tuple(state for state in State if state in shown - OPEN)


def _states(query: SortedFilter | None) -> frozenset[State]:
    return frozenset(map(State, query.states)) if query is not None else frozenset()
