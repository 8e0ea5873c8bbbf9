"""The actions that fit given tasks, each with the tasks it fits, as the backend counts them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTimer

from desktop.contract.batches import MAIL_TASKS
from desktop.contract.items import CONFIRMATION
from desktop.contract.reasons import Reason
from desktop.contract.states import CANCELLABLE, OPEN, RESENDABLE, RETRYABLE, TROUBLED, State
from desktop.contract.tasks import BulkAction
from desktop.gui.kit.rights import ALL_RIGHTS, TASKS_FOLDER, WindowRights
from desktop.gui.kit.words.verbs import (
    NOT_BEGUN,
    again_effect,
    again_word,
    asked_effect,
    cancel_effect,
    done_effect,
    done_word,
    resend_effect,
    retry_effect,
    retry_verb,
    retry_word,
    skipped_words,
    to_me_word,
)
from desktop.gui.link.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from desktop.client.api import Api, ApiSource, TaskQuery
    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.kit.words.verbs import Retry
    from desktop.gui.link.jobs import Jobs, Ticket
    from desktop.gui.tasks.acting.pending_actions import (
        Delivery,
        PendingAction,
        PendingActions,
        PreviewKey,
    )


translate = QCoreApplication.translate

Verb = BulkAction | Literal["to_me", "send_to"]
CORRECT: Final = "correct"
RUN_WITH: Final = "run_with"
Question = Literal["send_to", "change_time"]
Called = Literal["send", "try_now", "send_again", "undo"]
"""Verbs with names of their own: *retry* of kept or waiting tasks, *again* of e-mails, undo."""
Wish = Verb | Called | Question | Literal["tasks_folder", "correct", "edit_template", "run_with"]
"""Everything an action can ask for: a verb, a verb with a question first, or a place to open."""


@dataclass(frozen=True, slots=True)
class Everything:
    """All tasks that match a query."""

    query: TaskQuery


Which = list[int] | Everything


@dataclass(frozen=True, slots=True)
class TaskAction:
    """A verb, its text and icon, the tasks it fits, and its effect if that needs a sentence."""

    verb: Wish
    text: str
    icon: str
    which: Which
    effect: str = ""
    word: str = ""
    """The text without a number, if there is one with a number."""
    widest: str = ""
    """The text with the highest number that may come, for which its button has room."""
    is_rare: bool = False
    """Whether it is in the menu only."""
    is_off: bool = False
    """Whether it is disabled; its text or effect says why."""
    more: tuple[TaskAction, ...] = ()
    """Its variants, in a menu beside the button."""


def fitting_actions(
    rows: Sequence[Row], rights: WindowRights = ALL_RIGHTS, pending: PendingActions | None = None
) -> list[TaskAction]:
    """Return the actions that fit at least one of the rows, each kind at its own place.

    A task that a later one repeats is neither retried nor corrected; that is done with the later
    one. For tasks with a started action that can still be undone, *Undo* is the only action.
    """
    started = [] if pending is None else pending.of_rows(rows)
    free = [row for row in rows if pending is None or pending.of(row) is None] if started else rows
    delivery = None if pending is None else pending.delivery
    return allowed([*undoing(started), *_fitting(free, len(rows), delivery)], rights)


def undoing(started: Sequence[PendingAction]) -> list[TaskAction]:
    """Return *Undo* for started actions, given by their numbers, each as a whole."""
    started = [each for each in started if not each.is_due]
    count, word = sum(each.count for each in started), translate("actions", "Undo")
    numbers = [each.number for each in started]
    words = word if count == 1 else numbered(word, count)
    return [TaskAction("undo", words, "undo-2", numbers)] if numbers else []


def allowed(actions: Iterable[TaskAction], rights: WindowRights) -> list[TaskAction]:
    """Leave out the actions that this token or this window does not allow."""
    return [action for action in actions if rights.allows(action.verb)]


def _fitting(rows: Sequence[Row], among: int, delivery: Delivery | None) -> list[TaskAction]:
    me, is_real = (delivery.me, delivery.is_real) if delivery else ("", True)
    last = [row for row in rows if not row.is_repeated]
    free = [row for row in last if not (row.state in OPEN and _is_kept(row))]
    retry = [row for row in free if row.state in RETRYABLE or row.may_try_now]
    if is_real:  # else it would only be kept once more
        retry += [row for row in free if row.kept]
    cancel = [row for row in rows if row.state in CANCELLABLE and not row.is_handed_over]
    unsure = [row for row in rows if row.state == State.UNCERTAIN]
    actions = _templates(last)
    if retry:
        verb = retry_verb(retry)
        word, effect = retry_word(verb), retry_effect(retry)
        again = _action(verb, word, "rotate-cw", retry, among, effect)
        actions.append(replace(again, more=_elsewhere(rows, among, me)))
    if unsure:
        mail = all(row.is_mail for row in unsure)
        done = _action("done", done_word(mail), "check", unsure, among, done_effect(mail))
        effect = again_effect(unsure, len(unsure), mail)
        again = _action(again_verb(mail), again_word(mail), "send", unsure, among, effect)
        actions += [done, again]
    if any(row.awaits_function or (row.held and not row.is_mail) for row in rows):
        text = translate("actions", "Open the tasks folder")
        actions.append(TaskAction(TASKS_FOLDER, text, "folder-open", []))
    actions += _sending_again(rows, among, me)
    if among == 1 and rows and rows[0].task not in MAIL_TASKS:
        word = translate("actions", "Run again with other arguments…")
        actions.append(_action("run_with", word, "play", rows, 1))
    # *Correct…* and what ends a task are always the last two: a change of state moves neither.
    actions += [*_corrections(last, among), *_putting_aside(rows, among)]
    return [*actions, *_cancelling(cancel, among), *_removing(rows, among)]


def _cancelling(rows: Sequence[Row], among: int) -> list[TaskAction]:
    """Return *Cancel*; it is disabled and says why once all of them were asked to stop."""
    left, word = [row for row in rows if not row.is_asked_to_stop], translate("actions", "Cancel")
    if left:
        return [_action("cancel", word, "ban", left, among, cancel_effect(left))]
    return [TaskAction("cancel", word, "ban", [], asked_effect(), is_off=True)] if rows else []


def _is_kept(row: Row) -> bool:
    """Tell whether an open task cannot be tried now at all."""
    return row.is_paused_till or row.is_kept_by_batch


def _putting_aside(rows: Sequence[Row], among: int) -> list[TaskAction]:
    """Return *Mark as seen* and *Mark as unseen* for failed and uncertain tasks."""
    fresh = [row for row in rows if row.state in TROUBLED and not row.seen]
    seen = [row for row in rows if row.state in TROUBLED and row.seen]
    actions = []
    if fresh:
        word = translate("actions", "Mark as seen")
        # If it fits only some of the tasks, it is in the menu: the bar is for the others' actions.
        action = _action("seen", word, "eye", fresh, among)
        actions.append(replace(action, is_rare=len(fresh) < among))
    if seen:
        word = translate("actions", "Mark as unseen")
        actions.append(replace(_action("unseen", word, "eye", seen, among), is_rare=True))
    return actions


def _removing(rows: Sequence[Row], among: int) -> list[TaskAction]:
    """Return *Remove* for ended tasks; failed and uncertain ones must be marked as seen."""
    done = [
        row for row in rows if row.state not in OPEN and (row.seen or row.state not in TROUBLED)
    ]
    if not done:
        return []
    word = translate("actions", "Remove")
    return [replace(_action("remove", word, "trash-2", done, among), is_rare=True)]


def _corrections(rows: Sequence[Row], among: int) -> list[TaskAction]:
    """Return *Correct…* for items; while a message is being sent, it is disabled and says why."""
    mails = [row for row in rows if row.is_mail and row.item_id is not None]
    items = _one_of_each_item(row for row in mails if row.state != State.RUNNING)
    wrong = [
        row for row in items if row.is_address_refused or (row.for_person and not row.is_fixed)
    ]
    word = translate("actions", "Correct…")
    if not items:
        why = translate("actions", "it is being sent; it can be corrected once it has ended.")
        return [TaskAction(CORRECT, word, "pencil", [], why, is_off=True)] if mails else []
    if wrong and all(row.is_address_refused for row in wrong):
        word = translate("actions", "Correct the address…")
    shown = _action("correct", word, "pencil", wrong or items, among)
    return [replace(shown, is_rare=not wrong and among > 1)]


def _templates(rows: Sequence[Row]) -> list[TaskAction]:
    """Return *Edit template…* for messages that wait for their template to be fixed."""
    stuck = [row.id for row in rows if row.awaits_template]
    word = translate("actions", "Edit template…")
    return [TaskAction("edit_template", word, "file-text", stuck)] if stuck else []


def _one_of_each_item(rows: Iterable[Row]) -> list[Row]:
    found: dict[int | None, Row] = {}
    for row in rows:
        found.setdefault(row.item_id, row)
    return list(found.values())


def _sending_again(rows: Sequence[Row], among: int, me: str) -> list[TaskAction]:
    """Return *Send again* for sent messages, and the actions on scheduled tasks."""
    sent = [row for row in rows if row.is_mail and row.state == State.SUCCEEDED and not row.kept]
    later = [row for row in rows if row.state == State.SCHEDULED]
    actions = []
    if sent:
        word = translate("actions", "Send again")
        effect = resend_effect(len(sent))
        again = _action("resend", word, "send", sent, among, effect)
        actions.append(replace(again, more=_elsewhere(rows, among, me)))
    if later:
        word = translate("actions", "Change time…")
        change = _action("change_time", word, "calendar-clock", later, among)
        free = [row for row in later if not row.is_kept_by_batch]
        limited = [row for row in later if row.reason == Reason.BATCH_LIMIT]
        now = translate("actions", "Run now")
        actions += [_action("run_now", now, "play", free, among)] if free else []
        actions += [anyway_action(limited, among)] if limited else []
        actions.append(change)
    return actions


def anyway_action(rows: Sequence[Row], among: int) -> TaskAction:
    """Return the action that starts tasks past the limit of their batch."""
    word = translate("actions", "Run now anyway")
    if all(row.is_mail for row in rows):
        word = translate("actions", "Send now anyway")
    effect = translate("actions", "the limit of the batch does not hold it; it counts for it.")
    return _action("run_anyway", word, "play", rows, among, effect)


def _elsewhere(rows: Sequence[Row], among: int, me: str) -> tuple[TaskAction, ...]:
    """Return the variants that send a single ended message to another address or to the sender."""
    ended = [row for row in rows if row.state in RESENDABLE and not row.kept]
    if among != 1 or not ended or ended[0].task != CONFIRMATION:
        return ()
    return (
        _action("send_to", translate("actions", "Send to another address…"), "mail", ended, 1),
        _action("to_me", to_me_word(me), "inbox", ended, 1),
    )


def effects(actions: Sequence[TaskAction]) -> list[str]:
    """Return the effects of the actions that have one, each after the action's text."""
    return [f"{action.text}: {action.effect}" for action in actions if action.effect]


