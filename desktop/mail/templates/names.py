"""The earlier names of templates: a renamed template stays the same letter."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.templates import is_template_name
from desktop.mail.templates.versions import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Hashable

    from desktop.mail.files import Files

FILE: Final = "names.json"
Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The content of the file; ``moving`` has the two names of a rename under way."""

    earlier: Names = field(default_factory=dict)
    letters: Names = field(default_factory=dict)
    moving: tuple[str, str] | None = None

    def letter(self, name: str) -> str:
        now = self.earlier.get(name, name)
        return self.letters.get(now, now)

    def renamed(self, before: str, now: str) -> _Kept:
        """Return the content after a rename."""
        letter = self.letter(before)
        earlier = {old: now if name == before else name for old, name in self.earlier.items()}
        earlier[before] = now
        earlier.pop(now, None)
        letters = {name: kept for name, kept in self.letters.items() if name not in {before, now}}
        if letter != now:
            letters[now] = letter
        return _Kept(earlier, letters)


class FormerNames:
    """The earlier names of templates, and the letter of each; reading is thread-safe.

    A *letter* identifies a template across renames: it is the template's first name. Rows that were
    sent before are compared by it. The content is one file::

        {"earlier": {"fees": "fees 2026"}, "letters": {"fees 2026": "fees"}}

    During a rename, the file also has ``"moving": ["fees", "fees 2026"]``. The template's file is
    renamed in one step, and this step alone decides which name counts, even if the process is
    killed.
    """

    def __init__(self, own: Files) -> None:
        """Take the files of the person's own templates."""
        self._own = own
        self._read: tuple[Hashable, _Kept] = (None, _Kept())

    def now(self, name: str) -> str:
        """Return the current name of the template that had this name, or the name itself."""
        return self._names().earlier.get(name, name)

    def before(self, name: str) -> list[str]:
        """List the earlier names of a template."""
        return sorted(old for old, now in self._names().earlier.items() if now == name)

    def all(self) -> dict[str, str]:
        """Map all earlier names to current ones."""
        return dict(self._names().earlier)

    def letter(self, name: str) -> str:
        """Return the letter of a template, by its current name or an earlier one."""
        return self._names().letter(name)

    def moved(self) -> tuple[str, str] | None:
        """Return the names of an unfinished rename whose file has the new name."""
        moving = self._kept().moving
        return moving if moving and self._has_moved(moving) else None

    def begin_rename(self, before: str, now: str) -> None:
        """Record that a template's file is about to be renamed."""
        names = self._names()
        self._write(_Kept(names.earlier, names.letters, (before, now)))

    def end_rename(self) -> None:
        """Record the current names after a rename, if one was under way."""
        if self._kept().moving:
            self._write(self._names())

    def begin(self, name: str) -> None:
        """Record that a new template has this name, which a deleted one had before."""
        names = self._names()
        if name in names.earlier:
            earlier = {old: now for old, now in names.earlier.items() if old != name}
            self._write(_Kept(earlier, names.letters))

    def _write(self, kept: _Kept) -> None:
        written = {"earlier": kept.earlier, "letters": kept.letters}
        moving = {"moving": kept.moving} if kept.moving else {}
        text = json.dumps({**written, **moving}, ensure_ascii=False, indent=1)
        self._own.write(FILE, text.encode())

    def _names(self) -> _Kept:
        """Return the names that count now."""
        kept = self._kept()
        if kept.moving is None:
            return kept
        if self._has_moved(kept.moving):
            return kept.renamed(*kept.moving)
        return _Kept(kept.earlier, kept.letters)

    def _has_moved(self, moving: tuple[str, str]) -> bool:
        return self._own.has(f"{moving[1]}{SUFFIX}")

    def _kept(self) -> _Kept:
        """Read the file if it has changed."""
        stamp = self._own.stamp(FILE)
        if stamp is None:
            return _Kept()
        if self._read[0] != stamp:
            self._read = (stamp, _kept_in(self._own.read(FILE)))
        return self._read[1]


def _kept_in(content: bytes) -> _Kept:
    """Parse the file; an invalid one counts as empty."""
    try:
        kept = json.loads(content)
        before, now = kept.get("moving") or ("", "")
        moving = (before, now) if is_template_name(before) and is_template_name(now) else None
        return _Kept(_names(kept["earlier"]), _names(kept["letters"]), moving)
    except (ValueError, KeyError, TypeError, AttributeError):
        return _Kept()


def _names(kept: Names) -> Names:
    return {name: other for name, other in kept.items() if isinstance(other, str)}
