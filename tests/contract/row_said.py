"""All that is said of a row's check: ``python -m tests.library.words.said`` writes it.

Each line has what is said once the row is left out, then if it is sent again.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from desktop.contract.batches import RowCheck, RowProblem, Target
from desktop.contract.row_words import check_words, correction_words, target_word
from sendoff_tasks.model.times import wire_time
from tests.library.words.said import NOW, PlainTimes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.contract.batches import BatchRow

APPROVED: Final = Path(__file__).with_name("row_said.txt")
LATER: Final = wire_time((NOW + 7200) * 1000)
EARLIER: Final = wire_time((NOW - 7200) * 1000)
ENTRY: Final = {"reason": "asked", "since": EARLIER, "note": "", "left_out": 0}
CHANGES: Final = [
    {"field": "title", "before": "A", "after": "B"},
    {"field": "fields.fee", "before": None, "after": 12},
    {"field": "attachments", "before": [], "after": ["a.pdf", "b.pdf"]},
]
SENT: Final[dict[str, Any]] = {"batch_id": 3, "row": 1017, "item_id": 1204}
TYPED: Final[dict[str, Any]] = {"batch_id": None, "item_id": 1204}
CHECKS: Final[tuple[tuple[str | None, dict[str, Any]], ...]] = (
    (None, {}),
    (RowCheck.READY, {}),
    (RowCheck.READY, {"kept": CHANGES[:1]}),
    (RowCheck.SAME, SENT),
    (RowCheck.SAME, TYPED),
    (RowCheck.SAME, {**SENT, "failed": 17}),
    (RowCheck.SAME, {**SENT, "unsettled": 17}),
    (RowCheck.SAME, {**SENT, "kept": CHANGES[:1]}),
    (RowCheck.CHANGED, {**SENT, "changes": CHANGES}),
    (RowCheck.CHANGED, {**TYPED, "changes": CHANGES[:1]}),
    (RowCheck.CHANGED, TYPED),
    (RowCheck.CHANGED, {**SENT, "changes": CHANGES[:1], "newer": LATER}),
    (RowCheck.CHANGED, {**SENT, "changes": CHANGES[:1], "replaced": CHANGES[:1]}),
    (RowCheck.CHANGED, {**SENT, "changes": CHANGES[:1], "unsettled": 17}),
    (RowCheck.TWICE, {"row": 5, "key": ["number"]}),
    (RowCheck.TWICE, {"row": 5, "key": ["email", "title"]}),
    (RowCheck.TWICE, {"row": 5, "key": ["email", "title", "name"]}),
    (RowCheck.TWICE, {"row": 5, "batch_id": 9}),
    (RowCheck.DO_NOT_SEND, {}),
    (RowCheck.DO_NOT_SEND, {"entry": ENTRY}),
    (RowCheck.OPTED_OUT, {"opted_out": {"column": "Status", "text": "unsubscribed"}}),
    (RowCheck.DOUBTFUL, {"text": "&uuml;", "kind": ""}),
    (RowCheck.DOUBTFUL, {"text": "frei", "kind": "number"}),
    (RowCheck.DOUBTFUL, {"text": "31.02.1960", "kind": "date"}),
    (RowCheck.DOUBTFUL, {"text": "maybe", "kind": "yes_no"}),
    (RowCheck.SKIPPED, {"item": {"skip": "person"}}),
    (RowCheck.SKIPPED, {"item": {"skip": "total"}}),
)
PROBLEMS: Final[tuple[tuple[RowProblem, dict[str, Any]], ...]] = (
    (RowProblem.BAD_ADDRESS, {"fault": "no_at"}),
    (RowProblem.BAD_ADDRESS, {"fault": "several"}),
    (RowProblem.NO_KEY, {"field": "number"}),
    (RowProblem.NO_KEY, {"field": "email"}),
    (RowProblem.MISSING_FIELD, {"field": "fee"}),
    (RowProblem.MISSING_FIELD, {"field": "Fee - Paid"}),
    (RowProblem.UNKNOWN_TEMPLATE, {"template": "May"}),
    (RowProblem.BROKEN_TEMPLATE, {"text": "The template is empty."}),
    (RowProblem.BROKEN_TEMPLATE, {"file": "a.pdf", "template": "May"}),
    (RowProblem.BROKEN_TEMPLATE, {"field": "subject", "text": "This is too long."}),
    (RowProblem.MISSING_ATTACHMENT, {"file": "a.pdf"}),
    (RowProblem.MISSING_ATTACHMENT, {"file": "C:\\plans\\a.pdf"}),
    (RowProblem.MISSING_ATTACHMENT, {"file": "https://x.org/a.pdf"}),
    (RowProblem.BAD_TIME, {"text": "Monday"}),
    (RowProblem.BAD_NUMBER, {"text": "12a"}),
    (RowProblem.CELL_ERROR, {"text": "#N/A"}),
    (RowProblem.BAD_VALUE, {"text": "This is too long."}),
    (RowProblem.OTHER_PERSON, {"item_id": 1204, "text": "Bo <bo@example.org>"}),
    (RowProblem.OTHER_PERSON, {"row": 5, "text": "Bo <bo@example.org>"}),
    (RowProblem.OTHER_PERSON, {"row": 5, "batch_id": 3, "text": "Bo <bo@example.org>"}),
    (RowProblem.OTHER_PERSON, {**SENT, "text": "Bo <bo@example.org>"}),
    (RowProblem.UNREADABLE, {"text": "a;b"}),
)


def row(check: str | None, problem: str | None = None, **given: Any) -> Any:
    """Return a row with these fields; the others are data of its check."""
    known: dict[str, Any] = {"item": {}, "outcome": None, "corrections": []}
    own = {name: given.pop(name, usual) for name, usual in known.items()}
    return {"row": 3, "check": check, "problem": problem, "data": given, "message": "?", **own}


def said() -> str:
    """Return it all, a line each."""
    with patch.object(time, "time", lambda: float(NOW)):
        return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    for check, data in CHECKS:
        yield f"{check} {' '.join(data)}: {_both(row(check, **data))}"
    for problem, data in PROBLEMS:
        yield f"{problem} {' '.join(data)}: {_both(row(RowCheck.PROBLEM, problem, **data))}"
    typed = row(RowCheck.READY, corrections=CHANGES)
    yield f"corrected: {_both(typed)} | {correction_words(typed)}"
    meant = row(RowCheck.READY, item={"recipient": {"email": "ada@gmial.com"}})
    yield f"address: {_both(meant)}"
    for at in (LATER, EARLIER):
        yield f"time: {_both(row(RowCheck.CHANGED, item={'run_at': at}, **TYPED))}"
    yield f"cancelled: {_both(row(RowCheck.READY, outcome='cancelled'))}"
    yield f"replaced: {_both(row(RowCheck.TWICE, outcome='cancelled', row=5, batch_id=9))}"
    for target in ("", *Target, "template", "fields.order_no"):
        yield f"target {target}: {target_word(target)}"


def _both(one: BatchRow) -> str:
    words = PlainTimes()
    both = [check_words(one, also, words) for also in ((), tuple(RowCheck))]
    return " | ".join(dict.fromkeys(both))
