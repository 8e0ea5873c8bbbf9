"""Which task files have taken the process with them while they were imported."""

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
"""How many imports in a row the process may not survive; fewer may be a ``kill`` from outside."""

_Count = tuple[str, int]
"""Of which stamp, and how many."""


class Deadly(Exception):
    """A file that is not imported again until it is changed."""

    def __init__(self) -> None:
        super().__init__(f"has ended the program {DEATHS} times while it was imported")


class Deaths:
    """Counts them in a ``record`` on disk: an import is a death unless it comes back.

    Where the record cannot be written, or there is none, nothing is counted. Imports may overlap.
    """

    def __init__(self, record: Path | None) -> None:
        self._record = record
        self._counted = {} if record is None else _read(record)
        self._before: dict[str, _Count | None] = {}  # an import that is under way
        self._lock = threading.RLock()  # a signal may come to forgive in the middle of counting

    @contextmanager
    def surviving(self, name: str, stamp: str) -> Iterator[None]:
        """Import what is called ``name`` in the block; raises ``Deadly`` when it must not be.

        ``stamp`` is another one once it was changed; then it is counted from zero.
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
                if self._counted.get(name) is count:  # and not that of a later import
                    del self._counted[name], self._before[name]
                    self._write()

    def forgive(self) -> None:
        """Take back what is under way: it is not what ends the process now."""
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
    """Read what was counted; a record that is none of ours has counted nothing."""
    try:
        counted = json.loads(record.read_bytes())
        return {str(name): (str(stamp), int(deaths)) for name, (stamp, deaths) in counted.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
