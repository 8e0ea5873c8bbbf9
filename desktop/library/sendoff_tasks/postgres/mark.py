"""The newest group of a database that was seen committed: a server that lacks it went back in time.

So does one whose standby took over without the last commits, or that was put back to a snapshot.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from sendoff_tasks.folder.safe_files import flush_folder, flush_to_disk
from sendoff_tasks.log_rate_limit import LogRateLimit

log = logging.getLogger(__name__)
log.addFilter(LogRateLimit())

SIZE: Final = 512
"""Bytes of the file, which is written in place: a disk writes so many at once or not at all."""


class Newest(NamedTuple):
    """A group that was committed: its number in the database, and all tasks accepted up to it.

    Numbers rise by one. ``run`` names the process that has committed it; each start has a new name.
    """

    run: str
    number: int
    tasks: int

    @classmethod
    def decode(cls, text: str | None) -> Newest:
        """Read the beginning of a group's name; without one, none was committed."""
        try:
            run, number, tasks = (text or "").split(" ")[:3]
            return cls(run, int(number), int(tasks))
        except ValueError:
            return NOTHING

    def __str__(self) -> str:
        return f"{self.run} {self.number} {self.tasks}"


NOTHING: Final = Newest("", 0, 0)
GROUP: Final = "group"
"""The key in ``meta`` of the name of the newest group, which begins with a ``Newest``."""
ENDS: Final = "ends"
"""The key in ``meta`` of the last groups of earlier runs, as many as ``MOST_ENDS``."""
MOST_ENDS: Final = 100
READ: Final = f"SELECT key, value FROM sendoff.meta WHERE key IN ('store', '{GROUP}', '{ENDS}')"  # noqa: S608


class LostGroups(NamedTuple):
    """How many groups a database lacks, and how many tasks that were accepted in them."""

    groups: int
    tasks: int

    def __str__(self) -> str:
        return json.dumps(self)


class Groups(NamedTuple):
    """What a database tells of its groups: its newest one, and the last one of earlier runs."""

    store: str
    newest: Newest
    ends: Mapping[str, Newest]

    @classmethod
    def decode(cls, rows: Sequence[tuple[str, str]]) -> Groups:
        """Take the rows that ``READ`` finds."""
        told = dict(rows)
        ends = json.loads(told.get(ENDS, "{}"))
        newest = Newest.decode(told.get(GROUP))
        return cls(told["store"], newest, {run: Newest(run, *rest) for run, rest in ends.items()})

    def lack(self, known: Newest) -> LostGroups | None:
        """Tell what it lacks, if it does not have a group that is known."""
        there = self.newest if self.newest.run == known.run else self.ends.get(known.run)
        there = there or self.newest
        if there.number >= known.number:
            return None
        return LostGroups(known.number - there.number, max(0, known.tasks - there.tasks))

    def ends_after(self, others: Sequence[Newest]) -> str:
        """Return the ends for the next run, which begins after the newest one and these others."""
        over = [each for each in (self.newest, *others) if each.run]
        ends = {**self.ends, **{each.run: each for each in over}}
        return json.dumps({run: each[1:] for run, each in [*ends.items()][-MOST_ENDS:]})


class ServerMark:
    """What this process, or this data folder by the file at ``path``, knows of one database."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._file: int | None = None
        self._seen: dict[str, Newest] = {}  # by the id of the database's store; only of the last
        self._kept: dict[str, Newest] = {}  # as it is in the file

    def known(self, store: str) -> list[Newest]:
        """Return the groups that the store must have."""
        found = [self._seen[store]] if store in self._seen else []
        try:
            told = json.loads(self._path.read_bytes()) if self._path else None
            return found + ([Newest(*told["newest"])] if told and told["store"] == store else [])
        except (OSError, ValueError, TypeError, KeyError):
            return found

    def missing(self, groups: Groups) -> LostGroups | None:
        """Tell what a store lacks of what is known."""
        return max(filter(None, map(groups.lack, self.known(groups.store))), default=None)

    def see(self, store: str, newest: Newest) -> None:
        """Remember the newest group of a store."""
        self._seen = {store: newest}

    def keep(self, *, durable: bool = False) -> None:
        """Write to the file what was seen; what is not ``durable`` may be lost in a power cut.

        A folder that cannot be written stops nothing.
        """
        if self._path is None or self._seen == self._kept:
            return
        try:
            ((store, newest),) = self._seen.items()
            if self._file is None:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
                flush_folder(self._path.parent)
            told = json.dumps({"store": store, "newest": newest})
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, told.encode().ljust(SIZE))
            if durable and sys.platform == "linux":
                os.fdatasync(self._file)  # half the time: the file's size stays
            elif durable:
                flush_to_disk(self._file)
            self._kept = self._seen
        except OSError as error:
            log.info("Could not write %s: %s", self._path, error)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
