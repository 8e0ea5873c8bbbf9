"""The form at the left of a window, as wide as the person made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtWidgets import QApplication, QPushButton, QSplitter, QWidget

from desktop.gui.kit.look.appearance import LOOK

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent


SHARE: Final = 0.4
"""Largest fraction of the window's width for the form, unless the person widens it."""
NARROW: Final = 640
"""Width of the window, in units of the grid, below which an empty form is folded away."""
USUAL: Final = 292
"""Width of the form, in units of the grid, until the person chooses another."""


class SavedPart(Protocol):
    """A part of the window whose state is saved."""

    def saveState(self) -> QByteArray:  # noqa: N802
        """Return the state."""

    def restoreState(self, state: QByteArray) -> bool:  # noqa: N802
        """Bring back what ``saveState`` gave."""


class LeftForm(QWidget):
    """The form at the left of a window; ``changed`` says that something was typed or emptied."""

    changed = Signal()
    fold_button: QPushButton

    def begin(self) -> None:
        """Take the focus, where the next text belongs."""
        raise NotImplementedError

    def begin_new(self) -> None:
        """Begin again; the typed text is set aside."""
        raise NotImplementedError

    def is_empty(self) -> bool:
        """Tell whether nothing is typed."""
        raise NotImplementedError


class SideBySide(QSplitter):
    """Keeps the form, at the left, as wide as the person made it, relative to the text size.

    It takes at most ``SHARE`` of the width, unless the person gave it more. In a window that is
    narrow for its text size, the form is folded away until it is asked for or holds something; then
    it has a cross that folds it.
    """

    def __init__(self, form: LeftForm, beside: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._form = form
        self._wanted = float(USUAL)  # in units of the grid
        self._most = SHARE
        self._is_narrow = self._is_folded = False
        for each in (form, beside):
            self.addWidget(each)
        self.setStretchFactor(1, 1)
        self.setHandleWidth(1)
        self.splitterMoved.connect(self._on_moved)
        form.changed.connect(self._on_form_changed)
        form.fold_button.clicked.connect(self._fold)
        LOOK.changed.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow the form with the window, and widen it again."""
        super().resizeEvent(event)
        if self.isVisible():
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Fold the form away in a window that opens narrow."""
        super().showEvent(event)
        self._fit()

    def saveState(self) -> QByteArray:  # noqa: N802
        """Return the form's wanted width."""
        return QByteArray(b"%f" % self._wanted)

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:  # noqa: N802
        """Restore a state of ``saveState``."""
        known = bytes(state.data() if isinstance(state, QByteArray) else state)
        is_told = known.replace(b".", b"", 1).isdigit()
        if is_told:
            self._wanted = float(known)
        return is_told

    @property
    def is_folded(self) -> bool:
        """Whether the form is folded away, until it is asked for."""
        return self._is_folded

    def show_form(self) -> bool:
        """Unfold the form; tell whether it is shown."""
        if self._is_folded:
            self._is_folded = False
            self._form.show()
            self._fit()
        return not self._form.isHidden()

    def leave_form_out(self) -> None:
        """Hide the form for good."""
        self._is_folded = False
        self._form.hide()

    def close_form(self) -> bool:
        """On Escape in the form, fold it away if the window is narrow; tell whether it was."""
        here = QApplication.focusWidget()
        may_fold = self._is_narrow and here is not None and self._form.isAncestorOf(here)
        if may_fold:
            self._fold()
        return may_fold

    def _fold(self) -> None:
        self._is_folded = True
        self._form.hide()

    def _follow_width(self) -> None:
        """Fold the form away when the window gets narrow, unless something is typed in it."""
        was_narrow, self._is_narrow = self._is_narrow, self.width() < LOOK.theme.px(NARROW)
        self._form.fold_button.setVisible(self._is_narrow)
        if not self._is_narrow:
            self.show_form()
        elif not was_narrow and self._form.is_empty() and not self._form.isHidden():
            self._fold()

    def _fit(self) -> None:
        """Give the form its wanted width, as far as the window allows."""
        self._follow_width()
        if not self._form.isHidden():
            whole = sum(self.sizes())
            width = min(LOOK.theme.px(self._wanted), round(whole * self._most))
            self.setSizes([width, whole - width])

    def _on_form_changed(self) -> None:
        """Unfold the form when *Undo* or a draft fills it."""
        if self._is_folded and not self._form.is_empty():
            self.show_form()

    def _on_moved(self) -> None:
        left, right = self.sizes()
        self._wanted = left / LOOK.theme.scale
        self._most = max(SHARE, left / max(1, left + right))
