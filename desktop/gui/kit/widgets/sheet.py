"""A titled pane over the right of the window, with its halves, its foot and the question there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.kit.look.appearance import LOOK, bind_theme, px, set_font, set_role, sized
from desktop.gui.kit.widgets.buttons import ActionButton, HintedButton, IconButton
from desktop.gui.kit.widgets.card import turn
from desktop.gui.kit.widgets.surfaces import Rule, bring_into_sight, drop, scrolled, stacked
from desktop.gui.kit.widgets.texts import ElidedLabel, Paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PySide6.QtGui import (
        QHideEvent,
        QKeyEvent,
        QMouseEvent,
        QResizeEvent,
        QShowEvent,
    )


STRIP: Final = 160
"""Minimum strip of the host that stays visible, in units of the grid; or the sheet covers all."""
PASSING: Final = "passing"
"""The property of widgets that disappear by themselves: the focus never returns to them."""
_MOVES: Final = {QEvent.Type.Resize, QEvent.Type.ShowToParent, QEvent.Type.HideToParent}
ENTER: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
BESIDE: Final = 640
"""Width, in units of the grid, from which the buttons stand beside the sentence."""
SAID: Final = (200, 54)
"""Maximum height of the sentence, in units of the grid; a longer one scrolls above the buttons."""
LEAST_WIDTH: Final = 400
"""Minimum width of the right half beside the left one, in units of the grid."""
LEAST_HEIGHT: Final = 300
"""Minimum height of a half above or below the other, in units of the grid."""


class Sheet(QFrame):
    """A titled pane over the right of ``host``, ``width`` units of the grid wide.

    If that would cover the whole host, or a part of ``beside`` on its left, the sheet is narrower,
    down to ``least``; below that it covers the whole host. Otherwise it begins under what is given
    to :meth:`keep_under`, if there is one, and a veil dims what is beside it. Escape, a press there
    or the cross closes it and gives the focus back to its origin, or to ``home()`` if that is gone.
    While the sheet is open, Ctrl+Enter calls ``ctrl_enter``, unless the focus is in another form.
    Its content goes into ``body``, or into :meth:`add_scrolled`, its buttons into ``foot``.
    """

    closed = Signal()

    def __init__(self, width: int, host: QWidget, least: int = 0) -> None:
        super().__init__(host)
        self._host = host
        self._width = width
        self._least = least or width
        self._came_from: QWidget | None = None
        self.home: Callable[[], QWidget] | None = None
        self.beside: QWidget | None = None
        self._shelf: QWidget | None = None
        self._veil = Veil(host)
        self._veil.pressed.connect(self.close)
        self.ctrl_enter: Callable[[], None] | None = None
        self._default: QPushButton | None = None
        self._area: QScrollArea | None = None
        self.setObjectName("sheet")
        self._title = set_font(set_role(ElidedLabel(), "title"), 15, QFont.Weight.DemiBold)
        cross = IconButton(self.tr("Close"), "x", self.tr("Close (Esc)"))
        cross.clicked.connect(self.close)
        self.body = sized(QVBoxLayout(), margins=(20, 12, 20, 12), spacing=12)
        self.foot = sized(QHBoxLayout(), margins=(20, (12, 5), 20, (12, 5)), spacing=8)
        self.head = sized(QHBoxLayout(), margins=(20, (8, 3), 12, (8, 3)))
        self.head.addWidget(self._title, 1)
        self.head.addWidget(cross)
        self.foot_rule = Rule()
        stacked(self, self.head, Rule(), self.body, self.foot_rule, self.foot, filling=self.body)
        self.hide()
        host.installEventFilter(self)
        LOOK.changed.connect(self._place)

    def add_scrolled(self, *parts: QWidget, filling: bool = False) -> None:
        """Put parts into the body, one below the other; they scroll if there is little room.

        If they are ``filling``, the last one takes what room is left.
        """
        inside = QWidget()
        scrolling = sized(QVBoxLayout(inside), margins=(20, 12, 20, 12), spacing=12)
        sized(self.body, margins=0)
        for part in parts:
            scrolling.addWidget(part, filling and part is parts[-1])
        scrolling.addStretch(not filling)
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

    def keep_under(self, shelf: QWidget) -> None:
        """Begin under ``shelf``, at the top of the host."""
        self._shelf = shelf
        shelf.installEventFilter(self)

    def open(self) -> None:
        """Show the sheet and move the focus into it."""
        if self.isHidden():
            self._came_from = self.window().focusWidget()
            self.foot_rule.setVisible(self.foot.count() > 0)
            self._place()
            self.show()
        self._veil.raise_()
        self.raise_()
        self.focus_first()

    def focus_first(self) -> None:
        """Focus the sheet; one with fields overrides this to focus the first."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """Return the parts that F6 reaches in turn."""
        return [self]

    def set_default(self, button: QPushButton) -> None:
        """Let Enter press ``button`` from every field that does not handle the key itself."""
        self._default = button

    def add_default(self, word: str, slot: Callable[[], object]) -> HintedButton:
        """Add a button at the end of the foot, which Enter presses."""
        button = HintedButton(word, QKeySequence("Return"))
        button.clicked.connect(lambda: slot())
        self.set_default(button)
        self.foot.addStretch(1)
        self.foot.addWidget(button)
        return button

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
        room = self._host.width()
        beside = room - px(STRIP)
        width = min(px(self._width), beside) if beside >= px(self._least) else room
        form = self.beside
        if form is not None and not form.isHidden() and (rest := room - form.width()) < width:
            width = rest if rest >= px(self._least) else room
        top = self._shelf.height() if self._shelf is not None and width < room else 0
        self.setGeometry(room - width, top, width, self._host.height() - top)
        left = 0 if form is None or form.isHidden() else form.width() + 1
        self._veil.setGeometry(left, top, max(0, self.x() - left), self.height())

    def showEvent(self, event: QShowEvent) -> None:
        """Dim what is beside."""
        super().showEvent(event)
        self._veil.show()

    def hideEvent(self, event: QHideEvent) -> None:
        """Take the veil away, too."""
        super().hideEvent(event)
        self._veil.hide()


class Veil(QWidget):
    """Dims the view beside a sheet; a press on it is ``pressed``."""

    pressed = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setProperty("area", "veil")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell of a press."""
        event.accept()
        self.pressed.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ignore the second press of what opened the sheet."""
        event.accept()


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


class FootQuestion(QWidget):
    """A question shown in the place of ``instead_of`` until it is answered."""

    def __init__(self, instead_of: QWidget) -> None:
        super().__init__()
        self._instead_of = instead_of
        self._came_from: QWidget | None = None
        self._words = Paragraph()
        self.buttons: list[QPushButton] = []
        self._row = sized(QHBoxLayout(), spacing=8)
        self._row.addStretch(1)
        column = sized(QVBoxLayout(self), margins=0, spacing=8)
        column.addWidget(self._words)
        column.addLayout(self._row)
        self.hide()

    def ask(self, words: str, answers: Sequence[tuple[str, Callable[[], object] | None]]) -> None:
        """Ask; ``answers`` are button texts with their actions. The last one is the primary button.

        An answer with ``None`` only cancels the question, as Escape does. The first of two stands
        apart at the left: there is no other button where a person looks for *Skip*.
        """
        if self.isHidden():
            self._came_from = QApplication.focusWidget()
            self._instead_of.hide()
        self._words.setText(words)
        self.setAccessibleName(words)
        for button in self.buttons:
            drop(button)
        self.buttons = [self._button(word, follows) for word, follows in answers]
        if len(self.buttons) == 2:
            self._row.insertWidget(0, self.buttons[0])
        self.buttons[-1].setProperty("role", "primary")
        self.show()
        self.buttons[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_about_changes(self, discard: Callable[[], object], save: Callable[[], object]) -> None:
        """Ask whether to save or discard unsaved changes; Escape keeps editing."""
        answers = (
            (self.tr("Keep editing"), None),
            (self.tr("Discard"), discard),
            (self.tr("Save"), save),
        )
        self.ask(self.tr("You have unsaved changes."), answers)

    def end(self) -> None:
        """Hide the question and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        self._instead_of.show()
        if self._came_from is not None and _takes_keyboard(self._came_from):
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self._came_from = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cancel the question on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        else:
            super().keyPressEvent(event)

    def _button(self, word: str, follows: Callable[[], object] | None) -> QPushButton:
        button = ActionButton(word)
        button.clicked.connect(self.end)
        if follows is not None:
            button.clicked.connect(lambda: follows())
        self._row.addWidget(button)
        return button


