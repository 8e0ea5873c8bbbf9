"""The command line: it parses the options and imports the command that they name."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop import __version__
from desktop.settings.backend_addresses import NO_PID, Backend
from desktop.settings.paths import data_dir
from desktop.settings.tokens import NoToken
from desktop.shell.command_line import (
    BackendAddress,
    BackendPlace,
    data_dir_option,
    fail,
    path,
    url,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Command(NamedTuple):
    """A command: its name, what it does, and where its options are.

    A function of that module, such as ``show_options``, adds them to its parser and returns what
    the help says more. It is imported only if the command is named. A command that ``asks`` talks
    to a running backend, that of the data folder or one at an address.
    """

    name: str
    does: str
    module: str
    asks: bool = True


_SERVER: Final = "desktop.server_commands"
COMMANDS: Final = (
    Command("serve", "run the backend alone", _SERVER, asks=False),
    Command("submit", "register one item", "desktop.shell.actions"),
    Command("tasks", "list tasks", "desktop.shell.tasks"),
    Command("show", "print a task and everything behind it", "desktop.shell.tasks"),
    Command("run", "run any registered task", "desktop.shell.actions"),
    Command("retry", "run failed, cancelled or waiting tasks again", "desktop.shell.actions"),
    Command("cancel", "stop tasks that have not ended", "desktop.shell.actions"),
    Command("resolve", "settle uncertain tasks", "desktop.shell.actions"),
    Command("undo", "undo an action that still waits", "desktop.shell.actions"),
    Command("pause", "start no new tasks of some queues, or of all", "desktop.shell.queues"),
    Command("resume", "resume some paused queues, or all", "desktop.shell.queues"),
    Command("watch", "print changes as they happen", "desktop.shell.watch"),
    Command("import", "send a spreadsheet, one e-mail a row", "desktop.shell.importing"),
    Command("items", "list items, and whether people were informed", "desktop.shell.items"),
    Command("forget", "forget a person: name, address and e-mails", "desktop.shell.items"),
    Command("batches", "list the spreadsheets that were sent", "desktop.shell.batches"),
    Command("report", "save a spreadsheet with the result of each row", "desktop.shell.batches"),
    Command("do-not-send", "list, add or remove who gets no e-mail", "desktop.shell.do_not_send"),
    Command("bounces", "mark the e-mails that came back", "desktop.shell.do_not_send"),
    Command("schedules", "list tasks that run by themselves", "desktop.shell.queues"),
    Command("sign-in", "sign in to the provider that sends", "desktop.shell.sign_in"),
    Command("doctor", "check that all is well", _SERVER, asks=False),
    Command(
        "worker",
        "run tasks that are in PostgreSQL: an app's, or of `sendoff serve --database`",
        _SERVER,
        asks=False,
    ),
    Command("migrate", "make the tables in PostgreSQL", _SERVER, asks=False),
    Command(
        "move",
        "move a data folder's contents to PostgreSQL: items, tasks, batches, templates, files",
        _SERVER,
        asks=False,
    ),
    Command(
        "token",
        "make, list and remove tokens for windows on other machines",
        "desktop.shell.tokens",
        asks=False,
    ),
)
READER: Final = "sheet-reader"
"""The child process that reads or writes a spreadsheet; it is not in the list."""
BOUNCE_READER: Final = "bounce-reader"
"""The child process that reads a file of bounces; it is not in the list."""
BOUNCES_MEMORY: Final = 512 * 1024 * 1024
"""Bytes of memory that reading a file of bounces may take."""
NOT_YOURS: Final = (
    "{} cannot be opened by this user: run the command as the owner of that folder, or name another"
    " folder with --data-dir."
)


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit status.

    Raises:
        SystemExit: by argparse: 2 with the usage on stderr, or 0 for ``--help``.
    """
    parser = _parser(arguments)
    # These may stand before or after the command. The command's parser is the later one: a default
    # in it would overwrite a value given before.
    where = argparse.Namespace(data_dir=None, url=None, token_file=None)
    options = parser.parse_args(arguments, where)
    options.place = _place(options, parser)
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except PermissionError as error:
        folder = data_dir(options.data_dir)
        if folder not in (named := Path(str(error.filename))).parents and folder != named:
            raise
        return fail(NOT_YOURS.format(folder))


def _place(options: argparse.Namespace, parser: argparse.ArgumentParser) -> BackendPlace:
    """Return where the command's backend is."""
    given = (options.url, options.token_file)
    if given == (None, None):
        return BackendPlace(options.data_dir)
    if not options.asks:
        parser.error("--url and --token-file are for commands that ask a running backend")
    if None in given:
        parser.error("--url and --token-file need each other")
    return BackendPlace(address=BackendAddress(*given))


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Make the parser, with the options of the commands that the arguments name."""
    everywhere = data_dir_option()
    asking = argparse.ArgumentParser(add_help=False, parents=[everywhere])
    asking.add_argument(
        "--url",
        type=url,
        default=argparse.SUPPRESS,
        help="ask the backend at this address, not that of the data folder; a window keeps its "
        "drafts there",
    )
    asking.add_argument(
        "--token-file",
        type=path,
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="a file that only you can read, or - for stdin, with the token that the backend at "
        "--url asks for",
    )
    parser = argparse.ArgumentParser(
        prog="sendoff",
        description="Register items; their background tasks run durably, and a live table shows "
        "each one. Without a command: the window, or the backend and the list where there is "
        "no display.",
        epilog="`sendoff COMMAND --help` says more. Exit status: 0, 1 (failed; stderr says why) "
        "or 2 (wrong usage).",
        parents=[asking],
    )
    parser.add_argument("--version", action="version", version=f"Sendoff {__version__}")
    parser.set_defaults(run=_window, asks=True)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    # All parsers take longer to make than most commands to start: where one comes first, its own
    # is enough.
    first = arguments[0] if arguments else ""
    alone = first in {READER, BOUNCE_READER, *(each.name for each in COMMANDS)}
    for name, does, module, asks in COMMANDS:
        if alone and name != first:
            continue
        command = commands.add_parser(name, parents=[asking if asks else everywhere], help=does)
        command.set_defaults(asks=asks)
        if name in arguments:
            add_options = getattr(import_module(module), f"{name.replace('-', '_')}_options")
            command.description = f"{does[0].upper()}{does[1:]}. {add_options(command)}"
    if first == READER:  # for Sendoff itself
        commands.add_parser(READER).set_defaults(run=_read_sheet, asks=False)
    if first == BOUNCE_READER:
        commands.add_parser(BOUNCE_READER).set_defaults(run=_read_bounces, asks=False)
    return parser


def has_display() -> bool:
    """Tell whether a window can be shown: on Linux this needs a display server."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _window(options: argparse.Namespace) -> int:
    address: BackendAddress | None = options.place.address
    if not has_display():
        from desktop.shell.watch import run_without_display, watch

        return watch(options.place) if address else run_without_display(options.data_dir)
    if find_spec("PySide6") is None:
        return fail('The window needs Qt. Install it: pip install "sendoff-tasks[window]"')
    from desktop import app

    try:
        server = None if address is None else Backend(address.url, address.token(), NO_PID)
    except NoToken as error:
        return fail(str(error))
    return app.run(options.data_dir, server)


def _read_sheet(_: argparse.Namespace) -> int:
    from desktop.sheets import process

    return process.run()


def _read_bounces(_: argparse.Namespace) -> int:
    from desktop.mail import bounces
    from desktop.sheets import process

    process.be_modest()
    process.limit(BOUNCES_MEMORY, lambda: os._exit(1))
    return bounces.run()
