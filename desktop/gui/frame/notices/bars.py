"""A bar: a note, or a question with its answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import bind_theme, keep_room, set_role, sized
from desktop.gui.kit.widgets.buttons import ActionButton
from desktop.gui.kit.widgets.card import turn
from desktop.gui.kit.widgets.texts import Paragraph
from sendoff_tasks.model.tasks import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from desktop.gui.kit.look.theme import Theme


_TOKEN: Final[dict[str, str]] = {"info": "accent", "warning": "waiting", "error": "failed"}
_ICON: Final[dict[str, str]] = {
    "info": "info",
    "warning": "triangle-alert",
    "error": "circle-x",
}
LEAST_WORDS: Final = 40
"""Characters of the sentence that must fit beside the buttons, or the bar takes more lines."""
DISMISS: Final = "dismiss"
"""The action of the cross at a bar's end."""


@dataclass(frozen=True, slots=True)
class BarText:
    """The content of a bar: a sentence, and its buttons as (action, text), the usual one first.

    A bar that asks a question has a ``refusal``, the action that Escape takes.
    """

    level: Level
    text: str
    actions: tuple[tuple[str, str], ...] = ()
    icon: str = ""
    dismissible: bool = False
    refusal: str = ""


class Bar(QFrame):
    """A notice or a question; ``action_chosen`` carries its name and the action."""

    action_chosen = Signal(str, str)
    answer: Callable[[str], object]
    """What its holder calls with the chosen action."""

    def __init__(self, name: str, bar_text: BarText) -> None:
        super().__init__()
        self._name = name
        self.bar_text = bar_text
        self.setObjectName("bar")
        self._icon = sized(QLabel(), height=28)
        is_question = bool(bar_text.refusal)
        self._icon.setAccessibleName(
            self.tr("Question") if is_question else _spoken(bar_text.level)
        )
        self.words = sized(Paragraph(), least_height=28)
        row = sized(QHBoxLayout(), spacing=8)
        row.addWidget(self._icon)
        row.addWidget(self.words, 1)
        self.more = QPushButton()  # before the other buttons, so none moves when it comes
        self.more.hide()
        buttons = [self._button(action, words) for action, words in bar_text.actions]
        for button in buttons[:1]:
            button.setProperty("first", True)
        self._buttons = [self.more, *buttons]
        direction = QBoxLayout.Direction
        self._ways_out = sized(QBoxLayout(direction.LeftToRight), spacing=8)
        self._ways_out.addStretch(1)
        for button in self._buttons:
            set_role(button, "" if is_question else "onbar")
            self._ways_out.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        self._whole = sized(QBoxLayout(direction.LeftToRight), spacing=8)
        self._whole.addLayout(row, 1)
        self._whole.addLayout(self._ways_out)
        self._cross = set_role(self._button(DISMISS, ""), "onbar")
        icons.put(self._cross, "x")
        keep_room(self._cross)  # the buttons are at one place in every bar
        above = 3 if is_question else (6, 3)  # its buttons are higher
        self._line = sized(QHBoxLayout(self), spacing=8, margins=(16, above, 12, above))
        self._line.addLayout(self._whole, 1)
        self._line.addWidget(self._cross, 0, Qt.AlignmentFlag.AlignTop)
        self.say(bar_text)

    def focus_first(self) -> None:
        """Focus the first button."""
        self._buttons[1].setFocus(Qt.FocusReason.OtherFocusReason)

    def height_at(self, width: int) -> int:
        """Return the height of the bar at a width, in pixels."""
        self.resize(width, self.height())
        self._lay_out()
        self._line.activate()
        return self._line.totalHeightForWidth(width)

    def _around(self) -> int:
        """Return the width of the margins and the cross, in pixels."""
        margins = self._line.contentsMargins()
        cross = self._cross.sizeHint().width() + self._line.spacing()
        return margins.left() + margins.right() + cross

    def _button(self, action: str, words: str) -> QPushButton:
        button = ActionButton(words)
        button.clicked.connect(lambda: self.action_chosen.emit(self._name, action))
        return button

    def _widths(self) -> list[int]:
        shown = [each for each in self._buttons if not each.isHidden()]
        for each in shown:
            each.ensurePolished()  # before it is measured
        return [each.sizeHint().width() for each in shown]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out the parts for the new width."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        """Put the buttons below the text, or one below the other, if room is short."""
        metrics, room, buttons = (
            self.words.fontMetrics(),
            self.width() - self._around(),
            self._widths(),
        )
        words = metrics.horizontalAdvance(self.bar_text.text)
        least = min(words, metrics.averageCharWidth() * LEAST_WORDS)
        _turn(self._whole, room, [self._icon.sizeHint().width(), least, *buttons])
        _turn(self._ways_out, room, buttons)

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of the widest button only."""
        width = max(self._widths(), default=0) + self._around()
        return QSize(width, super().minimumSizeHint().height())

    def say(self, bar_text: BarText) -> None:
        """Show another content."""
        self.bar_text = bar_text
        token, icon = _TOKEN[bar_text.level], bar_text.icon or _ICON[bar_text.level]
        if bar_text.refusal:
            token, icon = "accent", "circle-help"
        bind_theme(self, "ground", partial(_tint, token=token))
        icons.draw(self._icon, icon, token, 18)
        self.words.setText(bar_text.text)
        self._cross.setVisible(bar_text.dismissible)
        what = self.tr("No, go back") if bar_text.refusal else self.tr("Dismiss")
        self._cross.setAccessibleName(what)
        self._cross.setToolTip(what)


def _tint(bar: Bar, theme: Theme, token: str) -> None:
    bar.setStyleSheet(
        f"#bar {{ background: {theme.tint(token).name()};"
        f" border-bottom: 1px solid {theme.color('line').name()}; }}"
    )


def _turn(layout: QBoxLayout, room: int, widths: list[int]) -> None:
    """Lay out a row as a column if ``widths`` are more than ``room``, in pixels."""
    turn(layout, beside=sum(widths) + layout.spacing() * len(widths) <= room)


def _spoken(level: Level) -> str:
    """Return the accessible name of the icon of a level."""
    words = {
        "info": QCoreApplication.translate("notices", "Note"),
        "warning": QCoreApplication.translate("notices", "Warning"),
        "error": QCoreApplication.translate("notices", "Error"),
    }
    return words[level]
