"""Where the focus goes when its widget vanishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.widgets.sheets.sheet import with_ancestors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class KeyboardKeeper(QObject):
    """Moves the focus to ``home()`` when its widget is hidden, disabled or deleted.

    Qt moves it to the next widget in Tab order, which may be a button that sends. Inside one of
    ``places``, where a person types, Qt's choice is kept. Code that sets the focus itself is left
    alone.
    """

    def __init__(
        self,
        app: QApplication,
        window: QWidget,
        places: Callable[[], Sequence[QWidget]],
        home: Callable[[], QWidget],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._places = places
        self._home = home
        self._had: list[QWidget] = []
        app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        is_here = new is not None and new.window() is self._window  # not in a dialog
        had, self._had = self._had, list(with_ancestors(new)) if is_here else []
        if new is None or not self._had or not had or _can_type(had[0]):
            return
        place = next((each for each in self._places() if each in had), None)
        if place is None or place not in self._had:
            QTimer.singleShot(0, self, lambda: self._bring_home(new))

    def _bring_home(self, landed: QWidget) -> None:
        home = self._home()
        if QApplication.focusWidget() is landed and home.isVisible():
            home.setFocus(Qt.FocusReason.OtherFocusReason)


def _can_type(widget: QWidget) -> bool:
    return shiboken6.isValid(widget) and widget.isVisible() and widget.isEnabled()
