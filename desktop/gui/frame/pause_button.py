"""*Pause sending ▾*: the button for everything, its menu of queues, and what it says of each."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.gui.look import icons
from desktop.gui.tasks.words.queues import queue_words
from desktop.gui.tasks.words.reasons import queue_title
from desktop.gui.widgets.buttons import SplitButton

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.queues import Queue
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme


PAUSE_KEYS = "Ctrl+Shift+P"


class PauseButton(SplitButton):
    """``pause_chosen`` and ``resume_chosen`` mean everything; the arrow beside opens ``menu``."""

    pause_chosen = Signal()
    resume_chosen = Signal()

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self._themes = themes
        self._paused = False
        self._is_brief = False
        self.menu = QueueMenu(themes, self)
        self.set_menu(self.menu, self.tr("Pause or resume one queue"))
        self.button.clicked.connect(self.toggle)
        themes.changed.connect(self._on_theme_changed)
        self._on_theme_changed(themes.theme)

    def show_paused(self, paused: bool) -> None:
        """Offer to resume, or to pause."""
        if paused != self._paused:
            self._paused = paused
            self._on_theme_changed(self._themes.theme)

    def set_brief(self, brief: bool) -> None:
        """Leave the words out where there is no room for them."""
        self._is_brief = brief
        self._on_theme_changed(self._themes.theme)

    def toggle(self) -> None:
        """Ask for the other of the two."""
        (self.resume_chosen if self._paused else self.pause_chosen).emit()

    def _on_theme_changed(self, theme: Theme) -> None:
        pause, resume = self.tr("Pause sending"), self.tr("Resume sending")
        words = resume if self._paused else pause
        what = (
            self.tr("Start tasks again ({keys})")
            if self._paused
            else self.tr("No new task starts until you resume ({keys}). Running tasks finish.")
        )
        keys = QKeySequence(PAUSE_KEYS).toString(QKeySequence.SequenceFormat.NativeText)
        self.button.setText("" if self._is_brief else words)
        self.button.setAccessibleName(words)
        self.button.setToolTip(what.format(keys=keys))
        picture = "play" if self._paused else "pause"
        icons.put(self.button, picture, theme.color("text"), theme)
        self.button.ensurePolished()
        needs = self.button.fontMetrics().horizontalAdvance
        lacks = max(map(needs, (pause, resume))) - needs(words)
        width = self.button.sizeHint().width() + lacks  # what stands beside it does not move
        self.button.setMinimumWidth(0 if self._is_brief else width)
        self.dress(theme)


class QueueMenu(QMenu):
    """Shows the queues as they were last read, until :meth:`show_queues` updates them.

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
        action.setIcon(icons.qicon(picture, theme.color("soft text"), theme))
