"""What a store knows beside its tasks: functions, how many tasks each has, words; in one moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from desktop.engine.store.records import Function
from desktop.engine.store.statements import COUNTS, FUNCTIONS
from desktop.engine.store.vocabulary import Vocabulary
from desktop.engine.store.words import words


class Catalogue:
    """Answers from two small tables what would else cost a walk through all tasks."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.vocabulary = Vocabulary(connection)
        self._functions = [Function(*row) for row in connection.execute(FUNCTIONS)]
        self._counts = {(f, s): n for f, s, n in connection.execute(COUNTS)}

    def named(self, name: str | None) -> list[int] | None:
        """Return the numbers of the functions of this name; ``None`` for any name."""
        return None if name is None else [f.id for f in self._functions if f.name == name]

    def count(self, functions: Collection[int] | None = None, states: Collection[str] = ()) -> int:
        """Count tasks; ``None`` and ``()`` mean all functions and all states."""
        return sum(
            n
            for (function, state), n in self._counts.items()
            if (functions is None or function in functions) and (not states or state in states)
        )

    def left_over(self, asked: list[str]) -> dict[tuple[str, ...], list[int]]:
        """Group the functions whose title or name begins some of the words by those it does not."""
        found: dict[tuple[str, ...], list[int]] = {}
        for function in self._functions:
            own = words(function.title, function.name).split()
            rest = tuple(w for w in asked if not any(o.startswith(w) for o in own))
            if len(rest) < len(asked):
                found.setdefault(rest, []).append(function.id)
        return found
