"""The notes and questions above the view, the most urgent on top."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.frame.notices.bars import DISMISS, Bar, BarText
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.widgets.surfaces import scrolled, stacked
from desktop.gui.kit.widgets.texts import announce

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QPushButton

    from desktop.gui.frame.shelf import Shelf


_URGENCY: Final = ("error", "warning", "info")


class NoticeBar(QWidget):
    """Holds bars by name.

    On a shelf it shows one of them: the one asked for, or else the most urgent. *More* opens it:
    all bars are shown, over the view below, until the focus goes elsewhere. A question is shown
    alone. ``changed`` is emitted before other bars are shown.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shelf: Shelf | None = None
        self._is_open = False
        self._asked = ""
        self._shown: list[str] = []
        self.bars: dict[str, Bar] = {}
        self._inside = QWidget()
        self._column = stacked(self._inside)
        self._scroll = scrolled(self._inside)
        stacked(self, self._scroll)
        self.hide()
        LOOK.changed.connect(self._show_bars)
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._on_focus_changed)

    def lie_on(self, shelf: Shelf, host: QWidget) -> None:
        """Place the bars over ``shelf``; opened, they also cover the rest of ``host`` below it."""
        self._shelf = shelf
        self.setParent(host)
        for each in (shelf, host):
            each.installEventFilter(self)

    @property
    def more(self) -> QPushButton:
        """The button of the bar in front that opens all bars, or shows one again."""
        return self.bars[self._front()].more

    def _front(self) -> str:
        """Return the name of the bar that is shown alone; empty without bars."""
        return self._asked if self._asked in self.bars else next(iter(self.names()), "")

    @property
    def _asks(self) -> bool:
        """Whether the bar in front is a question."""
        front = self._front()
        return bool(front and self.bars[front].bar_text.refusal)

    def open(self, is_open: bool) -> None:
        """Show all bars, or one of them on the shelf."""
        self._is_open = is_open
        self._show_bars()
        if is_open:
            self.raise_()

    def say(
        self, name: str, bar_text: BarText, chosen: Callable[[str], object] | None = None
    ) -> None:
        """Show a bar, or change the bar of that name; ``chosen`` is called with its action."""
        bar = self.bars.get(name)
        has_changed = bar is None or bar.bar_text != bar_text
        if bar is None or bar.bar_text.actions != bar_text.actions:
            was_asked = name == self._asked
            self.take_back(name)
            self._asked = name if was_asked else self._asked
            bar = Bar(name, bar_text)
            bar.action_chosen.connect(self.choose)
            bar.more.clicked.connect(lambda: self.open(not self._is_open))
            self.bars[name] = bar
            announce(self, bar_text.text)
        bar.answer = chosen or (lambda _: None)
        bar.say(bar_text)
        if has_changed:
            self._show_bars()

    def choose(self, name: str, action: str) -> None:
        """Choose an action of a bar; the cross also removes the bar."""
        answer = self.bars[name].answer
        if action == DISMISS:
            self.take_back(name)
        answer(action)

    def take_back(self, name: str) -> None:
        """Remove the bar of that name, if any."""
        bar = self.bars.pop(name, None)
        if name == self._asked:
            self._asked, self._is_open = "", False
        if bar is not None:
            bar.setEnabled(False)
            bar.hide()
            self._column.removeWidget(bar)
            bar.deleteLater()
            self._show_bars()

    def names(self) -> list[str]:
        """Return the names of the bars: a question, then by urgency and age."""
        texts = {name: bar.bar_text for name, bar in reversed(self.bars.items())}

        def rank(name: str) -> tuple[bool, int]:
            text = texts[name]
            return not text.refusal, _URGENCY.index(text.level)

        return sorted(texts, key=rank)

    def focus(self, name: str) -> None:
        """Show a bar and focus its first button."""
        self._asked, bar = name, self.bars[name]
        bar.show()
        bar.focus_first()  # before the bar that has the focus is hidden
        self._show_bars()
        bar.focus_first()

    def refuse(self) -> bool:
        """On Escape, refuse the newest question; tell whether there was one."""
        asked = [(name, bar.bar_text.refusal) for name, bar in self.bars.items()]
        asked = [each for each in asked if each[1]]
        if asked:
            self.choose(*asked[-1])
        return bool(asked)

    def minimumSizeHint(self) -> QSize:
        """Ask for the size that the bars need."""
        return self._inside.minimumSizeHint()

    def text(self, name: str) -> str:
        """Return the sentence of a bar."""
        return self.bars[name].bar_text.text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On Escape, refuse a question or show a single bar again."""
        if event.key() != Qt.Key.Key_Escape or not (self._is_open or self._asks):
            super().keyPressEvent(event)
        elif not self.refuse():
            self.open(False)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the place of the shelf."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show}:
            self._show_bars()
        return False

    def _show_bars(self) -> None:
        """Show one bar or all of them, and update *More*."""
        names = self.names()
        front = self._front()
        may_open = self._shelf is not None and len(names) > 1 and not self._asks
        self._is_open = self._is_open and may_open
        shown = names if self._is_open or self._shelf is None else [front]
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()
        for place, name in enumerate(names):
            self._column.insertWidget(place, self.bars[name])
        for name, bar in self.bars.items():
            self._say_more(bar)
            bar.more.setVisible(name == front and may_open)
            bar.setVisible(name in shown)
        self.setVisible(bool(names))
        self._take_place()

    def _say_more(self, bar: Bar) -> None:
        more = bar.more
        words = "" if self._is_open else self.tr("%Ln more", None, len(self.bars) - 1)
        effect = self.tr("Show one notice") if self._is_open else self.tr("Show all notices")
        more.setText(words)
        more.setAccessibleName(f"{effect}, {words}" if words else effect)
        more.setToolTip(effect)
        icons.put(more, "chevron-up" if self._is_open else "chevron-down", "text")

    def _take_place(self) -> None:
        host = self.parentWidget()
        if self._shelf is None or host is None:
            return
        width, front = self._shelf.width(), self._front()
        heights = {name: self.bars[name].height_at(width) for name in filter(None, self._shown)}
        usual = LOOK.theme.height(40, low=35) if self.bars else 0
        self._shelf.make_room(usual, max(usual, heights.get(front, 0)))
        over = sum(heights.values()) if self._is_open or self._asks else 0
        at = self._shelf.mapTo(host, QPoint())
        height = min(max(self._shelf.height(), over), host.height() - at.y())
        self.setGeometry(at.x(), at.y(), width, height)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Show a single bar again when the focus goes elsewhere.

        A little later: a button that is hidden at once looks as if that had taken its focus.
        """
        if self._is_open and now is not None and not self.isAncestorOf(now):
            QTimer.singleShot(0, self, partial(self.open, False))
