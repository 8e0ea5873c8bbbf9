"""The tabs of a task's attempts, with their outcomes and tracebacks, and of its log."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, set_color, set_role, sized
from desktop.gui.kit.widgets.buttons import ClearableLine, Link
from desktop.gui.kit.widgets.surfaces import Flow
from desktop.gui.kit.widgets.texts import Paragraph, ReadingPane
from desktop.gui.kit.words.ages import clock, day_and_time, duration
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sendoff_tasks.model.tasks import Attempt, LogLine


translate = QCoreApplication.translate
_TRACE_LINES: Final = 16
TOKENS: Final = {"info": "text", "warning": "waiting", "error": "failed"}


OUTCOMES: Final[dict[str, tuple[str, str, object]]] = {
    "running": ("loader-circle", "running", QT_TRANSLATE_NOOP("attempts", "running")),
    "succeeded": ("circle-check", "succeeded", QT_TRANSLATE_NOOP("attempts", "succeeded")),
    "failed": ("circle-x", "failed", QT_TRANSLATE_NOOP("attempts", "failed")),
    "waiting": ("rotate-cw", "waiting", QT_TRANSLATE_NOOP("attempts", "postponed")),
    "too early": ("rotate-cw", "waiting", QT_TRANSLATE_NOOP("attempts", "too early")),
    "offline": ("unplug", "waiting", QT_TRANSLATE_NOOP("attempts", "no connection")),
    "quota": ("rotate-cw", "waiting", QT_TRANSLATE_NOOP("attempts", "limit reached")),
    "cancelled": ("ban", "cancelled", QT_TRANSLATE_NOOP("attempts", "cancelled")),
    "uncertain": ("circle-help", "uncertain", QT_TRANSLATE_NOOP("attempts", "uncertain")),
    "given back": ("undo-2", "queued", QT_TRANSLATE_NOOP("attempts", "interrupted")),
    "crashed": ("triangle-alert", "failed", QT_TRANSLATE_NOOP("attempts", "crashed")),
}
"""For each outcome: icon, colour, word."""


class DetailAttempts(QScrollArea):
    """Lists the attempts of a task, the last one first."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Attempts"))
        self._attempts: list[Attempt] = []
        self._answer = ""
        self.entries: list[AttemptEntry] = []
        self._rebuild(set())

    def show_attempts(self, attempts: Sequence[Attempt], answer: str) -> None:
        """Show a task's attempts; open tracebacks stay open.

        ``answer`` is the server's answer to the attempt that succeeded.
        """
        if (list(attempts), answer) != (self._attempts, self._answer):
            self._answer = answer
            same = [each["started_at"] for each in attempts[:1]] == [
                each["started_at"] for each in self._attempts[:1]
            ]
            self._attempts = list(attempts)
            self._rebuild(self._open() if same else set())

    def _open(self) -> set[int]:
        return {entry.number for entry in self.entries if entry.is_open}

    def _rebuild(self, open_ones: set[int]) -> None:
        px = LOOK.theme.px
        body = QWidget()
        body.setProperty("area", "clear")
        column = QVBoxLayout(body)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(10))
        self.entries = []
        for attempt in reversed(self._attempts):
            answer = self._answer if attempt["outcome"] == "succeeded" else ""
            entry = AttemptEntry(attempt, answer)
            entry.set_open(attempt["attempt"] in open_ones)
            self.entries.append(entry)
            column.addWidget(entry)
        if not self._attempts:
            nothing = set_role(QLabel(self.tr("It has not been tried yet.")), "soft")
            column.addWidget(nothing)
        column.addStretch(1)
        self.setWidget(body)


def attempt_title(attempt: Attempt) -> str:
    """Return the title of an attempt, or of a run of attempts during one outage."""
    last, count = attempt["attempt"], attempt["count"]
    if count == 1:
        return translate("attempts", "Attempt {}").format(last)
    numbers = translate("attempts", "Attempts {} to {}").format(last - count + 1, last)
    tries = translate("attempts", "%Ln tries in one outage", None, count)
    return f"{numbers} · {tries}"


