"""The note line at the foot of the window: undo first, else what was done, or what went wrong."""

from __future__ import annotations

import math
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, cast

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSpacerItem,
    QStackedLayout,
    QWidget,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import IconButton, Link, keys_in_words
from desktop.gui.kit.widgets.texts import ElidedLabel, announce
from sendoff_tasks.model.times import SECOND_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.frame.starts import StartTimes

    Way = tuple[str, Callable[[], object]]
    """The word of a link, and what it does."""

UNDO_KEYS: Final = "Ctrl+Z"
"""The shortcut of the newest undo."""
READ_S: Final = 8
"""Seconds for which a note is shown, and what can always be undone."""
LINGER_S: Final = 2
"""Seconds for which an undo says what comes now, once it is too late."""
MOST: Final = 4
"""Passing notes at a time; the oldest gives way."""


class NoteKind(Enum):
    """How long a note stays, and which is shown first: the order here."""

    UNDO = auto()
    """Until its countdown is over; the newest is shown."""
    PASSING = auto()
    """For some seconds in which it is seen; one is shown after the other."""
    WORKING = auto()
    """As long as its work goes on: it can be stopped, not taken away."""
    STAYING = auto()
    """Until the person takes it away, or its owner; the newest is shown."""
    SPENT = auto()
    """An undo whose countdown is over: any other takes its place."""


_PASSING: Final = {NoteKind.PASSING, NoteKind.SPENT}


class WindowNote(QFrame):
    """A text in one line, with at most one link, and a cross if it can be taken away.

    ``sentence`` is called with the seconds left, down to 0. ``counted`` is emitted each second,
    ``expired`` when an undo is too late, ``put_away`` when the person presses the cross, and
    ``closed`` when the note is gone for any reason.
    """

    counted = Signal()
    expired = Signal()
    put_away = Signal()
    closed = Signal()

    def __init__(
        self,
        kind: NoteKind,
        sentence: str | Callable[[int], str],
        seconds: float = READ_S,
        way: Way | None = None,
        icon: str = "info",
    ) -> None:
        super().__init__()
        self.kind = kind
        self._sentence = (lambda _left: sentence) if isinstance(sentence, str) else sentence
        self._counts = kind is NoteKind.UNDO and not isinstance(sentence, str)
        self._left = math.ceil(seconds)
        self._text = self._waits = ""
        self.setObjectName("note")
        token = "waiting" if icon == "triangle-alert" else "soft text"
        icons.draw(picture := QLabel(), icon, token, 16)
        self.words = ElidedLabel()
        word, self._chosen = way if way is not None else ("", lambda: None)
        self.link = Link(word)
        self.link.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click does not move the focus
        self.link.clicked.connect(self.use)
        self.keys = set_role(QLabel(keys_in_words(QKeySequence(UNDO_KEYS))), "soft")
        self.cross = IconButton(self.tr("Close"), "x", width=24)
        self.cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cross.clicked.connect(self._on_cross)
        self._row = sized(QHBoxLayout(self), margins=(12, 0, 12, 0), spacing=8)
        self._room = QSpacerItem(0, 0)  # for a longer text: the link keeps its place
        self._widest = 0
        self._row.addWidget(picture)
        self._row.addWidget(self.words)
        self._row.addSpacerItem(self._room)
        for part in (self.link, self.keys):
            self._row.addWidget(part)
        self._row.addStretch(1)
        self._row.addWidget(self.cross)
        self.link.setHidden(way is None)
        self.keys.setHidden(kind is not NoteKind.UNDO)
        self.cross.setHidden(kind not in {NoteKind.PASSING, NoteKind.STAYING})
        self._second = QTimer(self, interval=SECOND_MS, timerType=Qt.TimerType.PreciseTimer)
        self._second.timeout.connect(self.count_down)
        if kind in {NoteKind.UNDO, NoteKind.PASSING}:
            self._second.start()
        self._say()

    def text(self) -> str:
        """Return its current text, a line for each sentence."""
        return self._text

    @property
    def offers_undo(self) -> bool:
        """Whether its link is an undo that is not too late."""
        return self.kind is NoteKind.UNDO

    def use(self) -> None:
        """Follow the link, once; the note is used then."""
        chosen, self._chosen = self._chosen, lambda: None
        self.close()
        chosen()

    def count_down(self) -> None:
        """Count down one second: of an undo always, of another note while it is seen and read."""
        if self.kind is NoteKind.UNDO:
            self._left = max(0, self._left - 1)
            self._say()
            if self._left == 0 and not self._waits:
                self.end_undo()
        elif self.kind in _PASSING and self._is_seen():
            self._left -= 1
            if self._left <= 0:
                self.close()
        self.counted.emit()

    def end_undo(self) -> None:
        """Remove the link: it is too late, or there is nothing to undo. It says what comes now."""
        if self.kind is NoteKind.UNDO:
            self._left = 0
            self.say_again()
            self.kind, self._left = NoteKind.SPENT, LINGER_S
            self.link.hide()
            self.keys.hide()
            self.expired.emit()

    def hold(self, waits: str) -> None:
        """Replace a countdown by the sentence ``waits``; go on if it is empty."""
        self._waits = waits if self._counts and self.kind is NoteKind.UNDO else ""
        self.say_again()

    def say(self, sentence: str) -> None:
        """Say something else from now on."""
        self._sentence = lambda _left: sentence
        self._say()

    def say_again(self) -> None:
        """Update the text, and announce it to screen readers if it changed."""
        if self.kind is NoteKind.SPENT:
            return
        before = self._text
        self._say()
        if self._text != before:
            announce(self, self._text)

    def close(self) -> bool:
        """Close; the owner deletes the note."""
        self._second.stop()
        self.closed.emit()
        return super().close()

    def _on_cross(self) -> None:
        self.close()
        self.put_away.emit()

    def _is_seen(self) -> bool:
        """Tell whether it is in sight, and the person is not at it."""
        is_used = self.underMouse() or self.link.hasFocus() or self.cross.hasFocus()
        return self.isVisible() and not is_used

    def _say(self) -> None:
        self._text = self._waits or self._sentence(self._left)
        lines = "\n".join(filter(None, self._text.splitlines()))
        self.words.setText(lines.replace(".\n", ". ").replace("\n", " · "))
        width = self.words.sizeHint().width()
        self._widest = max(self._widest, width)
        self._room.changeSize(self._widest - width, 0)
        self._row.invalidate()


