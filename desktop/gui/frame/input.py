"""Keyboard, pointer and dropped files in the window as a whole."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final, cast

import shiboken6
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QObject,
    QPoint,
    QPointF,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.frame.desk import first_stop_in
from desktop.gui.frame.notes import UNDO_KEYS
from desktop.gui.kit.widgets.buttons import ActionButton, give_key
from desktop.gui.kit.widgets.surfaces import focus_in_sight, with_ancestors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QAction

    from desktop.gui.frame.main_window import MainWindow


translate = QCoreApplication.translate
RESTS_MS: Final = 300
"""Milliseconds without a move after which the pointer rests."""
_MOVES: Final = frozenset({QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress})
SETTLES_MS: int = 400
"""Milliseconds a person needs to notice a change and hold back a click."""
_PRESSES: Final = frozenset({
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.ContextMenu,
})  # fmt: skip
AIMED: Final = 24
"""Pixels from its resting place from which the pointer counts as aimed at something new."""


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
        # Not in a dialog, nor in a form that is folded away: that is not hidden meanwhile.
        is_here = new is not None and new.window() is self._window and new.isVisible()
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


class Pointer(QObject):
    """Watches where the pointer of a window rests.

    It filters the native window: a filter on every widget would slow down each event.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._at: QPointF | None = None
        self._rest = QTimer(self, singleShot=True, interval=RESTS_MS)
        window.installEventFilter(self)

    @property
    def moves(self) -> bool:
        """Whether the pointer moves."""
        return self._rest.isActive()

    @property
    def rests_at(self) -> QPointF | None:
        """Where the pointer rests on the screen; ``None`` while it moves or if that is unknown."""
        return None if self.moves else self._at

    def move(self) -> None:
        """Note that the pointer moves."""
        self._rest.start()

    def stop(self) -> None:
        """Note that the pointer rests."""
        self._rest.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the pointer; filter the native window once there is one."""
        if event.type() == QEvent.Type.Show and watched is self._window:
            self._window.windowHandle().installEventFilter(self)
        elif event.type() in _MOVES and watched is not self._window:
            self._at = cast("QMouseEvent", event).globalPosition()
            self.move()
        return False


class ClickGuard(QObject):
    """Guards ``area``, in which one note replaces another, and the sentence moves what is below it.

    A click that began before the change ends as usual. A click on a widget that has not moved
    counts, and so does one after the pointer moved to it: a person who aims at *Stop* has seen it.
    Any other click is dropped and has no effect.
    """

    def __init__(self, app: QApplication, area: QWidget, pointer: Pointer) -> None:
        super().__init__(area)
        self._app = app
        self._area = area
        self._pointer = pointer
        self._rested: QPointF | None = None
        self._stood: dict[QObject, QPoint] = {}
        self._pressed = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self.end)

    def begin(self) -> None:
        """Drop clicks on moved widgets for the next ``SETTLES_MS``."""
        if not SETTLES_MS:
            return
        if not self._rest.isActive():
            there = self._area.findChildren(QWidget)
            self._stood = {each: _place(each) for each in there if each.isVisible()}
            self._app.installEventFilter(self)
        self._rested = self._pointer.rests_at  # also after an earlier change
        self._rest.start(SETTLES_MS)

    def end(self) -> None:
        """Accept clicks again, once the mouse button of a dropped one is released."""
        self._rest.stop()
        self._stood.clear()
        if not self._pressed:
            self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Drop presses in the area that are not aimed, with their releases."""
        kind = event.type()
        if kind in _PRESSES and self._is_inside(watched):
            is_dropped = self._rest.isActive() and not self._is_aimed(watched, event)
            self._pressed = is_dropped and kind != QEvent.Type.ContextMenu
            return is_dropped
        if kind == QEvent.Type.MouseButtonRelease and self._pressed and self._is_inside(watched):
            self._pressed = False
            if not self._rest.isActive():
                self.end()
            return True
        return False

    def _is_aimed(self, watched: QObject, event: QEvent) -> bool:
        """Tell whether a press is meant for the widget that is there now."""
        if watched in self._stood and self._stood[watched] == _place(cast("QWidget", watched)):
            return True
        if self._rested is None or not isinstance(event, QMouseEvent):
            return False
        return (event.globalPosition() - self._rested).manhattanLength() > AIMED

    def _is_inside(self, watched: QObject) -> bool:
        return isinstance(watched, QWidget) and self._area.isAncestorOf(watched)


