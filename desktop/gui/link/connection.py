"""Follows the backend: its client, and the event stream that all rooms hear."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.api import Api
from desktop.contract import batches
from sendoff_tasks.client.health import Away, Ready, ServerFault
from sendoff_tasks.model import events

if TYPE_CHECKING:
    from desktop.contract.office import OfficeStats
    from desktop.gui.link.jobs import ApiSource
    from sendoff_tasks.client.health import BackendState
    from sendoff_tasks.client.stream import EventStream, OnEvent
    from sendoff_tasks.model.events import Notice


AGAIN_AFTER: Final = 1000
"""Milliseconds until the stream starts again after an error in the window ended it."""


class Live(QObject):
    """Hears the event stream, and emits a signal for each event.

    ``tasks_changed``, ``batches_changed`` and ``pending_changed`` carry the events about each,
    ``stats_changed`` the counts, ``notice_came`` each notice, ``notices_changed`` all active
    notices by name.
    ``was_reset`` is emitted when changes were missed, ``functions_changed`` when other tasks may
    be registered, ``index_followed`` when searches may find more, ``heard`` when the stream begins
    (again), ``was_cut`` when it ends.
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

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.notices: dict[str, Notice] = {}
        """The active notices by name."""
        self._unconfirmed: set[str] = set()

    def on_event(self, kind: str, data: Any) -> None:
        """Take an event of the stream."""
        match kind:
            case events.CONNECTED:  # it repeats all active notices first
                self._unconfirmed = set(self.notices)
                self.heard.emit()
            case events.DISCONNECTED:
                self.was_cut.emit()
            case events.RESET:
                self.was_reset.emit()
            case events.TASKS:
                self.tasks_changed.emit(data)
            case batches.BATCHES:
                self.batches_changed.emit(data)
            case events.PENDING_ACTIONS:
                self.pending_changed.emit(data)
            case events.STATS:
                self.stats(data)
            case events.NOTICE:
                self.notice(data)
            case events.FUNCTIONS:
                self.functions_changed.emit()
            case events.SEARCH:
                self.index_followed.emit()

    def stats(self, stats: OfficeStats) -> None:
        """Pass the counts on; drop the notices that the stream did not repeat."""
        gone, self._unconfirmed = self._unconfirmed, set()
        if gone:
            self.notices = {name: told for name, told in self.notices.items() if name not in gone}
            self.notices_changed.emit({**self.notices})
        self.stats_changed.emit(stats)

    def notice(self, notice: Notice) -> None:
        """Pass on a notice that came, or that is no longer active."""
        self._unconfirmed.discard(notice["id"])
        if notice["active"]:
            self.notices[notice["id"]] = notice
        else:
            self.notices.pop(notice["id"], None)
        self.notice_came.emit(notice)
        self.notices_changed.emit({**self.notices})


class BackendLink(QObject):
    """Follows the supervisor's reports: makes and closes the client; ``hear`` takes the events.

    ``state_changed`` carries each report. ``ready`` is emitted whenever calls can be made (again),
    ``was_lost`` when none can be made any more: does a server go on with what it has accepted?
    """

    state_changed = Signal(object)
    ready = Signal()
    was_lost = Signal(bool)

    def __init__(self, source: ApiSource, on_event: OnEvent, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._on_event = on_event
        self._stream: EventStream | None = None
        self._listening: asyncio.Task[None] | None = None
        self._again = QTimer(self, singleShot=True, interval=AGAIN_AFTER)
        self._again.timeout.connect(self._listen)

    def backend_changed(self, state: BackendState) -> None:
        """Handle a report of the supervisor: make or close the client."""
        if isinstance(state, Ready):
            self._source.api = Api(state.backend)
            self.state_changed.emit(state)
            self._listen()
            self.ready.emit()
        else:
            goes_on = isinstance(state, Away) and isinstance(state.missing, ServerFault)
            self._forget_backend(goes_on=goes_on)
            self.state_changed.emit(state)

    async def stop(self) -> None:
        """End the stream and the client."""
        listening = self._listening
        self._forget_backend()
        if listening is not None:
            await asyncio.wait({listening})

    def _listen(self) -> None:
        # httpx takes 0.1 s to import; `Program.main` has imported it by now.
        from sendoff_tasks.client.stream import EventStream

        self._stream = self._stream or EventStream(self._on_event)
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
            self.was_lost.emit(goes_on)
