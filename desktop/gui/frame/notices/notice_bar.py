"""The slim bars above the table: what a person should know, and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.contract.reasons import OUTAGES
from desktop.gui.frame.notices.notice_words import notice_words
from desktop.gui.look import icons
from desktop.gui.reach import WHOLE
from desktop.gui.widgets.buttons import CheckBox
from desktop.gui.widgets.texts import announce

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop.contract.events import Notice
    from desktop.gui.frame.notices.pointer import Pointer
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.reach import Reach

Level = Literal["info", "warning", "error"]

_TOKEN: Final[dict[str, str]] = {"info": "accent", "warning": "waiting", "error": "failed"}
_ICON: Final[dict[str, str]] = {
    "info": "info",
    "warning": "triangle-alert",
    "error": "circle-x",
}
_URGENCY: Final = ("error", "warning", "info")
LEAST_WORDS: Final = 40
"""Characters of a sentence that must have room beside the ways out."""
PAUSED: Final = "paused:"
"""How the names of notices about paused queues begin; this alone is the one about all."""
RESUME: Final = "resume"
"""The action of a notice about something paused."""
TRY_NOW: Final = "try_now"
"""The action of a notice about a queue that waits for its server."""
DISMISS: Final = "dismiss"
"""The action of the cross at a bar's end."""


@dataclass(frozen=True, slots=True)
class BarText:
    """What one bar says: a sentence, and its ways out as (action, words).

    The first of them is the usual one. ``check`` is the text of a check box beside them.
    """

    level: Level
    text: str
    actions: tuple[tuple[str, str], ...] = ()
    icon: str = ""
    dismissible: bool = False
    check: str = ""


class NoticeBar(QWidget):
    """Bars by name, the most urgent on top; ``action_chosen`` carries a bar's name and action.

    They push what is below them: while the person aims at something there, they come and go once
    the pointer rests. ``changed`` tells that a bar came or went.
    """

    action_chosen = Signal(str, str)
    changed = Signal()

    def __init__(self, themes: ThemeSource, reach: Reach = WHOLE) -> None:
        super().__init__()
        self._themes = themes
        self._reach = reach
        self._pointer: Pointer | None = None
        self._leaving: list[_Bar] = []
        self._is_acting = False
        self.bars: dict[str, _Bar] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()
        themes.changed.connect(self._on_theme_changed)

    def wait_for(self, pointer: Pointer) -> None:
        """Do not come or go while this pointer is on its way."""
        self._pointer = pointer
        pointer.rested.connect(self._settle)

    def say(self, name: str, bar_text: BarText) -> None:
        """Show a bar, or change the one of that name."""
        bar = self.bars.get(name)
        if bar is None or bar.bar_text.actions != bar_text.actions:
            self.take_back(name)
            bar = _Bar(name, bar_text, self._themes)
            bar.action_chosen.connect(self._on_action)
            self.bars[name] = bar
            self._rearrange()
            announce(self, bar_text.text)
        bar.say(bar_text, self._themes.theme)

    def take_back(self, name: str) -> None:
        """Remove the bar of that name, if there is one."""
        bar = self.bars.pop(name, None)
        if bar is not None:
            bar.setEnabled(False)
            self._leaving.append(bar)
            self._rearrange()

    def apply(self, notice: Notice) -> None:
        """Show a notice of the backend, or take it back."""
        if not notice["active"]:
            self.take_back(notice["id"])
            return
        words = {
            "mail_settings": self.tr("Open mail settings"),
            "tasks_folder": self.tr("Open the tasks folder"),
            RESUME: self.tr("Resume"),
        }
        action = notice["action"]
        actions = ((action, words[action]),) if action else ()
        if notice.get("reason") in OUTAGES:
            actions = ((TRY_NOW, self.tr("Try now")), *actions)
        is_pause = notice["id"].startswith(PAUSED)
        bar_text = BarText(
            notice["level"],
            notice_words(notice, may_act=self._reach.may_change),
            tuple(each for each in actions if self._reach.allows(each[0])),
            icon="pause" if is_pause else "",
            dismissible=not is_pause,  # a pause must not be forgotten
        )
        self.say(notice["id"], bar_text)

    def names(self) -> list[str]:
        """Return the names of the bars shown: the most urgent first, of equals the newest."""
        levels = {name: bar.bar_text.level for name, bar in reversed(self.bars.items())}
        return sorted(levels, key=lambda name: _URGENCY.index(levels[name]))

    def is_checked(self, name: str) -> bool:
        """Tell whether the check box of that bar, if there is one, is ticked."""
        return name in self.bars and self.bars[name].check.isChecked()

    def focus(self, name: str) -> None:
        """Put the keyboard on the first way out of that bar."""
        self._settle()
        self.bars[name].focus_first()

    def text(self, name: str) -> str:
        """Return what the bar of that name says."""
        return self.bars[name].bar_text.text

    def _on_action(self, name: str, action: str) -> None:
        """Pass it on; what the person does to a bar is seen at once."""
        self._is_acting = True
        self.action_chosen.emit(name, action)
        self._is_acting = False

    def _rearrange(self) -> None:
        if self._pointer is not None and self._pointer.is_moving and not self._is_acting:
            self._pointer.await_rest()
        else:
            self._settle()

    def _settle(self) -> None:
        """Take out what goes and put in what came, if that is to be done."""
        if not self._leaving and self._column.count() == len(self.bars):
            return
        for bar in self._leaving:
            bar.hide()
            self._column.removeWidget(bar)
            bar.deleteLater()
        self._leaving.clear()
        for place, name in enumerate(self.names()):
            self._column.insertWidget(place, self.bars[name])
        self.setVisible(bool(self.bars))
        self.changed.emit()

    def _on_theme_changed(self, theme: Theme) -> None:
        for bar in self.bars.values():
            bar.say(bar.bar_text, theme)


