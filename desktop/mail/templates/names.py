"""What templates were called before: a template that is renamed is the same letter."""

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
    """What the file keeps; ``moving`` are the two names of a rename that is under way."""

    earlier: Names = field(default_factory=dict)
    letters: Names = field(default_factory=dict)
    moving: tuple[str, str] | None = None

    def letter(self, name: str) -> str:
        now = self.earlier.get(name, name)
        return self.letters.get(now, now)

    def renamed(self, before: str, now: str) -> _Kept:
        """Give what is to be kept once a template has another name."""
        letter = self.letter(before)
        earlier = {old: now if name == before else name for old, name in self.earlier.items()}
        earlier[before] = now
        earlier.pop(now, None)
        letters = {name: kept for name, kept in self.letters.items() if name not in {before, now}}
        if letter != now:
            letters[now] = letter
        return _Kept(earlier, letters)


class FormerNames:
    """The earlier names of templates, and the letter that each is; thread-safe to read.

    A letter is called by the name that its template had first: rows that were sent before are
    compared by it. What is kept is one file::

        {"earlier": {"fees": "fees 2026"}, "letters": {"fees 2026": "fees"}}

    While a template is renamed, ``"moving": ["fees", "fees 2026"]`` stands there as well. Its file
    gets the other name in one step, and this alone decides which name counts: a process that is
    killed leaves the one or the other.
    """

    def __init__(self, own: Files) -> None:
        """``own`` are the person's own templates."""
        self._own = own
        self._read: tuple[Hashable, _Kept] = (None, _Kept())

    def now(self, name: str) -> str:
        """Return what a template is called now that had this name; else the name itself."""
        return self._names().earlier.get(name, name)

    def before(self, name: str) -> list[str]:
        """List the earlier names of a template."""
        return sorted(old for old, now in self._names().earlier.items() if now == name)

    def all(self) -> dict[str, str]:
        """Give what templates are called now, by each of their earlier names."""
        return dict(self._names().earlier)

    def letter(self, name: str) -> str:
        """Return the letter that a template is, by its present name or an earlier one."""
        return self._names().letter(name)

    def moved(self) -> tuple[str, str] | None:
        """Give the names of a rename that is not ended, once its file has the new one."""
        moving = self._kept().moving
        return moving if moving and self._has_moved(moving) else None

    def begin_rename(self, before: str, now: str) -> None:
        """Keep that a template's file is about to get another name."""
        names = self._names()
        self._write(_Kept(names.earlier, names.letters, (before, now)))

    def end_rename(self) -> None:
        """Keep the names as they are by now, if one was about to change."""
        if self._kept().moving:
            self._write(self._names())

    def begin(self, name: str) -> None:
        """Keep that a template has this name, which another one had that is deleted."""
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
        """Give the names that count now."""
        kept = self._kept()
        if kept.moving is None:
            return kept
        if self._has_moved(kept.moving):
            return kept.renamed(*kept.moving)
        return _Kept(kept.earlier, kept.letters)

    def _has_moved(self, moving: tuple[str, str]) -> bool:
        return self._own.has(f"{moving[1]}{SUFFIX}")

    def _kept(self) -> _Kept:
        """Read the file, if it is another one than before."""
        stamp = self._own.stamp(FILE)
        if stamp is None:
            return _Kept()
        if self._read[0] != stamp:
            self._read = (stamp, _kept_in(self._own.read(FILE)))
        return self._read[1]


def _kept_in(content: bytes) -> _Kept:
    """Read what the file keeps; one that was spoilt by hand keeps nothing."""
    try:
        kept = json.loads(content)
        before, now = kept.get("moving") or ("", "")
        moving = (before, now) if is_template_name(before) and is_template_name(now) else None
        return _Kept(_names(kept["earlier"]), _names(kept["letters"]), moving)
    except (ValueError, KeyError, TypeError, AttributeError):
        return _Kept()


def _names(kept: Names) -> Names:
    return {name: other for name, other in kept.items() if isinstance(other, str)}
