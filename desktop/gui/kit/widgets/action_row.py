"""The action bar of a card: a line of buttons, and a menu for those that do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLayoutItem, QMenu, QPushButton, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, sized
from desktop.gui.kit.widgets.buttons import ActionButton, width_for
from desktop.gui.kit.widgets.surfaces import Flow, drop, tab_stop_before

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from PySide6.QtCore import QPoint

    from desktop.gui.kit.rights import WindowRights


_TWINS: Final = {"pause": "resume", "resume": "pause"}
"""The verb that replaces a chosen one; the focus moves on to its button."""

MOST: Final = 4
"""The most buttons at once: with the three of a notice, a view has seven."""
COMING: Final = 340
"""Units of the grid kept free for buttons that come and go: two of them fit.

This is never more than half of the line.
"""


def room(widgets: Sequence[QWidget], space: int) -> QSize:
    """Return the size, in logical pixels, of a line of widgets, shown or not."""
    for widget in widgets:
        widget.ensurePolished()
    hints = [widget.sizeHint().expandedTo(widget.minimumSize()) for widget in widgets]
    sizes = [hint.boundedTo(each.maximumSize()) for hint, each in zip(hints, widgets, strict=True)]
    gaps = space * max(0, len(sizes) - 1)
    height = max((size.height() for size in sizes), default=0)
    return QSize(sum(size.width() for size in sizes) + gaps, height)


class MoreButton(QPushButton):
    """The button at the end of a line that does not fit; ``fill`` puts the rest into its menu."""

    def __init__(
        self, fill: Callable[[QMenu], None], name: str = "", picture: str = "ellipsis"
    ) -> None:
        super().__init__()
        icons.put(sized(self, width=32), picture, "text")
        self.setAccessibleName(name or self.tr("More actions"))
        self.setToolTip(name or self.tr("More actions"))
        menu = QMenu(self)
        self.setMenu(menu)

        def on_open() -> None:
            menu.clear()
            fill(menu)

        menu.aboutToShow.connect(on_open)
        self.hide()


class Action(NamedTuple):
    """A button: its verb, text, icon, and its effect if that needs a sentence.

    If it does not ``work``, it is disabled and keeps its place. It has room for each of the texts
    in ``widest``, so none of them moves another button.
    """

    verb: str
    words: str
    icon: str
    effect: str = ""
    works: bool = True
    widest: Sequence[str] = ()


class ActionRow(Flow):
    """Offers the allowed actions as buttons and in a menu.

    ``rare`` verbs are always in *More actions*; the last of the other verbs are there if one line
    has no room for all, and of more than ``MOST`` those before the last one. Verbs in ``coming``
    come and go: they have room of their own before the others and move none of them. The place of
    the ``last`` verbs, which are offered last, stays free without them: no other button ever comes
    there. It is at the left end of the line, where it is no hole, and the menu is before the
    others. The buttons of verbs in ``apart`` are in ``place_apart``, which a card puts where no
    other button ever comes. The ``title`` before the line extends to the first button. ``chosen``
    carries the verb of the pressed button and the subject it was offered for.
    """

    chosen = Signal(str, object)

    def __init__(
        self,
        rights: WindowRights,
        coming: Collection[str] = (),
        rare: Collection[str] = (),
        apart: Collection[str] = (),
        last: Mapping[str, str] | None = None,
    ) -> None:
        """``last`` has the text of each of its verbs."""
        super().__init__(right=True)
        self._rights = rights
        self._coming = coming
        self._rare = rare
        self._apart = apart
        self._last = last or {}
        self.place_apart = sized(QHBoxLayout(), spacing=8)
        sized(self, spacing=8)
        self._offered: Sequence[Action] = ()
        self._subject: object = None
        self.title: QWidget | None = None
        self.buttons: dict[str, QPushButton] = {}
        self.more = MoreButton(self._fill_more)
        self._free = QPushButton(" ")  # never shown: it keeps the place of the last verbs
        icons.put(self._free, "ban", "text")
        self._free.hide()
        self.addWidget(self._free)
        self.addWidget(self.more)
        LOOK.changed.connect(self._measure)

    def offer(self, actions: Sequence[Action], subject: object) -> None:
        """Show the actions for a subject.

        A button that stays keeps the focus, and a press that is under way.
        """
        self._subject = subject
        actions = [each for each in actions if self._rights.allows(each.verb)]
        if actions == self._offered:
            return
        had_focus = next((verb for verb, each in self.buttons.items() if each.hasFocus()), "")
        for line in (self, self.place_apart):
            while line.takeAt(0) is not None:
                pass
        before, self._offered, self.buttons = self.buttons, actions, {}
        if self._last:
            self.addWidget(self.more)
        for action in actions:
            button = before.pop(action.verb, None) or self._button(action.verb)
            button.setText(action.words)
            icons.put(button, action.icon, "text")
            button.setEnabled(action.works)
            button.setToolTip(action.effect)
            button.setAccessibleDescription(action.effect)
            if action.verb in self._apart:
                self.place_apart.addWidget(button)
            else:
                self.addWidget(button)
            card = self.parentWidget()
            before_it = next(reversed(self.buttons.values()), None) or (
                card and tab_stop_before(card)
            )
            if before_it is not None:
                QWidget.setTabOrder(before_it, button)  # otherwise Tab reaches it last of all
            self.buttons[action.verb] = button
        if not self._last:
            self.addWidget(self.more)
        self._items.sort(key=lambda item: item.widget() not in self._at_left())
        if self.buttons:
            QWidget.setTabOrder(next(reversed(self.buttons.values())), self.more)
        follower = self.buttons.get(_TWINS.get(had_focus, ""))
        if had_focus in before and follower is not None:
            follower.show()  # a hidden button takes no focus
            follower.setFocus(Qt.FocusReason.OtherFocusReason)
        for gone in before.values():
            drop(gone)
        self._measure()
        self.update()

    def open_menu(self, at: QPoint, add: Callable[[QMenu], None]) -> None:
        """Open the actions as a menu; ``add`` adds further entries.

        The entries keep the current subject, even if another one is shown by the time one is
        chosen.
        """
        menu = QMenu(self.parentWidget())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, self._offered)
        add(menu)
        if menu.isEmpty():
            menu.deleteLater()
        else:
            menu.popup(at)

    def setGeometry(self, rect: QRect) -> None:
        """Move each button to its place and hide those that are in *More actions*."""
        there, shown = self._in_line(), self._shown(rect.width())
        for widget in there:
            widget.setVisible(widget in shown)
        self.more.setVisible(any(each not in shown for each in there))
        super().setGeometry(rect)
        for each in self._at_left():
            each.move(rect.left(), each.y())
        self.widen_title()

    def widen_title(self) -> None:
        """Extend the title to the first button, or to the end of the line."""
        title, line = self.title, self.geometry()
        if title is None or title.y() >= line.bottom() or title.x() >= line.left():
            return
        there = (*self._in_line(), self.more)
        first = min((each.x() for each in there if not each.isHidden()), default=line.right() + 1)
        title.resize(first - self.spacing() - title.x(), title.height())

    def _measure(self) -> None:
        for action in self._offered:
            button = self.buttons[action.verb]
            button.setMinimumWidth(width_for(button, action.widest) if action.widest else 0)
        if self._last:
            self._free.setMinimumWidth(width_for(self._free, self._last.values()))

    def _steady(self) -> list[QWidget]:
        """Return the buttons that are neither apart nor rare, nor come and go; and a free place."""
        others = {*self._apart, *self._rare, *self._coming}
        steady: list[QWidget] = [each for verb, each in self.buttons.items() if verb not in others]
        while len(steady) > self._most():
            del steady[-2]
        if steady and self._last:
            steady = [each for each in steady if each not in self._at_left()]
            steady.append(self._free)
        return steady

    def _at_left(self) -> list[QPushButton]:
        """Return the buttons of the last verbs."""
        return [each for verb, each in self.buttons.items() if verb in self._last]

    def _most(self) -> int:
        """Return how many buttons the line may have beside those that are apart."""
        return max(1, MOST - len([verb for verb in self.buttons if verb in self._apart]))

    def _shown(self, width: int) -> Collection[QWidget]:
        coming = [each for verb, each in self.buttons.items() if verb in self._coming]
        steady = self._steady()
        space = self.spacing()
        may_need_more = self._has_more() or self._coming or room(steady, space).width() > width
        line = width - self._end() if may_need_more else width
        free = min(LOOK.theme.px(COMING), line // 2) if self._coming else 0
        while room(steady, space).width() > max(0, line - free):
            steady.pop()
        shown = [each for each in steady if each is not self._free]
        shown = [*self._at_left(), *shown] if self._free in steady else shown
        for each in reversed(coming):
            if len(shown) >= self._most() or room([each, *shown], space).width() > line:
                break
            shown.insert(0, each)
        # If *More actions* may come at the end, its place stays reserved, so it moves no button.
        needs_more = (self._rare and not self._last) or any(
            each not in shown for each in self._in_line()
        )
        return [*shown, self.more] if needs_more else shown

    def _has_more(self) -> bool:
        """Tell whether some verbs are in the menu however wide the line is."""
        others = [verb for verb in self.buttons if verb not in {*self._apart, *self._coming}]
        return bool(self._rare) or len(others) > self._most()

    def _end(self) -> int:
        return room([self.more], 0).width() + self.spacing()

    def _in_line(self) -> list[QPushButton]:
        return [each for verb, each in self.buttons.items() if verb not in self._apart]

    def sizeHint(self) -> QSize:
        """Ask for one line of all buttons, or for the minimum if some come and go."""
        parts = [*self._steady(), *([self.more] if self._has_more() else [])]
        return self.minimumSize() if self._coming else room(parts, self.spacing())

    def _size(self, item: QLayoutItem) -> QSize:
        """Return the size of a button, which may still be hidden."""
        widget = item.widget()
        return super()._size(item) if widget is None else room([widget], 0)

    def _fill_more(self, menu: QMenu) -> None:
        self._fill(menu, [each for each in self._offered if self.buttons[each.verb].isHidden()])

    def _fill(self, menu: QMenu, actions: Iterable[Action]) -> None:
        menu.setToolTipsVisible(True)
        subject = self._subject
        for each in actions:
            entry = menu.addAction(each.words)
            icons.give(entry, each.icon)
            entry.setEnabled(each.works)
            entry.setToolTip(each.effect)
            entry.triggered.connect(lambda _, verb=each.verb: self.chosen.emit(verb, subject))

    def _button(self, verb: str) -> QPushButton:
        button = ActionButton()
        button.clicked.connect(lambda: self.chosen.emit(verb, self._subject))
        return button
