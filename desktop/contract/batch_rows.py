"""The rows of a batch, with the results of their check and of sending."""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict

from desktop.contract.items import NewItem


class Change(TypedDict):
    """A changed value, before and after; null means no value."""

    field: str
    before: Any
    after: Any


class CheckData(TypedDict, total=False):
    """The data of a row's check.

    A problem has the data that its ``RowProblem`` names. The other checks have:

    - *twice*: the earlier ``row`` with the same values of the batch's ``key``, or the ``row`` of
      ``batch_id``, a later batch
    - *same*, *changed*: the ``batch_id`` (null for an item typed by hand), its ``row`` and
      ``item_id``
    - *changed*: the ``changes``; ``newer``: when the item was registered, if after the draft
    - ``kept``: corrections of the item by a person that are sent in place of the spreadsheet's
      unchanged values
    - ``replaced``: corrections by a person that the spreadsheet's changed values replace
    - ``unsettled``: an uncertain task of the item; ``failed``: a failed one that was not seen
    """

    row: int
    key: list[str]
    batch_id: int | None
    item_id: int
    unsettled: int
    failed: int
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

    ``item`` is the body of ``POST /items/{item_id}``, with ``item_id`` if a column is mapped to the
    number, and ``attachments`` if columns name files. A row with a ``problem`` of the reader is
    stored, and left out until it is corrected. ``plain`` has the values that a spreadsheet shows
    in another way, by their paths in the item: 12.5 of a cell that shows *12.50 €*. They tell
    whether a row is the same as before.
    """

    row: int
    item: BatchItem
    plain: NotRequired[dict[str, str]]
    problem: NotRequired[UnreadRow]


class UnreadRow(TypedDict):
    """A problem of a spreadsheet row that the reader found: the refused ``text`` and its field."""

    problem: str
    path: str
    text: str


class BatchItem(NewItem, total=False):
    """The item of a row, with its number if the spreadsheet has one, and files of its batch."""

    item_id: int


class BatchRow(TypedDict):
    """One row with its check and its outcome.

    - ``message``: the check as an English sentence, for shells; ``problem`` and ``data``: the same
      as data
    - ``path``: the field to correct
    - ``corrections``: what a person changed since the spreadsheet was read
    - ``task_id``, ``state``, ``to``: those of the newest message, or of the newest task without one
    - ``sent_at``, ``answer`` (the server's words), ``message_id``: those of the newest message, or
      of an earlier one that was sent if the newest was not
    - ``outcome``: a :class:`~desktop.contract.batches.RowOutcome`
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
