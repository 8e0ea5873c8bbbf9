"""Labels that cut, wrap or break their text, a pane of monospaced text, tooltips."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final
from unicodedata import bidirectional

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QPainter,
)
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy

from desktop.gui.kit.look.appearance import bind_theme, in_monospace, restyle
from sendoff_tasks.client.errors import BackendGone, Refused

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QAbstractScrollArea, QWidget


MARGIN: Final = 2
"""Pixels around a text; fonts draw marks above capitals higher than their metrics say."""
_RIGHT_TO_LEFT = {"R", "AL"}
"""Bidirectional classes of Hebrew and Arabic letters."""
_LEFT_TO_RIGHT_MARK = "\u200e"
"""Makes a line begin at the left, even if a name in such letters comes first."""
UNBROKEN: Final = 50_000
"""Maximum of characters without a space in a pasted text; Qt takes a minute for a million."""
_LONG = re.compile(r"\S{25,}")
"""A word that may be longer than a line."""
_BREAKS = re.compile(r"([.@_+-]|\w{20})(?=\w)")


def utf16_units(text: str) -> int:
    """Return the number of UTF-16 units in a text, as Qt counts positions; an emoji takes two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_cut(text: str, first: int, last: int) -> str:
    """Return the part of a text between two positions in UTF-16 units."""
    cut = text.encode("utf-16-le", "surrogatepass")[2 * first : 2 * last]
    return cut.decode("utf-16-le", "surrogatepass")


def paste_problem(text: str) -> str:
    """Say why a text cannot be pasted into an editor that wraps lines; empty if it can."""
    if max(map(len, text.split()), default=0) <= UNBROKEN:
        return ""
    words = QCoreApplication.translate(
        "texts", "This text is not pasted: it has over {} characters without a space."
    )
    return words.format(f"{UNBROKEN:,}")


class AccentLabel(QLabel):
    """A label that leaves nothing of accents above its first line; ``QLabel`` does."""

    def setText(self, text: str) -> None:  # noqa: N802
        """Set the text; a new one repaints the whole label, so nothing of the old one is left."""
        if text != super().text():
            super().setText(text)
            self.update()


class ElidedLabel(AccentLabel):
    """Plain text in one line, cut where ``mode`` says; screen readers get all of it."""

    def __init__(
        self, text: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__(text, textFormat=Qt.TextFormat.PlainText)
        self._mode = mode

    def minimumSizeHint(self) -> QSize:
        """Ask for eight letters at most: the rest is cut."""
        whole = super().minimumSizeHint()
        return whole.boundedTo(QSize(self.fontMetrics().averageCharWidth() * 8, whole.height()))

    def cut_to(self, room: int) -> str:
        """Return the text as it is cut to ``room`` logical pixels."""
        return self.fontMetrics().elidedText(self.text(), self._mode, room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as much of the text as fits; the tooltip shows all of it if it is cut."""
        painter = QPainter(self)
        shown = self.cut_to(self.contentsRect().width())
        self.setToolTip("" if shown == self.text() else tip(self.text()))
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment(), shown)
        painter.end()


class Paragraph(AccentLabel):
    """Plain text that wraps between words."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)


class WholeLabel(Paragraph):
    """Plain text that is never cut: a long address may break at a dot or at its @."""

    def __init__(self) -> None:
        super().__init__()
        give_way(self)  # narrower than its longest word: that may break
        self._whole = ""

    def setText(self, text: str) -> None:  # noqa: N802
        """Set the text."""
        self._whole = text
        self.setAccessibleName(text)
        shown = _LONG.sub(lambda word: _BREAKS.sub("\\1\u200b", word[0]), text)
        if any(bidirectional(each) in _RIGHT_TO_LEFT for each in shown):
            shown = _LEFT_TO_RIGHT_MARK + shown
        super().setText(shown)

    def text(self) -> str:
        """Return the text as it was set, without the added breaks."""
        return self._whole


def give_way(label: QLabel) -> None:
    """Let a label shrink below the width of its longest word."""
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)


_SCROLLS: Final = frozenset(
    {
        *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
        *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Space),
    }
)


