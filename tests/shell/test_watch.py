"""``sendoff watch`` prints each change as it happens; without a display Sendoff does the same."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import RunningBackend
    from tests.shell.conftest import Shell


def lines_until(process: subprocess.Popen[str], wanted: str) -> list[str]:
    """Read what it prints up to a line that holds ``wanted``."""
    assert process.stdout is not None
    seen: list[str] = []
    for line in process.stdout:
        seen.append(line)
        if wanted in line:
            return seen
    raise AssertionError(f"ended without {wanted!r}: {seen}")


def test_a_submitted_item_is_seen_to_its_end(backend: RunningBackend, shell: Shell) -> None:
    command = [sys.executable, "-m", "desktop", "watch", "--data-dir", str(backend.data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
        lines_until(watching, "Watching")
        shell("submit", "--name", "Ada", "--to", "ada@example.org")
        seen = lines_until(watching, "succeeded")
        watching.send_signal(signal.SIGINT)
        assert watching.wait(10) == 0
    assert "ada@example.org" in seen[-1]


def test_without_a_display_the_shown_line_submits_and_the_change_is_seen(tmp_path: Path) -> None:
    shown = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    bare = {name: value for name, value in os.environ.items() if name not in shown}
    command = [sys.executable, "-m", "desktop", "--data-dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=bare) as running:
        before = lines_until(running, "Watching")
        assert "No display here" in before[0]
        (submit,) = (line for line in before if " submit " in line)
        subprocess.run(shlex.split(submit), check=True, capture_output=True, env=bare, timeout=30)
        seen = lines_until(running, "succeeded")
        running.send_signal(signal.SIGINT)
        assert running.wait(20) in (0, 130)
    assert re.search(r"Ada <ada@example\.org>", seen[-1])
