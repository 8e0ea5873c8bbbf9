"""What keeps the screen true: the state of the backend, and everything its stream brings."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.api import Api
from desktop.client.backend_state import Away, Finishing, GaveUp, Gone, Ready
from desktop.gui.frame.notice_bar import DISMISS, HELD_QUEUE, PAUSED

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.client.backend_state import BackendState
    from desktop.client.stream import EventStream
    from desktop.contract.events import Notice, Stats, TasksEvent
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.table.task_model import TaskModel

AGAIN_AFTER: Final = 1000
"""Milliseconds until the stream begins anew after a defect here ended it."""


class Live(QObject):
    """Hears the supervisor and the event stream and tells the widgets; lives on the loop.

    ``backend_ready`` is emitted when calls can be made (again), ``tasks_changed`` with what the
    stream says of changed rows, ``item_seen`` with their highest item number, ``was_reset`` when
    changes were not told one by one, ``notices_changed`` with the names of all that hold now,
    ``database_damaged`` when no backend can start before it is mended.
    """

    backend_ready = Signal()
    item_seen = Signal(int)
    tasks_changed = Signal(object)
    was_reset = Signal()
    notices_changed = Signal(object)
    database_damaged = Signal()

    def __init__(self, window: MainWindow, model: TaskModel, source: ApiSource) -> None:
        super().__init__(window)
        self._window = window
        self._model = model
        self._source = source
        self._stream: EventStream | None = None
        self._listening: asyncio.Task[None] | None = None
        self._again = QTimer(self, singleShot=True, interval=AGAIN_AFTER)
        self._again.timeout.connect(self._listen)
        self._notices: set[str] = set()
        self._unconfirmed: set[str] = set()
        window.notices.action_chosen.connect(self._on_notice_action)

    # the supervisor's reports

    def backend_changed(self, state: BackendState) -> None:
        """Take the supervisor's report: with the backend its client comes and goes."""
        self._window.parts.strip.set_backend_state(state)
        match state:
            case Ready(backend=backend, own=own):
                self._source.api = Api(backend)
                self._window.closing.ends_backend = own
                self._window.backend_notice.ready()
                self._listen()
                self.backend_ready.emit()
            case Finishing():
                self._forget_backend()
                self._window.backend_notice.finishing()
            case Away():
                self._forget_backend()
                self._window.backend_notice.away()
            case Gone(next_try_in=seconds):
                self._forget_backend()
                self._window.backend_notice.gone(seconds)
            case GaveUp(damaged=True):
                self._forget_backend()
                self._window.backend_notice.ready()  # another bar says more
                self.database_damaged.emit()
            case GaveUp(reason=reason):
                self._forget_backend()
                self._window.backend_notice.gave_up(reason)

    async def stop(self) -> None:
        """End the stream and the client."""
        listening = self._listening
        self._forget_backend()
        if listening is not None:
            await asyncio.wait({listening})

    def _listen(self) -> None:
        # httpx takes 0.1 s to import; whoever shows the window has it imported by now.
        from desktop.client.stream import EventStream

        self._stream = self._stream or EventStream(self)
        if self._source.api is not None:
            self._listening = asyncio.ensure_future(self._stream.run(self._source.api.backend))
            self._listening.add_done_callback(self._on_stream_ended)

    def _on_stream_ended(self, task: asyncio.Task[None]) -> None:
        """Show the defect that ended the stream, and begin anew: the table must not stand still."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            sys.excepthook(type(error), error, error.__traceback__)
            self._stream = None
            self._again.start()

    def _forget_backend(self) -> None:
        self._again.stop()
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None
        if self._source.api is not None:
            self._source.api.close()
            self._source.api = None

    # the stream's listener

    def connected(self) -> None:
        """Begin to hear: every notice that still holds is told again first."""
        self._unconfirmed = set(self._notices)

    def disconnected(self) -> None:
        """Wait for the stream to resume; the supervisor says if the backend is gone."""

    def reset(self) -> None:
        """Load what is on screen anew."""
        self._model.reset()
        self._window.parts.detail.reload()
        self.was_reset.emit()

    def tasks(self, event: TasksEvent) -> None:
        """Pass changed rows to the table and the detail."""
        self._model.apply(event)
        self._window.parts.detail.apply(event)
        self.tasks_changed.emit(event)
        newest = max((row["item_id"] or 0 for row in event["rows"]), default=0)
        if newest:
            self.item_seen.emit(newest)

    def stats(self, stats: Stats) -> None:
        """Pass the counts on; notices not told again by now were taken back while unheard."""
        for name in self._unconfirmed:
            self._window.notices.take_back(name)
        if self._unconfirmed:
            self._notices -= self._unconfirmed
            self._unconfirmed = set()
            self.notices_changed.emit(frozenset(self._notices))
        self._window.parts.chips.set_stats(stats)
        self._window.parts.table.selection.set_stats(stats)
        held = any(name.startswith((HELD_QUEUE, PAUSED)) for name in self._notices)
        self._window.parts.strip.set_stats(stats, held=held)
        self._window.show_stats(stats)

    def notice(self, notice: Notice) -> None:
        """Show a notice or take it back."""
        self._unconfirmed.discard(notice["id"])
        if notice["active"]:
            self._notices.add(notice["id"])
        else:
            self._notices.discard(notice["id"])
        self._window.notices.apply(notice)
        self.notices_changed.emit(frozenset(self._notices))

    def _on_notice_action(self, name: str, action: str) -> None:
        """Put away the bar of a notice that was read; it still holds."""
        if action == DISMISS and name in self._notices:
            self._window.notices.take_back(name)
