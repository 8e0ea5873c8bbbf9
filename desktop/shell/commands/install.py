"""``sendoff install-launcher``: add Sendoff to the applications menu."""

from __future__ import annotations

from desktop.settings import desktop_entry
from desktop.shell.terminal import fail, say


def run() -> int:
    """Install the desktop entry and print its path."""
    try:
        entry = desktop_entry.install()
    except (desktop_entry.NoApplicationsMenu, OSError) as error:
        return fail(str(error))
    say(f"Sendoff is in the applications menu now ({entry}).")
    return 0
