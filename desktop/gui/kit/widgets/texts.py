"""Labels that cut, wrap or break their text, a pane of monospaced text, tooltips."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final
from unicodedata import bidirectional

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QAccessible,
    QAccessibleAnnouncementEvent,
    QPainter,
    QPalette,
    QTextDocument,
)
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy

from desktop.gui.kit.look.appearance import in_monospace, restyle
from sendoff_tasks.client.errors import BackendGone, Refused

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QAbstractButton, QWidget


MARGIN: Final = 2
"""Pixels around a text; fonts draw marks above capitals higher than their metrics say."""
_RIGHT_TO_LEFT = {"R", "AL"}
"""Bidirectional classes of Hebrew and Arabic letters."""
_LEFT_TO_RIGHT_MARK = "\u200e"
"""Makes a line begin at the left, even if a name in such letters comes first."""
UNBROKEN: Final = 50_000
"""Maximum of characters without a space in a pasted text; Qt takes a minute for a million."""
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
    """A label that shows accents above its first line whole; ``QLabel`` cuts and leaves them."""

    def setText(self, text: str) -> None:  # noqa: N802
        """Set the text; a new one repaints the whole label, so nothing of the old one is left."""
        if text != super().text():
            super().setText(text)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the accents above the first line that Qt cuts in rich or selectable text."""
        super().paintEvent(event)
        document, within = self.findChild(QTextDocument), self.contentsRect()
        if document is None:
            return
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, palette.color(self.foregroundRole()))
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette = palette
        painter = QPainter(self)
        is_centred = bool(self.alignment() & Qt.AlignmentFlag.AlignVCenter)
        room = max(0.0, within.height() - document.size().height()) if is_centred else 0.0
        painter.translate(within.left(), within.top() + room / 2)
        painter.setClipRect(0, -within.top(), within.width(), within.top())
        document.documentLayout().draw(painter, context)
        painter.end()


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
    """Plain text that is never cut: a long address breaks at a dot or at its @."""

    def __init__(self) -> None:
        super().__init__()
        give_way(self)  # narrower than its longest word: that may break
        self._whole = ""

    def setText(self, text: str) -> None:  # noqa: N802
        """Set the text."""
        self._whole = text
        self.setAccessibleName(text)
        self._break()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the label as high as its lines at the new width."""
        super().resizeEvent(event)
        self._break()

    def take_width(self, width: int) -> None:
        """Set the width, and make the label as high as its lines are then."""
        self.setFixedWidth(width)
        self._break()

    def _break(self) -> None:
        """Allow breaks inside words only if a word is longer than a line."""
        widest = max(map(self.fontMetrics().horizontalAdvance, self._whole.split()), default=0)
        breaks = widest > self.width()
        shown = _BREAKS.sub("\\1\u200b", self._whole) if breaks else self._whole
        if any(bidirectional(each) in _RIGHT_TO_LEFT for each in shown):
            shown = _LEFT_TO_RIGHT_MARK + shown
        if shown != super().text():
            super().setText(shown)
        self._take_height()

    def sizeHint(self) -> QSize:
        """Ask for the height of the actual lines: Qt's own hint assumes a narrower text."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def _take_height(self) -> None:
        self.setMinimumHeight(0)  # otherwise the current height counts as needed
        self.setMinimumHeight(max(self.heightForWidth(self.width()), 0))  # -1 without a text

    def text(self) -> str:
        """Return the text as it was set, without the added breaks."""
        return self._whole


def give_way(label: QLabel) -> None:
    """Let a label shrink below the width of its longest word."""
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)


class ReadingPane(QPlainTextEdit):
    """Read-only monospaced text without a frame; Tab leaves it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        in_monospace(self)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setStyleSheet("QPlainTextEdit { border: none; background: transparent; padding: 0; }")
        self.document().setDocumentMargin(MARGIN)


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader announce a change the person did not make, after its current speech."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def tip(text: str) -> str:
    """Return a tooltip that shows exactly this text, wrapped."""
    return f'<p style="white-space: pre-wrap">{escape(text)}</p>' if text else ""


def tip_if_cut(button: QAbstractButton) -> None:
    """Show the whole text of a button as tooltip while it is cut, unless it has another tip."""
    whole = tip(button.text())
    if button.toolTip() in {"", whole}:
        button.setToolTip(whole if button.width() < button.sizeHint().width() else "")


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
