"""The desk, the half of a window that shows one thing at a time: a new item, a task, a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QStackedWidget, QWidget

from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import BackButton
from desktop.gui.kit.widgets.surfaces import Rule, TabChain, stacked, tab_stops_in
from desktop.gui.kit.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.frame.halves import Halves


NEEDS_YOU: Final = 18
"""The last rank of a sentence that a narrow window says above the desk."""


class DeskForm(QWidget):
    """The form with which the desk begins.

    ``changed`` says that something was typed or emptied, ``wanted`` asks to show the form.
    """

    changed = Signal()
    wanted = Signal()

    def begin(self) -> None:
        """Take the focus, where the next text belongs, if the form is shown."""
        raise NotImplementedError

    def begin_new(self) -> None:
        """Begin again; the typed text is set aside."""
        raise NotImplementedError

    def typed_name(self) -> str:
        """Return the name that is typed."""
        raise NotImplementedError

    def is_empty(self) -> bool:
        """Tell whether nothing is typed."""
        raise NotImplementedError


class DeskMode(NamedTuple):
    """What the desk can show: a ``page``, and its ``name`` for screen readers.

    F6 reaches the ``foot`` after the rest. A page ``begins`` where it wants, or at its first stop.
    Ctrl+Enter ``sends`` what is typed there, also from the list.
    """

    page: QWidget
    name: str
    foot: QWidget | None = None
    begins: Callable[[], object] | None = None
    sends: Callable[[], object] = lambda: None

    def begin(self) -> None:
        """Move the focus to where the page begins."""
        if self.begins is not None:
            self.begins()
        elif (stop := first_stop_in(self.page)) is not None:
            stop.setFocus(Qt.FocusReason.OtherFocusReason)


def first_stop_in(part: QWidget) -> QWidget | None:
    """Return the first widget that Tab reaches in a part while that is shown, maybe itself."""
    by_tab = Qt.FocusPolicy.TabFocus
    ready = (each for each in (part, *part.findChildren(QWidget)) if each.focusPolicy() & by_tab)
    return next((each for each in ready if each.isVisibleTo(part) and each.isEnabled()), None)


class StateLine(ElidedLabel):
    """Says the sentence where its pane is out of sight, up to a ``last`` rank."""

    def __init__(self, last: int) -> None:
        super().__init__()
        self._last = last
        set_role(sized(self, height=(28, 24), margins=(12, 0, 12, 0)), "soft")
        self.say(0, "")

    def say(self, rank: int, words: str) -> None:
        """Say a sentence of a rank, or nothing."""
        self.setText(words)
        self.setVisible(0 < rank <= self._last)


class Desk(QWidget):
    """Shows one of its modes, at first the first one; it knows none of them.

    What is typed in one stays there while another is shown. ``turned`` is emitted when another
    mode is shown, ``back_chosen`` when a person goes back to the list of a narrow window. There,
    ``always`` says what the head of the list says all the time, and ``state`` the sentence.
    """

    turned = Signal()
    back_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.modes: dict[QWidget, DeskMode] = {}
        self._stack = QStackedWidget()
        self.back = BackButton(self.tr("Back to the list (Esc)"))
        self.back.clicked.connect(self.back_chosen)
        self._top = QWidget()
        self._top.setProperty("area", "bar")
        self._top.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = sized(QHBoxLayout(), margins=(8, 4, 8, 4), spacing=8)
        self.always = set_role(ElidedLabel(), "heading")
        self.state = StateLine(NEEDS_YOU)
        row.addWidget(self.back)
        row.addWidget(self.state, 1)
        row.addStretch()
        row.addWidget(self.always)
        stacked(self._top, row, Rule())
        self._top.hide()
        stacked(self, self._top, self._stack, filling=self._stack)
        self._chain = TabChain(self.back)

    def add(self, mode: DeskMode) -> None:
        """Add a mode, after the earlier ones in Tab order."""
        stops = tab_stops_in(mode.page)
        group = QGroupBox(flat=True)
        group.setObjectName("mode")
        group.setAccessibleName(mode.name)
        row = QHBoxLayout(group)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch()
        row.addWidget(mode.page, 1)
        row.addStretch()
        self.modes[mode.page] = mode
        self._stack.addWidget(group)
        self._chain.add(stops)

    def leave_out(self, page: QWidget) -> None:
        """Take a mode away for good; what shows it is hidden."""
        del self.modes[page]
        page.hide()
        self.show_page(next(iter(self.modes)))

    def follow(self, halves: Halves) -> None:
        """Show the way back to the list while that is hidden."""
        halves.turned.connect(lambda: self._top.setVisible(halves.is_narrow))

    @property
    def shown(self) -> DeskMode:
        """The mode that is shown."""
        group = self._stack.currentWidget()
        return next(mode for page, mode in self.modes.items() if page.parentWidget() is group)

    def show_page(self, page: QWidget) -> None:
        """Show a mode by its page."""
        if (group := page.parentWidget()) is not None and group is not self._stack.currentWidget():
            self._stack.setCurrentWidget(group)
            self.turned.emit()

    def has_focus(self) -> bool:
        """Tell whether the focus is on the desk."""
        here = self.window().focusWidget()
        return here is not None and self.isAncestorOf(here)
