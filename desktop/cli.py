"""The command line of Sendoff: its own commands beside those of tasks."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop import __version__
from sendoff_tasks.folder.backend_addresses import NO_PID, Backend
from sendoff_tasks.folder.tokens import NoToken
from sendoff_tasks.model.program import ProgramWords
from sendoff_tasks.shell import commands
from sendoff_tasks.shell.command_line import fail
from sendoff_tasks.shell.commands import Command, CommandLine

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
_SERVER: Final = "desktop.server_commands"
OWN: Final = (
    Command("serve", "run the backend alone", _SERVER, asks=False),
    Command("submit", "register one item", "desktop.shell.submit"),
    Command("import", "send a spreadsheet, one e-mail a row", "desktop.shell.importing"),
    Command("items", "list items, and whether people were informed", "desktop.shell.items"),
    Command("forget", "forget a person: name, address and e-mails", "desktop.shell.items"),
    Command("batches", "list the spreadsheets that were sent", "desktop.shell.batches"),
    Command("report", "save a spreadsheet with the result of each row", "desktop.shell.batches"),
    Command("do-not-send", "list, add or remove who gets no e-mail", "desktop.shell.do_not_send"),
    Command("bounces", "mark the e-mails that came back", "desktop.shell.do_not_send"),
    Command("quit", "quit the window and its backend", "desktop.shell.quit", asks=False),
    Command("sign-in", "sign in to the provider that sends", "desktop.shell.sign_in"),
    Command(
        "move",
        "move a data folder's contents to PostgreSQL: items, tasks, batches, templates, files",
        _SERVER,
        asks=False,
    ),
    Command("doctor", "check the installation", _SERVER, asks=False),
    Command("migrate", "make the tables in PostgreSQL", _SERVER, asks=False),
    Command(READER, "", "desktop.cli", asks=False),
    Command(BOUNCE_READER, "", "desktop.cli", asks=False),
)
"""The commands of Sendoff; some do more than those of tasks with their name."""
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
_NAMES: Final = {each.name for each in OWN}
COMMANDS: Final = (*OWN, *(each for each in commands.COMMANDS if each.name not in _NAMES))


def run(arguments: Sequence[str]) -> int:
    """Run one command; see ``commands.run``."""
    about = (
        "Register items; their background tasks run durably, and a live table shows each one. "
        "Without a command: the window, or the backend and the list where there is no display."
    )
    return commands.run(arguments, CommandLine(SENDOFF.name, __version__, COMMANDS, about, _window))


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
        return fail('The window needs Qt. Install it: pip install "sendoff[window]"')
    from desktop import app

    try:
        server = None if address is None else Backend(address.url, address.token(), NO_PID)
    except NoToken as error:
        return fail(str(error))
    return app.run(options.data_dir, server)


def sheet_reader_options(parser: argparse.ArgumentParser) -> str:
    """Add the child process that reads or writes a spreadsheet."""
    parser.set_defaults(run=_read_sheet)
    return ""


def bounce_reader_options(parser: argparse.ArgumentParser) -> str:
    """Add the child process that reads a file of bounces."""
    parser.set_defaults(run=_read_bounces)
    return ""


def _read_sheet(_: argparse.Namespace) -> int:
    from desktop.sheets import process

    return process.run()


def _read_bounces(_: argparse.Namespace) -> int:
    from desktop.mail import bounces
    from desktop.sheets import process

    process.be_modest()
    process.limit(BOUNCES_MEMORY)
    return bounces.run()
