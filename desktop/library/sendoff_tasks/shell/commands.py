"""The command line: what a table of commands says, and how one of them is run."""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sendoff_tasks.folder.paths import data_dir
from sendoff_tasks.model import VERSION
from sendoff_tasks.shell import command_line
from sendoff_tasks.shell.command_line import (
    BackendAddress,
    BackendPlace,
    data_dir_option,
    fail,
    path,
    url,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


OPTION: Final = {"yes_no": argparse.BooleanOptionalAction}
"""The actions of options that argparse does not know by a word."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: what it does, and ``more`` of that in its help; the function that it ``runs``.

    That is imported only if the command is named, as are the types of its ``options``. A command
    that ``asks`` talks to a running backend, that of the data folder or one at an address. One
    without ``does`` is for the program itself and not listed. One of the options with ``either``
    may be given, or has to be if it ``needs_one``.
    """

    name: str
    does: str = ""
    more: str = ""
    runs: str = ""
    asks: bool = True
    needs_one: bool = False
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    verbs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def describe(
        self, parser: argparse.ArgumentParser, everywhere: argparse.ArgumentParser
    ) -> None:
        """Add what the table has of it to its parser; ``everywhere`` has each command's options."""
        does = f"{self.does[:1].upper()}{self.does[1:]}. {self.more}".strip()
        parser.description = does if self.does else None
        parser.set_defaults(command=self.name, refuse=parser.error)
        if self.runs:
            parser.set_defaults(run=_named(self.runs))
        either: argparse._ActionsContainer = parser
        if any("either" in told for told in self.options.values()):
            either = parser.add_mutually_exclusive_group(required=self.needs_one)
        for names, told in self.options.items():
            given = {**told, "action": OPTION.get(told.get("action", ""), told.get("action"))}
            if "type" in given:
                given["type"] = _named(given["type"])
            where = either if given.pop("either", False) else parser
            where.add_argument(*names.split(", "), **given)
        if self.verbs:
            verbs = parser.add_subparsers(metavar="VERB", required=True)
            for name, row in self.verbs.items():
                verb = Command(name, **row)
                verb.describe(
                    verbs.add_parser(name, parents=[everywhere], help=verb.does), everywhere
                )


def _named(place: str) -> Any:
    """Return what a table names: ``module:name``, or a name of ``command_line``."""
    module, _, name = place.rpartition(":")
    return getattr(import_module(module or command_line.__name__), name)


@cache
def _sections(table: Path) -> Mapping[str, str]:
    """Return the text of each command in a table, by its name; most of them are not read."""
    text = table.read_text(encoding="utf-8")
    texts = re.split(r"^(?=\[[\w-]+\]$)", text, flags=re.MULTILINE)[1:]
    return {each[1 : each.index("]")]: each for each in texts}


class CommandLine(NamedTuple):
    """A program: its name, version, tables of commands, and what it does without one.

    What a later table has of a command is completed by what an earlier one has of it.
    """

    name: str
    version: str
    tables: Sequence[Path]
    about: str
    run: Callable[[argparse.Namespace], int] | None = None

    @property
    def names(self) -> Sequence[str]:
        """The names of its commands."""
        return [*dict.fromkeys(chain.from_iterable(map(_sections, reversed(self.tables))))]

    def command(self, name: str) -> Command:
        """Read a command."""
        told: dict[str, Any] = {}
        for table in self.tables:
            if name in _sections(table):
                told |= tomllib.loads(_sections(table)[name])[name]
        return Command(name, **told)


COMMANDS: Final = Path(__file__).with_name("commands.toml")
"""The table of the commands of tasks."""
TASKS: Final = CommandLine(
    "sendoff-tasks", VERSION, [COMMANDS], "Shows and controls the background tasks of an app."
)
NOT_INSTALLED: Final = (
    "{} is not installed, which this command needs: run `pip install 'sendoff-tasks[command]'`."
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
    """Run the command line of this process, which may lack the extra with the packages for it."""
    try:
        return run(sys.argv[1:])
    except ModuleNotFoundError as error:
        if error.name not in {"httpx", "httpx_sse"}:
            raise
        return fail(NOT_INSTALLED.format(error.name))


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
    for name in [first] if first in program.names else program.names:
        found = program.command(name)
        if not found.does and name != first:
            continue
        parents = [asking if found.asks else everywhere]
        command = commands.add_parser(name, parents=parents, help=found.does)
        command.set_defaults(asks=found.asks)
        if name in arguments:
            found.describe(command, everywhere)
    return parser
