"""What is wrong with typed text: checked at the field in the window, and again by the API."""

from __future__ import annotations

import unicodedata

from sendoff_tasks.model.text import DIRECTION_MARKS
from sendoff_tasks.model.times import COUNT_LIMIT
from sendoff_tasks.words.table import ENGLISH, WordTable


def line_problem(text: str, limit: int, words: WordTable = ENGLISH) -> str | None:
    """Return what is wrong with one line of typed text, or ``None``.

    Line breaks and control characters would end up in headers. Characters that change the
    direction of text could make one address look like another; right-to-left text does not need
    them.
    """
    if not text.isprintable():  # printable text has none of these characters
        categories = {unicodedata.category(character) for character in text}
        if not categories.isdisjoint({"Cc", "Zl", "Zp"}):
            return words.say("value", "line")
        if "Cs" in categories:
            return words.say("value", "half")
        if not DIRECTION_MARKS.isdisjoint(text):
            return words.say("value", "direction")
    too_long = len(text) > limit
    return words.say("value", "string_too_long", max_length=limit) if too_long else None


def text_problem(text: str, words: WordTable = ENGLISH) -> str | None:
    """Return what is wrong with text of one or more lines, or ``None``.

    Tabs and line breaks are allowed. Other control characters would control terminals.
    """
    if text.isprintable():
        return None
    categories = {character: unicodedata.category(character) for character in set(text)}
    if any(of == "Cc" and character not in "\t\n\r" for character, of in categories.items()):
        return words.say("value", "control")
    return words.say("value", "half") if "Cs" in categories.values() else None


def number_problem(most: int, words: WordTable = ENGLISH) -> str:
    """Say that something is no number from 1 to ``most``."""
    return words.say("value", "within", n=most, least=1)


def rate_problem(error: ValueError) -> str:
    """Say why a text is no rate, from the error of :meth:`Rate.parse`."""
    return ENGLISH.say("value", str(error), n=COUNT_LIMIT)
