"""The count of task files whose import has ended the process."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from desktop.settings.atomic import write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEATHS: Final = 3
"""Imports in a row that may end the process; fewer may have been a ``kill`` from outside."""

_Count = tuple[str, int]
"""The file's stamp, and how many of its imports have ended the process."""


class Deadly(Exception):
    """A file whose imports ended the process; it is not imported again until it is changed."""

    def __init__(self) -> None:
        super().__init__(f"has ended the program {DEATHS} times while it was imported")


class Deaths:
    """Counts, in a ``record`` on disk, the imports that began and never ended.

    Nothing is counted if the record cannot be written or is ``None``. Imports may overlap.
    """

    def __init__(self, record: Path | None) -> None:
        self._record = record
        self._counted = {} if record is None else _read(record)
        self._before: dict[str, _Count | None] = {}  # the counts before the current imports
        self._lock = threading.RLock()  # a signal handler may call ``forgive`` during a count

    @contextmanager
    def surviving(self, name: str, stamp: str) -> Iterator[None]:
        """Count the import of ``name`` in the block; raise ``Deadly`` if it ended too many.

        A changed ``stamp`` means a changed file: its count begins at zero.
        """
        with self._lock:
            before = self._counted.get(name)
            deaths = before[1] if before and before[0] == stamp else 0
            if deaths >= DEATHS:
                raise Deadly
            count = self._counted[name] = stamp, deaths + 1
            self._before[name] = before
            self._write()
        try:
            yield
        finally:
            with self._lock:
                if self._counted.get(name) is count:  # not the count of a later import
                    del self._counted[name], self._before[name]
                    self._write()

    def forgive(self) -> None:
        """Do not count the current imports: the process ends for another reason."""
        with self._lock:
            for name, before in self._before.items():
                if before is None:
                    del self._counted[name]
                else:
                    self._counted[name] = before
            self._before.clear()
            self._write()

    def _write(self) -> None:
        if self._record is None:
            return
        with suppress(OSError):
            if self._counted:
                write_atomic(self._record, json.dumps(self._counted).encode(), durable=False)
            else:
                self._record.unlink(missing_ok=True)


def _read(record: Path) -> dict[str, _Count]:
    """Read the counts; a record in any other format holds none."""
    try:
        counted = json.loads(record.read_bytes())
        return {str(name): (str(stamp), int(deaths)) for name, (stamp, deaths) in counted.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
