"""A titled pane over the right of the window; Escape closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.gui.look import icons
from desktop.gui.widgets.buttons import IconButton
from desktop.gui.widgets.surfaces import Rule, bring_into_sight, scrolled
from desktop.gui.widgets.texts import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QKeyEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

STRIP: Final = 160
"""Minimum strip of the host that stays visible, in units of the grid; or the sheet covers all."""
PASSING: Final = "passing"
"""The property of widgets that disappear by themselves: the focus never returns to them."""
_MOVES: Final = {QEvent.Type.Resize, QEvent.Type.ShowToParent, QEvent.Type.HideToParent}
ENTER: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class Sheet(QFrame):
    """A titled pane over the right of ``host``, ``width`` units of the grid wide.

    If that would cover the whole host, or a part of ``beside`` on its left, the sheet is narrower,
    down to ``least``; below that it covers the whole host. Otherwise it begins under the widget
    given to :meth:`keep_under`. Escape or the cross closes it and gives the focus back to its
    origin, or to ``home()`` if that is gone. While the sheet is open, Ctrl+Enter calls
    ``ctrl_enter``, unless the focus is in another form. Its content goes into ``body``, or into
    :meth:`add_scrolled`, its buttons into ``foot``.
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
        self._scrolling: QVBoxLayout | None = None
        self._area: QScrollArea | None = None
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

    def add_scrolled(self, *parts: QWidget, filling: bool = False) -> None:
        """Put parts into the body, one below the other; they scroll if there is little room.

        If they are ``filling``, the last one takes what room is left.
        """
        inside = QWidget()
        self._scrolling = QVBoxLayout(inside)
        for part in parts:
            self._scrolling.addWidget(part, filling and part is parts[-1])
        self._scrolling.addStretch(not filling)
        self._area = scrolled(inside)
        self.body.addWidget(self._area)

    def bring_into_sight(self, *said: QWidget) -> None:
        """Scroll to messages that were just shown; the last one has priority."""
        if self._area is not None:
            bring_into_sight(self._area, *said)

    def set_title(self, title: str) -> None:
        """Set the title."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def keep_under(self, above: QWidget) -> None:
        """Keep a widget visible that comes and goes at the top of the host."""
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

    def focus_first(self) -> None:
        """Focus the sheet; one with fields overrides this to focus the first."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_default(self, button: QPushButton) -> None:
        """Let Enter press ``button`` from every field that does not handle the key itself."""
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
        """Return the focus to its origin, or to ``home()`` if that is gone."""
        origin, self._came_from = self._came_from, None
        back = origin if origin is not None and _takes_keyboard(origin) else None
        if back is None and self.home is not None:
            back = self.home()
        if back is not None:
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        px, low = theme.px, theme.height
        self.setStyleSheet(
            f"#sheet {{ background: {theme.color('surface').name()};"
            f" border-left: 1px solid {theme.color('line').name()}; }}"
        )
        self._head.setContentsMargins(px(20), low(8, low=3), px(12), low(8, low=3))
        self.body.setContentsMargins(px(20), px(12), px(20), px(12))
        self.body.setSpacing(px(12))
        if self._scrolling is not None:
            self._scrolling.setContentsMargins(self.body.contentsMargins())
            self._scrolling.setSpacing(px(12))
            self.body.setContentsMargins(0, 0, 0, 0)
        self.foot.setContentsMargins(px(20), low(12, low=5), px(20), low(12, low=5))
        self.foot.setSpacing(px(8))
        icons.put(self._cross, "x", theme.color("soft text"), theme)
        self._cross.setFixedWidth(px(32))
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Escape; on Enter press the focused button, or the default one."""
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
        """Follow changes of the host and of the widget above."""
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
    """Tell whether a widget can take the focus and will not disappear by itself."""
    if not (shiboken6.isValid(widget) and widget.isVisible() and widget.isEnabled()):
        return False
    return not any(each.property(PASSING) for each in with_ancestors(widget))


def with_ancestors(widget: QWidget | None) -> Iterator[QWidget]:
    """Yield a widget and its ancestors, up to its window."""
    while widget is not None:
        yield widget
        widget = widget.parentWidget()
