"""The editor of a number: typed, or stepped by keys and two buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.gui.look import icons
from desktop.gui.run.argument_words import label_words
from desktop.gui.run.arguments import ArgumentKind
from desktop.gui.run.editors import TextEditor

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.run.arguments import Argument

_KEYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}


class NumberEditor(TextEditor):
    """A number of any size; the up and down keys step by one, page up and page down by ten."""

    def __init__(self, argument: Argument, themes: ThemeSource) -> None:
        label = label_words(argument)
        both = QWidget()
        super().__init__(argument, themes, both)
        self.less, self.more = QPushButton(), QPushButton()
        self._row = QHBoxLayout(both)
        self._row.setContentsMargins(0, 0, 0, 0)
        for button, words, by in (
            (self.less, self.tr("Less: {}"), -1),
            (self.more, self.tr("More: {}"), 1),
        ):
            button.setAccessibleName(words.format(label))
            button.setAutoRepeat(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys do the same
            button.clicked.connect(lambda _=False, by=by: self.step(by))
            self._row.addWidget(button)
        self.field.editor.installEventFilter(self)

    def step(self, by: int) -> None:
        """Add to the number, within its bounds; without a number start at 0."""
        argument, text = self.argument, self.field.text().strip()
        new: float
        try:
            new = (int(text) if argument.kind is ArgumentKind.WHOLE else _number(text)) + by
        except (ValueError, OverflowError):
            new = 0
        new = max(new, new if argument.least is None else argument.least)
        new = min(new, new if argument.most is None else argument.most)
        self.field.replace(str(int(new) if new == int(new) else round(new, 10)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Step on the arrow and page keys."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            by = _KEYS.get(Qt.Key(event.key()))
            if by is not None:
                self.step(by)
                return True
        return super().eventFilter(watched, event)

    def dress(self, theme: Theme) -> None:
        """Take the sizes and colours of a theme."""
        super().dress(theme)
        self._row.setSpacing(theme.px(4))
        for button, picture in ((self.less, "chevron-down"), (self.more, "chevron-up")):
            icons.put(button, picture, theme.color("soft text"), theme)
            button.setFixedWidth(theme.px(32))


def _number(text: str) -> float:
    try:
        return int(text)
    except ValueError:
        return float(text)
