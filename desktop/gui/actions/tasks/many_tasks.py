"""Carries out actions on many tasks, with a progress bar, *Stop*, and the result."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.api import new_key
from desktop.client.errors import BackendGone, TooSlow
from desktop.contract.tasks import BulkProgress
from desktop.gui.actions.tasks.tried_again import TriedAgain
from desktop.gui.frame.notices.bars import BarText
from desktop.gui.jobs import Job
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.words.states import error_words
from desktop.gui.tasks.words.verbs import SEND, result, under_way

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.client.api import ApiSource, TaskQuery
    from desktop.contract.tasks import BulkAction, BulkAnswer, PendingRow
    from desktop.gui.actions.tasks.announced import Announced
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toast import Toast
    from desktop.gui.jobs import Jobs

LINE: Final = 1000
"""An action on more tasks than this has a progress bar."""
LOOK_MS: Final = 300
"""Milliseconds between two updates of the progress."""
SECONDS: Final = 8
"""Seconds that a result is shown and can be undone."""
TRIES: Final = frozenset({"retry", "again"})
NAME: Final = "many tasks"
"""The prefix of names of progress bars."""
STOP: Final = "stop"
UNDO: Final = "undo"


@dataclass(eq=False)
class ManyAction:
    """An action on many tasks under way.

    ``said`` is the verb whose texts are used, ``back`` undoes it for the tasks in the answer. One
    that has waited in the backend has a ``number`` there.
    """

    verb: BulkAction
    said: str
    ids: list[int] | None
    query: TaskQuery | None
    key: str
    icon: str
    back: Callable[[list[int]], object] | None = None
    number: int | None = None
    has_line: bool = False
    is_to_stop: bool = False

    @property
    def name(self) -> str:
        """The name of its progress bar."""
        return f"{NAME} {self.key}"


class ManyTasks(QObject):
    """Acts on many tasks; more than ``LINE`` of them have a progress bar.

    ``tried`` follows tasks that were tried again. ``ended`` carries the key of an action that has
    ended, the verb of its texts, and the tasks in the answer. ``settled`` carries a cause and the
    outcome of its tasks.
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
        self.tried = TriedAgain(window, source, jobs, self)
        self.tried.settled.connect(self.settled)
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

    def follow(self, wish: Announced, row: PendingRow, icon: str) -> None:
        """Tell how far an action is that has waited in the backend, and what it has done."""
        name, number = f"{NAME} {wish.key}", row["id"]
        query = wish.which.query if isinstance(wish.which, Everything) else None
        verb, key = row["action"], wish.key
        new = ManyAction(verb, wish.said, None, query, key, icon, number=number)
        action = self._actions.setdefault(name, new)
        if row["answer"] is not None:
            self._on_done(action, row["answer"])
        else:
            done, total = row["done"], row["touched"]
            told = BulkProgress(done=done, total=total, touched=done, is_over=False)
            self._on_progress(action, told)

    def carry_out_now(self) -> dict[str, Callable[[], object]]:
        """Return, by key, calls that wait for the actions under way, before the window ends."""
        actions = [each for each in self._actions.values() if not (each.is_to_stop or each.number)]
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
            if action.number is not None:  # the events tell of it
                continue
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
        if action.is_to_stop:
            words = self.tr("Stopped: {}").format(words)
        icon = "info" if answer["skipped"] else "check"
        ids = answer.get("ids", [])
        begun = self._end(action, words, icon, ids)
        cause = action.query.cause if action.query is not None else None
        if action.verb in TRIES:
            is_retry = action.said != SEND
            self.tried.follow(action.name, ids, cause=cause, begun=begun, is_retry=is_retry)
        elif cause is not None:
            self.settled.emit(cause, words)
        self.tried.changes.note()

    def _on_failed(self, action: ManyAction, error: Exception) -> None:
        if isinstance(error, TooSlow) and action.name in self._actions:
            self._ask(action)  # the action is still under way
            return
        if isinstance(error, BackendGone) and action.name in self._actions:
            # It may have been done or not: with the same key, the repeated call is harmless.
            self._source.once_back(action.key, partial(self._ask_again, action))
            return
        self._end(action, error_words(error), "triangle-alert")

    def _end(
        self,
        action: ManyAction,
        words: str,
        icon: str,
        done_to: Sequence[int] = (),
    ) -> Toast | None:
        """Say what was done, in its progress bar or a toast, with *Undo* if possible.

        Returns a toast without *Undo*.
        """
        self._actions.pop(action.name, None)
        self.ended.emit(action.key, action.said, [*done_to])
        if not self._actions:
            self._look.stop()
        back = partial(action.back, [*done_to]) if action.back and done_to else None
        undo = "" if back is None else self.tr("Undo")
        if not action.has_line:
            toast = self._window.toasts.show(words, icon=icon, seconds=SECONDS, action=undo)
            if back is None:
                return toast
            toast.action_chosen.connect(back)
            return None
        self._window.notices.take_back(action.name)
        picture = "circle-check" if icon == "check" else icon
        ways_out = () if back is None else ((UNDO, undo),)
        has_worked = icon != "triangle-alert"
        bar = BarText("info", words, ways_out, picture, dismissible=True, passes=has_worked)
        self._window.notices.say(action.name, bar)
        if back is not None:
            self._backs[action.name] = back
        return None

    def _on_chosen(self, name: str, chosen: str) -> None:
        if chosen == STOP and name in self._actions:
            action = self._actions[name]
            action.is_to_stop, api = True, self._source.api
            if action.number is not None and api is not None:
                job = Job(api.many.undo, action.number)
                self._jobs.start(job.otherwise(lambda _: None))  # it was over
            self._look_at_all()
        elif chosen != STOP and name.startswith(NAME):
            self._window.notices.take_back(name)
            back = self._backs.pop(name, None)
            if chosen == UNDO and back is not None:
                back()