class FootWords(QScrollArea):
    """Shows ``words`` as high as they are, up to ``SAID``, so that no button is pushed out."""

    def __init__(self, words: QWidget) -> None:
        super().__init__(widgetResizable=True)
        self._words = words
        words.setProperty("area", "clear")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setWidget(words)
        sized(self, most_height=SAID)

    def heightForWidth(self, width: int) -> int:
        """Return the height of the words, at least a line."""
        words, line = self._words, self.fontMetrics().height()
        return max(words.heightForWidth(width), words.minimumSizeHint().height(), line)

    def sizeHint(self) -> QSize:
        """Ask for the size of the words."""
        return self._words.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Ask for one line: the rest scrolls."""
        return QSize(self._words.minimumSizeHint().width(), self.fontMetrics().height())

    def event(self, event: QEvent) -> bool:
        """Ask for another height when the words change."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)


class FootRow(QBoxLayout):
    """Lays out ``foot``: ``words`` beside ``parts``, or in a line of their own."""

    def __init__(self, foot: QWidget, words: QWidget, parts: Sequence[QWidget]) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight, foot)
        beside = sized(QHBoxLayout(), spacing=8)
        beside.addStretch(1)
        for part in parts:
            beside.addWidget(part)
        sized(self, margins=0, spacing=8)
        self.addWidget(FootWords(words), 1)
        self.addLayout(beside)
        bind_theme(self, "direction", lambda row, _: row.fit(row.geometry().width()))

    def fit(self, width: int) -> None:
        """Choose the layout for a width in logical pixels."""
        turn(self, beside=width >= px(BESIDE))


