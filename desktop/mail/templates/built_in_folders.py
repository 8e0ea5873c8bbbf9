"""Finds the built-in templates: those in the language of the system, then the English ones.

To add a language, add a folder to ``resources/templates``.
"""

from __future__ import annotations

import locale
import os
import sys
from typing import TYPE_CHECKING, Final

from desktop.settings.paths import resources

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FALLBACK: Final = "en"


def built_in_templates() -> list[Path]:
    """Return the folders of built-in templates, the system's language first."""
    folder = resources() / "templates"
    wanted = dict.fromkeys([system_language(os.environ), FALLBACK])
    return [folder / language for language in wanted if (folder / language).is_dir()]


def system_language(environment: Mapping[str, str]) -> str:
    """Return the two-letter code of the system's language, from ``LC_ALL`` and its like."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(variable):
            return environment[variable][:2].lower()
    return _of_the_desktop()[:2].lower()


def _of_the_desktop() -> str:
    """Ask the system if no variable is set: on Windows, and on macOS from the Finder."""
    if sys.platform == "win32":
        import ctypes

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return locale.windows_locale.get(number, FALLBACK)
    if sys.platform == "darwin":
        import subprocess

        command = ["/usr/bin/defaults", "read", "-g", "AppleLocale"]
        found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        return found.stdout.strip() or FALLBACK
    return FALLBACK
