"""What keeps the screen true: everything the event stream brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.contract.reasons import OUTAGES
from desktop.gui.frame.notices.bar import DISMISS
from desktop.gui.frame.notices.notice_words import HELD_QUEUE, PAUSED, pauses_in_brief

if TYPE_CHECKING:
    from desktop.contract.events import BatchesEvent, Notice, Stats, TasksEvent
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.tasks.task_model import TaskModel


class Live(QObject):
    """Hears the event stream and tells the widgets; a ``Listener``.

    ``tasks_changed`` is emitted with what the stream says of changed rows, ``batches_changed`` with
    what it says of batches, ``was_reset`` when changes were not told one by one,
    ``notices_changed`` with all that hold now by their names, ``stats_changed`` with the counts,
    ``notice_came`` with each notice as it comes, ``functions_changed`` when other tasks may be
    registered, ``heard`` when the stream is there (again), ``was_cut`` when it is no more.
    """

    tasks_changed = Signal(object)
    batches_changed = Signal(object)
    was_reset = Signal()
    notices_changed = Signal(object)
    stats_changed = Signal(object)
    notice_came = Signal(object)
    functions_changed = Signal()
    heard = Signal()
    was_cut = Signal()

    def __init__(self, window: MainWindow, model: TaskModel) -> None:
        super().__init__(window)
        self._window = window
        self.model = model
        self._notices: dict[str, Notice] = {}
        self._unconfirmed: set[str] = set()
        self._put_away: dict[str, Notice] = {}  # they stay closed while they say the same
        window.notices.action_chosen.connect(self._on_notice_action)

    def connected(self) -> None:
        """Begin to hear: every notice that still holds is told again first."""
        self._unconfirmed = set(self._notices)
        self.heard.emit()

    def disconnected(self) -> None:
        """Wait for the stream to resume; the supervisor asks whether the backend is gone."""
        self._window.parts.strip.be_still()
        self.was_cut.emit()

    def reset(self) -> None:
        """Load what is on screen again."""
        self.model.reset()
        self._window.parts.detail.reload()
        self.was_reset.emit()

    def tasks(self, event: TasksEvent) -> None:
        """Pass changed rows to the table and the detail."""
        self.model.apply(event)
        self._window.parts.detail.apply(event)
        self.tasks_changed.emit(event)

    def batches(self, event: BatchesEvent) -> None:
        """Pass batches that changed on."""
        self.batches_changed.emit(event)

    def stats(self, stats: Stats) -> None:
        """Pass the counts on; notices not told again by now were taken back while unheard."""
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
        """Show a notice or take it back."""
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
        self.notice_came.emit(notice)
        self.notices_changed.emit({**self._notices})

    def functions(self) -> None:
        """Pass on that the registered tasks are to be read again."""
        self.functions_changed.emit()

    def _show_pauses(self) -> None:
        """Say what is paused, and again of queues that wait for a server what follows."""
        pauses = [each for name, each in self._notices.items() if name.startswith(PAUSED)]
        self._window.notices.show_pauses(pauses)
        brief, which = pauses_in_brief(pauses)
        self._window.parts.strip.show_pauses(brief, which)
        self._window.show_paused(brief)
        for name, notice in self._notices.items():
            if notice.get("reason") in OUTAGES and name not in self._put_away:
                self._apply(notice)

    def _apply(self, notice: Notice) -> None:
        queue = notice["id"].removeprefix(HELD_QUEUE)
        is_paused = PAUSED in self._notices or PAUSED + queue in self._notices
        self._window.notices.apply(notice, is_paused=is_paused)

    def _on_notice_action(self, name: str, action: str) -> None:
        """Put away the bar of a notice that was read; it still holds."""
        if action == DISMISS and name in self._notices:
            self._put_away[name] = self._notices[name]
            self._window.notices.take_back(name)


def _is_same(notice: Notice, before: Notice | None) -> bool:
    """Tell whether a notice says what was put away: of an outage, only its next attempt moved."""
    if before is None or not notice["active"]:
        return False
    if notice.get("reason") in OUTAGES:
        since = [each.get("reason_data", {}).get("since") for each in (notice, before)]
        return since[0] == since[1] and notice.get("reason") == before.get("reason")
    return notice["text"] == before["text"]