class TwoColumnScroll(QScrollArea):
    """Shows ``left``, whose content scrolls, and ``right``, with these ``shares`` of the width.

    If the width is too small for both, the right half moves below the left one. Then each is as
    high as its content. What is higher than the window scrolls together, and the focused widget is
    scrolled into sight. ``name`` is the accessible name of the handle between them. ``turned`` is
    emitted when the right half has moved.
    """

    turned = Signal()

    def __init__(
        self, left: QScrollArea, right: QWidget, shares: tuple[int, int], name: str
    ) -> None:
        super().__init__(widgetResizable=True)
        self._left, self._right = left, right
        self._content = left.widget() or left
        self._sizes = list(shares)  # widths while beside each other
        self._line = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._line.setHandleWidth(1)
        self._line.setProperty("area", "clear")
        for half, share in zip((left, right), shares, strict=True):
            self._line.addWidget(half)
            self._line.setStretchFactor(self._line.indexOf(half), share)
        self._line.setSizes(self._sizes)
        self._line.handle(1).setAccessibleName(name)
        self._line.splitterMoved.connect(lambda _place, _handle: self._on_moved())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._line)
        for content in (self._content, right):
            content.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        bind_theme(self, "arranged", lambda halves, _: halves.arrange())

    @property
    def is_below(self) -> bool:
        """Whether the right half is below the left one."""
        return self._line.orientation() == Qt.Orientation.Vertical

    def minimumSizeHint(self) -> QSize:
        """Ask for the height of a line: the rest scrolls."""
        return QSize(super().minimumSizeHint().width(), self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the halves for the new width; less height keeps the focused widget in sight."""
        super().resizeEvent(event)
        self.arrange()
        if event.size().height() < event.oldSize().height():
            self._on_focus_changed(None, QApplication.focusWidget())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrange the halves again when their content changes."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return super().eventFilter(watched, event)

    def arrange(self) -> None:
        """Put the halves beside each other, or one below the other."""
        needed = [self._content.minimumSizeHint().width() + self._bar_width()]
        needed.append(max(self._right.minimumSizeHint().width(), px(LEAST_WIDTH)))
        is_low = self._least_height(needed[1]) > self.height()
        bar = self.verticalScrollBar().sizeHint().width() if is_low else 0
        self._turn(below=sum(needed) + self._line.handleWidth() + bar > self.width())
        for half, width in zip((self._left, self._right), needed, strict=True):
            half.setMinimumWidth(0 if self.is_below else width)
        if self.is_below:
            for half in (self._left, self._right):
                half.setMinimumHeight(self._height_of(half))
        else:
            whole = sum(self._sizes)
            self._left.setMinimumHeight(0)
            self._line.setSizes([self.width() * each // whole for each in self._sizes])
            self._right.setMinimumHeight(self._least_height(self._right.width()))

    def _turn(self, *, below: bool) -> None:
        if below == self.is_below:
            return
        self._line.setOrientation(Qt.Orientation.Vertical if below else Qt.Orientation.Horizontal)
        self.turned.emit()

    def _on_moved(self) -> None:
        """Keep the widths that the person chose; heights in a narrow window are not kept."""
        if not self.is_below:
            self._sizes = self._line.sizes()

    def _height_of(self, half: QWidget) -> int:
        """Return the height of a half above or below the other, in logical pixels."""
        width, layout = self.viewport().width(), half.layout()
        if half is self._left:
            width = max(width - self._bar_width(), self._content.minimumSizeHint().width())
            layout = self._content.layout()
        if layout is None:
            return px(LEAST_HEIGHT)
        needed = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else 0
        return max(needed, layout.totalMinimumSize().height(), px(LEAST_HEIGHT))

    def _least_height(self, width: int) -> int:
        """Return the height at which nothing of the right half is cut in this width."""
        layout = self._right.layout()
        if layout is None or not layout.hasHeightForWidth():
            return 0
        return layout.totalMinimumHeightForWidth(width)

    def _bar_width(self) -> int:
        return self._left.verticalScrollBar().sizeHint().width()

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self in with_ancestors(now):
            self.ensureWidgetVisible(now, 0, px(LEAST_HEIGHT) // 4)  # and the error below it
