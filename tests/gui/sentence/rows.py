"""Which rows of the words a statement says: tests name a sentence by its row."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from desktop.gui.kit.words.table import WORDS

if TYPE_CHECKING:
    from desktop.gui.sentence.statement import Statement


@cache
def patterns(subject: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the rows of the sentence, each with a pattern for what it says."""
    return tuple(
        (name, _pattern(form))
        for (of, name), row in WORDS.rows.items()
        if of == subject or of.startswith(f"{subject}.")
        for form in filter(None, (row.one, row.other))
    )


def _pattern(form: str) -> re.Pattern[str]:
    number = re.escape(form).replace(r"\{n\}", r"[\d,]+")
    return re.compile(re.sub(r"\\\{\w+\\\}", ".+?", number))


def rows_in(statement: Statement) -> set[str]:
    """Name the rows that a statement says: *soft name* for those below the sentence."""
    found = {name for name, form in patterns("sentence") if form.fullmatch(statement.text)}
    below = patterns("sentence_soft")
    return found | {f"soft {name}" for name, form in below if form.search(statement.soft)}
