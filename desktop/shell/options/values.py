"""What the values of a command line may be; each says in argparse's way what it is not."""

from __future__ import annotations

import argparse
import math
from pathlib import Path


def text(typed: str) -> str:
    """Take any text but bytes that were no UTF-8."""
    if any("\ud800" <= character <= "\udfff" for character in typed):  # bytes that were no UTF-8
        raise argparse.ArgumentTypeError(f"{typed!r} is not valid UTF-8")
    return typed


def seconds(typed: str) -> float:
    """Read a span of time, s."""
    try:
        span = float(typed)
    except ValueError:
        span = math.nan
    if not (math.isfinite(span) and span >= 0):
        raise argparse.ArgumentTypeError(f"{typed!r} is not a number of seconds")
    return span


def number(typed: str) -> int:
    """Read the number of an item or a task."""
    from desktop.contract.tasks import ID_LIMIT

    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= ID_LIMIT):
        raise argparse.ArgumentTypeError(f"{typed!r} is not a number from 1 to {ID_LIMIT}")
    return int(typed)


def port(typed: str) -> int:
    """Read a port; 0 lets the system pick one."""
    if not (typed.isascii() and typed.isdigit() and int(typed) < 65536):
        raise argparse.ArgumentTypeError(f"{typed!r} is not a port from 0 to 65535")
    return int(typed)


def pair(typed: str) -> tuple[str, str]:
    """Read ``key=value``."""
    key, equals, value = text(typed).partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"{typed!r} is not of the form key=value")
    return key, value


def path(typed: str) -> Path:
    """Read the path of a file."""
    return Path(text(typed))


def token_name(typed: str) -> str:
    """Read the name of a token: a few words in one line."""
    if not 1 <= len(text(typed).strip()) <= 100 or not typed.isprintable():
        raise argparse.ArgumentTypeError(f"{typed!r} is not a name of up to 100 characters")
    return typed.strip()


def days(typed: str) -> int:
    """Read a number of days."""
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= 36_500):
        raise argparse.ArgumentTypeError(f"{typed!r} is not a number of days from 1 to 36500")
    return int(typed)


def url(typed: str) -> str:
    """Read a backend's address; the token must not travel through a network in the clear."""
    from desktop.settings.servers import BadUrl, UrlFault, server_url

    try:
        return server_url(text(typed))
    except BadUrl as error:
        words = {
            UrlFault.UNENCRYPTED: f"{typed!r} would send the token unencrypted: use https",
            UrlFault.SECRET: "an address holds no name, password or token",  # and is not quoted
        }
        other = f"{typed!r} is not an address such as https://host:port"
        raise argparse.ArgumentTypeError(words.get(error.fault, other)) from error
