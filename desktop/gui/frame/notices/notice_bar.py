"""The slim bars above the table: what a person should know, the most urgent on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.contract.reasons import OUTAGES
from desktop.gui.frame.notices.bar import DISMISS, Bar, BarText
from desktop.gui.frame.notices.notice_words import notice_words, paused_words
from desktop.gui.frame.notices.passing import PassingBars
from desktop.gui.reach import WHOLE
from desktop.gui.widgets.texts import announce

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.events import Notice
    from desktop.gui.frame.notices.pointer import Pointer
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.reach import Reach

_URGENCY: Final = ("error", "warning", "info")
PAUSED: Final = "paused:"
"""How the names of notices about paused queues begin; this alone is about all, or several."""
RESUME: Final = "resume"
"""The action of a notice about something paused."""
TRY_NOW: Final = "try_now"
"""The action of a notice about a queue that waits for its server."""


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
        self._leaving: list[Bar] = []
        self._is_acting = False
        self.bars: dict[str, Bar] = {}
        self.passing = PassingBars(self.bars, self)
        self.passing.was_read.connect(lambda name: self.action_chosen.emit(name, DISMISS))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()
        themes.changed.connect(self._on_theme_changed)

    def wait_for(self, pointer: Pointer) -> None:
        """Do not come or go while this pointer is on its way."""
        self._pointer = pointer
        pointer.rested.connect(self._settle)
        pointer.used.connect(self.passing.see)

    def say(self, name: str, bar_text: BarText) -> None:
        """Show a bar, or change the one of that name."""
        bar = self.bars.get(name)
        says_more = bar is None or bar.bar_text != bar_text
        if bar is None or bar.bar_text.actions != bar_text.actions:
            self.take_back(name)
            bar = Bar(name, bar_text, self._themes)
            bar.action_chosen.connect(self._on_action)
            self.bars[name] = bar
            self._rearrange()
            announce(self, bar_text.text)
        bar.say(bar_text, self._themes.theme)
        if not bar_text.passes:
            self.passing.end(name)
        elif says_more:
            self.passing.begin(name)

    def take_back(self, name: str) -> None:
        """Remove the bar of that name, if there is one."""
        bar = self.bars.pop(name, None)
        self.passing.end(name)
        if bar is not None:
            bar.setEnabled(False)
            self._leaving.append(bar)
            self._rearrange()

    def apply(self, notice: Notice, *, is_paused: bool = False) -> None:
        """Show a notice of the backend, or take it back; its queue ``is_paused``, too."""
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
        if notice.get("reason") in OUTAGES and not is_paused:
            actions = ((TRY_NOW, self.tr("Try now")), *actions)
        is_pause = notice["id"].startswith(PAUSED)
        bar_text = BarText(
            notice["level"],
            notice_words(notice, may_act=self._reach.may_change, is_paused=is_paused),
            tuple(each for each in actions if self._reach.allows(each[0])),
            icon="pause" if is_pause else "",
            dismissible=not is_pause,  # a pause must not be forgotten
        )
        self.say(notice["id"], bar_text)

    def show_pauses(self, pauses: Sequence[Notice]) -> None:
        """Show one bar for all that is paused: of everything, where all is, else of its queues."""
        shown = next((each for each in pauses if each["id"] == PAUSED), None)
        if shown is None and pauses:
            queues = [each["id"].removeprefix(PAUSED) for each in pauses]
            together: Notice = {**pauses[0], "id": PAUSED, "text": paused_words(queues)}
            together.pop("reason", None)
            shown = together if len(pauses) > 1 else pauses[0]
        for name in [each for each in self.bars if each.startswith(PAUSED)]:
            if shown is None or name != shown["id"]:
                self.take_back(name)
        if shown is not None:
            self.apply(shown)

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

    def refuse(self) -> bool:
        """Answer the newest question with no, at Escape; tells whether there was one."""
        asked = [(name, bar.bar_text.refusal) for name, bar in self.bars.items()]
        asked = [each for each in asked if each[1]]
        if asked:
            self._on_action(*asked[-1])
        return bool(asked)

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
