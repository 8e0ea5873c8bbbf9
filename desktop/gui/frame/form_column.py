"""The form at the left of a window: beside the view, or over it where there is little room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QPushButton, QSplitter, QWidget

from desktop.gui.kit.look.appearance import LOOK, px, sized
from desktop.gui.kit.widgets.sheet import Veil

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent


NARROW: Final = 1000
"""Width of the window, in units of the grid, below which the form is a sheet over the view."""
USUAL: Final = 292
"""Width of the form, in units of the grid, until the person chooses another."""
MOST: Final = 480
"""Maximum width of the form, in units of the grid: longer lines are no easier to fill in."""


class SavedPart(Protocol):
    """A part of the window whose state is saved."""

    def saveState(self) -> QByteArray:  # noqa: N802
        """Return the state."""

    def restoreState(self, state: QByteArray) -> bool:  # noqa: N802
        """Bring back what ``saveState`` gave."""


class FormColumn(QWidget):
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

    In a window that is narrow for its text size, the form is a sheet over the left of ``host``,
    under the ``shelf`` of its notices, and folded away until it is asked for. Its cross, a press
    beside it and Escape in it fold it; what is typed stays.
    """

    def __init__(self, form: FormColumn, beside: QWidget, host: QWidget, shelf: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._form, self._host, self._shelf = form, host, shelf
        self._veil = Veil(host)
        sized(form, most_width=MOST)
        self._wanted = float(USUAL)  # in units of the grid
        self._is_narrow = self._is_folded = False
        for each in (form, beside):
            self.addWidget(each)
        self.setStretchFactor(1, 1)
        self.setHandleWidth(1)
        self.splitterMoved.connect(self._on_moved)
        form.changed.connect(self._on_form_changed)
        form.fold_button.clicked.connect(self.uncover)
        self._veil.pressed.connect(self.uncover)
        shelf.installEventFilter(self)
        LOOK.changed.connect(self._fit)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep the form under the notices."""
        if event.type() == QEvent.Type.Resize and self._is_narrow:
            self._fit()
        return False

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
            self.uncover()
        return may_fold

    def uncover(self) -> None:
        """Fold the form away if it lies over the view."""
        if self._is_narrow and not self._form.isHidden():
            self._is_folded = True
            self._form.hide()
            self._veil.hide()

    def _follow_width(self) -> None:
        """Lay the form over the view when the window gets narrow, and back beside it."""
        was_narrow, self._is_narrow = self._is_narrow, self.width() < px(NARROW)
        self._form.fold_button.setVisible(self._is_narrow)
        if was_narrow == self._is_narrow:
            return
        is_left_out = self._form.isHidden() and not self._is_folded
        here = QApplication.focusWidget()
        is_used = here is not None and self._form.isAncestorOf(here) and not self._form.is_empty()
        self._is_folded = self._is_narrow and not is_left_out and not is_used
        if self._is_narrow:
            self._form.setParent(self._host)
        else:
            self.insertWidget(0, self._form)
            self._veil.hide()
        self._form.setHidden(is_left_out or self._is_folded)
        if is_used and here is not None:
            here.setFocus()

    def _fit(self) -> None:
        """Give the form its wanted width, as far as the window allows."""
        self._follow_width()
        if self._form.isHidden():
            return
        whole, top = self.width(), self._shelf.height()
        wanted = min(px(self._wanted), self._form.maximumWidth())
        width = min(max(wanted, self._form.minimumSizeHint().width()), whole)
        if not self._is_narrow:
            self.setSizes([width, whole - width])
            return
        self._form.setGeometry(0, top, width, self.height() - top)
        self._veil.setGeometry(width, top, whole - width, self.height() - top)
        for each in (self._veil, self._form):
            each.show()
            each.raise_()

    def _on_form_changed(self) -> None:
        """Unfold the form when *Undo* or a draft fills it."""
        if self._is_folded and not self._form.is_empty():
            self.show_form()

    def _on_moved(self) -> None:
        self._wanted = self.sizes()[0] / LOOK.theme.scale
