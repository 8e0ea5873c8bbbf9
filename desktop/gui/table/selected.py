"""The selected tasks, in memory or not, and the actions on all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, get_args

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.contract.states import CANCELLABLE, OPEN, RETRYABLE, TROUBLED, State
from desktop.contract.tasks import BulkAction
from desktop.gui.reach import WHOLE, Reach
from desktop.gui.table.task_actions import (
    Everything,
    TaskAction,
    again_verb,
    allowed,
    fitting_actions,
    numbered,
    undoing,
)
from desktop.gui.tasks.words.actions import (
    NOT_BEGUN,
    again_effect,
    again_word,
    done_effect,
    done_word,
    resend_effect,
    retry_word,
)
from desktop.gui.tasks.words.refused import how_many, left_alone_words, skipped_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desktop.client.api import TaskQuery
    from desktop.contract.tasks import BulkAnswer
    from desktop.gui.table.task_actions import Which, Wish
    from desktop.gui.tasks.pending_actions import PendingActions, PreviewKey
    from desktop.gui.tasks.task_row import Row
    from desktop.gui.tasks.words.actions import Retry

translate = QCoreApplication.translate
MOST_PREVIEWED: Final = 1000
"""Most selected tasks for which the backend is asked what an action would do."""
_NOTHING: Final = ("", ())


@dataclass(frozen=True, slots=True)
class Selected:
    """The selection: ``count`` tasks, of which ``rows`` are known.

    If all matching tasks are selected, ``query`` is set and none needs to be known; ``counts`` then
    are their numbers by state, if the query is for states only.
    """

    rows: list[Row]
    count: int
    query: TaskQuery | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    reach: Reach = WHOLE
    pending: PendingActions | None = None

    @property
    def actions(self) -> list[TaskAction]:
        """The actions, the likeliest first, with the numbers that the backend has answered.

        *Send again* to several people comes last.
        """
        seen = {} if self.pending is None else self.pending.previews
        if self.count > MOST_PREVIEWED:
            return _second_last([self._at_most(each) for each in self.offered])
        exact = (
            self._as_previewed(each, seen.get(preview_key(each) or _NOTHING))
            for each in self.offered
        )
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
            return fitting_actions(self.rows, self.reach, self.pending)
        return allowed(_on_all(self, self.query), self.reach)

    def _as_previewed(self, action: TaskAction, answer: BulkAnswer | None) -> TaskAction | None:
        """Give an action its exact number of tasks, and the reason why others are skipped."""
        if answer is None:
            return action if action.most is None else self._at_most(action)
        if not answer.get("is_exact", True):
            return replace(action, text=action.word)
        count, which = answer["touched"], action.which
        if count == 0:
            return None
        if isinstance(which, Everything):
            which = replace(which, count=count)
        left = [skipped_words(answer["skipped"])] if answer["skipped"] else []
        effect = " · ".join([*filter(None, [action.effect]), *left])
        return replace(action, text=numbered(action.word, count), which=which, effect=effect)

    def _at_most(self, action: TaskAction) -> TaskAction:
        """Give an action without an answer of the backend an upper limit: *up to N*."""
        which = action.which
        count = which.count if isinstance(which, Everything) else len(which)
        count = action.most if count is None else count
        if count is None or preview_key(action) is None:
            return action
        said = []  # stays empty if the action is for all selected tasks
        if count < self.count:
            meant, others = self._by_state(which)
            said = [how_many(meant), left_alone_words(others) if others else ""]
        if isinstance(which, Everything):
            which = replace(which, count=None)
        words = translate("actions", "{word} (up to {count})")
        words = words.format(word=action.word, count=QLocale().toString(count))
        effect = " · ".join(filter(None, [action.effect, *said]))
        return replace(action, text=words, which=which, effect=effect)

    def _by_state(self, which: Which) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Count the tasks of an action by state, and the others, as far as they are known."""
        if isinstance(which, Everything):
            known, states = {s: n for s, n in self.counts.items() if n}, which.query.states
            meant = {state: known[state] for state in states if state in known}
            return meant, {state: n for state, n in known.items() if state not in states}
        numbers = frozenset(which)
        meant = Counter(str(row.look) for row in self.rows if row.id in numbers)
        return meant, Counter(str(row.look) for row in self.rows if row.id not in numbers)


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
        now = sum(selected.counts.get(state, 0) for state in states)
        count = min(now, selected.count) if selected.counts else None
        if len(states) == len(shown):
            count = selected.count
        if states and count != 0:
            meant, most = replace(query, states=states, sort="-id"), None
            if verb == "remove" and not TROUBLED.isdisjoint(states):
                most, count = count, None  # of failed and uncertain tasks only seen ones
            if verb == "seen" and query.seen is None:
                # How many of them are seen is unknown here.
                meant, most, count = replace(meant, seen=False), count, None
            which = Everything(meant, count)
            words = text if count is None else numbered(text, count)
            rare = verb == "remove" or (verb == "seen" and len(states) < len(shown))
            actions.append(TaskAction(verb, words, icon, which, effect, text, most, is_rare=rare))

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
