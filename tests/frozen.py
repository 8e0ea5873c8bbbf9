"""Build the frozen program, start it under Xvfb and do the main job: ``python -m tests.frozen``."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from desktop.client.api import Api, TaskQuery
from desktop.settings.paths import DataFolder
from tests.journeys.following import present_backend, until
from tests.journeys.screen import Screen
from tests.sheets.measured import description_of, measured

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Build, then type an item into the built window and read its mail; returns 0 when it was."""
    with tempfile.TemporaryDirectory() as folder:
        program = build(Path(folder))
        size = sum(file.stat().st_size for file in program.parent.rglob("*") if file.is_file())
        print(f"built: {size / 2**20:.0f} MiB", flush=True)
        read_a_sheet(program)
        main_job(program, Path(folder) / "data")
    return 0


def build(folder: Path) -> Path:
    """Run PyInstaller into the folder; returns the program."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(folder / "dist"), "--workpath", str(folder / "work")]
    subprocess.run([*command, "build.spec"], cwd=ROOT, check=True)
    return folder / "dist" / "Sendoff" / "sendoff"


def read_a_sheet(program: Path) -> None:
    """Have the built program read a workbook and a text that is not UTF-8."""
    for name in ("mitglieder.xlsx", "mitglieder.csv"):
        request = description_of(ROOT / "tests" / "sheets" / "corpus" / name)
        frames, fault, taken = measured(request, program=[str(program)])
        assert fault is None, fault
        found = json.loads(frames[-1][1])
        assert found["rows"] == 3000
        print(f"read {name}: {found['encoding']}, {taken / 2**20:.0f} MiB", flush=True)


def main_job(program: Path, data: Path) -> None:
    """Type an item by hand, see it succeed, read the mail, and close the window."""
    with Screen() as screen:
        began = time.monotonic()
        command = [str(program), "--data-dir", str(data)]
        window_process = subprocess.Popen(command, env=screen.environment())
        try:
            window = screen.window("^Sendoff")
            print(f"window shown after {time.monotonic() - began:.2f} s", flush=True)
            backend = present_backend(data)
            screen.type(window, "Ada Lovelace")
            screen.keys(window, "Tab")
            screen.type(window, "ada@example.org")
            screen.keys(window, "ctrl+Return")
            with contextlib.closing(Api(backend)) as api:
                until(backend, lambda: bool(api.page(TaskQuery(states=("succeeded",)))["tasks"]))
            (mail,) = DataFolder(data).outbox.glob("*.eml")
            print(f"mail kept: {mail.stat().st_size} bytes", flush=True)
            close(screen, window, window_process)
        finally:
            window_process.kill()
            window_process.wait()
    print("the frozen program does the main job", flush=True)


def close(screen: Screen, window: str, process: subprocess.Popen[bytes]) -> None:
    """Press Ctrl+Q until it ends: while a task counts as open, the first one only asks."""
    for _ in range(5):
        screen.keys(window, "ctrl+q")
        with contextlib.suppress(subprocess.TimeoutExpired):
            assert process.wait(5) == 0
            return
    raise AssertionError("the window does not close")


if __name__ == "__main__":
    sys.exit(main())
