"""A titled pane over the right of the window, which Escape closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.gui.look import icons
from desktop.gui.widgets.buttons import IconButton
from desktop.gui.widgets.surfaces import Rule
from desktop.gui.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QKeyEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

STRIP: Final = 160
"""Units of the grid that a sheet leaves of what it covers, or it covers all: words would be cut."""
PASSING: Final = "passing"
"""The property of what goes by itself: the keyboard is never given back to it."""
_MOVES: Final = {QEvent.Type.Resize, QEvent.Type.ShowToParent, QEvent.Type.HideToParent}
ENTER: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class Sheet(QFrame):
    """A titled pane over the right of ``host``, ``width`` units of the grid wide.

    Where that would cover all of the host, or cut through ``beside`` on its left, it is narrower,
    down to ``least``. It begins under ``above``, unless it covers all.
    Escape or the cross closes it and gives the keyboard back, or to ``home()`` where it came from
    is gone. While it is open Ctrl+Enter calls ``ctrl_enter``, also where the keyboard is elsewhere
    but not in a form. What it holds goes into ``body``, its buttons into ``foot``.
    """

    closed = Signal()

    def __init__(self, width: int, host: QWidget, themes: ThemeSource, least: int = 0) -> None:
        super().__init__(host)
        self._host = host
        self._width = width
        self._least = least or width
        self._themes = themes
        self._came_from: QWidget | None = None
        self.home: Callable[[], QWidget] | None = None
        self.beside: QWidget | None = None
        self._above: QWidget | None = None
        self.ctrl_enter: Callable[[], None] | None = None
        self._default: QPushButton | None = None
        self.setObjectName("sheet")
        self._title = ElidedLabel()
        self._title.setProperty("role", "title")
        self._cross = IconButton(self.tr("Close"), self.tr("Close (Esc)"))
        self._cross.clicked.connect(self.close)
        self.body = QVBoxLayout()
        self.foot = QHBoxLayout()
        self._head = QHBoxLayout()
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self._cross)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._head)
        whole.addWidget(Rule())
        whole.addLayout(self.body, 1)
        self.foot_rule = Rule()
        whole.addWidget(self.foot_rule)
        whole.addLayout(self.foot)
        self.hide()
        host.installEventFilter(self)
        themes.changed.connect(self.dress)

    def set_title(self, title: str) -> None:
        """Say what the sheet is for."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def keep_under(self, above: QWidget) -> None:
        """Leave in sight what comes and goes at the top of the host."""
        self._above = above
        above.installEventFilter(self)

    def open(self) -> None:
        """Show the sheet and move the focus into it."""
        if self.isHidden():
            self._came_from = self.window().focusWidget()
            self.foot_rule.setVisible(self.foot.count() > 0)
            self.dress(self._themes.theme)
            self._place()
            self.show()
        self.raise_()
        self.focus_first()

    def foot_top(self) -> int:
        """Return where its buttons begin, from its top."""
        return self.height() if self.foot_rule.isHidden() else self.foot_rule.y()

    def focus_first(self) -> None:
        """Put the focus where typing begins; a sheet with fields says where."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_default(self, button: QPushButton) -> None:
        """Have Enter press ``button`` from every field that has no use for the key itself."""
        self._default = button

    def close(self) -> bool:
        """Hide the sheet and give the focus back."""
        if self.isHidden():
            return True
        self._give_focus_back()
        self.hide()
        self.closed.emit()
        return True

    def _give_focus_back(self) -> None:
        """Return the keyboard to where it came from; where that is gone, to ``home``."""
        origin, self._came_from = self._came_from, None
        back = origin if origin is not None and _takes_keyboard(origin) else None
        if back is None and self.home is not None:
            back = self.home()
        if back is not None:
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        px = theme.px
        self.setStyleSheet(
            f"#sheet {{ background: {theme.color('surface').name()};"
            f" border-left: 1px solid {theme.color('line').name()}; }}"
        )
        self._head.setContentsMargins(px(20), px(8), px(12), px(8))
        self.body.setContentsMargins(px(20), px(12), px(20), px(12))
        self.body.setSpacing(px(12))
        self.foot.setContentsMargins(px(20), px(12), px(20), px(12))
        self.foot.setSpacing(px(8))
        icons.put(self._cross, "x", theme.color("soft text"), theme)
        self._cross.setFixedWidth(px(32))
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close at Escape; press the button that has the focus, or the default one, at Enter."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in ENTER:
            focus = self.focusWidget()
            pressed = focus if isinstance(focus, QPushButton) else self._default
            if pressed is not None and not event.isAutoRepeat():
                pressed.click()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep to the right when the host is resized, and under what is above."""
        if event.type() in _MOVES:
            self._place()
        return False

    def _place(self) -> None:
        px, room = self._themes.theme.px, self._host.width()
        beside = room - px(STRIP)
        width = min(px(self._width), beside) if beside >= px(self._least) else room
        form = self.beside
        if form is not None and not form.isHidden() and (rest := room - form.width()) < width:
            width = rest if rest >= px(self._least) else room
        above = self._above
        is_under = above is not None and not above.isHidden() and width < room
        top = above.height() if above is not None and is_under else 0
        self.setGeometry(room - width, top, width, self._host.height() - top)


def _takes_keyboard(widget: QWidget) -> bool:
    """Tell whether a widget is still there, and is not of a kind that is about to go."""
    if not (shiboken6.isValid(widget) and widget.isVisible() and widget.isEnabled()):
        return False
    return not any(each.property(PASSING) for each in with_ancestors(widget))


def with_ancestors(widget: QWidget | None) -> Iterator[QWidget]:
    """Give a widget, what it is in, and so on up to its window."""
    while widget is not None:
        yield widget
        widget = widget.parentWidget()
