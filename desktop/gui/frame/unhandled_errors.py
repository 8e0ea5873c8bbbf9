"""Unhandled errors: each is logged with its traceback and shown to the person as a sentence."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop.builds import was_replaced
from desktop.gui.frame.cases import CaseFact
from desktop.gui.kit.words.states import error_text
from sendoff_tasks.client.errors import ClientError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import WindowNote

DRAFTS: Final = "unsaved"
log = logging.getLogger(__name__)


class UnhandledErrors(QObject):
    """The last resort for errors of slots, coroutines, threads and jobs."""

    _happened = Signal(str)

    def __init__(self, window: MainWindow, log_file: Path) -> None:
        super().__init__(window)
        self._notes, self._cases = window.notes, window.cases
        self.note: WindowNote | None = None
        """What was said last."""
        self._log_file = log_file
        self._before = sys.excepthook, threading.excepthook
        self._happened.connect(self._on_happened, Qt.ConnectionType.QueuedConnection)

    def tell(self, error: BaseException) -> None:
        """Log an error and show its sentence. Callable from any thread."""
        log.error("Unhandled error", exc_info=error)
        if was_replaced():
            return  # its cause may be the missing files: a bar asks for a restart
        if isinstance(error, ClientError):
            self._happened.emit(str(error))
        else:
            words = self.tr(
                "Something went wrong in the window: {error}. The log has the details: {log}"
            )
            what = error_text(error).rstrip(".") or type(error).__name__
            self._happened.emit(words.format(error=what, log=self._log_file))

    def tell_of_drafts(self, error: Exception) -> None:
        """Say why drafts cannot be written; other errors than the disk's are unhandled."""
        if not isinstance(error, OSError):
            self.tell(error)
            return
        self._cases.tell(CaseFact(DRAFTS, why=error_text(error)))

    def forget_drafts(self) -> None:
        """Take back what :meth:`tell_of_drafts` said: they can be written."""
        self._cases.take_back(DRAFTS)

    def catch_all(self) -> None:
        """Install the exception hooks of the process and its threads."""
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_exception
        threading.excepthook = lambda args: self._on_exception(
            args.exc_type, args.exc_value, args.exc_traceback
        )

    def let_go(self) -> None:
        """Restore the hooks before the widgets are deleted."""
        sys.excepthook, threading.excepthook = self._before

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.tell(error if error is not None else kind())

    @Slot(str)
    def _on_happened(self, words: str) -> None:
        self.note = self._notes.warn(words)
