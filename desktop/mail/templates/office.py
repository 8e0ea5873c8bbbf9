"""The language of an office, and its way of numbers and dates: its computer's as it began."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from desktop.contract.rules.locales import Signs, system_signs

FALLBACK: Final = "en"


@dataclass(frozen=True, slots=True)
class Office:
    """What letters are written in; empty as long as no computer has named it.

    ``language`` is a code of two letters.
    """

    language: str = ""
    signs: Signs = field(default_factory=Signs)

    @classmethod
    def begun(cls, known: Mapping[str, Any]) -> Office:
        """Return the office by what is remembered of its beginning, else by this computer."""
        language, signs = known.get("language"), Signs(**known.get("signs", {}))
        if language and signs.locale:
            return cls(language, signs)
        here = office_here()
        return cls(language or here.language, signs if signs.locale else here.signs)


def office_here() -> Office:
    """Return an office that begins on this computer."""
    return Office(_named_language(os.environ), system_signs())


def system_language(environment: Mapping[str, str]) -> str:
    """Return the two-letter code of the system's language, from ``LC_ALL`` and its like."""
    return _named_language(environment) or FALLBACK


def _named_language(environment: Mapping[str, str]) -> str:
    """Return the same, or nothing if the system names no language."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if named := environment.get(variable):
            is_none = named.partition(".")[0] in {"C", "POSIX"}
            return "" if is_none else named[:2].lower()
    return _of_the_desktop()[:2].lower()


def _of_the_desktop() -> str:
    """Ask the system if no variable is set: on Windows, and on macOS from the Finder."""
    if sys.platform == "win32":
        import ctypes

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return locale.windows_locale.get(number, "")
    if sys.platform == "darwin":
        import subprocess

        command = ["/usr/bin/defaults", "read", "-g", "AppleLocale"]
        found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        return found.stdout.strip()
    return ""
