"""Carries out actions on many tasks, with a progress bar, *Stop*, and the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.api import new_key
from desktop.client.errors import BackendGone, TooSlow
from desktop.gui.actions.tasks.task_calls import outcome_of, remaining_of
from desktop.gui.frame.notices.bar import DISMISS, BarText
from desktop.gui.jobs import Job
from desktop.gui.tasks.words.states import error_words
from desktop.gui.tasks.words.verbs import (
    KEEP,
    SEND,
    link_words,
    outcome_words,
    result,
    retried_words,
    under_way,
)
from desktop.gui.widgets.lists.live_rows import Rereading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.client.api import ApiSource, TaskQuery
    from desktop.contract.tasks import BulkAction, BulkAnswer, BulkProgress
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.jobs import Jobs
    from desktop.gui.tasks.words.verbs import RetryOutcome

LINE: Final = 1000
"""An action on more tasks than this has a progress bar."""
LOOK_MS: Final = 300
"""Milliseconds between two updates of the progress."""
SECONDS: Final = 8
"""Seconds that a result is shown and can be undone."""
FOLLOWED: Final = 5_000
"""The most tasks whose outcome is followed: their numbers go into one query."""
TRIES: Final = frozenset({"retry", "again"})
NAME: Final = "many tasks"
"""The prefix of names of progress bars."""
STOP: Final = "stop"
SHOW: Final = "show_failed"
UNDO: Final = "undo"


@dataclass(eq=False)
class ManyAction:
    """An action on many tasks under way.

    ``said`` is the verb whose texts are used, ``back`` undoes it for the tasks in the answer.
    """

    verb: BulkAction
    said: str
    ids: list[int] | None
    query: TaskQuery | None
    key: str
    icon: str
    back: Callable[[list[int]], object] | None = None
    has_line: bool = False
    is_to_stop: bool = False

    @property
    def name(self) -> str:
        """The name of its progress bar."""
        return f"{NAME} {self.key}"


class ManyTasks(QObject):
    """Acts on many tasks; more than ``LINE`` of them have a progress bar.

    The outcome of tasks that were tried again is shown once each has had its attempt, and as long
    as one of them needs a person. ``ended`` carries the key of an action that has ended, the verb
    of its texts, and the tasks in the answer. ``settled`` carries a cause and the outcome of its
    tasks.
    """

    ended = Signal(str, str, list)
    settled = Signal(str, str)

    def __init__(self, window: MainWindow, source: ApiSource, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._source = source
        self._jobs = jobs
        self._actions: dict[str, ManyAction] = {}
        self._backs: dict[str, Callable[[], object]] = {}  # by bar
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._look_at_all)
        self._tried: dict[str, tuple[int, ...]] = {}  # the tasks, by bar
        self._begun: dict[str, Toast] = {}  # the toasts about tasks tried again, by bar
        self._outcomes: dict[str, RetryOutcome] = {}  # the outcomes shown, by bar
        self._about: dict[str, str] = {}  # what the tasks belong to, by bar
        self._cause: dict[str, str] = {}  # the tasks' common cause, by bar
        self._sent: set[str] = set()  # the bars of messages that were not tried before
        self.changes = Rereading(window, self._look_at_tried, elsewhere=True)
        window.notices.action_chosen.connect(self._on_chosen)

    def act(
        self,
        verb: BulkAction,
        ids: list[int] | None,
        query: TaskQuery | None,
        icon: str,
        said: str = "",
        key: str = "",
        back: Callable[[list[int]], object] | None = None,
    ) -> None:
        """Carry out a verb for the tasks of these numbers, or for all that match.

        *Undo* calls ``back`` with the tasks that were changed, if any.
        """
        action = ManyAction(verb, said or verb, ids, query, key or new_key(), icon, back)
        self._actions[action.name] = action
        self._ask(action)
        self._look.start()

    def tell(self, said: str, ids: Sequence[int], icon: str, about: str) -> None:
        """Say that these tasks, retried by another call, are tried again, and later their outcome.

        ``about`` names what they belong to.
        """
        name = f"{NAME} {new_key()}"
        self._about[name] = about
        words = self._named(name, result(said, {"touched": len(ids), "skipped": []}))
        self._begun[name] = self._window.toasts.show(words, icon=icon, seconds=SECONDS)
        self._follow(name, ids)

    def carry_out_now(self) -> dict[str, Callable[[], object]]:
        """Return, by key, calls that wait for the actions under way, before the window ends."""
        actions = [each for each in self._actions.values() if not each.is_to_stop]
        self._actions.clear()
        calls = {each.key: self._call(each) for each in actions}
        return {key: call for key, call in calls.items() if call is not None}

    def _call(self, action: ManyAction) -> Callable[[], BulkAnswer] | None:
        """Return the call of an action; a repeated call continues the first one."""
        api = self._source.api
        given = action.ids, action.query
        return None if api is None else partial(api.many.act, action.verb, *given, key=action.key)

    def _ask(self, action: ManyAction) -> None:
        call = self._call(action)
        if call is None:
            self._on_failed(action, BackendGone())
            return
        failed = partial(self._on_failed, action)
        self._jobs.start(Job(call).then(partial(self._on_done, action)).otherwise(failed))

    def _ask_again(self, action: ManyAction) -> None:
        if action.name in self._actions:
            self._ask(action)

    def _look_at_all(self) -> None:
        api = self._source.api
        if api is None:
            return
        for action in self._actions.values():
            ask = api.many.stop if action.is_to_stop else api.many.progress
            job = Job(ask, action.key).then(partial(self._on_progress, action))
            self._jobs.start(job.otherwise(lambda _: None))  # it may not have begun yet

    def _on_progress(self, action: ManyAction, progress: BulkProgress) -> None:
        if action.name not in self._actions or progress["is_over"]:
            return
        if progress["total"] > LINE:
            action.has_line = True
            stop = () if action.is_to_stop else ((STOP, self.tr("Stop")),)
            bar = BarText("info", under_way(action.said, progress), stop, icon=action.icon)
            self._window.notices.say(action.name, bar)

    def _on_done(self, action: ManyAction, answer: BulkAnswer) -> None:
        words = result(action.said, answer)
        if action.said in {SEND, KEEP}:
            self._sent.add(action.name)
        if action.is_to_stop:
            words = self.tr("Stopped: {}").format(words)
        icon = "info" if answer["skipped"] else "check"
        self._end(action, words, icon, answer.get("ids", []))
        cause = action.query.cause if action.query is not None else None
        if cause is not None and action.verb in TRIES:
            self._cause[action.name] = cause
        elif cause is not None:
            self.settled.emit(cause, words)
        self._follow(action.name, answer.get("ids", []) if action.verb in TRIES else [])

    def _follow(self, name: str, ids: Sequence[int]) -> None:
        if 0 < len(ids) <= FOLLOWED:
            self._tried[name] = tuple(ids)
        self.changes.note()

    def _look_at_tried(self) -> None:
        """Read the states of the tasks that were tried again."""
        api = self._source.api
        if api is None:
            return
        for name, ids in self._tried.items():
            self._count(Job(outcome_of, api, ids).then(partial(self._on_outcome, name)))
        for name, outcome in self._outcomes.items():
            self._count(Job(remaining_of, api, outcome).then(partial(self._on_remaining, name)))

    def _count(self, job: Job[RetryOutcome]) -> None:
        self._jobs.start(job.otherwise(lambda _: None))  # the next change counts again

    def _on_outcome(self, name: str, outcome: RetryOutcome) -> None:
        """Say the outcome once no task is under way, with a link to those that did not succeed."""
        if outcome.is_under_way or self._tried.pop(name, None) is None:
            return
        outcome = outcome._replace(is_retry=name not in self._sent)
        if (cause := self._cause.pop(name, None)) is not None:
            self.settled.emit(cause, outcome_words(outcome))
        if (begun := self._begun.pop(name, None)) is not None:
            self._window.toasts.close(begun)
        if outcome.failed:
            self._say(name, outcome)
        else:
            words = self._named(name, retried_words(outcome))
            self._window.notices.take_back(name)
            self._window.toasts.show(words, icon="circle-check", seconds=SECONDS)

    def _on_remaining(self, name: str, outcome: RetryOutcome) -> None:
        """Say how many tasks still need a person, until none does."""
        if name not in self._outcomes:
            return
        if outcome.failed:
            self._say(name, outcome)
        else:
            del self._outcomes[name]
            self._window.notices.take_back(name)

    def _say(self, name: str, outcome: RetryOutcome) -> None:
        self._outcomes[name] = outcome
        ways_out = ((SHOW, link_words(outcome)),)
        words = self._named(name, retried_words(outcome))
        bar = BarText("info", words, ways_out, "rotate-cw", dismissible=True)
        self._window.notices.say(name, bar)

    def _named(self, name: str, words: str) -> str:
        """Put the name of what the tasks belong to before ``words``, if known."""
        about = self._about.get(name)
        return f"{about} · {words}" if about else words

    def _on_failed(self, action: ManyAction, error: Exception) -> None:
        if isinstance(error, TooSlow) and action.name in self._actions:
            self._ask(action)  # the action is still under way
            return
        if isinstance(error, BackendGone) and action.name in self._actions:
            # It may have been done or not: with the same key, the repeated call is harmless.
            self._source.once_back(action.key, partial(self._ask_again, action))
            return
        self._end(action, error_words(error), "triangle-alert")

    def _end(self, action: ManyAction, words: str, icon: str, done_to: Sequence[int] = ()) -> None:
        """Say what was done, in its progress bar or a toast, with *Undo* if possible."""
        self._actions.pop(action.name, None)
        self.ended.emit(action.key, action.said, [*done_to])
        if not self._actions:
            self._look.stop()
        back = partial(action.back, [*done_to]) if action.back and done_to else None
        undo = "" if back is None else self.tr("Undo")
        if not action.has_line:
            toast = self._window.toasts.show(words, icon=icon, seconds=SECONDS, action=undo)
            if back is not None:
                toast.action_chosen.connect(back)
            elif action.verb in TRIES:
                self._begun[action.name] = toast
            return
        self._window.notices.take_back(action.name)
        picture = "circle-check" if icon == "check" else icon
        ways_out = () if back is None else ((UNDO, undo),)
        has_worked = icon != "triangle-alert"
        bar = BarText("info", words, ways_out, picture, dismissible=True, passes=has_worked)
        self._window.notices.say(action.name, bar)
        if back is not None:
            self._backs[action.name] = back

    def _on_chosen(self, name: str, chosen: str) -> None:
        if chosen == STOP and name in self._actions:
            self._actions[name].is_to_stop = True
            self._look_at_all()
        elif chosen in {DISMISS, UNDO, SHOW} and name.startswith(NAME):
            self._window.notices.take_back(name)
            outcome = self._outcomes.pop(name, None)
            if chosen == SHOW and outcome is not None:
                self._window.views.show_tasks(self.tr("Tried again"), ids=outcome.failed)
            back = self._backs.pop(name, None)
            if chosen == UNDO and back is not None:
                back()
