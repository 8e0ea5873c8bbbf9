"""Keyboard, pointer and dropped files in the window as a whole."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, cast, runtime_checkable

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.frame.notices.toasts import UNDO_KEYS
from desktop.gui.frame.views import BATCHES, ITEMS, TASKS
from desktop.gui.kit.widgets.buttons import give_key
from desktop.gui.kit.widgets.sheet import with_ancestors

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
    """Guards ``area``, in which one bar replaces another, and a question moves what is below it.

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


class WindowKeys(NamedTuple):
    """The shortcuts that some windows hide: those of items, and those that change something."""

    of_items: list[QAction]
    of_changes: list[QAction]


def give_window_keys(window: MainWindow) -> WindowKeys:
    """Add the shortcuts to a window."""
    bar, views, show = window.top_bar, window.views, window.switch.choose
    begins = [
        give_key(window, "Ctrl+N", translate("keys", "New item"), bar.new_item.click),
        give_key(window, "Ctrl+O", translate("keys", "Import a spreadsheet"), bar.importing.click),
    ]
    of_views = {
        view: give_key(window, keys, words, partial(show, view))
        for view, keys, words in (
            (TASKS, "Ctrl+1", translate("keys", "Show the tasks")),
            (ITEMS, "Ctrl+2", translate("keys", "Show the items")),
            (BATCHES, "Ctrl+3", translate("keys", "Show the batches")),
        )
    }
    for view, key in of_views.items():
        in_words = key.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        views.switch.choice.button(view).setToolTip(f"{key.text()} ({in_words})")
    give_key(window, "Ctrl+F", translate("keys", "Search"), window.search_wanted.emit)
    words = translate("keys", "Next part of the window")
    give_key(window, "F6", words, partial(_focus_next_pane, window))
    words = translate("keys", "Menu of the row or field")
    give_key(window, "Shift+F10", words, _open_menu)
    give_key(
        window, UNDO_KEYS, translate("keys", "Undo what was just done"), window.toasts.act_newest
    )
    return WindowKeys([*begins, of_views[ITEMS], of_views[BATCHES]], begins)


def _focus_next_pane(window: MainWindow) -> None:
    """Move the focus on: form, view, detail, parts of the open sheet.

    Panes that cannot take it are skipped.
    """
    form, sheets = window.form, window.sheets
    whole: tuple[QWidget, ...] = (form, window.views.shown, *window.panes)
    panes = [
        pane
        for pane in whole
        if pane.isVisible() and _takes_focus(pane) and not sheets.lie_over(pane)
    ]
    if (sheet := sheets.on_top()) is not None:
        panes += sheet.panes()
    here = QApplication.focusWidget()
    inside = [here is pane or pane.isAncestorOf(here) for pane in panes if here is not None]
    following = panes[(inside.index(True) + 1) % len(panes) if True in inside else 0]
    if following is form:
        form.begin()
    elif following is sheet:
        sheet.focus_first()
    else:
        following.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _open_menu() -> None:
    """Open the context menu of the focused widget, as the menu key does; Qt does not under X11."""
    here = QApplication.focusWidget()
    if here is not None:
        cursor = QRectF(here.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle))
        at = cursor.center().toPoint()
        reason = QContextMenuEvent.Reason.Keyboard
        QApplication.sendEvent(here, QContextMenuEvent(reason, at, here.mapToGlobal(at)))


@runtime_checkable
class LeadsFocus(Protocol):
    """A pane that hands its focus on."""

    @property
    def focus_target(self) -> QWidget:
        """What has the focus of the pane."""


def _takes_focus(pane: QWidget) -> bool:
    """Tell whether a pane can take the focus: what has it for the pane, if any, is visible."""
    inside = pane.focus_target if isinstance(pane, LeadsFocus) else pane.focusProxy()
    return inside is None or inside.isVisible()