class NoteLine(QObject):
    """Shows one note at a time, in a ``line`` of one height, which is there for them.

    An undo comes first, the newest of several; then notes that pass, one after the other; then what
    stays. A focused note that closes gives the focus back to its origin. ``changing`` is emitted
    before another note is shown, ``countdown_begun`` lets other countdowns change at the same
    moment.
    """

    changing = Signal()
    countdown_begun = Signal()

    def __init__(self, starts: StartTimes) -> None:
        super().__init__(starts)
        self.line = sized(QWidget(), height=(32, 24))
        self.line.setProperty("area", "bar")
        self.line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.line.hide()
        self._pages = QStackedLayout(self.line)
        self._pages.addWidget(QWidget())
        self.starts = starts
        self._shown: list[WindowNote] = []
        self._came_from: QWidget | None = None
        self._waits = ""
        starts.changed.connect(self._say_again)
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._on_focus_changed)

    @property
    def shown(self) -> list[WindowNote]:
        """The notes that are there, the oldest first; :attr:`front` is in sight."""
        return [*self._shown]

    @property
    def front(self) -> WindowNote | None:
        """The note in sight."""
        page = self._pages.currentWidget()
        return page if isinstance(page, WindowNote) else None

    def show(self, words: str, way: Way | None = None, *, icon: str = "circle-check") -> WindowNote:
        """Say something for some seconds, with a way to go on."""
        for same in self._said(words):
            same.close()
        passing = [each for each in self._shown if each.kind is NoteKind.PASSING]
        for oldest in passing[: 1 - MOST]:
            oldest.close()
        return self._add(WindowNote(NoteKind.PASSING, words, way=way, icon=icon))

    def warn(self, trouble: str | Exception) -> WindowNote:
        """Say what went wrong until the person takes it away."""
        words = str(trouble)
        for same in self._said(words):
            same.close()
        return self._add(WindowNote(NoteKind.STAYING, words, icon="triangle-alert"))

    def stay(self, words: str, way: Way | None = None, *, icon: str = "info") -> WindowNote:
        """Say something until it is used, taken away or closed by its owner."""
        return self._add(WindowNote(NoteKind.STAYING, words, way=way, icon=icon))

    def work(self, words: str, way: Way | None = None, *, icon: str) -> WindowNote:
        """Say what goes on, with a way to stop it, until the owner closes the note."""
        return self._add(WindowNote(NoteKind.WORKING, words, way=way, icon=icon))

    def offer_undo(
        self,
        sentence: str | Callable[[int], str],
        undo: Callable[[], object],
        *,
        seconds: float = READ_S,
        word: str = "",
        icon: str = "circle-check",
    ) -> WindowNote:
        """Say what was done, and offer for some seconds to undo it."""
        way = word or self.tr("Undo"), undo
        note = WindowNote(NoteKind.UNDO, sentence, seconds, way, icon)
        note.hold(self._waits)
        self._add(note)
        if not isinstance(sentence, str):
            self.countdown_begun.emit()
        return note

    def close(self, note: WindowNote | None) -> None:
        """Close a note that is outdated, if there is one and it is still there."""
        if note is not None and note in self._shown:
            note.close()

    def hold(self, *, is_away: bool, goes_on: bool = False) -> None:
        """Stop the countdowns while the backend is away.

        A backend on a server may go on (``goes_on``) with tasks it has accepted.
        """
        waits = self.tr("This waits until Sendoff answers again")
        there = self.tr("Sendoff does not answer; on the server, this may continue")
        self._waits = (there if goes_on else waits) if is_away else ""
        for note in self._shown:
            note.hold(self._waits)

    def undo(self, otherwise: Callable[[], bool] = lambda: False) -> None:
        """Take the newest undo, ``otherwise`` what that can undo; say so if there is nothing."""
        undos = [each for each in self._shown if each.kind is NoteKind.UNDO]
        if undos:
            undos[-1].use()
        elif not otherwise():
            self.show(self.tr("There is nothing to undo any more"), icon="info")

    def put_away(self) -> bool:
        """Take the note in sight away as its cross does; tell whether it has one."""
        front = self.front
        has_cross = front is not None and not front.cross.isHidden()
        if front is not None and has_cross:
            front.cross.click()
        return has_cross

    def _said(self, words: str) -> list[WindowNote]:
        kinds = {NoteKind.PASSING, NoteKind.STAYING}
        same = [each for each in self._shown if each.kind in kinds and each.link.isHidden()]
        return [each for each in same if each.text() == words]

    def _add(self, note: WindowNote) -> WindowNote:
        note.closed.connect(lambda: self._forget(note))
        note.expired.connect(self._show_front)
        self._shown.append(note)
        self._pages.addWidget(note)
        self._show_front()
        announce(note, note.text())
        return note

    def _show_front(self) -> None:
        """Show the note that comes first; an undo that is too late waits for no other."""
        front = self._first()
        if front is not self.front:
            self.changing.emit()
            self._pages.setCurrentIndex(0 if front is None else self._pages.indexOf(front))
            self.line.setVisible(front is not None)
        for each in self.shown:
            if each.kind is NoteKind.SPENT and each is not front:
                each.close()

    def _first(self) -> WindowNote | None:
        for kind in NoteKind:
            several = [each for each in self._shown if each.kind is kind]
            if several:
                return several[0 if kind is NoteKind.PASSING else -1]
        return None

    def _say_again(self) -> None:
        for note in self._shown:
            note.say_again()

    def _forget(self, note: WindowNote) -> None:
        if note not in self._shown:
            return
        self._shown.remove(note)
        self._give_focus_back(note)
        self._show_front()
        self._pages.removeWidget(note)
        note.deleteLater()

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        is_old_here = old is not None and self.line.isAncestorOf(old)
        if new is not None and self.line.isAncestorOf(new) and not is_old_here:
            self._came_from = old

    def _give_focus_back(self, note: WindowNote) -> None:
        """Move the focus from a note that closes back to its origin."""
        here, back = QApplication.focusWidget(), self._came_from
        is_inside = here is not None and note.isAncestorOf(here)
        if is_inside and back is not None and shiboken6.isValid(back) and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)
