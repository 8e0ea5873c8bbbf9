"""The figures on the page of limits are those of the code."""

from __future__ import annotations

import inspect
import re
from typing import Final

import pytest

import sendoff_tasks
from desktop.backend.bounces import BOUNCES_BYTES
from desktop.contract import batches
from desktop.contract.rules.mailbox import COPIES_LIMIT
from desktop.contract.rules.templates import ATTACHMENTS_LIMIT
from desktop.mail import bounces
from desktop.mail.http.services import SERVICES
from desktop.sheets.child import MEMORY
from sendoff_tasks.attempts import claim
from sendoff_tasks.clock import DAY_S, LONGEST_S
from sendoff_tasks.duties import pruner
from sendoff_tasks.facade.running_engine import ASYNC_SLOTS
from sendoff_tasks.folder.safe_files import OWN_LIMIT
from sendoff_tasks.functions import arguments
from sendoff_tasks.http import guards
from sendoff_tasks.model.tasks import BULK_LIMIT, ID_LIMIT, KEY_LIMIT
from sendoff_tasks.model.times import DAY_MS
from sendoff_tasks.writer.writer import BACKLOG
from tests.docs.shown import DOCS, text

MICROSOFT: Final = SERVICES["microsoft"]


def size(count: int) -> str:
    """Write bytes as the page does."""
    unit, name = next(
        (1 << n, name) for n, name in ((30, "GiB"), (20, "MiB"), (10, "KiB")) if count >> n
    )
    assert count % unit == 0
    return f"{count // unit} {name}"


FIGURES: Final = {
    "a request to": (size(guards.LIMIT), size(guards.BULK_LIMIT)),
    "items or tasks in one call": (f"{BULK_LIMIT:,}",),
    "depth of an argument": (f"{arguments.DEPTH}",),
    "a result": (size(arguments.RESULT_BYTES),),
    "a log": (f"{claim.LOG_LINES:,} lines", size(claim.LOG_BYTES)),
    "a delay": ({10: "ten"}[round(LONGEST_S / DAY_S / 365)],),
    "`key` of a task": (f"{KEY_LIMIT} characters", f"{pruner.ANSWERS_MS // DAY_MS} days"),
    "`cc`, `bcc`": (f"{COPIES_LIMIT} addresses",),
    "an attachment, a spreadsheet": (
        size(ATTACHMENTS_LIMIT), size(batches.SHEET_BYTES), f"{batches.COLUMNS_LIMIT:,} columns",
    ),
    "the attachments of": (
        size(ATTACHMENTS_LIMIT), f"{MICROSOFT.megabytes} MB", size(MICROSOFT.limit),
    ),
    "`settings.toml`": (size(OWN_LIMIT),),
    "tasks that are kept": (f"{pruner.MOST:,}",),
    "events from which": (f"{pruner.EVENTS:,}", f"{pruner.EVENTS_MS * 24 // DAY_MS} hours"),
    "submissions that wait": (f"{BACKLOG:,}",),
    "tasks at once": (f"{ASYNC_SLOTS} in the `async` lane",),
}  # fmt: skip
"""How a row of the table begins → figures that stand in it."""
OTHERS: Final = ("pages of the", "pages in sight", "the arguments of", "numbers of items")
"""Rows whose figures are measured, a browser's, or written otherwise."""
SENTENCES: Final = (
    f"A file of bounces has {size(BOUNCES_BYTES)} at most. {bounces.MESSAGES:,} messages",
    f"on Linux it is {size(MEMORY)}",
)


def test_the_table_has_the_figures_of_the_code() -> None:
    table = text(DOCS / "limits.md").partition("| | at most |")[2]
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", table, re.MULTILINE)[1:]
    assert len(rows) == len(FIGURES) + len(OTHERS)
    for what, most in rows:
        begun = [each for each in (*FIGURES, *OTHERS) if what.startswith(each)]
        assert len(begun) == 1, what
        lacking = [each for each in FIGURES.get(begun[0], ()) if not has(most, each)]
        assert lacking == [], what
    assert ID_LIMIT == 2**53 - 1
    assert "2⁵³ − 1" in table


def has(cell: str, figure: str) -> bool:
    """Tell whether a cell has a figure, not as a part of another."""
    return re.search(rf"(?<![\d,.]){re.escape(figure)}(?!\d|,\d)", cell) is not None


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_sentences_have_the_figures_of_the_code(sentence: str) -> None:
    assert sentence in text(DOCS / "limits.md")


def test_the_arguments_that_are_named_are_there() -> None:
    named = re.findall(r"`install\(…, ([^)]*)\)`", text(DOCS / "limits.md"))
    asked = {each.partition("=")[0] for one in named for each in one.split(", ")}
    assert asked
    assert asked <= {*inspect.signature(sendoff_tasks.install).parameters}
