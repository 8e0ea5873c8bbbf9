"""Adds Sendoff to the applications menu of a Linux desktop: a desktop entry and its icon."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from desktop.settings.paths import resources

NAME = "sendoff"


class NoApplicationsMenu(Exception):
    """The system has no desktop entries; the text says what to do instead."""


def is_installed() -> bool:
    """Tell whether the entry exists."""
    return _entry().exists()


def install() -> Path:
    """Write the entry and its icon for this user; returns the entry's path.

    Raises:
        NoApplicationsMenu: on macOS and Windows.
        OSError: if the folders cannot be written.
    """
    if not sys.platform.startswith("linux"):
        raise NoApplicationsMenu(
            "This works on Linux; here, keep a shortcut to the launcher in Sendoff's folder."
        )
    icon = _icon()
    icon.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(resources() / "icons" / f"{NAME}.svg", icon)
    template = (resources() / f"{NAME}.desktop").read_text(encoding="utf-8")
    entry = _entry()
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.write_text(template.replace("@EXEC@", _command()), encoding="utf-8")
    return entry


def _share() -> Path:
    home = os.environ.get("XDG_DATA_HOME")
    return Path(home) if home else Path.home() / ".local" / "share"


def _entry() -> Path:
    return _share() / "applications" / f"{NAME}.desktop"


def _icon() -> Path:
    return _share() / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"


def _command() -> str:
    """Return the command that starts this installation, quoted for a desktop entry."""
    if getattr(sys, "frozen", False):
        return quoted(sys.executable)
    launcher = Path(__file__).resolve().parents[2] / "launch.py"
    if launcher.exists():
        return f"python3 {quoted(str(launcher))}"
    return f"{quoted(sys.executable)} -P -m desktop"


def quoted(argument: str) -> str:
    """Quote one argument with the escapes of the specification; ``%`` is doubled."""
    for character in ("\\", '"', "`", "$"):
        argument = argument.replace(character, f"\\{character}")
    # The string escape of the file is applied after the quoting of the Exec key.
    return '"' + argument.replace("\\", "\\\\").replace("%", "%%") + '"'
