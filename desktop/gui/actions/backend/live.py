"""Passes the event stream on to the widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.contract.reasons import OUTAGES
from desktop.gui.frame.notices.bars import DISMISS
from desktop.gui.frame.notices.notice_words import HELD_QUEUE, PAUSED, stops_in_brief

if TYPE_CHECKING:
    from desktop.contract.events import BatchesEvent, Notice, Stats, TasksEvent
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.tasks.task_model import TaskModel


class Live(QObject):
    """The ``Listener`` of the event stream: updates widgets and emits a signal for each event.

    ``tasks_changed`` and ``batches_changed`` carry the events about tasks and batches,
    ``stats_changed`` the counts, ``notice_came`` each notice, ``notices_changed`` all active
    notices by name. ``was_reset`` is emitted when changes were missed, ``functions_changed`` when
    other tasks may be registered, ``index_followed`` when searches may find more, ``heard`` when
    the stream begins (again), ``was_cut`` when it ends.
    """

    tasks_changed = Signal(object)
    batches_changed = Signal(object)
    was_reset = Signal()
    notices_changed = Signal(object)
    stats_changed = Signal(object)
    notice_came = Signal(object)
    functions_changed = Signal()
    index_followed = Signal()
    heard = Signal()
    was_cut = Signal()

    def __init__(self, window: MainWindow, model: TaskModel) -> None:
        super().__init__(window)
        self._window = window
        self.model = model
        self._notices: dict[str, Notice] = {}
        self._unconfirmed: set[str] = set()
        self._put_away: dict[str, Notice] = {}  # they stay hidden while their text stays the same
        window.notices.action_chosen.connect(self._on_notice_action)

    def connected(self) -> None:
        """Note that the stream begins; it repeats all active notices first."""
        self._unconfirmed = set(self._notices)
        self.heard.emit()

    def disconnected(self) -> None:
        """Note that the stream has ended; the supervisor checks whether the backend is gone."""
        self._window.parts.strip.be_still()
        self.was_cut.emit()

    def reset(self) -> None:
        """Read everything on screen again."""
        self.model.reset()
        self._window.parts.detail.reload()
        self.was_reset.emit()

    def tasks(self, event: TasksEvent) -> None:
        """Pass changed rows to the table and the detail."""
        self.model.apply(event)
        self._window.parts.detail.apply(event)
        self.tasks_changed.emit(event)

    def batches(self, event: BatchesEvent) -> None:
        """Pass changed batches on."""
        self.batches_changed.emit(event)

    def stats(self, stats: Stats) -> None:
        """Pass the counts on; drop the notices that the stream did not repeat."""
        for name in self._unconfirmed:
            self._window.notices.take_back(name)
        if self._unconfirmed:
            for name in self._unconfirmed:
                self._notices.pop(name, None)
                self._put_away.pop(name, None)
            self._unconfirmed = set()
            self._show_pauses()
            self.notices_changed.emit({**self._notices})
        parts = self._window.parts
        for counting in (parts.items.chips, parts.items.empty, parts.table.empty):
            counting.count_in_batches(stats["batch_rows"] + stats["paused_rows"])
        parts.chips.set_stats(stats)
        parts.table.selection.set_stats(stats)
        held = any(name.startswith((HELD_QUEUE, PAUSED)) for name in self._notices)
        parts.strip.set_stats(stats, held=held)
        self._window.show_stats(stats)
        self.stats_changed.emit(stats)

    def notice(self, notice: Notice) -> None:
        """Show a notice, or remove it if it is no longer active."""
        self._unconfirmed.discard(notice["id"])
        if notice["active"]:
            self._notices[notice["id"]] = notice
        else:
            self._notices.pop(notice["id"], None)
        if notice["id"].startswith(PAUSED):
            self._show_pauses()
        elif not _is_same(notice, self._put_away.get(notice["id"])):
            self._put_away.pop(notice["id"], None)
            self._apply(notice)
        if notice["id"].startswith(HELD_QUEUE):
            self._show_stops()
        self.notice_came.emit(notice)
        self.notices_changed.emit({**self._notices})

    def functions(self) -> None:
        """Pass on that the registered tasks may have changed."""
        self.functions_changed.emit()

    def search(self) -> None:
        """Read a search again: it may find more."""
        self.model.read_search_again()
        self.index_followed.emit()

    def _show_stops(self) -> None:
        """Show at the foot what is paused or on hold."""
        self._window.parts.strip.show_stops(*stops_in_brief([*self._notices.values()]))

    def _show_pauses(self) -> None:
        """Show what is paused, and update the notices of queues that wait for a server."""
        self._show_stops()
        pauses = [each for name, each in self._notices.items() if name.startswith(PAUSED)]
        self._window.notices.show_pauses(pauses)
        self._window.show_paused(stops_in_brief(pauses)[0])
        for name, notice in self._notices.items():
            if notice.get("reason") in OUTAGES and name not in self._put_away:
                self._apply(notice)

    def _apply(self, notice: Notice) -> None:
        queue = notice["id"].removeprefix(HELD_QUEUE)
        is_paused = PAUSED in self._notices or PAUSED + queue in self._notices
        self._window.notices.apply(notice, is_paused=is_paused)

    def _on_notice_action(self, name: str, action: str) -> None:
        """Hide the bar of a notice that is still active."""
        if action == DISMISS and name in self._notices:
            self._put_away[name] = self._notices[name]
            self._window.notices.take_back(name)


def _is_same(notice: Notice, before: Notice | None) -> bool:
    """Tell whether a notice equals the hidden one; an outage may have another next attempt."""
    if before is None or not notice["active"]:
        return False
    if notice.get("reason") in OUTAGES:
        since = [each.get("reason_data", {}).get("since") for each in (notice, before)]
        return since[0] == since[1] and notice.get("reason") == before.get("reason")
    return notice["text"] == before["text"]
