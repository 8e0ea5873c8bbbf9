"""The row of buttons for the selected tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QEvent, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QPushButton, QSizePolicy, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, sized
from desktop.gui.kit.widgets.action_row import MoreButton, room
from desktop.gui.kit.widgets.buttons import SplitButton, width_for
from desktop.gui.kit.widgets.surfaces import InsideMenu, drop
from desktop.gui.kit.widgets.texts import tip
from desktop.gui.kit.words.verbs import tip_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.gui.tasks.acting.task_actions import TaskAction


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
        menu = InsideMenu("", split, margin=0)
        self._fill(menu, action.more)
        split.set_menu(menu, self.tr("More ways: {}").format(action.text))
        return split

    def _prepare(self, button: QPushButton, action: TaskAction) -> None:
        button.setText(action.text)
        button.setEnabled(not action.is_off)
        button.setToolTip(tip(tip_of(action.verb, action.effect)))
        button.setAccessibleDescription(action.effect)
        icons.put(button, action.icon, "text")
        if action.verb in ENDING:
            words = (QCoreApplication.translate("actions", each) for each in ENDING.values())
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
