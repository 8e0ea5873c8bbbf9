"""``sendoff token``: add, list and remove the access tokens of a data folder's backend."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from desktop.contract.access import Access
from desktop.settings.paths import DataFolder, data_dir
from desktop.settings.tokens import TokensError, add_token, read_tokens, remove_token
from desktop.shell.terminal import fail, say, say_row

if TYPE_CHECKING:
    from desktop.settings.tokens import NamedToken

DAY: Final = 86_400
"""Seconds."""
_WORDS: Final = {
    Access.FULL: "everything",
    Access.VIEWER: "looks only",
    Access.EXPIRED: "expired",
    Access.NONE: "nothing",
}


def add(folder: str | None, name: str, *, viewer: bool, days: int | None) -> int:
    """Make a token and print nothing but it; return the exit status."""
    data = DataFolder(data_dir(folder))
    access = Access.VIEWER if viewer else Access.FULL
    expires_at = None if days is None else time.time() + days * DAY
    try:
        data.create()
        say(add_token(data.tokens_file, name, access, expires_at))
    except TokensError as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{data.tokens_file} cannot be written: {error.strerror or error}.")
    return 0


def show(folder: str | None) -> int:
    """Print one line for each token; return the exit status."""
    try:
        tokens = read_tokens(DataFolder(data_dir(folder)).tokens_file)
    except TokensError as error:
        return fail(str(error))
    if not tokens:
        say("There are no tokens. `sendoff token add NAME` makes one.")
    width = max((len(each.name) for each in tokens), default=0)
    for each in tokens:
        say_row(f"{each.name:<{width}}  {_WORDS[each.allows(time.time())]:<10}  {_times(each)}")
    return 0


def remove(folder: str | None, name: str) -> int:
    """Remove a token; return the exit status."""
    data = DataFolder(data_dir(folder))
    try:
        remove_token(data.tokens_file, name)
    except TokensError as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{data.tokens_file} cannot be written: {error.strerror or error}.")
    say(f"The backend of {data.root} does not take the token {name} any more.")
    return 0


def _times(token: NamedToken) -> str:
    made = f"made {_date(token.created_at)}"
    return made if token.expires_at is None else f"{made}, until {_date(token.expires_at)}"


def _date(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC).astimezone():%Y-%m-%d}"
