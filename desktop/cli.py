"""The command line: it parses the options and imports the command that they name."""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop import __version__, server_commands
from desktop.settings.backend_file import NO_PID, Backend
from desktop.settings.paths import DATA_DIR_VARIABLE, data_dir
from desktop.settings.tokens import NoToken
from desktop.shell.backend_address import BackendAddress, BackendPlace
from desktop.shell.options import batches, tasks, values
from desktop.shell.terminal import fail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # argparse has no public name for this type.
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001

NOT_YOURS: Final = (
    "{} cannot be opened by this user: run the command as the owner of that folder, or name another"
    " folder with --data-dir."
)


def run(arguments: Sequence[str]) -> int:
    """Run one command; return its exit status.

    Raises:
        SystemExit: by argparse: 2 with the usage on stderr, or 0 for ``--help``.
    """
    parser = _parser()
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
    alone = {_doctor, _install_launcher, _read_sheet, *server_commands.RUN}
    if options.run in alone:
        parser.error("--url and --token-file are for commands that ask a running backend")
    if None in given:
        parser.error("--url and --token-file need each other")
    return BackendPlace(address=BackendAddress(*given))


def _parser() -> argparse.ArgumentParser:
    everywhere = argparse.ArgumentParser(add_help=False)
    everywhere.add_argument(
        "--data-dir",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help=f"where Sendoff keeps everything (default: {DATA_DIR_VARIABLE} in the environment, "
        "else your own data folder)",
    )
    asking = argparse.ArgumentParser(add_help=False, parents=[everywhere])
    asking.add_argument(
        "--url",
        type=values.url,
        default=argparse.SUPPRESS,
        help="ask the backend at this address, not that of the data folder; a window keeps its "
        "drafts there",
    )
    asking.add_argument(
        "--token-file",
        type=values.path,
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
        epilog="`sendoff COMMAND --help` says more. Exit status: 0, 1 (failed, with one sentence "
        "on stderr) or 2 (wrong usage).",
        parents=[asking],
    )
    parser.add_argument("--version", action="version", version=f"Sendoff {__version__}")
    parser.set_defaults(run=_window)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    server_commands.add_serve(partial(_command, commands, everywhere))
    for add, options in (
        (_add_items, asking),
        (_add_tasks, asking),
        (_add_batches, asking),
        (_add_doctor, everywhere),
        (_add_server_commands, everywhere),
        (_add_install, everywhere),
        (_add_sheet_reader, everywhere),
    ):
        add(commands, options)
    return parser


def _command(
    commands: Subparsers, parent: argparse.ArgumentParser, name: str, does: str, more: str
) -> argparse.ArgumentParser:
    """Add a command; the list of commands shows ``does``, its own help ``does`` and ``more``."""
    whole = f"{does[0].upper()}{does[1:]}. {more}"
    return commands.add_parser(name, parents=[parent], help=does, description=whole)


def _add_items(commands: Subparsers, asking: argparse.ArgumentParser) -> None:
    tasks.add_submit(partial(_command, commands, asking))


def _add_tasks(commands: Subparsers, asking: argparse.ArgumentParser) -> None:
    add = partial(_command, commands, asking)
    tasks.add_tasks(add)
    tasks.add_show(add)
    tasks.add_run(add)
    tasks.add_actions(add)
    tasks.add_undo(add)
    tasks.add_pauses(add)
    tasks.add_watch(add)


def _add_batches(commands: Subparsers, asking: argparse.ArgumentParser) -> None:
    add = partial(_command, commands, asking)
    batches.add_import(add)
    batches.add_batches(add)
    batches.add_report(add)
    tasks.add_schedules(add)


def _add_doctor(commands: Subparsers, everywhere: argparse.ArgumentParser) -> None:
    more = (
        "One line each: machine, store, backups, mail, keyring; `look` where you have something to "
        "do, and what. Exit status 1 if there is such a line."
    )
    doctor = _command(commands, everywhere, "doctor", "check that all is well", more)
    what = doctor.add_mutually_exclusive_group()
    what.add_argument(
        "--database", metavar="URL", help="look at this database and the mail settings in it"
    )
    what.add_argument(
        "--restore",
        action="store_true",
        help="put the newest sound backup in the place of a damaged store, which is kept",
    )
    doctor.set_defaults(run=_doctor)


def _add_server_commands(commands: Subparsers, everywhere: argparse.ArgumentParser) -> None:
    add = partial(_command, commands, everywhere)
    server_commands.add_worker(add)
    server_commands.add_migrate(add)
    server_commands.add_move(add)
    server_commands.add_tokens(add, everywhere)


def _add_install(commands: Subparsers, everywhere: argparse.ArgumentParser) -> None:
    more = "Writes a desktop entry and an icon for you alone."
    does = "add Sendoff to the applications menu"
    install = _command(commands, everywhere, "install-launcher", does, more)
    install.set_defaults(run=_install_launcher)


def _add_sheet_reader(commands: Subparsers, _: argparse.ArgumentParser) -> None:
    """Add the hidden command of the child process that reads or writes a spreadsheet."""
    commands.add_parser("sheet-reader").set_defaults(run=_read_sheet)


def has_display() -> bool:
    """Tell whether a window can be shown: on Linux this needs a display server."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _window(options: argparse.Namespace) -> int:
    address: BackendAddress | None = options.place.address
    if not has_display():
        from desktop.shell import headless
        from desktop.shell.commands import watch

        return watch.run(options.place) if address else headless.run(options.data_dir)
    if find_spec("PySide6") is None:
        return fail('The window needs Qt. Install it: pip install "sendoff-tasks[window]"')
    from desktop import app

    try:
        server = None if address is None else Backend(address.url, address.token(), NO_PID)
    except NoToken as error:
        return fail(str(error))
    return app.run(app.WindowOptions(data_dir=options.data_dir, server=server))


def _doctor(options: argparse.Namespace) -> int:
    from desktop.shell.doctor import doctor

    if options.database is None:
        return doctor.run(options.data_dir, restores=options.restore)
    from desktop.server_doctor import look_at_database
    from desktop.settings.paths import DataFolder, data_dir

    found = look_at_database(options.database, DataFolder(data_dir(options.data_dir)))
    return doctor.run(options.data_dir, restores=False, on_server=found)


def _install_launcher(_: argparse.Namespace) -> int:
    from desktop.shell.commands import install

    return install.run()


def _read_sheet(_: argparse.Namespace) -> int:
    from desktop.sheets import process

    return process.run()
