"""Everything a change has to pass, in one command: ``python -m tests [pytest's arguments]``.

Format, lint, types, import rules, then the tests, in parallel, with no display. Long tests are left
out unless ``--long`` is given. ``--long`` alone also runs the tests of the engine and the backend
once more, on PostgreSQL. The ten slowest tests are named. The last line counts it all:
``N passed, N failed, N skipped``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
}
BESIDE = {
    "import rules": ["-c", "from importlinter.cli import lint_imports_command as c; c()"],
    "types": ["-m", "mypy"],
}
"""Together half a minute on one core: they run beside the tests."""
ON_POSTGRES = ["--store", "postgres", "tests/engine", "tests/backend"]
"""What runs once more with ``--long``."""
PROCESSES = 2
"""So many a core: tests wait for other programs about as long as they compute."""
MEMORY = Path("/dev/shm")
"""Linux's file system in memory."""
ROOM = 4 << 30
"""Bytes there for all folders of the tests."""


@dataclass
class Tally:
    """How many checks and tests ended which way."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, code: int) -> None:
        """Count a check by its exit code."""
        self.passed += code == 0
        self.failed += code != 0

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main(arguments: list[str]) -> int:
    """Run every check, even after one has failed; returns 1 when any did."""
    # The tests start hundreds of processes: each module is compiled once, not in each of them.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    tally = Tally()
    for name, command in CHECKS.items():
        print(f"── {name}", flush=True)
        tally.add(subprocess.call([sys.executable, *command], cwd=ROOT))
    with ThreadPoolExecutor() as pool:
        beside = {name: pool.submit(_check, command) for name, command in BESIDE.items()}
        left_out = "" if "--long" in arguments else " (without the long ones: see --long)"
        print(f"── tests{left_out}", flush=True)
        _run_tests(arguments, tally)
        if arguments == ["--long"]:
            print("── tests on PostgreSQL", flush=True)
            _run_tests(ON_POSTGRES, tally)
        for name, check in beside.items():
            done = check.result()
            print(f"── {name}\n{done.stdout.rstrip()}", flush=True)
            tally.add(done.returncode)
    print(tally, flush=True)
    return 1 if tally.failed else 0


def _check(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a check; what it says is kept."""
    command = [sys.executable, *command]
    return subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def _run_tests(arguments: list[str], tally: Tally) -> None:
    with tempfile.TemporaryDirectory(dir=_memory(), ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # some tests are another user
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "--durations=10", f"--junitxml={report}"]
        command += [f"--processes={PROCESSES * max(2, os.cpu_count() or 2)}"]
        command += [f"--basetemp={folder}/tests", *arguments]
        code = subprocess.call(command, cwd=ROOT, env={**os.environ, "TMPDIR": folder})
        before = tally.failed
        if report.exists():
            _count(report, tally)
        # A run that broke without a failing test (no tests, a crashed worker) has failed too.
        tally.failed += code != 0 and tally.failed == before


def _memory() -> Path | None:
    """Give a place for files that are never waited for, where there is one for programs too.

    No test takes the power from a real disk, and a third of the engine's tests is its fsyncs.
    """
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return None
    about = os.statvfs(MEMORY)
    fits = about.f_bavail * about.f_frsize >= ROOM and not about.f_flag & os.ST_NOEXEC
    return MEMORY if fits else None


def _count(report: Path, tally: Tally) -> None:
    for suite in ET.parse(report).iter("testsuite"):  # noqa: S314  our own pytest wrote it
        total, failures, errors, skipped = (
            int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")
        )
        tally.passed += total - failures - errors - skipped
        tally.failed += failures + errors
        tally.skipped += skipped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