class _Bar(QFrame):
    action_chosen = Signal(str, str)

    def __init__(self, name: str, bar_text: BarText, themes: ThemeSource) -> None:
        super().__init__()
        self._name = name
        self.bar_text = bar_text
        self.setObjectName("bar")
        self._icon = QLabel()
        self._icon.setAccessibleName(_spoken(bar_text.level))
        self.words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._row = QHBoxLayout()
        self._row.addWidget(self._icon)
        self._row.addWidget(self.words, 1)
        self.check = CheckBox(bar_text.check, themes)
        self._row.addWidget(self.check)
        direction = QBoxLayout.Direction
        self._ways_out = QBoxLayout(direction.LeftToRight)
        self._ways_out.addStretch(1)
        self._buttons = [self._button(action, words) for action, words in bar_text.actions]
        for button in self._buttons[:1]:
            button.setProperty("first", True)
        for button in self._buttons:
            self._ways_out.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        self._whole = QBoxLayout(direction.LeftToRight)
        self._whole.addLayout(self._row, 1)
        self._whole.addLayout(self._ways_out)
        self._cross = self._button(DISMISS, "")
        self._line = QHBoxLayout(self)
        self._line.addLayout(self._whole, 1)
        self._line.addWidget(self._cross, 0, Qt.AlignmentFlag.AlignTop)
        self._cross.setAccessibleName(self.tr("Dismiss"))
        self._cross.setToolTip(self.tr("Dismiss"))
        self.say(bar_text, themes.theme)

    def focus_first(self) -> None:
        self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, action: str, words: str) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("role", "onbar")
        button.clicked.connect(lambda: self.action_chosen.emit(self._name, action))
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the ways out below the words, or one below the other, where there is no room."""
        super().resizeEvent(event)
        least_words = min(
            self.words.fontMetrics().horizontalAdvance(self.bar_text.text),
            self.words.fontMetrics().averageCharWidth() * LEAST_WORDS,
        )
        margins = self._line.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        if self.bar_text.dismissible:
            room -= self._cross.sizeHint().width() + self._line.spacing()
        buttons = [button.sizeHint().width() for button in self._buttons]
        check = 0 if self.check.isHidden() else self.check.sizeHint().width()
        _turn(self._ways_out, room, buttons)
        _turn(self._whole, room, [self._icon.sizeHint().width(), least_words, check, *buttons])
        is_one_line = self._whole.direction() == QBoxLayout.Direction.LeftToRight
        align = Qt.AlignmentFlag
        self._line.setAlignment(self._cross, align.AlignVCenter if is_one_line else align.AlignTop)

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of the widest way out only."""
        widest = max((button.sizeHint().width() for button in self._buttons), default=0)
        margins = self._line.contentsMargins()
        width = widest + self._cross.sizeHint().width() + margins.left() + margins.right()
        return QSize(width, super().minimumSizeHint().height())

    def say(self, bar_text: BarText, theme: Theme) -> None:
        self.bar_text = bar_text
        token = _TOKEN[bar_text.level]
        px = theme.px
        self.setStyleSheet(
            f"#bar {{ background: {theme.tint(token).name()};"
            f" border-bottom: 1px solid {theme.color('line').name()}; }}"
        )
        self._line.setContentsMargins(px(16), px(6), px(12), px(6))
        for row in (self._line, self._row):
            row.setSpacing(px(8))
        self._whole.setSpacing(px(4))
        self._ways_out.setSpacing(px(4))
        name, ratio = bar_text.icon or _ICON[bar_text.level], self.devicePixelRatioF()
        self._icon.setPixmap(icons.icon(name, theme.color(token), px(18), ratio))
        self._icon.setFixedHeight(px(28))
        self.words.setText(bar_text.text.replace("e-mail", "e\u2011mail"))  # on one line
        self.words.setMinimumHeight(px(28))
        self.check.setVisible(bool(bar_text.check))
        self._cross.setVisible(bar_text.dismissible)
        icons.put(self._cross, "x", theme.color("soft text"), theme)


def _turn(layout: QBoxLayout, room: int, widths: list[int]) -> None:
    """Lay a row out as a column where ``widths`` are more than ``room``, in pixels."""
    across = sum(widths) + layout.spacing() * len(widths)
    direction = QBoxLayout.Direction
    layout.setDirection(direction.LeftToRight if across <= room else direction.TopToBottom)


def _spoken(level: Level) -> str:
    """Return what a screen reader says for the icon of a level."""
    words = {
        "info": QCoreApplication.translate("notices", "Note"),
        "warning": QCoreApplication.translate("notices", "Warning"),
        "error": QCoreApplication.translate("notices", "Error"),
    }
    return words[level]
