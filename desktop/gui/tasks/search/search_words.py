"""Parses a typed search: free words, and keys with a value such as ``to:ada``.

The keys are ``state`` ``to`` ``task`` ``queue`` ``error`` ``batch`` ``seen``. A value with spaces
is quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS: Final = ("state", "to", "task", "queue", "error", "batch", "seen")
"""The known keys, in the order in which they are written."""
_KEY: Final = re.compile(rf"({'|'.join(KEYS)}):", re.IGNORECASE)
_STRANGE: Final = re.compile(r"([^\W\d]\w*):(?!//)\S")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"?')
_PLAIN: Final = re.compile(r"\S*")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TypedSearch:
    """A parsed search: ``words`` are the free words; each other field has all values of its key."""

    words: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    task: tuple[str, ...] = ()
    queue: tuple[str, ...] = ()
    error: tuple[str, ...] = ()
    batch: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    def values(self, key: str) -> tuple[str, ...]:
        """Return the values of a key."""
        found: tuple[str, ...] = getattr(self, key)
        return found

    @property
    def strange_key(self) -> str:
        """Return the first word before a colon that is not a known key; empty if there is none."""
        found = next(filter(None, map(_STRANGE.match, self.words)), None)
        return found[1] if found else ""

    def having(self, key: str, *values: str) -> TypedSearch:
        """Return this search with other values of a key."""
        return replace(self, **{key: values})


def parse(text: str) -> TypedSearch:
    """Parse a search; a key without a value, as while typing, is ignored."""
    found: dict[str, list[str]] = {}
    for key, value in _tokens(text):
        if value:
            found.setdefault(key, []).append(value)
    return TypedSearch(**{key: tuple(values) for key, values in found.items()})


def write(search: TypedSearch) -> str:
    """Write a search as text that :func:`parse` reads as the same search."""
    parts = [_quoted(word, free=True) for word in search.words]
    parts += [f"{key}:{_quoted(value)}" for key in KEYS for value in search.values(key)]
    return " ".join(parts)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        key = _KEY.match(text, at)
        at = key.end() if key else at
        quoted = _QUOTED.match(text, at)
        if quoted:
            value, at = _ESCAPED.sub(r"\1", quoted[1]), quoted.end()
        else:
            plain = _PLAIN.match(text, at)
            value, at = (plain[0], plain.end()) if plain else ("", at)
        yield (key[1].lower() if key else "words"), value


def _quoted(value: str, *, free: bool = False) -> str:
    is_plain = not any(each.isspace() for each in value) and not value.startswith('"')
    if is_plain and not (free and _KEY.match(value)):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
