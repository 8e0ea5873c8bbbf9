"""The command line of Sendoff: its own commands beside those of tasks."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop import __version__
from desktop.settings.secrets import UNASKED
from sendoff_tasks.folder.backend_addresses import NO_PID, Backend
from sendoff_tasks.folder.tokens import NoToken
from sendoff_tasks.model.program import ProgramWords
from sendoff_tasks.shell import commands
from sendoff_tasks.shell.command_line import fail
from sendoff_tasks.shell.commands import COMMANDS, CommandLine

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from sendoff_tasks.shell.command_line import BackendAddress

READER: Final = "sheet-reader"
"""The child process that reads or writes a spreadsheet."""
BOUNCE_READER: Final = "bounce-reader"
"""The child process that reads a file of bounces."""
BOUNCES_MEMORY: Final = 512 * 1024 * 1024
"""Bytes of memory that reading a file of bounces may take."""
SENDOFF: Final = ProgramWords(
    name="sendoff",
    title="Sendoff",
    serve="serve",
    words=tuple(sorted(Path(__file__).with_name("contract").glob("words/*.toml"))),
    ends_hold={
        "mail_settings": "save the mail settings or ",
        "sign_in": "sign in with `sendoff sign-in`, or ",
    },
    numbers=("item_id",),
    columns=(("to", 32),),
    facts={"Item": "item_id", "To": "to", "Next to": "next_to"},
    reference="Message-ID",
)
"""What sentences call this program, and what it says of tasks that may be messages."""


def has_display() -> bool:
    """Tell whether a window can be shown: on Linux this needs a display server."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _window(options: argparse.Namespace) -> int:
    address: BackendAddress | None = options.place.address
    if not has_display():
        from desktop.shell.no_display import run_without_display
        from sendoff_tasks.shell.watch import watch

        return watch(options.place) if address else run_without_display(options.data_dir)
    if find_spec("PySide6") is None:
        return fail('The window needs Qt. Install it: pip install "sendoff-desktop[window]"')
    from desktop import app

    try:
        server = None if address is None else Backend(address.url, address.token(), NO_PID)
    except NoToken as error:
        return fail(str(error))
    return app.run(options.data_dir, server)


def at_login(options: argparse.Namespace) -> int:
    """Open the window hidden, as the desktop does when this computer starts."""
    if not has_display() or find_spec("PySide6") is None:
        return 1
    from desktop import app

    os.environ[UNASKED] = "1"
    return app.run(options.data_dir, is_hidden=True)


COMMAND_LINE: Final = CommandLine(
    SENDOFF.name,
    __version__,
    (COMMANDS, Path(__file__).with_name("shell") / "commands.toml"),
    "Register items; their background tasks run durably, and a live table shows each one. "
    "Without a command: the window, or the backend and the list where there is no display.",
    _window,
)
"""The commands of tasks, and those of Sendoff."""


def run(arguments: Sequence[str]) -> int:
    """Run one command; see ``commands.run``."""
    return commands.run(arguments, COMMAND_LINE)


def read_sheet(_: argparse.Namespace) -> int:
    """Read or write a spreadsheet, in the child process that this is."""
    from desktop.sheets import process

    return process.run()


def read_bounces(_: argparse.Namespace) -> int:
    """Read a file of bounces, in the child process that this is."""
    from desktop.mail import bounces
    from desktop.sheets import process

    process.be_modest()
    process.limit(BOUNCES_MEMORY)
    return bounces.run()
