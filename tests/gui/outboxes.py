"""Outboxes that keep nothing on disk, and a folder of drafts that shows what a kill leaves."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from desktop.gui.link.drafts import DraftBox
from desktop.gui.link.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import ApiSource


def outbox_of(window: MainWindow, source: ApiSource) -> Outbox:
    """Show what is refused as the window does."""
    return Outbox(source, DraftBox(Path()), source.jobs, window.notes.warn, window)


def silent_outbox(parent: QObject, source: ApiSource) -> Outbox:
    """Show nothing of what is refused."""
    return Outbox(source, DraftBox(Path()), source.jobs, lambda _: None, parent)


class WatchedBox(DraftBox):
    """A folder of drafts; after each write, ``left`` has what a kill would leave then."""

    def __init__(self, folder: Path, left_now: Callable[[DraftBox], set[Any]]) -> None:
        super().__init__(folder)
        self.folder, self.left_now = folder, left_now
        self.left: list[set[Any]] = []
        self._one_by_one = RLock()
        for name in ("save", "save_form", "free_form", "save_typed", "drop"):
            setattr(self, name, partial(self._write, getattr(self, name)))

    def _write(self, write: Any, *what: Any) -> None:
        with self._one_by_one:
            write(*what)
            self.left.append(self.left_now(self))

    def look(self) -> None:
        """Note what a kill would leave now."""
        with self._one_by_one:
            self.left.append(self.left_now(self))
