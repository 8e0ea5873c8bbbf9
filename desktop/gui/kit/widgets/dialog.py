"""A dialog over the window: as high as its content, and nothing typed is lost by closing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.kit.look.appearance import LOOK, sized
from desktop.gui.kit.widgets.buttons import ActionButton, HintedButton, press_on_enter
from desktop.gui.kit.widgets.questions import ask_about_changes
from desktop.gui.kit.widgets.surfaces import Rule, bring_into_sight, scrolled, stacked

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

_POLICY = Qt.ScrollBarPolicy


class Dialog(QDialog):
    """Asks or shows something over the window of ``parent``, ``width`` units of the grid wide.

    It is as high as its content, or ``height`` units; what the screen has no room for scrolls.
    Escape, the cross and *Close* close it; what is typed by then is asked about first. Enter
    presses the focused button, or the default one.
    """

    closed = Signal()

    def __init__(self, title: str, width: int, parent: QWidget, height: int = 0) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._width, self._height = width, height
        self._default: QPushButton | None = None
        self._area: QScrollArea | None = None
        self.body = sized(QVBoxLayout(), margins=(20, 16, 20, 12), spacing=12)
        self._content: QLayout = self.body
        self.foot = sized(QHBoxLayout(), margins=(20, (12, 5), 20, (12, 5)), spacing=8)
        self.close_button = ActionButton(self.tr("Close"))
        self.close_button.setToolTip(self.tr("Close (Esc)"))
        self.close_button.clicked.connect(self.reject)
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        stacked(self, self.body, Rule(), self.foot, filling=self.body)
        self.finished.connect(self.closed)
        LOOK.changed.connect(self._fit)

    def add_scrolled(self, *parts: QWidget) -> None:
        """Put parts into the body, one below the other; they scroll if the screen is too small."""
        inside = _Content()
        column = sized(QVBoxLayout(inside), margins=(20, 16, 20, 12), spacing=12)
        sized(self.body, margins=0)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        self._content, self._area = column, scrolled(inside)
        self.body.addWidget(self._area)
        inside.laid_out.connect(self._grow)

    def add_default(self, word: str, slot: Callable[[], object]) -> HintedButton:
        """Add a button at the end of the foot, which Enter presses."""
        self._default = button = HintedButton(word, QKeySequence("Return"))
        button.clicked.connect(lambda: slot())
        self.foot.addWidget(button)
        return button

    def bring_into_sight(self, *said: QWidget) -> None:
        """Scroll to messages that were just shown; the last one has priority."""
        if self._area is not None:
            bring_into_sight(self._area, *said)

    def open(self) -> None:
        """Show the dialog and move the focus into it."""
        if self.isHidden():
            for button in self.findChildren(QPushButton):
                button.setAutoDefault(False)  # else Enter would press the first one
            self._fit()
        super().open()
        self.focus_first()

    def focus_first(self) -> None:
        """Focus what the dialog is about; one with fields overrides this."""
        self.close_button.setFocus()

    def has_changes(self) -> bool:
        """Tell whether something typed is not saved; :meth:`save` and :meth:`discard` end that."""
        return False

    def save(self) -> None:
        """Save what is typed, if it is right."""

    def discard(self) -> None:
        """Reset what is typed."""

    def reject(self) -> None:
        """Close, or ask first what becomes of what is typed."""
        if self.has_changes():
            ask_about_changes(self, self._on_discarded, self.save)
        else:
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the focused button, or the default one, on Enter; Qt handles Escape."""
        if not press_on_enter(event, self.focusWidget(), self._default):
            super().keyPressEvent(event)

    def _on_discarded(self) -> None:
        self.discard()
        self.reject()

    def _fit(self) -> None:
        """Take the size that the content needs with the current text size."""
        self.resize(LOOK.theme.px(self._width), self.height())
        self.resize(QSize(self.width(), self._needed()).boundedTo(self._room()))

    def _grow(self) -> None:
        """Take more height for what was just shown; it never shrinks under the pointer."""
        if self.isVisible() and self._needed() > self.height():
            self.resize(QSize(self.width(), self._needed()).boundedTo(self._room()))
            if self._area is not None:  # a bar from before would need more height for itself
                for policy in (_POLICY.ScrollBarAlwaysOff, _POLICY.ScrollBarAsNeeded):
                    self._area.setVerticalScrollBarPolicy(policy)

    def _needed(self) -> int:
        """Return the height at which nothing scrolls, in logical pixels."""
        px, content = LOOK.theme.px, self._content
        width = self.width() if self.isVisible() else px(self._width)
        height = content.totalSizeHint().height()
        if content.hasHeightForWidth():
            height = content.totalHeightForWidth(width)
        return max(height + 1 + self.foot.totalSizeHint().height(), px(self._height))

    def _room(self) -> QSize:
        """Return what the screen has room for, beside the frame."""
        return self.screen().availableSize() - QSize(LOOK.theme.px(8), LOOK.theme.px(40))


class _Content(QWidget):
    """What scrolls in a dialog; ``laid_out`` says that it may need another height."""

    laid_out = Signal()

    def event(self, event: QEvent) -> bool:
        """Tell of each change of the layout."""
        is_done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.laid_out.emit()
        return is_done
