"""The bars of notices: any, and that of the backend that is away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, QTimer, Signal
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
from desktop.gui.kit.words.servers import TOKENS, server_sentence
from desktop.gui.kit.words.states import row_in_words, sentences
from sendoff_tasks.client.health import Missing, ServerFault
from sendoff_tasks.model.tasks import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from desktop.gui.frame.notices.notice_bar import NoticeBar
    from desktop.gui.kit.look.theme import Theme
    from desktop.gui.kit.rights import WindowRights
    from sendoff_tasks.client.health import Away


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
BACKEND_AWAY: Final = "backend"
_PASSING: Final = frozenset({ServerFault.NO_ANSWER, ServerFault.SPARE})
"""Faults that may pass without the person."""


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
        button.setToolTip(_tip_words(action))
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


def _tip_words(action: str) -> str:
    """Return the tooltip of a button: it says more than the text of one or two words."""
    tips = {
        "mail_settings": QCoreApplication.translate("notices", "Enter your mail server and try it"),
        "resume": QCoreApplication.translate("notices", "Start tasks again"),
        "show": QCoreApplication.translate("notices", "Show what it is about"),
        "try_now": QCoreApplication.translate("notices", "Try the server at once"),
    }
    return tips.get(action, "")


def _spoken(level: Level) -> str:
    """Return the accessible name of the icon of a level."""
    words = {
        "info": QCoreApplication.translate("notices", "Note"),
        "warning": QCoreApplication.translate("notices", "Warning"),
        "error": QCoreApplication.translate("notices", "Error"),
    }
    return words[level]


class BackendNotice(QObject):
    """Says in a bar that the backend is away.

    ``try_now_chosen`` is emitted when the person chooses *Try again*, ``other_token_chosen`` when
    the person wants to enter another token. ``open_chosen`` carries the address of the server that
    runs the tasks.
    """

    try_now_chosen = Signal()
    other_token_chosen = Signal()
    open_chosen = Signal(str)

    def __init__(self, notices: NoticeBar, rights: WindowRights) -> None:
        super().__init__(notices)
        self._notices = notices
        self._may_submit = rights.may_change
        self._left = 0
        self.second = QTimer(self, interval=1000)
        self.second.timeout.connect(self.count_down)

    def gone(self, next_try_in: float) -> None:
        """Say that the backend stopped, and count down ``next_try_in`` seconds."""
        self._left = math.ceil(next_try_in)
        self.second.start()
        self._say()

    def finishing(self) -> None:
        """Say that the backend of the last window is still finishing its work."""
        self.second.stop()
        text = self.tr(
            "Sendoff is finishing earlier work, then starts again. "
            "Keep typing: what you submit is saved."
        )
        self._notices.say(BACKEND_AWAY, BarText("info", text, icon="unplug"))

    def updating(self, done: float) -> None:
        """Say that the store of an older version is updated, and the part that is done, 0 to 1."""
        self.second.stop()
        text = self.tr(
            "Sendoff is updating your data for this version: {done} %. "
            "Keep typing: what you submit is saved."
        ).format(done=int(done * 100))
        self._notices.say(BACKEND_AWAY, BarText("info", text, icon="loader-circle"))

    def away(self, away: Away) -> None:
        """Say that Sendoff waits for the process that runs the tasks."""
        self.second.stop()
        if isinstance(away.missing, ServerFault):
            self._no_server(away, away.missing)
            return
        words = {
            Missing.APP: self.tr(
                "The app that these tasks belong to is not running, or runs without its monitor. "
                "Start it to see them."
            ),
            Missing.DATABASE: self.tr(
                "These tasks are in a database on a server. "
                "Start “sendoff serve --database …” with this data folder to see them."
            ),
        }
        self._notices.say(BACKEND_AWAY, BarText("info", words[away.missing], icon="unplug"))

    def _no_server(self, away: Away, fault: ServerFault) -> None:
        """Say why the window cannot use its server; offer another token or server if that helps."""
        text = server_sentence(away)
        if self._may_submit:
            text = f"{text} {self.tr('What you submit is saved.')}"
        way_out: tuple[tuple[str, str], ...] = ()
        if fault in TOKENS:
            way_out = (("other_token", self.tr("Enter another token…")),)
        elif away.address:
            host = away.address.partition("://")[2]
            way_out = (("open", self.tr("Open {server}").format(server=host)),)
        level: Level = "info" if fault in _PASSING else "warning"
        bar = BarText(level, text, way_out, icon="unplug")
        self._notices.say(BACKEND_AWAY, bar, partial(self._on_action, away.address))

    def gave_up(self, reason: str) -> None:
        """Say why the backend does not start, and offer to try again."""
        self.second.stop()
        text = self.tr("Sendoff cannot work in the background. {reason} What you submit is saved.")
        way_out = (("try_now", self.tr("Try again")),)
        bar = BarText("error", text.format(reason=row_in_words(reason)), way_out, icon="unplug")
        self._notices.say(BACKEND_AWAY, bar, lambda _: self.try_now_chosen.emit())

    def ready(self) -> None:
        """Remove the bar: the backend is ready."""
        self.second.stop()
        self._notices.take_back(BACKEND_AWAY)

    def other_build(self, version: str) -> None:
        """Say that a backend of another build runs the tasks, which was not started here."""
        words = self.tr(
            "Another build of Sendoff ({version}) runs the tasks. To run them with this one, end it"
            " where it was started."
        )
        bar = BarText("info", words.format(version=version), icon="unplug", dismissible=True)
        self._notices.say(BACKEND_AWAY, bar)

    def count_down(self) -> None:
        """Count down one second."""
        self._left = max(0, self._left - 1)
        self._say()

    def _say(self) -> None:
        begun = self.tr("Sendoff is restarting.")
        if self._left:
            begun = self.tr("Sendoff is restarting ({seconds} s).").format(seconds=self._left)
        words = sentences(begun, self.tr("Keep typing: what you submit is saved."))
        self._notices.say(BACKEND_AWAY, BarText("warning", words, icon="unplug"))

    def _on_action(self, address: str, action: str) -> None:
        if action == "open":
            self.open_chosen.emit(address)
        else:
            self.other_token_chosen.emit()
