"""Follows the backend: makes its client, its event stream, and the notice about it."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.api import Api
from desktop.client.backend_state import Away, Finishing, GaveUp, Gone, Ready, ServerFault

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.client.backend_state import BackendState
    from desktop.client.stream import EventStream, Listener
    from desktop.gui.frame.main_window import MainWindow


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
