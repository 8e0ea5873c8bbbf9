"""``sendoff quit``: quit the running windows of this user, as the window's menu does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.gui.one_window import OneWindow, QuitAnswer
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.lock_file import is_held, last_holder
from sendoff_tasks.folder.paths import data_dir
from sendoff_tasks.shell.command_line import fail, say

if TYPE_CHECKING:
    import argparse


def quit_program(options: argparse.Namespace) -> int:
    """Quit the window of the data folder, and those on servers; return the exit status."""
    home = OfficeFolder(data_dir(options.data_dir))
    locks = (home.window_lock, *sorted(home.servers.glob("*/window.lock")))
    was_open = any(map(is_held, locks))
    for lock in locks:
        match OneWindow(lock).ask_to_quit():
            case QuitAnswer.ASKS:
                return fail("The window asks about what is not saved. Answer it, then try again.")
            case QuitAnswer.SILENT:
                return fail("The window does not answer. Quit it by its menu, then try again.")
    if is_held(home.backend_lock):
        pid = last_holder(home.backend_lock)
        return fail(f"A backend without a window runs as process {pid}: end it where it began.")
    say("Sendoff has quit." if was_open else "Sendoff is not running.")
    return 0
