"""A native crash leaves a report: its stacks, and nobody's name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from desktop.settings.crash_reports import KEPT, crash_reports, is_seen, masked, put_aside

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import os, sys, time
from pathlib import Path
from desktop.settings.crash_reports import leave_reports
leave_reports(Path(sys.argv[1]), "backend")
def the_line_that_crashed(): os.kill(os.getpid(), int(sys.argv[2]))
if sys.argv[2] != "0": the_line_that_crashed()
"""


def run(logs: Path, number: int = 0) -> int:
    """Run a process that leaves reports, and ends by a signal unless that is 0."""
    command = [sys.executable, "-c", PROGRAM, str(logs), str(number)]
    return subprocess.run(command, check=False).returncode


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
def test_report_of_a_crash_is_kept_at_the_next_start(tmp_path: Path, number: int) -> None:
    assert run(tmp_path, number) == -number
    assert not crash_reports(tmp_path)
    assert run(tmp_path) == 0
    (report,) = crash_reports(tmp_path)
    text = report.read_text(encoding="utf-8")
    assert "ended by a crash: backend" in text
    assert "in the_line_that_crashed" in text
    assert not is_seen(report)
    assert is_seen(put_aside(report))
    assert run(tmp_path) == 0
    assert len(crash_reports(tmp_path)) == 1


def test_report_of_an_orderly_end_is_not_made(tmp_path: Path) -> None:
    for _ in range(2):
        assert run(tmp_path) == 0
    assert not crash_reports(tmp_path)


def test_reports_do_not_pile_up(tmp_path: Path) -> None:
    for second in range(KEPT + 3):
        (tmp_path / f"crash-20261130-1015{second:02}-window.txt").touch()
    (tmp_path / "backend.crash").write_text("stacks")
    assert run(tmp_path) == 0
    assert len(crash_reports(tmp_path)) == KEPT


def test_masked_text_has_no_address_no_token_and_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("USERPROFILE", "/home/ada")
    token = "kQ3" * 15
    text = f"550 <ada@example.org> in {os.sep}x; token {token}; /home/ada/tasks/mine.py"
    assert masked(text) == f"550 <…@…> in {os.sep}x; token …; ~/tasks/mine.py"
