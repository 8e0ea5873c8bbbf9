"""What templates were called before: a template that is renamed is the same letter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from desktop.settings.atomic import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "names.json"
Names = dict[str, str]


class TemplateNames:
    """The earlier names of templates, and the letter that each is; thread-safe to read.

    A letter is called by the name that its template had first: rows that were sent before are
    compared by it. What is kept is one file::

        {"earlier": {"fees": "fees 2026"}, "letters": {"fees 2026": "fees"}}
    """

    def __init__(self, folder: Path) -> None:
        """``folder`` is that of the person's own templates."""
        self._file = folder / FILE
        self._read: tuple[tuple[int, int], Names, Names] = ((0, 0), {}, {})

    def now(self, name: str) -> str:
        """Return what a template is called now that had this name; else the name itself."""
        earlier, _ = self._kept()
        return earlier.get(name, name)

    def before(self, name: str) -> list[str]:
        """List the earlier names of a template."""
        earlier, _ = self._kept()
        return sorted(before for before, now in earlier.items() if now == name)

    def letter(self, name: str) -> str:
        """Return the letter that a template is, by its present name or an earlier one."""
        earlier, letters = self._kept()
        now = earlier.get(name, name)
        return letters.get(now, now)

    def rename(self, before: str, now: str) -> None:
        """Keep that a template has another name; the earlier one leads there."""
        earlier, letters = self._kept()
        letter = self.letter(before)
        earlier = {old: now if name == before else name for old, name in earlier.items()}
        earlier[before] = now
        earlier.pop(now, None)
        letters = {name: kept for name, kept in letters.items() if name not in {before, now}}
        if letter != now:
            letters[now] = letter
        self._write(earlier, letters)

    def begin(self, name: str) -> None:
        """Keep that a template has this name, which another one had that is deleted."""
        earlier, letters = self._kept()
        if name in earlier:
            self._write({old: now for old, now in earlier.items() if old != name}, letters)

    def _write(self, earlier: Names, letters: Names) -> None:
        kept = {"earlier": earlier, "letters": letters}
        write_atomic(self._file, json.dumps(kept, ensure_ascii=False, indent=1).encode())

    def _kept(self) -> tuple[Names, Names]:
        """Read the file, if it is another one than before."""
        try:
            stat = self._file.stat()
        except FileNotFoundError:
            return {}, {}
        version = stat.st_mtime_ns, stat.st_ino  # two may be written in one tick of the clock
        if self._read[0] != version:
            self._read = (version, *_names_in(self._file))
        return self._read[1:]


def _names_in(file: Path) -> tuple[Names, Names]:
    """Read what the file keeps; one that was spoilt by hand keeps nothing."""
    try:
        kept = json.loads(file.read_bytes())
        return _names(kept["earlier"]), _names(kept["letters"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}, {}


def _names(kept: Names) -> Names:
    return {name: other for name, other in kept.items() if isinstance(other, str)}
