"""What a command line says: its values, and the backend that is meant."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from pathlib import Path

from desktop.settings.paths import DATA_DIR_VARIABLE
from desktop.settings.tokens import read_token


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
    """Parse the number of an item, a task or a batch."""
    from desktop.contract.tasks import ID_LIMIT

    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= ID_LIMIT):
        raise argparse.ArgumentTypeError(f"{typed!r} is not a number from 1 to {ID_LIMIT}")
    return int(typed)


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
    from desktop.settings.opened_servers import BadUrl, UrlFault, server_url

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
