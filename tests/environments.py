"""Environments of their own, for what must not meet what is installed here."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def fresh_environment(folder: Path, *packages: str | Path) -> Path:
    """Make one with these packages and what they need; returns the folder of its programs.

    Raises ``CalledProcessError`` where a package cannot be installed.
    """
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    install = [programs / "python", "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "--disable-pip-version-check", *packages], check=True)
    return programs
