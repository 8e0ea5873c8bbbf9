"""Acts: who asked for what, as clients read it; it has no text of a search and no address."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from functools import cache
from typing import Final

from typing_extensions import TypedDict

WHO: Final = "X-Sendoff-Who"
"""The header with the name of who asks, as UTF-8 with ``%``; only the token of a start may send it,
other tokens have a name."""
LONGEST_NAME: Final = 200
"""Characters that are kept of a name."""


@cache
def computer_user() -> str:
    """Return the name of this computer's user; "" if it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


class Act(TypedDict):
    """What somebody asked for, and when.

    - ``who``: the user of the app, the name of the token or the user of the computer; "" if none
      is known
    - ``verb``: *cancel*, *retry*, *done*, *pause*, …; of an *undo*, ``name`` is the verb undone
    - ``kind``, ``name``: the queue, schedule, batch or item that it was about; else ``kind`` is
      *task*. A queue without name stands for all
    - ``tasks``: the first and last number of each run, of at most 1,000 runs; ``count`` is of all
    """

    id: int
    at: str
    who: str
    verb: str
    kind: str
    name: str
    tasks: list[list[int]]
    count: int


class ActPage(TypedDict):
    """Acts, the newest first; ``next`` is the ``after`` of the following page."""

    acts: list[Act]
    next: int | None


@dataclass(frozen=True, slots=True)
class ActFilter:
    """Which acts are meant: ``who`` is a part of the name; since ≤ t < until, epoch s."""

    who: str = ""
    verb: str = ""
    task: int | None = None
    since: float | None = None
    until: float | None = None
