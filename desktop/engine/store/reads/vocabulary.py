"""The words a store knows, and the question to its word index for rows that hold some."""

from __future__ import annotations

import sqlite3
from typing import Final

from desktop.engine.store.tables.schema import BEGINNINGS
from desktop.engine.store.tables.statements import NEXT_WORD
from desktop.engine.store.tables.words import words

MOST: Final = 32
"""Words with a long beginning that are asked for one by one."""


class Vocabulary:
    """Knows which words begin how, in one snapshot."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def match(self, text: str) -> str | None:
        """Return the FTS5 query for rows in which every word of ``text`` begins a word.

        ``None`` where there is no word to look for.
        """
        parts = [self._beginning(word) for word in words(text).split()]
        return " AND ".join(parts) if parts else None

    def _beginning(self, word: str) -> str:
        """Ask for a beginning that is no word of the index by the few words that begin so.

        Their rows come one after the other; those of all words with a beginning are gathered
        before the first is known: with a million, 0.2 s.
        """
        begun = self._begun_by(word) if len(word) > BEGINNINGS else []
        if 0 < len(begun) <= MOST:
            return "(" + " OR ".join(f'"{each}"' for each in begun) + ")"
        return f'"{word}"*'

    def _begun_by(self, word: str) -> list[str]:
        """List the words that begin so, of more than ``MOST`` one more."""
        found: list[str] = []
        least = word
        while len(found) <= MOST:
            row = self._connection.execute(NEXT_WORD, (least,)).fetchone()
            if row is None or not row[0].startswith(word):
                break
            found.append(row[0])
            least = row[0] + "\x01"  # before every longer word
        return found
