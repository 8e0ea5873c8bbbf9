"""How actions on the selected tasks are offered: a row of buttons, and a menu with its copies."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QCoreApplication,
    QEvent,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QPushButton, QSizePolicy, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, sized
from desktop.gui.kit.look.icons import qicon
from desktop.gui.kit.widgets.action_row import MoreButton, room
from desktop.gui.kit.widgets.buttons import SplitButton, width_for
from desktop.gui.kit.widgets.surfaces import drop
from desktop.gui.kit.widgets.texts import tip
from desktop.gui.kit.words.verbs import tip_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QAction

    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.task_actions import Selected, TaskAction


APART: Final = frozenset({"done"})
"""Verbs at the left, apart from the others, so the opposite never takes their place."""
ENDING: Final = {
    "cancel": str(QT_TRANSLATE_NOOP("actions", "Cancel")),
    "seen": str(QT_TRANSLATE_NOOP("actions", "Mark as seen")),
}
"""Verbs of the last place. Their buttons are equally wide, so the one before never moves."""


class ActionButtons(QWidget):
    """A row of buttons; ``chosen`` carries an action's verb and the tasks it fits.

    Buttons without room move into a menu, the last ones first.
    """

    chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._actions: list[TaskAction] = []
        self.shown: list[tuple[QWidget, TaskAction]] = []
        self._row = sized(QHBoxLayout(self), margins=0, spacing=8)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.others = MoreButton(self._fill_others)
        LOOK.changed.connect(self._offer_again)

    def offer(self, actions: list[TaskAction]) -> None:
        """Show buttons for these actions; equal actions keep their buttons."""
        if actions == self._actions:
            return
        self._actions = actions
        for widget, _ in self.shown:
            self._row.removeWidget(widget)
            drop(widget)
        self._row.removeWidget(self.others)
        self.shown = [(self._button(each), each) for each in actions if not each.is_rare]
        for widget, action in self.shown:
            if action.verb in APART:
                self._row.insertWidget(0, widget)
            else:
                self._row.addWidget(widget)
        self._row.addWidget(self.others)
        self.setMinimumWidth(self.minimumSizeHint().width())
        self._fit()

    def _offer_again(self) -> None:
        """Measure the buttons again: their text has another size."""
        actions, self._actions = self._actions, []
        self.offer(actions)

    def sizeHint(self) -> QSize:
        """Return the room of all buttons; the layout may give less."""
        return room([widget for widget, _ in self.shown], self._row.spacing())

    def minimumSizeHint(self) -> QSize:
        """Return the room of the menu button, or of an only button if that is smaller."""
        menu = room([self.others], 0)
        if len(self.shown) > 1:
            return menu
        only = room([widget for widget, _ in self.shown], 0)
        return min(menu, only, key=QSize.width)

    def event(self, event: QEvent) -> bool:
        """Fit the buttons after each change of size or layout."""
        is_done = super().event(event)
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self._fit()
        return is_done

    def _fit(self) -> None:
        widgets = [widget for widget, _ in self.shown]
        count = self.others.fitting(widgets, self.width(), self._row.spacing())
        for number, widget in enumerate(widgets):
            widget.setVisible(number < count)
        self.others.setVisible(count < len(widgets))

    def _button(self, action: TaskAction) -> QWidget:
        if not action.more:
            button = QPushButton()
            self._prepare(button, action)
            return button
        split = SplitButton()
        self._prepare(split.button, action)
        menu = QMenu(split)
        self._fill(menu, action.more)
        split.set_menu(menu, self.tr("More ways: {}").format(action.text))
        return split

    def _prepare(self, button: QPushButton, action: TaskAction) -> None:
        button.setText(action.text)
        button.setEnabled(not action.is_off)
        button.setToolTip(tip(tip_of(action.verb, action.effect)))
        button.setAccessibleDescription(action.effect)
        icons.put(button, action.icon, "text")
        words = [action.widest] if action.widest else []  # nothing moves when a number comes
        if action.verb in ENDING:
            words += [QCoreApplication.translate("actions", each) for each in ENDING.values()]
        if words:
            button.setMinimumWidth(width_for(button, words))
        button.clicked.connect(lambda: self._choose(action))

    def _fill_others(self, menu: QMenu) -> None:
        left = [action for widget, action in self.shown if widget.isHidden()]
        self._fill(menu, (each for one in left for each in (one, *one.more)))

    def _fill(self, menu: QMenu, actions: Iterable[TaskAction]) -> None:
        theme = LOOK.theme
        for each in actions:
            picture = icons.qicon(each.icon, theme.color("soft text"), theme)
            entry = menu.addAction(picture, each.text)
            entry.setEnabled(not each.is_off)
            entry.triggered.connect(lambda _=False, each=each: self._choose(each))

    def _choose(self, action: TaskAction) -> None:
        self.chosen.emit(action.verb, action.which)


translate = QCoreApplication.translate


def task_menu(
    selected: Selected,
    theme: Theme,
    parent: QWidget,
    act: Callable[[TaskAction], None],
    copy: Callable[[], None],
) -> QMenu:
    """Return the menu for the selected tasks; its copies are of the tasks in memory."""
    add = partial(_add_task_copies, selected, theme, copy)
    return menu_of_actions(selected, theme, parent, act, add)


def menu_of_actions(
    selected: Selected,
    theme: Theme,
    parent: QWidget,
    act: Callable[[TaskAction], None],
    add_copies: Callable[[QMenu], None],
) -> QMenu:
    """Return a menu of the actions that fit the selection, and of its copies."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def offer(each: TaskAction) -> None:
        shown = _add(menu, theme, each.icon, each.text, lambda: act(each))
        shown.setEnabled(not each.is_off)
        if each.verb == "cancel":
            shown.setShortcut(QKeySequence(Qt.Key.Key_Delete))

    actions = [each for action in selected.actions for each in (action, *action.more)]
    # *Send again* to several people must not be where the keyboard starts.
    second = [each for each in actions if each.verb == "resend" and selected.count > 1]
    for each in actions:
        if each not in second:
            offer(each)
    add_copies(menu)
    if second:
        menu.addSeparator()
    for each in second:
        offer(each)
    return menu


