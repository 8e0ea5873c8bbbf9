"""Sendoff in the applications menu of a Linux desktop: one desktop entry and its icon."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from desktop.settings.paths import resources

NAME = "sendoff"


class NoApplicationsMenu(Exception):
    """No folder for desktop entries on this system; the text says what to do instead."""


def is_installed() -> bool:
    """Tell whether the entry is there."""
    return _entry().exists()


def install() -> Path:
    """Write the entry and its icon for this user; returns the entry's path.

    Raises:
        NoApplicationsMenu: on macOS and Windows, which have their own way.
        OSError: when the folders cannot be written.
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


def remove() -> None:
    """Remove what :func:`install` wrote; ``OSError`` when that is not allowed."""
    for written in (_entry(), _icon()):
        written.unlink(missing_ok=True)


def _share() -> Path:
    home = os.environ.get("XDG_DATA_HOME")
    return Path(home) if home else Path.home() / ".local" / "share"


def _entry() -> Path:
    return _share() / "applications" / f"{NAME}.desktop"


def _icon() -> Path:
    return _share() / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"


def _command() -> str:
    """Give the command that starts this very Sendoff, quoted as desktop entries want it."""
    if getattr(sys, "frozen", False):
        return quoted(sys.executable)
    launcher = Path(__file__).resolve().parents[2] / "launch.py"
    if launcher.exists():
        return f"python3 {quoted(str(launcher))}"
    return f"{quoted(sys.executable)} -P -m desktop"


def quoted(argument: str) -> str:
    """Quote one argument: the specification's escapes, and % doubled."""
    for character in ("\\", '"', "`", "$"):
        argument = argument.replace(character, f"\\{character}")
    # The file's string escape comes on top of the Exec key's quoting.
    return '"' + argument.replace("\\", "\\\\").replace("%", "%%") + '"'