def leaves_scrolling(area: QAbstractScrollArea, event: QKeyEvent) -> bool:
    """Tell whether a key scrolls what holds a text: all of the text is in sight."""
    return event.key() in _SCROLLS and not area.verticalScrollBar().maximum()


class ReadingPane(QPlainTextEdit):
    """Read-only monospaced text without a frame; Tab leaves it.

    Once it was to :meth:`show_lines`, it is as high as they are, up to ``MOST``.
    """

    MOST: Final = 200

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        in_monospace(self)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setStyleSheet("QPlainTextEdit { border: none; background: transparent; padding: 0; }")
        self.document().setDocumentMargin(MARGIN)

    def show_lines(self, text: str) -> None:
        """Show a text whole; a person may have selected a part of it, so the same one stays."""
        if text != self.toPlainText():
            self.setPlainText(text)
        self.fit()

    def fit(self) -> None:
        """Be as high as the lines, with room for a bar below them."""

        def apply_theme(pane: ReadingPane, _: object) -> None:
            lines = min(pane.blockCount(), pane.MOST)
            bar = pane.horizontalScrollBar().sizeHint().height()
            pane.setFixedHeight(pane.fontMetrics().lineSpacing() * lines + 2 * MARGIN + bar)

        bind_theme(self, "lines", apply_theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys that scroll to what holds the pane, if all of it is in sight."""
        if leaves_scrolling(self, event):
            event.ignore()
        else:
            super().keyPressEvent(event)


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader announce a change the person did not make, after its current speech."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def tip(text: str) -> str:
    """Return a tooltip that shows exactly this text, wrapped."""
    return f'<p style="white-space: pre-wrap">{escape(text)}</p>' if text else ""


class Feedback(Paragraph):
    """Shows a sentence, or else the usual one; it is hidden while there is neither.

    An error that the backend is away is shown until it is back. A conflict with the state of a task
    is shown until the task changes its state.
    """

    def __init__(self) -> None:
        super().__init__()
        self._why: Exception | None = None
        self.say_usually("")

    def say(self, sentence: str, role: str = "soft") -> None:
        """Show a sentence; ``role`` sets its colour: ``soft``, ``error`` or ``good``."""
        self._why = None
        text, role = (sentence, role) if sentence else self._usual
        restyle(self, role=role)
        self.setText(text)
        self.setHidden(not text)

    def say_usually(self, sentence: str, role: str = "soft", *, keeps_why: bool = False) -> None:
        """Set the usual sentence and show it; it returns whenever another sentence is removed.

        With ``keeps_why``, an error that :meth:`forget_why` would remove stays first.
        """
        self._usual = sentence, role
        if not (keeps_why and self._says_why):
            self.say("")

    def say_why(self, sentence: str, error: Exception, role: str = "error") -> None:
        """Show why an action failed; the sentence is empty if a field shows the error."""
        self.say(sentence, role)
        self._why = error

    def forget_why(self) -> None:
        """Remove the error because the person goes on; *the backend is away* stays."""
        if self._says_why:
            self.say("")

    @property
    def _says_why(self) -> bool:
        return self._why is not None and not isinstance(self._why, BackendGone)

    def forget_absence(self) -> None:
        """Remove the message that the backend is away."""
        if isinstance(self._why, BackendGone):
            self.say("")

    def forget_conflict(self, task: int, state: str) -> None:
        """Remove a conflict with the state of this task if the task has another state now."""
        met = self._why.problem.get("data", {}) if isinstance(self._why, Refused) else {}
        if met.get("task_id") == task and met.get("state", state) != state:
            self.say("")


def forget_absence(inside: QWidget) -> None:
    """Remove the message that the backend is away from every feedback inside a widget."""
    for feedback in inside.findChildren(Feedback):
        feedback.forget_absence()
