"""Toasts: what just happened, bottom right, with *Undo* while there still can be one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, cast

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from desktop.gui.frame.notices.toast_places import place_in_corner
from desktop.gui.look import icons
from desktop.gui.widgets.buttons import keys_in_words
from desktop.gui.widgets.surfaces import PASSING
from desktop.gui.widgets.texts import WholeLabel, announce

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QEnterEvent, QKeyEvent

    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme
    from desktop.gui.widgets.surfaces import Sheet

SHOWN_AT_ONCE: Final = 4
UNDO_KEYS: Final = "Ctrl+Z"
"""Takes the way out of the newest toast that offers an undo."""
SECOND_MS: Final = 1000
LINGER_S: Final = 2
"""A toast stays this much longer than its countdown."""
_TYPE = QEvent.Type
_MOVES: Final = {_TYPE.Resize, _TYPE.Move, _TYPE.Show, _TYPE.Hide, _TYPE.ZOrderChange}


class Toast(QFrame):
    """One toast, which counts down and goes; it stays while it is under the pointer.

    ``sentence`` is called with the seconds left, down to 0. ``action_chosen`` is emitted when the
    person takes the way out it offers, ``counted`` each second, ``expired`` when that way out ends,
    with the countdown or before, ``closed`` when it goes in any way. ``words`` are its label.
    """

    action_chosen = Signal()
    counted = Signal()
    expired = Signal()
    closed = Signal()

    def __init__(
        self, sentence: Callable[[int], str], seconds: float, action: str, icon: str, theme: Theme
    ) -> None:
        super().__init__()
        self._sentence, self._icon_name = sentence, icon
        self._left = math.ceil(seconds)
        self._stays = self._left + LINGER_S
        self.setObjectName("toast")
        self.setProperty(PASSING, True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._icon, self.words = QLabel(), WholeLabel()
        self.words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._action, self.undoes = action, True
        self.button = QPushButton(action.replace("&", ""))
        self.button.clicked.connect(self._on_action)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor where it is
        self._row = QHBoxLayout(self)
        self.keys = QLabel(keys_in_words(QKeySequence(UNDO_KEYS)))
        self.keys.setObjectName("keys")
        for part in (self._icon, self.words, self.button, self.keys):
            self._row.addWidget(part, part is self.words)
        self.button.setHidden(not action)
        self.keys.hide()
        self._second = QTimer(self, interval=SECOND_MS)
        self._second.timeout.connect(self.count_down)
        self._second.start()
        self.dress(theme)
        self._say()

    def text(self) -> str:
        """Return what it says now."""
        return self.words.text()

    def count_down(self) -> None:
        """One second has passed."""
        self._left = max(0, self._left - 1)
        self._say()
        if self._left == 0:
            self.end_action()
        if not self.underMouse():
            self._stays -= 1
        if self._stays <= 0:
            self.close()

    def close(self) -> bool:
        """Go away; the program frees it."""
        self._second.stop()
        self.closed.emit()
        return super().close()

    def take_keys(self, *, newest: bool) -> None:
        """Answer to the keys of the action, and show them, or leave them to a newer toast."""
        self.button.setText(self._action if newest else self._action.replace("&", ""))
        self.keys.setVisible(newest)

    @property
    def offers_undo(self) -> bool:
        """Whether its way out is an undo, and still there."""
        return self.undoes and bool(self._action)

    def dress(self, theme: Theme) -> None:
        """Take the colours of the other scheme, so it stands out from the window."""
        px, other = theme.px, theme.inverse
        back, words, link = theme.ink("text"), theme.color("surface"), other.strong("accent")
        self.setStyleSheet(
            f"#toast {{ background: {back.name()}; border-radius: {px(8)}px;"
            f" border: 1px solid {other.color('line').name()}; }}"
            f"#toast:focus {{ border-color: {link.name()}; }}"
            f"#toast QLabel {{ color: {words.name()}; }}"
            f"#toast QPushButton {{ color: {link.name()}; background: transparent; border: none;"
            f" font-weight: 600; padding: 0 {px(4)}px; min-height: {px(24)}px; }}"
            f"#toast QLabel#keys {{ color: {other.color('soft text').name()}; }}"
            "#toast QPushButton:focus { text-decoration: underline; }"
        )
        self._row.setContentsMargins(px(16), px(8), px(12), px(8))
        self._row.setSpacing(px(12))
        self._icon.setPixmap(icons.icon(self._icon_name, words, px(18), self.devicePixelRatioF()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close at Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Give a person who points at it the time to read."""
        self._stays = max(self._stays, LINGER_S)
        super().enterEvent(event)

    def end_action(self) -> None:
        """Offer no way out any more: it would come too late, or there is nothing to undo."""
        if self._action:
            self._action = ""
            self.expired.emit()
            self.button.hide()
            self.keys.hide()

    def _on_action(self) -> None:
        self.action_chosen.emit()
        self.close()

    def say_again(self) -> None:
        """Say it as it is now, to screen readers too where more became known."""
        before = self.text()
        self._say()
        if self.text() != before:
            announce(self, self.text())

    def _say(self) -> None:
        self.words.setText(self._sentence(self._left))
        self.counted.emit()


