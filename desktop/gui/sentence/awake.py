"""Keeps this computer awake while e-mails are sent, by a process that ends with the window's."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QStandardPaths

from desktop.contract.batch_condition import (
    Condition,
    awaits_hours,
    begins_later,
    condition,
    goes_on_at,
)
from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.words.ages import HOUR
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from desktop.contract.batches import Batch
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.sentence.facts import Facts

KEY: Final = "awake"
"""The setting that leaves it off."""
HOLDERS: Final = {
    "linux": ("systemd-inhibit", "--what=idle:sleep", "--who=Sendoff", "--why=E-mails", "cat"),
    "darwin": ("caffeinate", "-i", "cat"),
}
"""By platform, a program that keeps the computer awake while ``cat`` reads our pipe."""
STOPS: Final = {
    f"{NoticeId.QUEUE}{MAIL_QUEUE}",
    f"{NoticeId.PAUSED}{MAIL_QUEUE}",
    *(NoticeId.PAUSED, NoticeId.STORE, NoticeId.ENGINE, NoticeId.RESTORED),
}
"""The notices that say that no e-mail is sent."""
ENDS_WITHIN_MS: Final = 2_000
"""How long the process may take to end with the window."""


def is_sending(facts: Facts) -> bool:
    """Tell whether tasks run, or only a limit of an hour or less delays e-mails of batches."""
    if not facts.is_ready or facts.is_practice or facts.is_app or not facts.stops.isdisjoint(STOPS):
        return False
    return facts.count(State.RUNNING) > 0 or any(
        _goes_on(each, facts.now) for each in facts.batches
    )


def _goes_on(batch: Batch, now: float) -> bool:
    found, following = condition(batch, now), goes_on_at(batch, now)
    if found is not Condition.SCHEDULED:
        return found is Condition.SENDING
    is_limited = batch["leaves"]["limited_by"] is not None and not awaits_hours(batch)
    is_soon = following is not None and following <= now + HOUR
    return is_limited and is_soon and not begins_later(batch, now)


class WakeLock(QObject):
    """Holds the computer awake while asked to, and at most as long as this process lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        program, *self._arguments = HOLDERS.get(sys.platform, ("",))
        self._program = QStandardPaths.findExecutable(program) if program else ""
        self.can_hold = bool(self._program) or sys.platform == "win32"

    def hold(self) -> None:
        """Begin; a program that ends by itself, as the system does not let it, is left alone."""
        if sys.platform == "win32":
            _require_system(True)
            return
        self._process = process = QProcess(self)
        process.finished.connect(lambda *_: self._forget(process))
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        ours = QProcessEnvironment.systemEnvironment()
        ours.remove("LD_LIBRARY_PATH")  # that of the frozen program is not for others
        process.setProcessEnvironment(ours)
        process.start(self._program, self._arguments)

    def let_go(self, within_ms: int = 0) -> None:
        """End, and wait for the end for so long."""
        if sys.platform == "win32":
            _require_system(False)
        elif self._process is not None:
            self._process.closeWriteChannel()
            if within_ms:
                self._process.waitForFinished(within_ms)

    def _forget(self, process: QProcess) -> None:
        if process is self._process:
            self._process = None
        process.deleteLater()


class Awake(QObject):
    """Follows the facts, unless the entry of the menu is off; it is hidden where nothing can."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._is_sending = self._is_held = False
        self._settings = window.settings
        self._lock = WakeLock(self)
        self._entry = entry = window.menu.awake
        entry.setVisible(self._lock.can_hold)
        entry.setChecked(self._settings.value(KEY, True, type=bool) is True)
        entry.toggled.connect(self._on_toggled)
        window.quit_requested.connect(self._end)

    def follow(self, facts: Facts) -> None:
        """Keep the computer awake while these facts say so."""
        self._is_sending = is_sending(facts)
        self._hold()

    def _on_toggled(self, is_on: bool) -> None:
        self._settings.setValue(KEY, is_on)
        self._hold()

    def _hold(self) -> None:
        is_wanted = self._is_sending and self._entry.isChecked() and self._entry.isVisible()
        if is_wanted is not self._is_held:
            self._is_held = is_wanted
            (self._lock.hold if is_wanted else self._lock.let_go)()

    def _end(self) -> None:
        """End with the window."""
        self._entry.setVisible(False)
        self._hold()
        self._lock.let_go(ENDS_WITHIN_MS)


def _require_system(is_required: bool) -> None:
    """Keep Windows awake from now on, or no longer; the end of the thread ends it, too."""
    if sys.platform == "win32":
        import ctypes

        continuous, system_required = 0x80000000, 0x00000001
        wanted = continuous | system_required if is_required else continuous
        ctypes.windll.kernel32.SetThreadExecutionState(wanted)
