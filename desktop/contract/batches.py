"""A batch: the rows of one spreadsheet, checked, sent together, and what became of each."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, TypedDict

from desktop.contract.causes import CauseAbout
from desktop.contract.items import CONFIRMATION
from desktop.contract.reasons import ReasonData

ROW_COPY: Final = "send_row_to_me"
"""The task that sends a row's message to the sender."""
MAIL_TASKS: Final = frozenset({CONFIRMATION, ROW_COPY})
"""The tasks that send."""
ROWS_LIMIT: Final = 10_000
"""Rows one call may bring."""
SHEET_BYTES: Final = 100 * 1024 * 1024
"""The largest spreadsheet that is kept."""


class BatchState(StrEnum):
    """Where a batch is."""

    DRAFT = "draft"
    """It is put together; nothing runs."""
    RUNNING = "running"
    """It was started, and rows are open."""
    PAUSED = "paused"
    """It was started, and a person paused it; messages on their way still arrive."""
    DONE = "done"
    """It was started, and no row is open."""


class BatchKey(StrEnum):
    """A field that recognizes a row that was imported before."""

    NUMBER = "number"
    EMAIL = "email"
    TITLE = "title"


BY_NUMBER: Final = (BatchKey.NUMBER,)
BY_ADDRESS: Final = (BatchKey.EMAIL, BatchKey.TITLE)


class RowCheck(StrEnum):
    """What checking says of a row."""

    READY = "ready"
    """It can be sent."""
    PROBLEM = "problem"
    """It cannot be sent as it is; ``RowProblem`` says why."""
    SAME = "same"
    """It was sent before with the same content."""
    CHANGED = "changed"
    """It was sent before with other content."""
    TWICE = "twice"
    """Its key stands earlier in the same spreadsheet."""


class RowProblem(StrEnum):
    """Why a row cannot be sent as it is; each member names its data."""

    BAD_ADDRESS = "bad_address"
    """``fault`` is an ``AddressFault``, with ``position`` and ``detail``."""
    NO_KEY = "no_key"
    """The ``field`` that recognizes the row is empty."""
    MISSING_FIELD = "missing_field"
    """The template needs ``field``, and the row has none."""
    UNKNOWN_TEMPLATE = "unknown_template"
    """There is no ``template`` of this name."""
    BROKEN_TEMPLATE = "broken_template"
    """The template cannot be used; ``text`` says why."""
    MISSING_ATTACHMENT = "missing_attachment"
    """The ``file`` that the row names was not added."""
    BAD_TIME = "bad_time"
    """``text`` is no time."""
    BAD_NUMBER = "bad_number"
    """``text`` is no number an item can have."""
    BAD_VALUE = "bad_value"
    """The value at the row's ``path`` is refused; ``text`` says why."""
    OTHER_PERSON = "other_person"
    """What recognizes the row is another person's: ``text`` says whose.

    That is item ``item_id``, of the row's number, or ``row`` of ``batch_id``, of its address.
    """
    UNREADABLE = "unreadable"
    """The spreadsheet's row could not be read; ``text`` says why."""


class RowOutcome(StrEnum):
    """What became of a row of a started batch, by its newest message, or task where it has none.

    A row whose message was sent stays so where sending it again did not succeed.
    """

    LEFT_OUT = "left_out"
    """It was not sent: a problem, the same as before, or twice in the spreadsheet."""
    OPEN = "open"
    SENT = "sent"
    KEPT = "kept"
    """Practice mode kept its message on this computer."""
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


class BatchCounts(TypedDict):
    """How many rows a batch has, by check and by outcome; kept with each change.

    Of a draft ``rows`` = ready + problems + same + changed + twice + unchecked. Of a started batch
    ``rows`` = left_out + open + sent + kept + failed + uncertain + cancelled.
    """

    rows: int
    unchecked: int
    ready: int
    problems: int
    same: int
    changed: int
    twice: int
    left_out: int
    open: int
    sent: int
    kept: int
    failed: int
    uncertain: int
    cancelled: int


class NewBatch(TypedDict, total=False):
    """The body of ``POST /batches`` and ``PUT /batches/{batch_id}``; ``name`` is needed.

    ``continues``, for POST only, is the batch whose spreadsheet, or what of it was left out, is
    brought in once more: what a person corrected there is known.

    ``key`` is ``["number"]`` or ``["email", "title"]``; without it ``["number"]`` where a column is
    mapped to it. ``rate`` is as in ``500/day``. ``columns`` maps a column's header to what it
    becomes: ``number``, ``name``, ``first_name``, ``email``, ``title``, ``note``, ``send_at``,
    ``attachment``, ``fields.<name>``, or null for one that is left out.
    """

    name: str
    key: list[str]
    template: str
    tasks: list[str]
    rate: str | None
    run_at: str | None
    columns: dict[str, str | None]
    continues: int


