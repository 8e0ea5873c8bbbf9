"""Environments of their own, for what must not meet what is installed here."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def fresh_environment(
    folder: Path, *packages: str | Path, python: str | Path = sys.executable
) -> Path:
    """Make one with these packages and what they need; returns the folder of its programs.

    What this process starts from now on finds no packages elsewhere: a checkout that ``PYTHONPATH``
    names would hide the installed ones. Raises ``CalledProcessError`` where a package cannot be
    installed.
    """
    os.environ.pop("PYTHONPATH", None)
    subprocess.run([python, "-m", "venv", folder], check=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    install: list[str | Path] = [programs / "python", "-m", "pip", "install", "--quiet"]
    subprocess.run([*install, "--disable-pip-version-check", *packages], check=True)
    return programs