def _add_task_copies(
    selected: Selected,
    theme: Theme,
    copy: Callable[[], None],
    menu: QMenu,
) -> None:
    known, addresses = len(selected.rows), addresses_of(selected.rows)
    text = translate("menu", "Copy as text")
    if known < selected.count:
        text = translate("menu", "Copy the %Ln loaded rows as text", None, known)
    words = _address_words(selected, len(addresses))
    add_copies(menu, theme, text, copy, words, addresses)


def add_copies(
    menu: QMenu,
    theme: Theme,
    text: str,
    copy: Callable[[], None],
    words: str,
    addresses: Sequence[str],
) -> None:
    """Add entries that copy rows as text, and addresses if there are some."""
    menu.addSeparator()
    _add(menu, theme, "copy", text, copy).setShortcut(QKeySequence.StandardKey.Copy)
    if addresses:
        _add(menu, theme, "mail", words, partial(copy_text, addresses))


def copy_text(lines: Sequence[str]) -> None:
    """Copy addresses separated by commas, as a recipient field takes them."""
    QGuiApplication.clipboard().setText(", ".join(lines))


def _add(menu: QMenu, theme: Theme, icon: str, text: str, slot: Callable[[], None]) -> QAction:
    picture = qicon(icon, theme.color("soft text"), theme)
    action = menu.addAction(picture, text)
    action.triggered.connect(lambda: slot())
    return action


def _address_words(selected: Selected, addresses: int) -> str:
    """Say how many addresses are copied, and why they are fewer than the tasks."""
    known = len(selected.rows)
    none = sum(not row.to for row in selected.rows)
    unknown = selected.count - known
    why = [
        addresses < known - none and translate("menu", "each once"),
        none and translate("menu", "%Ln tasks have none", None, none),
        unknown and translate("menu", "%Ln are not loaded", None, unknown),
    ]
    text = translate("menu", "Copy %Ln addresses", None, addresses)
    said = ", ".join(each for each in why if each)
    return f"{text} ({said})" if said else text


def addresses_of(rows: Sequence[Row]) -> list[str]:
    """Return the bare addresses of the rows, without duplicates, in their order."""
    from email.utils import parseaddr  # 3 ms that the window's start can save

    bare = (parseaddr(row.to)[1] for row in rows if row.to)
    return list(dict.fromkeys(address for address in bare if address))
