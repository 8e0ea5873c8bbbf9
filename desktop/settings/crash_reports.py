"""What a native crash of the window or the backend leaves behind, and what a log may show.

A report holds versions, the time, and the stacks of all threads: no data, no address, no message.
"""

from __future__ import annotations

import faulthandler
import re
import time
from pathlib import Path
from typing import Final

from desktop import __version__

_ADDRESS: Final = re.compile(r"[^\s<>\"'“”‘’,;:()\[\]{}=|]+@[^\s<>\"'“”‘’,;:()\[\]{}=|]+")
_SECRET: Final = re.compile(r"\b[A-Za-z0-9_-]{32,}")
_SEEN: Final = "seen-"
KEPT: Final = 5
"""Reports of earlier crashes that are kept."""
HEAD: Final = """\
Sendoff {version} ended by a crash: {process}, {time}
Python {python}, {system}

"""


def leave_reports(logs: Path, process: str) -> None:
    """Have a crash of this process write its stacks into ``logs``; keep what an earlier one wrote.

    The process is ``window`` or ``backend``, and holds the lock of its folder. Raises ``OSError``.
    """
    file = logs / f"{process}.crash"
    if file.exists() and file.stat().st_size:
        _keep(file, process)
    # Open until the process ends: a crash leaves no time to open it.
    faulthandler.enable(file.open("w", encoding="utf-8"))


def _keep(file: Path, process: str) -> None:
    import platform

    moment = time.localtime(file.stat().st_mtime)
    head = HEAD.format(
        version=__version__,
        process=process,
        time=time.strftime("%Y-%m-%d %H:%M:%S", moment),
        python=platform.python_version(),
        system=platform.platform(),
    )
    report = file.with_name(f"crash-{time.strftime('%Y%m%d-%H%M%S', moment)}-{process}.txt")
    stacks = file.read_text(encoding="utf-8", errors="replace")
    report.write_text(head + masked(stacks), encoding="utf-8")
    for old in crash_reports(file.parent)[:-KEPT]:
        old.unlink()


def crash_reports(logs: Path) -> list[Path]:
    """Return the reports of crashes, the newest last."""
    found = (*logs.glob("crash-*.txt"), *logs.glob(f"{_SEEN}crash-*.txt"))
    return sorted(found, key=lambda report: report.name.removeprefix(_SEEN))


def is_seen(report: Path) -> bool:
    """Tell whether a person has seen a report, or put it aside."""
    return report.name.startswith(_SEEN)


def put_aside(report: Path) -> Path:
    """Mark a report as seen; returns its new place. Raises ``OSError``."""
    return report.rename(report.with_name(_SEEN + report.name))


def masked(text: str) -> str:
    """Return a text without addresses, without what could be a token, and without the home's name.

    A path of a file keeps its end.
    """
    text = text.replace(str(Path.home()), "~")
    return _SECRET.sub("…", _ADDRESS.sub("…@…", text))
