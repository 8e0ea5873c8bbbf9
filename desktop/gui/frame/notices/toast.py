"""A toast: a short message about an action, with *Undo* while that is possible."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.follow import sized
from desktop.gui.kit.widgets.buttons import keys_in_words
from desktop.gui.kit.widgets.sheet import PASSING
from desktop.gui.kit.widgets.texts import WholeLabel, announce

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QEnterEvent, QKeyEvent


UNDO_KEYS: Final = "Ctrl+Z"
"""The shortcut of the newest toast that offers an undo."""
SECOND_MS: Final = 1000
LINGER_S: Final = 2
"""Seconds that a toast stays after its countdown."""


class Toast(QFrame):
    """A message that counts down and closes; it stays while hidden or under the pointer.

    ``sentence`` is called with the seconds left, down to 0; ``told`` is the sentence if it never
    changes. ``action_chosen`` is emitted when the person presses its button, ``counted`` each
    second, ``expired`` when the button is removed, at the end of the countdown or before,
    ``closed`` when the toast closes for any reason. ``words`` is its label.
    """

    action_chosen = Signal()
    counted = Signal()
    expired = Signal()
    closed = Signal()

    def __init__(
        self, sentence: Callable[[int], str], seconds: float, action: str, icon: str
    ) -> None:
        super().__init__()
        self._sentence, self._icon_name = sentence, icon
        self.told = ""
        self._left = math.ceil(seconds)
        self._stays = self._whole = self._left + LINGER_S
        self._times = 1
        self.setObjectName("toast")
        self.setProperty(PASSING, True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        icons.draw(picture := QLabel(), icon, "surface", 18)
        self.words = sized(WholeLabel(), margins=(0, 2, 0, 2))  # several lines fill the height
        self.words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._action = action
        self._text = ""
        self.undoes, self.counts = True, False
        self._waits = ""
        self.button = QPushButton(action.replace("&", ""))
        self.button.clicked.connect(self._on_action)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click does not move the focus
        row = sized(QHBoxLayout(self), margins=(12, (1, 0), 12, (1, 0)), spacing=12)
        self.keys = QLabel(keys_in_words(QKeySequence(UNDO_KEYS)))
        self.keys.setObjectName("keys")
        for part in (picture, self.words, self.button, self.keys):
            row.addWidget(part, part is self.words)
        self.button.setHidden(not action)
        self.keys.hide()
        if action:  # its width stays without the button
            _keep_room(self.button)
        self._second = QTimer(self, interval=SECOND_MS)
        self._second.timeout.connect(self.count_down)
        self._second.start()
        self._say()

    def text(self) -> str:
        """Return its current text, a line for each sentence."""
        return self._text

    def count_down(self) -> None:
        """Count down one second."""
        self._left = max(0, self._left - 1)
        self._say()
        if self._waits:
            return
        if self._left == 0:
            self.end_action()
        if not (self.underMouse() or self.isHidden()):
            self._stays -= 1
        if self._stays <= 0:
            self.close()

    def hold(self, waits: str) -> None:
        """Replace the countdown by the sentence ``waits`` and stay; go on if it is empty.

        A toast whose countdown is over ignores this.
        """
        self._waits = waits if self.counts and self._action else ""
        self.say_again()

    def close(self) -> bool:
        """Close; the owner deletes the toast."""
        self._second.stop()
        self.closed.emit()
        return super().close()

    def take_keys(self, *, newest: bool) -> None:
        """Show and use the undo shortcut, or leave it to a newer toast."""
        _keep_room(self.keys)
        self.button.setText(self._action if newest else self._action.replace("&", ""))
        self.keys.setVisible(newest)

    @property
    def offers_undo(self) -> bool:
        """Whether its button is an undo, and still there."""
        return self.undoes and bool(self._action)

    @property
    def only_tells(self) -> bool:
        """Whether it only reports a success, with no button."""
        return not self._action and self._icon_name != "triangle-alert"

    def say_once_more(self) -> None:
        """Count one more event with the same message, and stay as long as a new toast."""
        self._times += 1
        self._stays = max(self._stays, self._whole)
        self.say_again()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay long enough to be read while the pointer is on it."""
        self._stays = max(self._stays, LINGER_S)
        super().enterEvent(event)

    def end_action(self) -> None:
        """Remove the button: it is too late, or there is nothing to undo."""
        if self._action:
            self._action = ""
            self.expired.emit()
            self.button.hide()
            self.keys.hide()

    def _on_action(self) -> None:
        self.action_chosen.emit()
        self.close()

    def say_again(self) -> None:
        """Update the text, and announce it to screen readers if it changed."""
        before = self.text()
        self._say()
        if self.text() != before:
            announce(self, self.text())

    def _say(self) -> None:
        self._text = self._waits or self._sentence(self._left)
        if self._times > 1:
            self._text = self.tr("{times} × {words}").format(times=self._times, words=self._text)
        self.words.setText(" · ".join(filter(None, self._text.splitlines())))
        self.counted.emit()


def _keep_room(part: QWidget) -> None:
    """Let a part of a toast keep its room while it is hidden."""
    policy = part.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    part.setSizePolicy(policy)
