"""The command line: the values typed, the backend that is meant, and what is printed."""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import sys
import textwrap
import time
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sendoff_tasks.folder.paths import DATA_DIR_VARIABLE
from sendoff_tasks.folder.tokens import read_token
from sendoff_tasks.model.text import DIRECTION_MARKS
from sendoff_tasks.model.times import local_time, meant_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def data_dir_option() -> argparse.ArgumentParser:
    """Return a parent of each parser: the data folder may be named before or after a command."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help=f"where Sendoff keeps everything (default: {DATA_DIR_VARIABLE} in the environment, "
        "else your own data folder)",
    )
    return parser


def text(typed: str) -> str:
    """Accept any valid UTF-8."""
    if any("\ud800" <= character <= "\udfff" for character in typed):  # Python's invalid bytes
        raise argparse.ArgumentTypeError(f"{typed!r} is not valid UTF-8")
    return typed


def seconds(typed: str) -> float:
    """Parse a duration in seconds, 0 or more."""
    try:
        span = float(typed)
    except ValueError:
        span = math.nan
    if not (math.isfinite(span) and span >= 0):
        raise argparse.ArgumentTypeError(f"{typed!r} is not a number of seconds")
    return span


def number(typed: str) -> int:
    """Parse the number of a task, or of what a feature has."""
    from sendoff_tasks.model.tasks import ID_LIMIT

    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= ID_LIMIT):
        raise argparse.ArgumentTypeError(f"{typed!r} is not a number from 1 to {ID_LIMIT}")
    return int(typed)


def moment(typed: str, *, is_end: bool) -> float:
    """Parse a day or an hour; return its beginning or its end, in epoch seconds."""
    meant = meant_moment(typed, time.time(), is_end=is_end)
    if meant is None:
        from sendoff_tasks.words.table import ENGLISH

        raise argparse.ArgumentTypeError(ENGLISH.say("value", "no_day", day=typed))
    return meant


since = partial(moment, is_end=False)
until = partial(moment, is_end=True)


def pair(typed: str) -> tuple[str, str]:
    """Parse ``key=value``."""
    key, equals, value = text(typed).partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"{typed!r} is not of the form key=value")
    return key, value


def path(typed: str) -> Path:
    """Parse the path of a file."""
    return Path(text(typed))


def url(typed: str) -> str:
    """Parse a backend's address; refuse one that would send the token unencrypted."""
    from sendoff_tasks.folder.backend_addresses import BadUrl, UrlFault, server_url

    try:
        return server_url(text(typed))
    except BadUrl as error:
        words = {
            UrlFault.UNENCRYPTED: f"{typed!r} would send the token unencrypted: use https",
            UrlFault.SECRET: "an address holds no name, password or token",  # do not print it
        }
        other = f"{typed!r} is not an address such as https://host:port"
        raise argparse.ArgumentTypeError(words.get(error.fault, other)) from error


@dataclass(frozen=True, slots=True)
class BackendAddress:
    """The base URL of a backend, and the file that holds its token."""

    url: str
    token_file: Path

    def token(self) -> str:
        """Read the token; raise ``NoToken`` if there is none, or if other users can read it."""
        return read_token(self.token_file)


@dataclass(frozen=True, slots=True)
class BackendPlace:
    """A data folder (``None``: the default one), or an address, which takes precedence."""

    folder: str | None = None
    address: BackendAddress | None = None


T = TypeVar("T")

INDENT: Final = " " * 10
"""Before each continuation of a line that is wider than the terminal."""
NARROWEST: Final = 20
"""Columns to which a line is broken at least; a narrower terminal breaks it again by itself."""
UNSEEN: Final = 120
"""Columns of a table if stdout is not a terminal."""


def say(text: str) -> None:
    """Print a line on stdout and flush; break it between words if the terminal is too narrow."""
    line = plain(text)
    if sys.stdout.isatty():
        line = textwrap.fill(line, _width(), subsequent_indent=INDENT, break_on_hyphens=False)
    print(line, flush=True)


def say_whole(text: str) -> None:
    """Print a line that is copied, such as a token: the terminal may break it, we do not."""
    print(plain(text), flush=True)


def say_row(text: str) -> None:
    """Print a line of a table on stdout and flush; cut it to the width of a row."""
    print(cut(plain(text), row_width()), flush=True)


def say_list(rows: Iterable[T], line: Callable[[T], str], *, as_json: bool) -> None:
    """Print rows as the lines of a table, or as one JSON array."""
    if as_json:
        print(json.dumps([*rows], indent=1))
        return
    for row in rows:
        say_row(line(row))


def row_width() -> int:
    """Return the number of columns of a line of a table."""
    return _width() if sys.stdout.isatty() else UNSEEN


def cut(text: str, width: int) -> str:
    """Shorten a text to ``width`` columns; a shortened text ends with an ellipsis."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def fail(sentence: str) -> int:
    """Print a sentence on stderr; return 1, the exit status of a failure."""
    print(plain(sentence), file=sys.stderr)
    return 1


def plain(text: str) -> str:
    """Replace each control character by a space, so the text is one harmless line.

    Titles and a server's error texts come from outside. An escape sequence in them could
    rename the terminal's window, fill the clipboard or hide a line.
    """
    return "".join(" " if _is_obeyed(character) else character for character in text)


def local(moment: str, *, seconds: bool = False) -> str:
    """Format an RFC 3339 time in local time, with ``seconds`` if asked."""
    return local_time(round(datetime.fromisoformat(moment).timestamp() * 1000), seconds=seconds)


def until_unheard(command: Callable[[], int]) -> int:
    """Run a command; return its exit status, or 0 if the reader of stdout is gone (``| head``)."""
    try:
        status = command()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout again when it ends; that must not fail.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        return 0
    return status


def _width() -> int:
    return max(shutil.get_terminal_size().columns, NARROWEST)


def _is_obeyed(character: str) -> bool:
    """Tell whether it is a control, a bidirectional override, a line break or a surrogate."""
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in DIRECTION_MARKS
    )
