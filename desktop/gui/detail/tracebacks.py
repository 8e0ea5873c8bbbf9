"""Folds a traceback to the person's own lines; calls in libraries are only counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

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
