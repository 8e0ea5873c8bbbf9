"""The command line of tasks: its table of commands, and how a table is run."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from sendoff_tasks.folder.paths import data_dir
from sendoff_tasks.model import VERSION
from sendoff_tasks.shell.command_line import (
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
    to a running backend, that of the data folder or one at an address. One without ``does`` is for
    the program itself and not listed.
    """

    name: str
    does: str
    module: str
    asks: bool = True


_ENGINE: Final = "sendoff_tasks.shell.engine_commands"
COMMANDS: Final = (
    Command("tasks", "list tasks", "sendoff_tasks.shell.tasks"),
    Command("show", "print a task and everything behind it", "sendoff_tasks.shell.tasks"),
    Command("run", "run any registered task", "sendoff_tasks.shell.actions"),
    Command("retry", "run failed, cancelled or waiting tasks again", "sendoff_tasks.shell.actions"),
    Command("cancel", "stop tasks that have not ended", "sendoff_tasks.shell.actions"),
    Command("resolve", "settle uncertain tasks", "sendoff_tasks.shell.actions"),
    Command("undo", "undo an action that still waits", "sendoff_tasks.shell.actions"),
    Command("pause", "start no new tasks of some queues, or of all", "sendoff_tasks.shell.queues"),
    Command("resume", "resume some paused queues, or all", "sendoff_tasks.shell.queues"),
    Command("watch", "print changes as they happen", "sendoff_tasks.shell.watch"),
    Command("acts", "list who asked for what", "sendoff_tasks.shell.acts"),
    Command("schedules", "list tasks that run by themselves", "sendoff_tasks.shell.queues"),
    Command("doctor", "check that all is well", _ENGINE, asks=False),
    Command(
        "worker",
        "run tasks that are in PostgreSQL",
        _ENGINE,
        asks=False,
    ),
    Command("check", "tell which add_task of an app would be refused", _ENGINE, asks=False),
    Command("monitor", "tell where the page of the tasks is, or show it", _ENGINE, asks=False),
    Command("migrate", "make the tables in PostgreSQL", _ENGINE, asks=False),
    Command(
        "token",
        "make, list and remove tokens for windows on other machines",
        "sendoff_tasks.shell.tokens",
        asks=False,
    ),
)
"""The commands of tasks."""


class CommandLine(NamedTuple):
    """A program: its name, version, commands, and what it does without one."""

    name: str
    version: str
    commands: Sequence[Command]
    about: str
    run: Callable[[argparse.Namespace], int] | None = None


TASKS: Final = CommandLine(
    "sendoff-tasks", VERSION, COMMANDS, "Shows and controls the background tasks of an app."
)
NOT_YOURS: Final = (
    "{} cannot be opened by this user: run the command as the owner of that folder, or name another"
    " folder with --data-dir."
)


def run(arguments: Sequence[str], program: CommandLine = TASKS) -> int:
    """Run one command of a program; return its exit status.

    Raises:
        SystemExit: by argparse: 2 with the usage on stderr, or 0 for ``--help``.
    """
    parser = _parser(arguments, program)
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


def main() -> int:
    """Run the command line of this process."""
    return run(sys.argv[1:])


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


def _parser(arguments: Sequence[str], program: CommandLine) -> argparse.ArgumentParser:
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
        prog=program.name,
        description=program.about,
        epilog=f"`{program.name} COMMAND --help` says more. Exit status: 0, 1 (failed; stderr says "
        "why) or 2 (wrong usage).",
        parents=[asking],
    )
    version = f"{program.name.capitalize()} {program.version}"
    parser.add_argument("--version", action="version", version=version)
    parser.set_defaults(run=program.run, asks=True)
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=program.run is None
    )
    # All parsers take longer to make than most commands to start: where one comes first, its own
    # is enough.
    first = arguments[0] if arguments else ""
    alone = first in {each.name for each in program.commands}
    for name, does, module, asks in program.commands:
        if name != first if alone else not does:
            continue
        command = commands.add_parser(name, parents=[asking if asks else everywhere], help=does)
        command.set_defaults(asks=asks)
        if name in arguments:
            add_options = getattr(import_module(module), f"{name.replace('-', '_')}_options")
            more = add_options(command)
            command.description = f"{does[:1].upper()}{does[1:]}. {more}" if does else None
    return parser