class Toasts(QObject):
    """Shows toasts one above the other in the bottom right corner of ``area`` while it is shown.

    They are children of ``host``, which holds it and the sheets: they lie beside an open sheet, or
    above it where none of its buttons is. One that had the keyboard gives it back to where it came
    from.
    """

    def __init__(self, host: QWidget, area: QWidget, themes: ThemeSource) -> None:
        super().__init__(host)
        self._host, self._area, self._themes = host, area, themes
        self._sheets: list[Sheet] = []
        self._shown: list[Toast] = []
        self._came_from: QWidget | None = None
        self._settled = QTimer(self, singleShot=True, interval=0)  # once all is where it stays
        self._settled.timeout.connect(self._place)
        area.installEventFilter(self)
        host.installEventFilter(self)
        themes.changed.connect(self._on_theme_changed)
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._on_focus_changed)

    def stay_above(self, *sheets: Sheet) -> None:
        """Lie above these, whenever they are opened."""
        self._sheets += sheets
        for sheet in sheets:
            sheet.installEventFilter(self)
            sheet.foot_rule.installEventFilter(self)  # it moves when what is said below gets longer

    def show(
        self,
        sentence: str | Callable[[int], str],
        *,
        seconds: float = 4,
        action: str = "",
        icon: str = "circle-check",
        undoes: bool = True,
    ) -> Toast:
        """Show a toast for ``seconds`` and a little; keys take an ``action`` that ``undoes``."""
        says = (lambda _left: sentence) if isinstance(sentence, str) else sentence
        toast = Toast(says, seconds, action, icon, self._themes.theme)
        toast.undoes = undoes
        toast.setParent(self._host)
        toast.closed.connect(lambda: self._forget(toast))
        toast.counted.connect(self._place)
        toast.expired.connect(lambda: self._on_expired(toast))
        self._shown.append(toast)
        for oldest in self._shown[:-SHOWN_AT_ONCE]:
            oldest.close()
        self._give_keys()
        self._place()
        toast.show()
        toast.raise_()
        announce(toast, toast.text())
        return toast

    @property
    def shown(self) -> list[Toast]:
        """The toasts on screen, the oldest first."""
        return list(self._shown)

    def close(self, toast: Toast) -> None:
        """Close one that has nothing to say any more, if it is still there."""
        if toast in self._shown:
            toast.close()

    def act_newest(self) -> None:
        """Undo what the newest toast that can be undone tells of; say so where none can."""
        for toast in reversed(self._shown):
            if toast.offers_undo:
                toast.button.click()
                return
        words = self.tr("There is nothing to undo any more")
        if not any(toast.text() == words for toast in self._shown):
            self.show(words, icon="info")

    def close_newest(self) -> None:
        """Close the newest one, if there is one."""
        if self._shown:
            self._shown[-1].close()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep to the corner when the window is resized, and above a sheet that is raised."""
        if event.type() in _MOVES:
            self._place()
            self._settled.start()
        return False

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._is_inside(new) and not (old and self._is_inside(old)):
            self._came_from = old

    def _is_inside(self, widget: QWidget) -> bool:
        return any(toast is widget or toast.isAncestorOf(widget) for toast in self._shown)

    def _give_focus_back(self, toast: Toast) -> None:
        """Return the keyboard from a toast that goes to where it came from."""
        here, back = QApplication.focusWidget(), self._came_from
        inside = here is not None and (toast is here or toast.isAncestorOf(here))
        if inside and back is not None and shiboken6.isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_expired(self, toast: Toast) -> None:
        self._give_focus_back(toast)
        self._give_keys()
        self._place()
        self._settled.start()  # its way out is hidden only now

    def _forget(self, toast: Toast) -> None:
        if toast in self._shown:
            self._shown.remove(toast)
            toast.deleteLater()
            self._on_expired(toast)

    def _give_keys(self) -> None:
        """Let only the newest toast with an undo answer to its keys."""
        acting = [toast for toast in self._shown if toast.offers_undo]
        for toast in acting:
            toast.take_keys(newest=toast is acting[-1])

    def _place(self) -> None:
        area = self._area if self._area.isVisible() else self._host
        sheets = [sheet for sheet in self._sheets if sheet.isVisible()]
        place_in_corner(self._shown, self._host, area, sheets, self._themes.theme)

    def _on_theme_changed(self, theme: Theme) -> None:
        for toast in self._shown:
            toast.dress(theme)
        self._place()