class AttemptEntry(QWidget):
    """One attempt: its time, duration and outcome, and its traceback on demand.

    ``answer`` is the server's answer to an attempt without an error.
    """

    def __init__(self, attempt: Attempt, answer: str) -> None:
        super().__init__()
        self.number = attempt["attempt"]
        name, token, word = OUTCOMES[attempt["outcome"]]
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        first = sized(Flow(), spacing=8)
        picture = QLabel()
        icons.draw(picture, name, token)
        outcome = set_color(QLabel(QCoreApplication.translate("attempts", str(word))), token)
        title = QLabel(attempt_title(attempt))
        times = set_role(QLabel(self._times(attempt)), "soft")
        times.setTextFormat(Qt.TextFormat.PlainText)
        self.toggle = Link("")
        self.toggle.clicked.connect(lambda: self.set_open(not self.is_open))
        for each in (picture, title, outcome, times, self.toggle):
            first.addWidget(each)
        column.addLayout(first)
        said = attempt["error"] or answer
        if said:
            column.addWidget(sized(self._said(said), margins=(24, 0, 0, 0)))
        self._trace = ReadingPane(self.tr("Traceback of attempt {}").format(self.number))
        self._trace.setPlainText(attempt["traceback"] or "")
        lines = min(self._trace.blockCount(), _TRACE_LINES) + 1
        self._trace.setFixedHeight(self._trace.fontMetrics().lineSpacing() * lines)
        below = sized(QHBoxLayout(), margins=(24, 0, 0, 0))
        below.addWidget(self._trace)
        column.addLayout(below)
        if not attempt["traceback"]:
            self.toggle.hide()
        self._trace.hide()
        self.set_open(False)

    @property
    def is_open(self) -> bool:
        """Whether the traceback is shown."""
        return not self._trace.isHidden()

    def set_open(self, shown: bool) -> None:
        """Show or hide the traceback; its end says where the error is."""
        self.toggle.setText(self.tr("Hide traceback") if shown else self.tr("Show traceback"))
        self._trace.setVisible(shown)
        self._trace.moveCursor(QTextCursor.MoveOperation.End)

    def _times(self, attempt: Attempt) -> str:
        started = epoch(attempt["started_at"]) or 0.0
        finished = epoch(attempt["finished_at"])
        told = [day_and_time(started, time.time(), seconds=True)]
        if finished is not None:
            told.append(duration(max(0.0, finished - started)))
        worker = attempt.get("worker")
        if worker:
            told.append(self.tr("on {}").format(worker))
        return " · ".join(told)

    def _said(self, words: str) -> QLabel:
        label = Paragraph(words)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label


class LogPage(QWidget):
    """Shows the log of one task after the other; the search stays."""

    def __init__(self) -> None:
        super().__init__()
        self.log = DetailLog()
        self.search = ClearableLine(self.tr("Search the log"))
        self.search.textChanged.connect(self.log.show_only)
        column = sized(QVBoxLayout(self), margins=(16, 8, 16, 8), spacing=8)
        column.addWidget(self.search)
        column.addWidget(self.log, 1)
        sized(self.search, least_width=60)
        sized(self.log, least_height=54)  # three lines; the page scrolls


LEVELS: Final = {
    "warning": QT_TRANSLATE_NOOP("attempts", "warning"),
    "error": QT_TRANSLATE_NOOP("attempts", "error"),
}
"""The words of the levels that need a look: a colour alone is not read out."""


class DetailLog(ReadingPane):
    """Lines with their time and attempt; it stays at its end while new ones come."""

    def __init__(self) -> None:
        super().__init__("")
        self.setAccessibleName(self.tr("Log"))
        self.setPlaceholderText(self.tr("Nothing was written."))
        self._lines: list[LogLine] = []
        self._task: int | None = None
        self._text = ""
        LOOK.changed.connect(self._write_all)

    def show_log(self, task_id: int, lines: list[LogLine]) -> None:
        """Show a task's lines; for the same task, only append the new ones."""
        known, place = len(self._lines), self.verticalScrollBar()
        is_at_end = place.value() >= place.maximum()
        same = task_id == self._task and lines[:known] == self._lines
        self._task, self._lines = task_id, list(lines)
        if same:
            self._write(lines[known:])
            place.setValue(place.maximum() if is_at_end else place.value())
        else:
            self._write_all()

    def show_only(self, text: str) -> None:
        """Show only lines that contain a text, and highlight it."""
        self._text = text.strip().casefold()
        nothing, none = self.tr("Nothing was written."), self.tr("No line matches.")
        self.setPlaceholderText(none if self._lines else nothing)
        self._write_all()

    def _write_all(self) -> None:
        self.clear()
        self._write(self._lines)
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _write(self, lines: list[LogLine]) -> None:
        shown = [line for line in lines if self._text in line["text"].casefold()]
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        theme = LOOK.theme
        for line in shown:
            if not cursor.atStart():
                cursor.insertBlock()
            at = clock(epoch(line["at"]) or 0.0)
            cursor.insertText(f"{at}  {line['attempt']}  ", _ink(theme.ink("soft text")))
            ink = _ink(theme.ink(TOKENS[line["level"]]))
            if (word := LEVELS.get(line["level"])) is not None:
                cursor.insertText(f"{translate('attempts', str(word))}: ", ink)
            for part, is_found in _found(line["text"], self._text):
                found = QTextCharFormat(ink)
                found.setBackground(theme.tint("waiting", 0.35))
                cursor.insertText(part, found if is_found else ink)


def _found(text: str, wanted: str) -> list[tuple[str, bool]]:
    """Split a text into parts, each with whether it matches the search."""
    if not wanted:
        return [(text, False)]
    parts = re.split(f"({re.escape(wanted)})", text, flags=re.IGNORECASE)
    return [(part, place % 2 == 1) for place, part in enumerate(parts) if part]


def _ink(color: QColor) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setForeground(color)
    return form
