"""What an exception tells of its cause: its type, and the innermost line of the task's own code."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from types import TracebackType
from typing import Final

from desktop.contract.causes import CauseAbout, CauseKind, Cure
from desktop.engine.causes import FoundCause, alike, cause_of_answer
from desktop.engine.errors import TaskSignal
from desktop.engine.reasons import NO_ANSWER, Answer

_LIBRARIES: Final = tuple(
    {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
)
"""Folders whose files are not the task's own, unless the task itself is there."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong in an attempt, as data that travels between processes.

    ``exception`` is the type's name, ``file`` and ``function`` the place where it was raised, and
    ``line`` its number there; all of them are empty for what the task said itself.
    """

    kind: CauseKind = CauseKind.SAID
    exception: str = ""
    file: str = ""
    function: str = ""
    line: int = 0
    said: str = ""
    cure: Cure | None = None

    def cause(self, task: str, text: str, answer: Answer = NO_ANSWER) -> FoundCause:
        """Return the cause of a task's failure with the sentence ``text``."""
        if self.kind is CauseKind.SAID:
            return cause_of_answer(task, answer, text, self.cure)
        about = CauseAbout(kind=self.kind, task=task)
        if self.kind is CauseKind.TIMEOUT:
            return FoundCause(about)
        about |= {"exception": self.exception, "file": self.file, "function": self.function}
        if self.said:
            about["text"] = alike(self.said)
        return FoundCause(about, self.cure, f"{self.file}:{self.line}" if self.line else self.file)


NO_FAULT: Final = Fault()
TIMED_OUT: Final = Fault(CauseKind.TIMEOUT)


def fault_of(error: BaseException) -> Fault:
    """Look at what a task raised; what it said itself needs no place."""
    if isinstance(error, TaskSignal):
        return Fault(cure=error.cure)
    # The first frame is the engine's, which called the task.
    frames = list(_frames(error.__traceback__.tb_next if error.__traceback__ else None))
    file, function, line = _innermost_own(frames)
    return Fault(CauseKind.EXCEPTION, type(error).__name__, file, function, line, _message(error))


def _frames(trace: TracebackType | None) -> Iterator[tuple[str, str, int]]:
    while trace is not None:
        code = trace.tb_frame.f_code
        yield code.co_filename, code.co_name, trace.tb_lineno
        trace = trace.tb_next


def _innermost_own(frames: list[tuple[str, str, int]]) -> tuple[str, str, int]:
    """Choose the innermost frame of the task's own folder, or of no library."""
    if not frames:
        return "", "", 0
    home = str(PurePath(frames[0][0]).parent)
    own = [
        frame
        for frame in frames
        if frame[0].startswith(home) or not frame[0].startswith(_LIBRARIES)
    ]
    path, function, line = own[-1]
    return "/".join(PurePath(path).parts[-2:]), function, line


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - __str__ is the task's code, and its type is known
        return ""
