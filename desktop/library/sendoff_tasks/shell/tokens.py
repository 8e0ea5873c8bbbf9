"""``token``: add, list and remove the access tokens of a data folder's backend."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sendoff_tasks.folder.paths import DataFolder, data_dir
from sendoff_tasks.folder.tokens import TokensError, add_token, read_tokens, remove_token
from sendoff_tasks.model.problems import Access
from sendoff_tasks.model.program import command
from sendoff_tasks.shell.command_line import fail, say, say_row, say_whole, text
from sendoff_tasks.words.file_faults import unwritten
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    import argparse

    from sendoff_tasks.folder.tokens import NamedToken

DAY: Final = 86_400
"""Seconds."""
_WORDS: Final = {
    Access.FULL: "everything",
    Access.VIEWER: "looks only",
    Access.EXPIRED: "expired",
    Access.NONE: "nothing",
}


def typed_name(typed: str) -> str:
    """Parse the name of a token: 1 to 100 printable characters."""
    if not 1 <= len(text(typed).strip()) <= 100 or not typed.isprintable():
        raise ArgumentTypeError(f"{typed!r} is not a name of up to 100 characters")
    return typed.strip()


def typed_days(typed: str) -> int:
    """Parse a number of days, 1 to 36500."""
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= 36_500):
        raise ArgumentTypeError(f"{typed!r} is not a number of days from 1 to 36500")
    return int(typed)


def make_token(options: argparse.Namespace) -> int:
    """Make a token and print nothing but it; return the exit status.

    In a folder that no backend serves it would open nothing.
    """
    data = DataFolder(data_dir(options.data_dir))
    access = Access.VIEWER if options.viewer else Access.FULL
    expires_at = None if options.days is None else time.time() + options.days * DAY
    try:
        if not data.db.exists() and not data.waits_for_backend:
            return fail(ENGLISH.say("session", "no_tasks", folder=data.root))
        say_whole(add_token(data.tokens_file, options.name, access, expires_at))
    except TokensError as error:
        return fail(str(error))
    except OSError as error:
        return fail(unwritten(data.tokens_file, error))
    return 0


def list_tokens(options: argparse.Namespace) -> int:
    """Print one line for each token; return the exit status."""
    try:
        tokens = read_tokens(DataFolder(data_dir(options.data_dir)).tokens_file)
    except TokensError as error:
        return fail(str(error))
    if not tokens:
        say(ENGLISH.say("token", "no_token", command=command("token add NAME")))
    width = max((len(each.name) for each in tokens), default=0)
    for each in tokens:
        say_row(f"{each.name:<{width}}  {_WORDS[each.allows(time.time())]:<10}  {_times(each)}")
    return 0


def revoke_token(options: argparse.Namespace) -> int:
    """Remove a token; return the exit status."""
    data = DataFolder(data_dir(options.data_dir))
    try:
        remove_token(data.tokens_file, options.name)
    except TokensError as error:
        return fail(str(error))
    except OSError as error:
        return fail(unwritten(data.tokens_file, error))
    say(ENGLISH.say("token", "removed", folder=data.root, name=options.name))
    return 0


def _times(token: NamedToken) -> str:
    made = f"made {_date(token.created_at)}"
    return made if token.expires_at is None else f"{made}, until {_date(token.expires_at)}"


def _date(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC).astimezone():%Y-%m-%d}"