def _action(
    verb: Wish, text: str, icon: str, rows: Sequence[Row], among: int, effect: str = ""
) -> TaskAction:
    """Make an action on rows; among several tasks its text has their number."""
    which = [row.id for row in rows]
    if among == 1:
        return TaskAction(verb, text, icon, which, effect)
    return TaskAction(verb, numbered(text, len(rows)), icon, which, effect, text)


def again_verb(mail: bool) -> Wish:
    """Return the verb that repeats uncertain tasks."""
    return "send_again" if mail else "again"


def numbered(word: str, count: int) -> str:
    """Return the text of an action on many tasks."""
    return f"{word} ({QLocale().toString(count)})"


_NOTHING: Final = ("", ())


@dataclass(frozen=True, slots=True)
class Selected:
    """The selection: ``count`` tasks, of which ``rows`` are known.

    If all matching tasks are selected, ``query`` is set and none needs to be known; ``counts`` then
    are the tasks by state, if the query is for states only.
    """

    rows: list[Row]
    count: int
    query: TaskQuery | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    rights: WindowRights = ALL_RIGHTS
    pending: PendingActions | None = None

    @property
    def actions(self) -> list[TaskAction]:
        """The actions, the likeliest first, with the numbers that the backend has answered.

        *Send again* to several people comes last.
        """
        seen = {} if self.pending is None else self.pending.previews
        exact = (_as_previewed(e, seen.get(preview_key(e) or _NOTHING)) for e in self.offered)
        actions = [each for each in exact if each is not None]
        return actions if self.count == 1 else _second_last(actions)

    @property
    def taking_out(self) -> TaskAction | None:
        """The action of the Delete key: cancel, or else remove ended tasks."""
        offered = {action.verb: action for action in self.actions if not action.is_off}
        return offered.get("cancel") or offered.get("remove")

    @property
    def offered(self) -> list[TaskAction]:
        """The actions that the known states allow."""
        if self.query is None:
            return fitting_actions(self.rows, self.rights, self.pending)
        return allowed(_on_all(self, self.query), self.rights)