def _place(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(QPoint())


class SettlingButton(ActionButton):
    """A button that may come to mean something else, or stand elsewhere.

    ``meant`` is emitted for a click once a person can have seen what the button is now.
    """

    meant = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._since = 0.0
        self.clicked.connect(self._on_clicked)

    def settle(self) -> None:
        """Ignore clicks for ``SETTLES_MS``: they are meant for what was here."""
        self._since = time.monotonic()

    def _on_clicked(self) -> None:
        if time.monotonic() - self._since >= SETTLES_MS / 1000:
            self.meant.emit()


def give_window_keys(window: MainWindow) -> list[QAction]:
    """Add the shortcuts to a window; return those that begin something."""
    importing = window.head.importing
    begins = [
        give_key(window, "Ctrl+N", translate("keys", "New item"), window.begin_item),
        give_key(window, "Ctrl+O", translate("keys", "Import a spreadsheet"), importing.click),
    ]
    words = translate("keys", "Back to the list")
    give_key(window, _back_keys(), words, window.leave_desk_or_place)
    give_key(window, "Ctrl+F", translate("keys", "Search"), window.begin_search)
    words = translate("keys", "Next part of the window")
    give_key(window, "F6", words, partial(_focus_next_pane, window))
    words = translate("keys", "Menu of the row or field")
    give_key(window, "Shift+F10", words, _open_menu)
    words = translate("keys", "Undo what was just done")
    give_key(window, UNDO_KEYS, words, partial(_undo, window))
    return begins


def _back_keys() -> list[str]:
    """Return the system's keys for going back, without the one that deletes what is typed."""
    found = QKeySequence.keyBindings(QKeySequence.StandardKey.Back)
    return [each.toString() for each in found if each != QKeySequence(Qt.Key.Key_Backspace)]


def _focus_next_pane(window: MainWindow) -> None:
    """Move the focus on: list, desk, its foot.

    Parts that cannot take it are skipped; in a narrow window the other half is shown.
    """
    mode = window.desk.shown
    ways: dict[QWidget, Callable[[], object]] = {window.places.rows: window.show_rows}
    if first_stop_in(mode.page) is not None:
        ways[mode.page] = partial(window.enter_desk, mode.page)
    if mode.foot is not None and (stop := first_stop_in(mode.foot)) is not None:
        ways[mode.foot] = partial(stop.setFocus, Qt.FocusReason.ShortcutFocusReason)
    here = QApplication.focusWidget()
    inside = [each for each in ways if here and (here is each or each.isAncestorOf(here))]
    parts = [*ways]
    following = parts[(parts.index(inside[-1]) + 1) % len(parts) if inside else 0]
    ways[following]()
    if (there := QApplication.focusWidget()) is not None:
        focus_in_sight(there)


def _undo(window: MainWindow) -> None:
    """Undo what a note offers, or else what was done last in the open place."""
    here = window.places.shown
    window.notes.undo((lambda: False) if here is None else here.undo)


def _open_menu() -> None:
    """Open the context menu of the focused widget, as the menu key does; Qt does not under X11."""
    here = QApplication.focusWidget()
    if here is not None:
        cursor = QRectF(here.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle))
        at = cursor.center().toPoint()
        reason = QContextMenuEvent.Reason.Keyboard
        QApplication.sendEvent(here, QContextMenuEvent(reason, at, here.mapToGlobal(at)))
