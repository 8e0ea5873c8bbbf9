"""Words: how text is split into them, which ones a store knows, and queries of the word index."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Final

from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.schema import BEGINNINGS, SPELLED
from sendoff_tasks.store.tables.statements import NEXT_WORD

MOST: Final = 32
"""Most words that a long prefix is expanded to."""
LONGEST: Final = 500
"""Characters of a word that are looked up; the index on a server has none that are longer."""
LONGEST_PATTERN: Final = 200
"""Characters of a text that a pattern has; SQLite refuses a pattern of 50,000 bytes."""
CASED: Final = 0x2100
"""The scripts that have cases end before, but for rare ones."""
_NOT_PLAIN: Final = {"^": "\x7f^", "\\": "\\\\"}
"""Characters that mean something else where a class begins, or in a class of PostgreSQL."""
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


def folded(text: str) -> str:
    """Return text in lower case, without accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def any_spelling(text: str) -> str:
    """Return the pattern of ``GLOB`` for texts that contain ``text``, in any case or accents.

    Each character is a class of its own, so that a regular expression between the ``*`` is the
    same. ``ß`` has to be replaced by ``ss`` in what is searched.
    """
    whole = unicodedata.normalize("NFC", text).replace("ß", "ss")[:LONGEST_PATTERN]
    return f"*{''.join(map(_character_class, filter(folded, whole)))}*"


def _character_class(character: str) -> str:
    if not character.isalnum():
        return f"[{_NOT_PLAIN.get(character, character)}]"
    return f"[{_spellings().get(folded(character), character)}]"


@cache
def _spellings() -> dict[str, str]:
    """Return the letters that are the same when folded, as ranges: a class is read at each place.

    Only scripts that have cases are covered.
    """
    alike: dict[str, list[int]] = {}
    for character in filter(str.isalnum, map(chr, range(CASED))):
        alike.setdefault(folded(character), []).append(ord(character))
    return {each: _ranges(codes) for each, codes in alike.items() if len(each) == 1}


def _ranges(codes: Sequence[int]) -> str:
    """Write ascending codes as the ranges of a class."""
    runs = groupby(enumerate(codes), lambda each: each[1] - each[0])
    found = ([chr(code) for _, code in run] for _, run in runs)
    return "".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else "".join(run) for run in found)


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
