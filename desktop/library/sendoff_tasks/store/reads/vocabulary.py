"""Words: how text is split into them, which ones a store knows, and queries of the word index."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.schema import BEGINNINGS, SPELLED
from sendoff_tasks.store.tables.statements import NEXT_WORD
from sendoff_tasks.text import folded

MOST: Final = 32
"""Most words that a long prefix is expanded to."""
LONGEST: Final = 500
"""Characters of a word that are looked up; the index on a server has none that are longer."""
IN_ERROR: Final = "\ue000"
"""Prefix of the words of errors, which are indexed a second time, to search errors alone."""
_TAG: Final = re.compile(r'\{"\$type": ?"\w+", ?"value": ?')
"""The type tag of a value among a task's arguments."""
_ESCAPED: Final = re.compile(r"\\u([0-9a-f]{4})|\\.")


class Vocabulary:
    """Knows the words of the index, in one snapshot."""

    def __init__(self, connection: Source) -> None:
        self._connection = connection

    def match(self, asked: Sequence[str]) -> str | None:
        """Return the FTS5 query for rows in which each of the words begins a word.

        They are from :func:`words` and :func:`error_words`. ``None`` if there are none.
        """
        return " AND ".join(map(self._query, asked)) or None

    def _query(self, word: str) -> str:
        """Return the query for a prefix: a long one is expanded to the few words it begins.

        FTS5 returns the rows of whole words one by one. For a prefix it first collects the rows of
        all its words, which takes 0.2 s for a million.
        """
        word = word[:LONGEST]
        begun = self._expand(word) if len(word) > BEGINNINGS else []
        if 0 < len(begun) <= MOST:
            return "(" + " OR ".join(f'"{each}"' for each in begun) + ")"
        return f'"{word}"*'

    def _expand(self, word: str) -> list[str]:
        """Return the words with this prefix; if there are more than ``MOST``, one more."""
        found: list[str] = []
        least = word
        while len(found) <= MOST:
            row = self._connection.execute(NEXT_WORD, (least,)).fetchone()
            if row is None or not row[0].startswith(word):
                break
            found.append(row[0])
            least = row[0] + "\x01"  # before every longer word
        return found


def spelled(text: str) -> str:
    """Return the texts and numbers in JSON as text; of long JSON only the beginning."""
    plain = _TAG.sub(" ", text[:SPELLED])
    if "\\" not in plain:
        return plain
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else " ", plain)


def words(*texts: str | None) -> str:
    """Return the words of ``texts`` in lower case, without accents, separated by spaces.

    ``Ådå <ada@example.org>`` → ``ada  ada example org``.
    """
    whole = " ".join(filter(None, texts))
    if not whole:
        return ""
    if not whole.isascii():
        whole = folded(whole)
    if whole.isascii():
        return whole.translate(_ASCII).strip()
    return "".join(c if c.isalnum() else " " for c in whole).strip()


def error_words(error: str | None) -> str:
    """Return the words indexed for an error in addition to those of :func:`words`."""
    return " ".join([IN_ERROR + word for word in words(error).split()])


def remembered(past: str | None, error: str | None) -> str | None:
    """Add an error to the words of earlier ones, newest first, up to a length."""
    kept = dict.fromkeys([*words(error).split(), *(past or "").split()])
    text = " ".join(kept)[:SPELLED]
    return text or None


_ASCII: Final = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
"""The same mapping for ASCII, ten times as fast."""
