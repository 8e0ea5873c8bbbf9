"""The rows of a batch: what is put into a draft, and what checking and sending say of each."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from desktop.contract.items import NewItem


class Change(TypedDict):
    """A value that is another than it was; null where there is none."""

    field: str
    before: Any
    after: Any


class CheckData(TypedDict, total=False):
    """What belongs to a row's check.

    *Twice*: the earlier ``row``, or that of ``batch_id``, which was started later and stands.
    *Same* and *changed*: the ``batch_id`` (null for an item typed by hand), its ``row`` and
    ``item_id``; *changed* also its ``changes``, and when they were registered where they are
    ``newer`` than the draft. Of what a person corrected in the item, by its path there, ``kept`` is
    what leaves in place of what the spreadsheet still says, and ``replaced`` what the spreadsheet
    has changed too. Of its tasks ``unsettled`` is uncertain, ``failed`` failed and was not seen. A
    problem has the data its ``RowProblem`` names. Of a row that failed, ``sent_since`` is the state
    of the task that has sent its message since, or will; null where that was removed.
    Of one that was cancelled with its batch, or left out for a problem, ``sent_later`` is the later
    batch that has it, and ``left_later`` true where that one left it out, too.
    """

    row: int
    batch_id: int | None
    item_id: int
    unsettled: int
    failed: int
    sent_since: str | None
    sent_later: int
    left_later: bool
    changes: list[Change]
    kept: list[Change]
    replaced: list[Change]
    newer: str
    fault: str
    position: int
    detail: str
    field: str
    template: str
    file: str
    text: str


class NewRow(TypedDict):
    """One row of ``POST /batches/{batch_id}/rows``.

    ``item`` is the body of ``POST /items/{item_id}``, with ``item_id`` where a column is mapped to
    the number and ``attachments`` where columns name files. ``problem`` is for what could not be
    read from the spreadsheet: the row is kept and left out until it is corrected.
    """

    row: int
    item: BatchItem
    problem: NotRequired[UnreadRow]


class UnreadRow(TypedDict):
    """Why a row of the spreadsheet could not be made an item: the column's text is refused."""

    problem: str
    path: str
    text: str


class BatchItem(NewItem, total=False):
    """An item, numbered if its spreadsheet does so; its ``attachments`` are of its own batch."""

    item_id: int


class BatchRow(TypedDict):
    """One row with its check and what became of it.

    ``message`` is the check as an English sentence, for shells; ``problem`` and ``data`` are the
    same as data. ``path`` is the field to correct. ``task_id``, ``state`` and ``to`` are of its
    newest message, or task where it has none. ``sent_at``, ``answer`` (the server's words) and
    ``message_id`` are too, unless an earlier message was sent and the newest is not: then they are
    of the earlier one; of a row that failed ``sent_at`` is when its message was sent since.
    ``outcome`` sums them up. ``corrections`` are what a person changed in it since it was read.
    """

    row: int
    item: BatchItem
    check: str | None
    problem: str | None
    data: CheckData
    message: str
    path: str | None
    corrections: list[Change]
    item_id: int | None
    task_id: int | None
    outcome: str | None
    state: str | None
    sent_at: str | None
    answer: str | None
    message_id: str | None
    to: str | None


class RowPage(TypedDict):
    """A page of a batch's rows, by row."""

    rows: list[BatchRow]
    next: str | None
