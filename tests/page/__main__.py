"""Tries the page of the tasks in Chromium: ``python -m tests.page [--tutorial] [FOLDER]``.

A real app is started, seen, acted on, killed and started again; then each view is judged by
axe-core, and pictures at 1440, 1024 and 390 px, light and dark, go into ``FOLDER``. With
``--tutorial`` the app is the tutorial's, and the picture is that of the docs, ``page.png``. It
needs Chromium; Playwright and axe-core are installed into a folder of their own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

PACKAGES: Final = ("playwright==1.65.2", "axe-playwright-python==0.1.8")
CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Run the browser; returns 1 when something is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.page")
    parser.add_argument("folder", nargs="?", type=Path, help="for the pictures")
    parser.add_argument("--tutorial", action="store_true", help="try the page of the tutorial")
    options = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        sys.exit("This needs Chromium.")
    with tempfile.TemporaryDirectory(prefix="sendoff-page-") as made:
        scratch = Path(made)
        folder: Path = options.folder or scratch / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        (scratch / "shop").mkdir()
        packages = scratch / "packages"
        install: list[str | Path] = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--target",
            packages,
        ]
        subprocess.run([*install, *PACKAGES], check=True)
        own = [scratch / "shop", folder]
        steps = "tests.page.tutorial" if options.tutorial else "tests.page.browser"
        command: list[str | Path] = [sys.executable, "-m", steps, chromium, *own]
        environment = {**os.environ, "PYTHONPATH": str(packages)}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
