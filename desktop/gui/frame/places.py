"""The places: what the left half of a window lists in place of the tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QWidget
from shiboken6 import isValid

from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import BackButton
from desktop.gui.kit.widgets.surfaces import Rule, TabChain, stacked, tab_stops_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from desktop.gui.frame.desk import Desk, DeskMode
    from desktop.gui.frame.halves import Halves


class WindowPlace(QWidget):
    """A list with a head and a sentence of its own, and ``mode``: what the desk shows beside it.

    ``rows`` are what F6 and Escape lead to, ``search`` is its own, if it has one. While it is open,
    :meth:`undo` is called by Ctrl+Z. ``opening`` and ``leaving`` ask the window; ``closed``
    follows.
    """

    opening = Signal()
    leaving = Signal()
    closed = Signal()
    mode: DeskMode
    rows: QWidget
    search: QLineEdit | None = None

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.back = BackButton(self.tr("Back to the tasks (Esc)"))
        self.back.clicked.connect(self.close)

    def stand_under(self, name: str, rows: QWidget, *parts: QWidget) -> None:
        """Lay out the rows under a head: *Back*, the name of the place, and its other parts."""
        head = sized(QHBoxLayout(), margins=(8, 4, 12, 4), spacing=8)
        head.addWidget(self.back)
        head.addWidget(set_role(QLabel(name), "heading"))
        head.addStretch(1)
        for each in parts:
            head.addWidget(each, 8)
        stacked(self, head, Rule(), rows, filling=rows)

    @property
    def is_open(self) -> bool:
        """Whether it is what the left half lists."""
        return not self.isHidden()

    def open(self) -> None:
        """Show it, and move the focus into it."""
        self.opening.emit()
        self.focus_first()

    def close(self) -> bool:
        """Go back; nothing is asked."""
        if self.is_open:
            self.leaving.emit()
            self.closed.emit()
        return True

    def focus_first(self) -> None:
        """Focus what is to be done first."""
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def attaches(self) -> Callable[[Sequence[str]], object] | None:
        """Return what attaches dropped files, if they can be attached here."""
        return None

    def undo(self) -> bool:
        """Take back what was last done here; tell whether there was anything."""
        return False


class Places(QStackedWidget):
    """Shows ``home``, the tasks, or a place with its mode of the desk."""

    def __init__(self, home: QWidget, desk: Desk) -> None:
        super().__init__()
        self._home, self._desk = home, desk
        self._rows = home
        self._chain = TabChain()
        self._way: list[_Step] = []  # that led to the place that is open
        self.halves: Halves | None = None
        self.addWidget(home)

    def begin(self, rows: QWidget, stops: Iterable[QWidget]) -> None:
        """Begin with the ``rows`` of the tasks, and the stops of Tab there."""
        self._rows = rows
        self._chain.add(stops)

    def add(self, place: WindowPlace) -> None:
        """Add a place; Tab reaches it after the tasks, and before the desk."""
        stops = tab_stops_in(place)
        self.addWidget(place)
        self._chain.add(stops)
        self._desk.add(place.mode)
        place.opening.connect(lambda: self._open(place))
        place.leaving.connect(lambda: self._leave(place))

    @property
    def rows(self) -> QWidget:
        """The rows that the left half lists."""
        return self._rows if self.shown is None else self.shown.rows

    @property
    def shown(self) -> WindowPlace | None:
        """The place that is open."""
        here = self.currentWidget()
        return here if isinstance(here, WindowPlace) else None

    def leave(self) -> bool:
        """Go back by one place; tell whether one was open."""
        place = self.shown
        if place is not None:
            place.close()
        return place is not None

    def go_home(self) -> None:
        """Go back to the tasks."""
        while self.leave():
            pass

    def _open(self, place: WindowPlace) -> None:
        led = [step.place for step in self._way]
        if place in led:
            del self._way[led.index(place) + 1 :]
        else:
            before, focus = self.shown or self._home, self.window().focusWidget()
            page, on_desk = self._desk.shown.page, self._desk.has_focus()
            self._way.append(_Step(place, before, page, focus, on_desk))
        self.setCurrentWidget(place)
        self._desk.show_page(place.mode.page)
        if self.halves is not None:
            self.halves.show_desk(shown=False)

    def _leave(self, place: WindowPlace) -> None:
        here = self.window().focusWidget()
        parts = (place, place.mode.page)
        had_focus = here is None or any(part is here or part.isAncestorOf(here) for part in parts)
        step = self._way.pop()
        self.setCurrentWidget(step.before)
        if self._desk.shown.page is place.mode.page:
            self._desk.show_page(step.page)
        if had_focus:
            if self.halves is not None:
                self.halves.show_desk(shown=step.was_on_desk)
            focus = step.focus
            if focus is not None and isValid(focus) and focus.isVisible():
                focus.setFocus(Qt.FocusReason.OtherFocusReason)
            elif step.was_on_desk:
                self._desk.shown.begin()
            else:
                self.rows.setFocus(Qt.FocusReason.OtherFocusReason)


class _Step(NamedTuple):
    """How a place was opened: from what, and what the desk showed; where the focus was then."""

    place: WindowPlace
    before: QWidget
    page: QWidget
    focus: QWidget | None
    was_on_desk: bool
