"""The tab of a task's attempts: the outcome of each, and its traceback."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, inked, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.surfaces import Flow
from desktop.gui.kit.widgets.texts import ReadingPane
from desktop.gui.kit.words.ages import day_and_time, duration
from desktop.gui.kit.words.task_row import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.tasks import Attempt


_FRAME: Final = re.compile(r'  File "(?P<file>.+)", line \d+(, in .+)?')
_BEGIN: Final = "Traceback (most recent call last):"
_LIBRARIES: Final = re.compile(
    r"[\\/](site-packages|dist-packages|lib[\\/]python3[^\\/]*|Python3\d*[\\/]Lib)[\\/]|^<frozen ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Frames:
    """A number of consecutive calls in libraries."""

    count: int


Part = str | Frames
"""A line of a traceback, or folded calls."""


def folded(trace: str) -> list[Part]:
    """Return a traceback's lines, with the calls in libraries folded.

    Files in the folder of the task's function always count as the person's own.
    """
    lines = trace.splitlines()
    home = _home(lines)
    parts: list[Part] = []
    is_foreign = False
    for line in lines:
        frame = _FRAME.match(line)
        if frame is not None:
            is_foreign = _is_foreign(frame["file"], home)
            if is_foreign:
                last = parts[-1] if parts else ""
                if isinstance(last, Frames):
                    parts[-1] = Frames(last.count + 1)
                else:
                    parts.append(Frames(1))
        elif not line.startswith("  "):
            is_foreign = False
        if not is_foreign:
            parts.append(line)
    return parts


def _home(lines: list[str]) -> str:
    """Return the folder of the task's function, which is the first frame of the last traceback."""
    begins = [place for place, line in enumerate(lines) if line == _BEGIN]
    for line in lines[begins[-1] if begins else 0 :]:
        frame = _FRAME.match(line)
        if frame is not None:
            return _folder(frame["file"])
    return ""


def _folder(file: str) -> str:
    kind = PureWindowsPath if "\\" in file else PurePosixPath
    return str(kind(file).parent)


def _is_foreign(file: str, home: str) -> bool:
    inside = bool(home) and home != "." and _folder(file).startswith(home)
    return not inside and _LIBRARIES.search(file) is not None


translate = QCoreApplication.translate

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

_TRACE_LINES: Final = 16


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

    def show_attempts(self, attempts: Sequence[Attempt], answer: str = "") -> None:
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
            nothing = QLabel(self.tr("It has not been tried yet."))
            nothing.setProperty("role", "soft")
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


def _line(part: Part) -> str:
    """Return a line of a folded traceback."""
    if isinstance(part, str):
        return part
    return "  " + translate("attempts", "… %Ln calls in libraries", None, part.count)


class AttemptEntry(QWidget):
    """One attempt: its time, duration and outcome, and its traceback on demand.

    At first the traceback is folded to the person's own lines. ``answer`` is the server's answer to
    an attempt without an error.
    """

    def __init__(self, attempt: Attempt, answer: str = "") -> None:
        super().__init__()
        self.number = attempt["attempt"]
        self.is_folded = True
        name, token, word = OUTCOMES[attempt["outcome"]]
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        first = sized(Flow(), spacing=8)
        picture = QLabel()
        icons.draw(picture, name, token)
        outcome = inked(QLabel(QCoreApplication.translate("attempts", str(word))), token)
        title = QLabel(attempt_title(attempt))
        times = QLabel(self._times(attempt))
        times.setProperty("role", "soft")
        times.setTextFormat(Qt.TextFormat.PlainText)
        self.toggle = Link("")
        self.toggle.clicked.connect(lambda: self.set_open(not self.is_open))
        self.all_lines = Link("")
        self.all_lines.clicked.connect(self._on_all_lines)
        for each in (picture, title, outcome, times, self.toggle, self.all_lines):
            first.addWidget(each)
        column.addLayout(first)
        said = attempt["error"] or answer
        if said:
            column.addWidget(sized(self._said(said), margins=(24, 0, 0, 0)))
        self._trace = ReadingPane(self.tr("Traceback of attempt {}").format(self.number))
        self._parts = folded(attempt["traceback"] or "")
        self._whole = attempt["traceback"] or ""
        below = sized(QHBoxLayout(), margins=(24, 0, 0, 0))
        below.addWidget(self._trace)
        column.addLayout(below)
        if not attempt["traceback"]:
            self.toggle.hide()
        self._trace.hide()
        self.all_lines.hide()
        self.set_folded(True)
        self.set_open(False)

    @property
    def is_open(self) -> bool:
        """Whether the traceback is shown."""
        return not self._trace.isHidden()

    def set_open(self, shown: bool) -> None:
        """Show or hide the traceback."""
        self.toggle.setText(self.tr("Hide traceback") if shown else self.tr("Show traceback"))
        if shown != self.is_open:
            self._trace.setVisible(shown)
            has_more = any(isinstance(part, Frames) for part in self._parts)
            self.all_lines.setVisible(shown and has_more)

    def _on_all_lines(self) -> None:
        self.set_folded(not self.is_folded)

    def set_folded(self, folded: bool) -> None:
        """Show the person's own lines only, or all lines."""
        self.is_folded = folded
        words = self.tr("All lines"), self.tr("Own lines only")
        self.all_lines.setText(words[0] if folded else words[1])
        self._trace.setPlainText("\n".join(map(_line, self._parts)) if folded else self._whole)
        lines = min(self._trace.blockCount(), _TRACE_LINES) + 1
        self._trace.setFixedHeight(self._trace.fontMetrics().lineSpacing() * lines)

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
        label = QLabel(words)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label