def _as_previewed(action: TaskAction, answer: BulkAnswer | None) -> TaskAction | None:
    """Give an action its exact number of tasks, and the reason why others are skipped."""
    if answer is None:
        return action
    if not answer.get("is_exact", True):
        return replace(action, text=action.word)
    count = answer["touched"]
    if count == 0:
        return None
    left = [skipped_words(answer["skipped"])] if answer["skipped"] else []
    effect = " · ".join([*filter(None, [action.effect]), *left])
    return replace(action, text=numbered(action.word, count), effect=effect)


def _second_last(actions: Sequence[TaskAction]) -> list[TaskAction]:
    """Return the actions with *Send again* last."""
    return sorted(actions, key=lambda each: each.verb == "resend")


def preview_key(action: TaskAction) -> PreviewKey | None:
    """Return the bulk call that foresees an action; ``None`` if it is not a bulk action."""
    deed = {"send": "retry", "try_now": "retry", "send_again": "again"}.get(
        action.verb, action.verb
    )
    if not action.word or deed not in get_args(BulkAction):
        return None
    which = action.which
    return deed, which.query if isinstance(which, Everything) else tuple(which)


def _on_all(selected: Selected, query: TaskQuery) -> list[TaskAction]:
    """Return the actions on all matching tasks; each applies to the states that its verb allows."""
    shown = _states(query) or frozenset(State)
    started = [] if selected.pending is None else selected.pending.of_all(query)
    for each in started:
        shown -= _states(each.query)
    mail = all(row.is_mail for row in selected.rows)

    def on_all(verb: Wish, text: str, icon: str, fits: Collection[State], effect: str = "") -> None:
        states = tuple(state.value for state in State if state in shown and state in fits)
        there = [state for state in states if selected.counts.get(state, 0)]
        if there if selected.counts else states:
            meant = replace(query, states=states, sort="-id")
            if verb == "seen" and query.seen is None:
                meant = replace(meant, seen=False)
            which = Everything(meant)
            rare = verb == "remove" or (verb == "seen" and len(states) < len(shown))
            most = numbered(text, selected.count)
            actions.append(TaskAction(verb, text, icon, which, effect, text, most, is_rare=rare))

    actions = undoing(started)
    if not shown:
        return actions
    verb: Retry = "try_now" if shown <= NOT_BEGUN else "retry"
    on_all(verb, retry_word(verb), "rotate-cw", RETRYABLE)
    if shown == {State.UNCERTAIN}:
        on_all("done", done_word(mail), "check", shown, done_effect(mail))
        on_all(
            again_verb(mail),
            again_word(mail),
            "send",
            shown,
            again_effect(selected.rows, selected.count, mail),
        )
    if shown == {State.SUCCEEDED} and mail:
        on_all("resend", again_word(mail), "send", shown, resend_effect(selected.count))
    on_all("run_now", translate("actions", "Run now"), "play", {State.SCHEDULED})
    if not query.seen:
        on_all("seen", translate("actions", "Mark as seen"), "eye", TROUBLED)
    on_all("cancel", translate("actions", "Cancel"), "ban", CANCELLABLE)
    on_all("remove", translate("actions", "Remove finished"), "trash-2", removable(query))
    return actions


