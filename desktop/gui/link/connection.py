"""Follows the backend: its client, the notice about it, and the event stream for the widgets."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.api import Api
from desktop.client.backend_state import Away, Finishing, GaveUp, Gone, Ready, ServerFault
from desktop.contract.reasons import OUTAGES
from desktop.gui.frame.notices.bars import DISMISS
from desktop.gui.frame.notices.notice_words import HELD_QUEUE, PAUSED, stops_in_brief

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.client.backend_state import BackendState
    from desktop.client.stream import EventStream, Listener
    from desktop.contract.events import BatchesEvent, Notice, PendingEvent, Stats, TasksEvent
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.tasks.table.task_model import TaskModel


class Live(QObject):
    """The ``Listener`` of the event stream: updates widgets and emits a signal for each event.

    ``tasks_changed``, ``batches_changed`` and ``pending_changed`` carry the events about each,
    ``stats_changed`` the counts, ``notice_came`` each notice, ``notices_changed`` all active
    notices by name. ``was_reset`` is emitted when changes were missed, ``functions_changed`` when
    other tasks may be registered, ``index_followed`` when searches may find more, ``heard`` when
    the stream begins (again), ``was_cut`` when it ends.
    """

    tasks_changed = Signal(object)
    batches_changed = Signal(object)
    pending_changed = Signal(object)
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

    def pending(self, event: PendingEvent) -> None:
        """Pass on what waits to be done to tasks."""
        self.pending_changed.emit(event)

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


AGAIN_AFTER: Final = 1000
"""Milliseconds until the stream starts again after an error in the window ended it."""


class BackendLink(QObject):
    """Follows the supervisor's reports; ``listener`` hears the event stream.

    ``ready`` is emitted whenever calls can be made (again), ``database_damaged`` when no backend
    can start before a repair.
    """

    ready = Signal()
    database_damaged = Signal()

    def __init__(self, window: MainWindow, source: ApiSource, listener: Listener) -> None:
        super().__init__(window)
        self._window = window
        self._source = source
        self._listener = listener
        self._stream: EventStream | None = None
        self._listening: asyncio.Task[None] | None = None
        self._again = QTimer(self, singleShot=True, interval=AGAIN_AFTER)
        self._again.timeout.connect(self._listen)

    def backend_changed(self, state: BackendState) -> None:
        """Handle a report of the supervisor: make or close the client."""
        self._window.parts.strip.set_backend_state(state)
        bar = self._window.backend_notice
        match state:
            case Ready(backend=backend, own=own):
                self._source.api = Api(backend)
                self._window.closing.ends_backend = own
                bar.ready()
                self._listen()
                self._window.toasts.hold(is_away=False)
                self.ready.emit()
            case Finishing():
                self._forget_backend()
                bar.finishing()
            case Away(missing=missing):
                self._forget_backend(goes_on=isinstance(missing, ServerFault))
                bar.away(state)
            case Gone(next_try_in=seconds):
                self._forget_backend()
                bar.gone(seconds)
            case GaveUp(damaged=True):
                self._forget_backend()
                bar.ready()  # another bar says more
                self.database_damaged.emit()
            case GaveUp(reason=reason):
                self._forget_backend()
                bar.gave_up(reason)

    async def stop(self) -> None:
        """End the stream and the client."""
        listening = self._listening
        self._forget_backend()
        if listening is not None:
            await asyncio.wait({listening})

    def _listen(self) -> None:
        # httpx takes 0.1 s to import; `Program.main` has imported it by now.
        from desktop.client.stream import EventStream

        self._stream = self._stream or EventStream(self._listener)
        if self._source.api is not None:
            self._listening = asyncio.ensure_future(self._stream.run(self._source.api.backend))
            self._listening.add_done_callback(self._on_stream_ended)

    def _on_stream_ended(self, task: asyncio.Task[None]) -> None:
        """Show the error that ended the stream, and start it again."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            sys.excepthook(type(error), error, error.__traceback__)
            self._stream = None
            self._again.start()

    def _forget_backend(self, *, goes_on: bool = False) -> None:
        self._again.stop()
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None
        if self._source.api is not None:
            self._source.api.close()
            self._source.api = None
            self._window.toasts.hold(is_away=True, goes_on=goes_on)