class BatchCause(TypedDict):
    """How many tasks of a batch failed, or are uncertain, for one cause and were not put aside.

    Tasks that are on hold for their template have one as well, with the cure ``edit_template``.
    Once the template is corrected, its ``reason`` is ``held_for_person`` until they are tried.
    """

    cause: str
    title: str
    about: CauseAbout
    count: int
    cure: str | None


class LaterRows(TypedDict):
    """How many rows of a batch are in others that were started later, and in which of these."""

    count: int
    first: int
    last: int


class Batch(TypedDict):
    """A batch as ``GET /batches`` lists it; ``rev`` grows with each change, the higher wins.

    ``last_leaves_at`` is when the last message leaves by what the limits allow now, by its own time
    and its next attempt; null when nothing is open or that cannot be told. ``next_leaves_at`` is
    when the next one does, null also where nothing keeps it; ``reason`` with its data is why none
    does now: with ``quota``, the last one may leave later than told. ``limited_by`` is the
    ``limit`` that keeps the next one, of ``queue`` where it is not the batch's own ``rate``; null
    where none does. ``put_off`` is of the messages that wait for their next attempt alone: their
    ``count``, the ``server`` that put the first of them off, its ``code`` and what it ``said``, and
    ``until`` when; null where none does, or a limit, a pause or the server keeps all of it longer.
    ``sheet`` is the kept file. ``continued_by`` is the newest draft that
    ``continues`` this batch. ``corrected`` values of its rows are as a person typed them, and not
    as they were read; ``unused`` were typed for what was read otherwise since. Of a draft ``older``
    is how many of its changed rows would replace values that were registered after it was made, and
    ``failed_before`` how many of those that are the same failed, and were not seen or sent since.
    Of a started one ``later`` is of the rows that were not sent because batches that were started
    later have them: their ``count``, and the numbers of the ``first`` and the ``last`` of these;
    null where there are none; ``overtaken`` is the same of rows that still wait, up to 10,000,
    where batches that were started later send again what was sent before; ``sent_later`` is the
    same of cancelled rows of a batch that was stopped, up to 5,000, and ``left_out_later`` of rows
    with a problem, of which those in ``left_out_again`` were left out there, too: it is null where
    more than 1,000 are to be looked at. Of the cancelled rows, the tasks of ``cancelled_tasks``, up
    to 5,000, can be retried; ``cancelled_before`` never became tasks. Of the open ones, those
    ``to_come`` are no tasks yet.
    Of the sent rows, ``marked`` are so because a person said it; ``again_failed`` were sent again,
    which failed or is uncertain and was not put aside. Of those
    that failed, ``sent_since`` are on their way by a later task, or were sent by it: they are not
    tried again. Those whose tasks were ``removed`` cannot be, and ``failed_seen``, which a person
    put aside, are not with the others. Where more than 5,000 rows are to be looked at, ``older``,
    ``failed_before``, ``again_failed``, ``sent_since``, ``removed``, ``failed_seen`` and
    ``seen_causes`` may be more: the last are those of failed and uncertain tasks that a person put
    aside, but for failed ones that were sent again. Nothing is left to do, so they have no cure.
    """

    batch_id: int
    rev: int
    name: str
    created_at: str
    changed_at: str
    started_at: str | None
    finished_at: str | None
    state: str
    key: list[str]
    template: str | None
    tasks: list[str] | None
    rate: str | None
    run_at: str | None
    columns: dict[str, str | None]
    sheet: str | None
    continues: int | None
    continued_by: int | None
    corrected: int
    unused: int
    older: int
    older_is_exact: bool
    failed_before: int
    failed_before_is_exact: bool
    later: LaterRows | None
    overtaken: LaterRows | None
    sent_later: LaterRows | None
    left_out_later: LaterRows | None
    left_out_again: int
    cancelled_tasks: int
    cancelled_before: int
    to_come: int
    marked: int
    sent_since: int
    removed: int
    failed_seen: int
    again_failed: int
    counts: BatchCounts
    next_leaves_at: str | None
    last_leaves_at: str | None
    reason: str | None
    reason_data: ReasonData
    put_off: ReasonData | None
    limited_by: ReasonData | None
    causes: list[BatchCause]
    seen_causes: list[BatchCause]


class BatchPage(TypedDict):
    """A page of batches, the newest first."""

    batches: list[Batch]
    next: str | None


class BatchFile(TypedDict):
    """A file that was added for the rows that name it; ``size`` in bytes."""

    file: str
    size: int


class BatchFileList(TypedDict):
    """A batch's files, by name."""

    attachments: list[BatchFile]
