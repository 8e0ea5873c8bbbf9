"""Toasts: what each says and offers, and where they lie."""

from __future__ import annotations

import math
import time
from operator import attrgetter
from typing import TYPE_CHECKING, Final, cast

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QWidget,
)

from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, keep_room, sized
from desktop.gui.kit.widgets.buttons import ActionButton, keys_in_words
from desktop.gui.kit.widgets.sheet import PASSING
from desktop.gui.kit.widgets.texts import WholeLabel, announce
from desktop.gui.kit.words.ages import at_earliest, until
from desktop.gui.kit.words.table import say
from sendoff_tasks.model.times import SECOND_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from PySide6.QtGui import QEnterEvent, QKeyEvent


UNDO_KEYS: Final = "Ctrl+Z"
"""The shortcut of the newest toast that offers an undo."""
LINGER_S: Final = 2
"""Seconds that a toast stays after its countdown."""
BRIEF_S: Final = 4.0
"""Seconds for a toast of one sentence."""
LEGIBLE_S: Final = 10.0
"""Seconds for a toast that names a file or a folder."""
_ANY: Final = QRect(0, 0, 1 << 20, 1 << 20)
SHOWN_AT_ONCE: Final = 4
"""Maximum number of toasts at a time."""
_MOVES: Final = {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show}


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
        self._sentence = sentence
        self.told = ""
        self._left = math.ceil(seconds)
        self._stays = self._left + LINGER_S
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
        self.button = ActionButton(action.replace("&", ""))
        self.button.clicked.connect(self._on_action)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click does not move the focus
        self._row = sized(QHBoxLayout(self), margins=(12, (1, 0), 12, (1, 0)), spacing=12)
        self.keys = QLabel(keys_in_words(QKeySequence(UNDO_KEYS)))
        self.keys.setObjectName("keys")
        for part in (picture, self.words, self.button, self.keys):
            self._row.addWidget(part, part is self.words)
        self.button.setHidden(not action)
        self.keys.hide()
        self._second = QTimer(self, interval=SECOND_MS, timerType=Qt.TimerType.PreciseTimer)
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
        keep_room(self.keys)
        self.button.setText(self._action if newest else self._action.replace("&", ""))
        self.keys.setVisible(newest)

    @property
    def offers_undo(self) -> bool:
        """Whether its button is an undo, and still there."""
        return self.undoes and bool(self._action)

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
        """Remove the button and its room: it is too late, or there is nothing to undo."""
        if self._action:
            self._action, self._left = "", 0
            self.say_again()
            self.expired.emit()
            for part in (self.button, self.keys):
                part.hide()
                self._row.removeWidget(part)
            corner = self.geometry().bottomRight()
            fit(self, self.width(), may_shrink=True)
            self.move(corner - self.rect().bottomRight())

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
        lines = "\n".join(filter(None, self._text.splitlines()))
        self.words.setText(lines.replace(".\n", ". ").replace("\n", " · "))
        self.counted.emit()


def lay_out(
    toasts: Sequence[Toast],
    shelf: QRect,
    gap: int,
    *,
    all_again: bool,
) -> None:
    """Place toasts, the oldest first, on ``shelf``, in pixels of their parent.

    A toast already shown keeps its place, unless ``all_again``. A new one takes the rightmost free
    place, or that of older ones, which stay hidden until there is room again. A toast with an undo
    never gives way to one without.
    """
    lying = [each for each in toasts if not (all_again or each.isHidden())]
    for number, toast in reversed([*enumerate(toasts)]):
        if toast in lying:
            continue
        older = [each for each in toasts[:number] if each in lying]
        older = [each for each in older if toast.offers_undo or not each.offers_undo]
        older.sort(key=attrgetter("offers_undo"))
        right = _free_right(toast.width(), lying, shelf, gap)
        while right is None and older:
            lying.remove(older.pop(0))
            right = _free_right(toast.width(), lying, shelf, gap)
        if right is not None:
            toast.move(right - toast.width() + 1, shelf.bottom() - toast.height() + 1)
            lying.append(toast)
    for toast in toasts:
        toast.setVisible(toast in lying)


def _free_right(width: int, lying: Iterable[Toast], shelf: QRect, gap: int) -> int | None:
    """Return the right edge of the rightmost free place of a width; ``None`` if there is none."""
    taken = [each.geometry().adjusted(-gap, 0, gap, 0) for each in lying]
    edges = [shelf.right(), *(each.left() - 1 for each in taken)]
    for right in sorted(edges, reverse=True):
        left = right - width + 1
        is_free = all(each.right() < left or each.left() > right for each in taken)
        if is_free and (left >= shelf.left() or right == shelf.right()):
            return right
    return None


