"""How actions on the selected tasks are offered: a row of buttons, and a menu with its copies."""

from __future__ import annotations

from functools import partial
from itertools import takewhile
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QCoreApplication,
    QEvent,
    QObject,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QPushButton, QSizePolicy, QWidget

from desktop.client.calls import walk
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, sized
from desktop.gui.kit.look.icons import qicon
from desktop.gui.kit.widgets.action_row import MoreButton, room
from desktop.gui.kit.widgets.buttons import SplitButton, width_for
from desktop.gui.kit.widgets.surfaces import drop
from desktop.gui.kit.widgets.texts import tip
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.kit.words.verbs import tip_of
from desktop.gui.link.jobs import Job, LatestRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QAction

    from desktop.client.api import Api, ApiSource, TaskQuery
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toasts import Toast
    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.acting.task_actions import Selected, TaskAction
    from desktop.gui.tasks.table.task_table import TaskTable


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
    copy_addresses: Callable[[TaskQuery], None],
) -> QMenu:
    """Return the menu for the selected tasks.

    *Copy as text* copies the tasks in memory. For all that match, *Copy addresses* reads them
    first.
    """
    add = partial(_add_task_copies, selected, theme, copy, copy_addresses)
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
    copy_addresses: Callable[[TaskQuery], None],
    menu: QMenu,
) -> None:
    known = len(selected.rows)
    addresses, query = addresses_of(selected.rows), selected.query
    text = translate("menu", "Copy as text")
    if known < selected.count:
        text = translate("menu", "Copy the %Ln loaded rows as text", None, known)
    words, second = _address_words(selected, len(addresses)), partial(copy_text, addresses)
    if query is not None and known < selected.count:
        words = translate("menu", "Copy the addresses of all %Ln tasks", None, selected.count)
        add_copies(menu, theme, text, copy, words, partial(copy_addresses, query))
    else:
        add_copies(menu, theme, text, copy, words, second if addresses else None)


def add_copies(
    menu: QMenu,
    theme: Theme,
    text: str,
    copy: Callable[[], None],
    words: str,
    copy_addresses: Callable[[], None] | None,
) -> None:
    """Add entries that copy rows as text, and addresses if there are some."""
    menu.addSeparator()
    _add(menu, theme, "copy", text, copy).setShortcut(QKeySequence.StandardKey.Copy)
    if copy_addresses is not None:
        _add(menu, theme, "mail", words, copy_addresses)


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


LONGEST_S: Final = 3600
"""Seconds for which *Cancel* is offered at most."""


class AddressCopies(QObject):
    """Copies the addresses of all matching tasks, which are read first; the last copy counts.

    *Cancel* ends it, after the page that is being read.
    """

    def __init__(self, window: MainWindow, table: TaskTable, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(window)
        self._toasts = window.toasts
        self._reading: Toast | None = None
        self._is_over = Event()
        self._request = LatestRequest(source, jobs, self._on_failed)
        table.addresses_wanted.connect(self.copy)

    def copy(self, query: TaskQuery) -> None:
        """Copy the addresses of the matching tasks."""
        self._end()
        self._is_over = is_over = Event()
        words = self.tr("Copying the addresses…")
        toast = self._toasts.show(
            words, seconds=LONGEST_S, action=self.tr("Cancel"), icon="mail", undoes=False
        )
        toast.action_chosen.connect(self._cancel)
        self._reading = toast
        self._request.ask(lambda api: Job(_addresses, api, query, is_over).then(self._on_read))

    def _cancel(self) -> None:
        self._request.drop()  # nothing is copied later, unasked
        self._end()

    def _on_read(self, addresses: list[str]) -> None:
        self._end()
        if addresses:
            copy_text(addresses)
        words = self.tr("%Ln addresses are copied, each once", None, len(addresses))
        self._toasts.show(words if addresses else self.tr("None of them has an address"))

    def _on_failed(self, error: Exception) -> None:
        self._cancel()
        self._toasts.warn(error)

    def _end(self) -> None:
        self._is_over.set()
        if self._reading is not None:
            self._toasts.close(self._reading)
            self._reading = None


def _addresses(api: Api, query: TaskQuery, is_over: Event) -> list[str]:
    """Read each address once, in the order of the tasks, until it ``is_over``.

    Raises ClientError.
    """
    found: dict[str, None] = {}
    for page in takewhile(lambda _: not is_over.is_set(), walk(api, query)):
        found |= dict.fromkeys(addresses_of([row_of(task) for task in page["tasks"]]))
    return list(found)
