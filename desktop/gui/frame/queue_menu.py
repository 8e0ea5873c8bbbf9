"""The menu of queues: each with how it is, to pause or resume."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.gui.look import icons
from desktop.gui.queue_words import queue_title, queue_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.queues import Queue
    from desktop.gui.look.appearance import ThemeSource


class QueueMenu(QMenu):
    """Shows the queues as they were last read, until :meth:`show_queues` brings them anew.

    ``pause_chosen`` and ``resume_chosen`` carry a queue's name.
    """

    pause_chosen = Signal(str)
    resume_chosen = Signal(str)

    def __init__(self, themes: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self.show_words(self.tr("Reading the queues…"))

    def show_queues(self, queues: Sequence[Queue]) -> None:
        """Show each queue with what can be done to it; the entry the keys are on stays."""
        names = [action.data() for action in self.actions()]
        chosen = self.activeAction()
        place = names.index(chosen.data()) if chosen is not None else -1
        self.clear()
        now = time.time()
        for queue in queues:
            self._add(queue, now)
        if not queues:
            self.show_words(self.tr("There are no queues yet."))
        elif 0 <= place < len(queues):
            self.setActiveAction(self.actions()[place])

    def show_words(self, words: str) -> None:
        """Say something instead of the queues."""
        self.clear()
        self.addAction(words).setEnabled(False)

    def _add(self, queue: Queue, now: float) -> None:
        name, paused = queue["name"], queue["paused"] is not None
        verb = self.tr("Resume {}") if paused else self.tr("Pause {}")
        title = verb.format(queue_title(name)).replace("&", "&&").replace("\t", " ")
        # What follows the tab stands at the right, where other menus have their keys.
        action = self.addAction(f"{title}\t{queue_words(queue, now)}")
        action.setData(name)
        chosen = self.resume_chosen if paused else self.pause_chosen
        action.triggered.connect(lambda: chosen.emit(name))
        theme = self._themes.theme
        picture = "play" if paused else "pause"
        action.setIcon(icons.qicon(picture, theme.color("soft text"), theme.px(16)))
