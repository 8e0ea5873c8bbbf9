"""The reading process run by a small parent of its own, which tells how much memory it took.

What a process took counts from the memory of the process that started it: a large test runner
would hide a small reader.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop.sheets.child import COMMAND, MEMORY, FrameKind, receive, send_json
from desktop.sheets.faults import SheetError, SheetFault

PROGRAM = (sys.executable, "-m", "desktop")
_PARENT = """
import resource, subprocess, sys
ran = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(ran.returncode % 256)
"""


def description_of(path: Path) -> dict[str, Any]:
    """Return the request to describe a file."""
    choice = {"sheet": None, "header": None, "encoding": None}
    return {"verb": "describe", "path": str(path), "choice": choice}


def measured(
    request: dict[str, Any], memory: int = MEMORY, program: Sequence[str] = PROGRAM
) -> tuple[list[tuple[FrameKind, bytes]], SheetError | None, int]:
    """Return all frames of an answer, its fault if it has one, and the most bytes taken."""
    asked = io.BytesIO()
    send_json(asked, FrameKind.REQUEST, {**request, "memory": memory})
    command = [sys.executable, "-S", "-c", _PARENT, *program, COMMAND]
    # The reader ends when its stdin does, so it stays open until the answer is complete.
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(asked.getvalue())
    process.stdin.flush()
    frames = []
    while (heard := receive(process.stdout)) is not None:
        frames.append(heard)
    said = process.stderr.read().decode()
    with process:
        code = process.wait()
    taken = int(said.splitlines()[-1]) * 1024
    if frames and frames[-1][0] is FrameKind.FAULT:
        found = json.loads(frames[-1][1])
        return frames, SheetError(SheetFault(found["fault"]), **found["data"]), taken
    if not frames or frames[-1][0] is not FrameKind.DONE:
        return frames, SheetError(SheetFault.STOPPED, code=code, text=said), taken
    return frames, None, taken