def fit(toast: Toast, most: int, *, may_shrink: bool = False) -> bool:
    """Fit a toast to its text, at most ``most`` pixels wide; longer text wraps.

    It gets smaller only if it ``may_shrink``. Tell whether its size changed.
    """
    before = toast.size()
    metrics, flag = toast.words.fontMetrics(), Qt.TextFlag.TextWordWrap
    # As it is laid out, word by word: that may be wider than the whole.
    whole = metrics.boundingRect(_ANY, flag, toast.words.text()).width() + 1
    if whole > toast.words.width() or may_shrink:
        toast.words.take_width(whole)
        over = max(0, toast.sizeHint().width() - most)
        toast.words.take_width(max(1, whole - over))
    needs = toast.sizeHint()
    toast.resize(needs if may_shrink else needs.expandedTo(before))
    return toast.size() != before


class ToastShelf(QWidget):
    """The line at the foot of the window on which toasts lie."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._least = 0
        LOOK.changed.connect(self._take_height)
        self._take_height()

    def take_height(self, least: int) -> None:
        """Be at least this high, as far as the window allows."""
        self._least = least
        self._take_height()

    def _take_height(self) -> None:
        usual, window = LOOK.theme.height(32, low=0), self.window()
        spare = window.height() - window.minimumSizeHint().height()
        self.setFixedHeight(max(usual, min(self._least, self.height() + spare)))


class Toasts(QObject):
    """Shows toasts side by side over ``shelf``, the newest as far right as there is room.

    They are children of ``host``, which contains the shelf. It grows to the height that
    ``height_needed`` carries, so they cover no text, row, button or sheet. A focused toast that
    closes gives the focus back to its origin.
    ``countdown_begun`` lets other countdowns change at the same moment. ``keeps`` tells whether
    practice mode keeps e-mails in place of sending them.
    """

    height_needed = Signal(int)
    countdown_begun = Signal()

    def __init__(self, host: QWidget, shelf: QWidget) -> None:
        super().__init__(host)
        self._host, self._shelf = host, shelf
        self._shown: list[Toast] = []
        self._came_from: QWidget | None = None
        self._foot = QPoint(), QPoint()
        self._waits = ""
        self.keeps = False
        self._paused: Mapping[str, str] = {}
        self._held: Mapping[str, str] = {}
        for each in (host, shelf):
            each.installEventFilter(self)
        LOOK.changed.connect(self._on_theme_changed)
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._on_focus_changed)

    def show(
        self,
        sentence: str | Callable[[int], str],
        *,
        seconds: float = BRIEF_S,
        action: str = "",
        chosen: Callable[[], object] | None = None,
        icon: str = "circle-check",
        undoes: bool = True,
    ) -> Toast:
        """Show a toast for ``seconds`` plus ``LINGER_S``; its ``action`` calls ``chosen``.

        If that is an undo (``undoes``), the undo shortcut triggers it, too. Without an action, it
        takes the place of one that says the same.
        """
        for same in [each for each in self._shown if each.told == sentence and not action]:
            same.close()
        says = (lambda _left: sentence) if isinstance(sentence, str) else sentence
        toast = Toast(says, seconds, action, icon)
        toast.told = sentence if isinstance(sentence, str) and not action else ""
        toast.undoes = undoes
        toast.counts = undoes and bool(action) and not isinstance(sentence, str)
        toast.hold(self._waits)
        toast.setParent(self._host)
        if chosen is not None:
            toast.action_chosen.connect(chosen)
        toast.closed.connect(lambda: self._forget(toast))
        toast.counted.connect(self._place)
        toast.expired.connect(lambda: self._on_expired(toast))
        self._shown.append(toast)
        for oldest in self._shown[:-SHOWN_AT_ONCE]:
            oldest.close()
        self._give_keys()
        toast.raise_()
        self._place()
        announce(toast, toast.text())
        if toast.counts:
            self.countdown_begun.emit()
        return toast

    def warn(self, trouble: str | Exception, *, seconds: float = BRIEF_S) -> Toast:
        """Show what went wrong."""
        words = str(trouble) if isinstance(trouble, Exception) else trouble
        return self.show(words, seconds=seconds, icon="triangle-alert")

    def hold(self, *, is_away: bool, goes_on: bool = False) -> None:
        """Stop the countdowns while the backend is away.

        A backend on a server may go on (``goes_on``) with tasks it has accepted.
        """
        waits = self.tr("This waits until Sendoff answers again")
        there = self.tr("Sendoff does not answer; on the server, this may continue")
        self._waits = (there if goes_on else waits) if is_away else ""
        for toast in self._shown:
            toast.hold(self._waits)

    def stop(self, paused: Mapping[str, str], held: Mapping[str, str]) -> None:
        """Replace countdowns of paused and held queues by these words; ``""`` means all queues."""
        self._paused, self._held = paused, held
        for toast in self._shown:
            toast.say_again()

    def when(self, left: int, queue: str = MAIL_QUEUE, *, releases: bool = False) -> str:
        """Say when an announced start in a queue happens, ``left`` seconds from now; empty for now.

        A stopped queue has no such time. An action that ``releases`` a queue is not stopped by its
        hold.
        """
        stopped = self._paused.get("") or self._paused.get(queue)
        stopped = stopped or ("" if releases else self._held.get(queue, ""))
        return stopped or (say("tail", "in", s=left) if left else "")

    def at(self, moment: float, queue: str) -> str:
        """Say when a task with a start time of its own (epoch s) starts in a queue."""
        stopped, now = self.when(0, queue), time.time()
        return at_earliest(stopped, moment, now) if stopped else until(moment, now)

    @property
    def shown(self) -> list[Toast]:
        """The toasts on screen, the oldest first."""
        return list(self._shown)

    def close(self, toast: Toast | None) -> None:
        """Close a toast that is outdated, if there is one and it is still there."""
        if toast is not None and toast in self._shown:
            toast.close()

    def act_newest(self) -> None:
        """Press the undo button of the newest toast that has one; say so if there is none."""
        for toast in reversed(self._shown):
            if toast.offers_undo:
                toast.button.click()
                return
        words = self.tr("There is nothing to undo any more")
        if not any(toast.text() == words for toast in self._shown):
            self.show(words, icon="info")

    def close_newest(self) -> None:
        """Close the newest toast, if any."""
        if self._shown:
            self._shown[-1].close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the place of the shelf, and of what is on it."""
        is_relaid = watched is not self._host and event.type() == QEvent.Type.LayoutRequest
        if is_relaid or event.type() in _MOVES:
            self._place()
        return False

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._is_inside(new) and not (old and self._is_inside(old)):
            self._came_from = old

    def _is_inside(self, widget: QWidget) -> bool:
        return any(toast is widget or toast.isAncestorOf(widget) for toast in self._shown)

    def _give_focus_back(self, toast: Toast) -> None:
        """Move the focus from a toast that closes back to its origin."""
        here, back = QApplication.focusWidget(), self._came_from
        inside = here is not None and (toast is here or toast.isAncestorOf(here))
        if inside and back is not None and shiboken6.isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_expired(self, toast: Toast) -> None:
        self._give_focus_back(toast)
        self._give_keys()
        self._place()

    def _forget(self, toast: Toast) -> None:
        if toast in self._shown:
            self._shown.remove(toast)
            toast.deleteLater()
            self._on_expired(toast)

    def _give_keys(self) -> None:
        """Let only the newest toast with an undo use the shortcut."""
        acting = [toast for toast in self._shown if toast.offers_undo]
        for toast in acting:
            toast.take_keys(newest=toast is acting[-1])

    def _place(self, *, all_again: bool = False) -> None:
        px, at = LOOK.theme.px, self._shelf.mapTo(self._host, QPoint())
        shelf = QRect(at, self._shelf.size()).adjusted(px(12), 0, -px(12), -self._gap())
        all_again |= self._foot != (foot := (shelf.bottomLeft(), shelf.bottomRight()))
        self._foot = foot
        for toast in self._shown:
            is_new = toast.isHidden()
            has_changed = fit(toast, shelf.width(), may_shrink=all_again or is_new)
            all_again |= has_changed and not is_new
        there = [toast for toast in self._shown if not toast.isHidden()]
        if not any(toast.underMouse() for toast in there):
            all_again |= any(toast.geometry().right() > shelf.right() for toast in there)
        lay_out(self._shown, shelf, px(8), all_again=all_again)
        there = [toast for toast in self._shown if not toast.isHidden()]
        heights = [toast.height() + self._gap() for toast in there]
        self.height_needed.emit(max(heights, default=0))

    def _gap(self) -> int:
        """Return the gap between a toast and the foot of its shelf."""
        return LOOK.theme.height(2, low=0)

    def _on_theme_changed(self) -> None:
        self._place(all_again=True)