def removable(query: TaskQuery) -> tuple[State, ...]:
    """Return the states of the matching tasks that can be removed."""
    # Without a state in the query: only what succeeded. Other recipients may lack their message.
    shown = frozenset(map(State, query.states)) or {State.SUCCEEDED}
    return tuple(state for state in State if state in shown - OPEN)


def _states(query: TaskQuery | None) -> frozenset[State]:
    return frozenset(map(State, query.states)) if query is not None else frozenset()


SETTLE_MS: Final = 200
"""Milliseconds without a change of the selection before the backend is asked."""
AGAIN_MS: Final = 2000
"""Milliseconds before the backend is asked again about tasks that have changed."""
MOST_FOLLOWED: Final = 1000
"""The most selected tasks whose changes have the backend asked again without a wait."""


class LookingAhead(QObject):
    """Lets the buttons say how many tasks each applies to, as the backend judges it now.

    The tasks' states alone do not tell: for example, a message that was sent again is not retried.
    """

    def __init__(
        self,
        view: str,
        selected: Callable[[], Selected],
        pending: PendingActions,
        source: ApiSource,
        jobs: Jobs,
        parent: QObject,
    ) -> None:
        """Follow the selection of ``view``, which ``selected`` returns."""
        super().__init__(parent)
        self._view = view
        self._selected = selected
        self._pending = pending
        self._source = source
        self._jobs = jobs
        self._asked: object = None
        self._choice: object = None
        self._free_at = 0.0  # when many are counted again at the earliest, by the monotonic clock
        self._revs: dict[int, int] = {}
        self._changes = 0
        self._ticket: Ticket | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_rested)

    def look(self) -> None:
        """Ask once the selection, which has changed, stays the same."""
        self._timer.start(SETTLE_MS)

    def look_again(self) -> None:
        """Ask after a while: the selected tasks may have changed."""
        if self._asked is not None and not self._timer.isActive():
            self._timer.start(AGAIN_MS)

    def _on_rested(self) -> None:
        selected, api = self._selected(), self._source.api
        if selected.count <= 1 or api is None:
            self._asked = None
            self._pending.set_previews({}, self._view)
            return
        rows, revs = selected.rows, {row.id: row.rev for row in selected.rows}
        if any(self._revs.get(number, rev) != rev for number, rev in revs.items()):
            self._changes += 1
        self._revs = revs
        choice = selected.query, [] if selected.query else list(revs), self._pending.of_rows(rows)
        is_large = selected.count > MOST_FOLLOWED  # more rows in memory are no change
        known = None if is_large else list(revs)
        asked = choice, known, self._changes, dict(selected.counts), selected.count
        if asked == self._asked:
            return
        left = self._free_at - time.monotonic()
        if is_large and choice == self._choice and left > 0:
            self._timer.start(round(left * 1000) + 1)
            return
        self._asked, self._choice = asked, choice
        self._free_at = time.monotonic() + AGAIN_MS / 1000
        looks = [look for each in selected.offered if (look := preview_key(each))]
        if self._ticket is not None:
            self._ticket.cancel()
        set_previews = partial(self._pending.set_previews, view=self._view)
        job = Job(_look, api, looks).then(set_previews)
        self._ticket = self._jobs.start(job.otherwise(lambda _: None))  # the states alone must do


def _look(api: Api, looks: Sequence[PreviewKey]) -> dict[PreviewKey, BulkAnswer]:
    """Ask the backend what each action would do."""
    found: dict[PreviewKey, BulkAnswer] = {}
    for deed, which in looks:
        given = (list(which), None) if isinstance(which, tuple) else (None, which)
        found[deed, which] = api.many.preview(cast("BulkAction", deed), *given)
    return found
