"""*Pause sending ▾*: a button that pauses all queues, and a menu that pauses single ones."""

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
    """Emits ``pause_chosen`` or ``resume_chosen`` for all queues; its arrow opens ``menu``."""

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
        """Offer to resume if sending is paused, or else to pause."""
        if paused != self._paused:
            self._paused = paused
            self._on_theme_changed(self._themes.theme)

    def set_brief(self, brief: bool) -> None:
        """Show only the icon, or the text as well."""
        self._is_brief = brief
        self._on_theme_changed(self._themes.theme)

    def toggle(self) -> None:
        """Emit ``resume_chosen`` if sending is paused, or else ``pause_chosen``."""
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
        self.button.setAccessibleName(words)
        self.button.setToolTip(what.format(keys=keys))
        picture = "play" if self._paused else "pause"
        icons.put(self.button, picture, theme.color("text"), theme)
        self.button.ensurePolished()
        widths = map(self._width_of, (pause, resume))  # its neighbours must not move
        self.button.setMinimumWidth(0 if self._is_brief else max(widths))
        self.button.setText("" if self._is_brief else words)
        self.dress(theme)

    def _width_of(self, words: str) -> int:
        self.button.setText(words)
        return self.button.sizeHint().width()


class QueueMenu(QMenu):
    """Lists the queues as of the last :meth:`show_queues`.

    ``pause_chosen`` and ``resume_chosen`` carry the name of a queue.
    """

    pause_chosen = Signal(str)
    resume_chosen = Signal(str)

    def __init__(self, themes: ThemeSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self.show_words(self.tr("Reading the queues…"))

    def show_queues(self, queues: Sequence[Queue]) -> None:
        """List the queues, each to pause or to resume; the highlighted entry stays highlighted."""
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
        """Show a sentence in place of the queues."""
        self.clear()
        self.addAction(words).setEnabled(False)

    def _add(self, queue: Queue, now: float) -> None:
        name, paused = queue["name"], queue["paused"] is not None
        verb = self.tr("Resume {}") if paused else self.tr("Pause {}")
        title = verb.format(queue_title(name)).replace("&", "&&").replace("\t", " ")
        # Text after the tab is aligned to the right, like the shortcuts of other menus.
        action = self.addAction(f"{title}\t{queue_words(queue, now)}")
        action.setData(name)
        chosen = self.resume_chosen if paused else self.pause_chosen
        action.triggered.connect(lambda: chosen.emit(name))
        theme = self._themes.theme
        picture = "play" if paused else "pause"
        action.setIcon(icons.qicon(picture, theme.color("soft text"), theme))
