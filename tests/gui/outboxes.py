"""An outbox for a part of the window whose wishes are not kept on disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.gui.link.drafts import DraftBox
from desktop.gui.link.outbox import Outbox

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import ApiSource


def outbox_of(window: MainWindow, source: ApiSource) -> Outbox:
    """Show what is refused as the window does."""
    return Outbox(source, DraftBox(Path()), source.jobs, window.notes.warn, window)


def silent_outbox(parent: QObject, source: ApiSource) -> Outbox:
    """Show nothing of what is refused."""
    return Outbox(source, DraftBox(Path()), source.jobs, lambda _: None, parent)
