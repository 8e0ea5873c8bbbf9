"""What *About* says: versions, libraries with their licences, and the text for a bug report."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QLocale, qVersion
from PySide6.QtGui import QGuiApplication

from desktop import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.gui.look.appearance import ThemeSource

LIBRARIES: Final = {
    "alembic": "MIT",
    "charset-normalizer": "MIT",
    "cronsim": "BSD-3-Clause",
    "email-validator": "Unlicense",
    "fastapi": "MIT",
    "h11": "MIT",
    "httpx": "BSD-3-Clause",
    "httpx-sse": "MIT",
    "idna": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "keyring": "MIT",
    "platformdirs": "MIT",
    "pydantic": "MIT",
    "pyside6-essentials": "LGPL-3.0",
    "python-calamine": "MIT",
    "qasync": "BSD-2-Clause",
    "sqlalchemy": "MIT",
    "tomlkit": "MIT",
    "tzdata": "Apache-2.0",
    "uvicorn": "BSD-3-Clause",
    "xlsxwriter": "BSD-2-Clause",
}
"""What Sendoff is built on, and under which licence each is. Lucide's icons are under ISC."""


def versions() -> dict[str, str]:
    """Return the versions that matter when looking for a fault."""
    return {
        "Sendoff": __version__,
        "Python": platform.python_version(),
        "Qt": f"{qVersion()}, PySide {pyside_version}",
        "System": platform.platform(),
    }


def library_lines() -> list[tuple[str, str, str]]:
    """Return name, version and licence of each library; no version where it is not recorded."""
    return [(name, _version(name), licence) for name, licence in LIBRARIES.items()]


def bug_report(themes: ThemeSource, facts: Mapping[str, str]) -> str:
    """Return what helps to find a fault: no address, message, password or name of a person."""
    screen = QGuiApplication.primaryScreen()
    size = screen.size()
    lines = versions() | {
        "Display": f"{QGuiApplication.platformName()}, {size.width()}×{size.height()}"
        f" at {screen.devicePixelRatio():g}×",
        "Look": f"{themes.theme.scheme}, text {themes.text_size} %",
        "Language": QLocale().name(),
    }
    lines |= dict(facts)
    lines["Libraries"] = ", ".join(f"{name} {found}" for name, found, _ in library_lines() if found)
    return "\n".join(f"{name}: {value}" for name, value in lines.items()) + "\n"


def without_home(path: Path) -> str:
    """Return a path without the person's name: their own folder is ``~``."""
    home = Path.home()
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def _version(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # a frozen program has no records of its packages
        return ""
