"""The types of batches and their rows: the rows of one spreadsheet, checked and sent together."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Any, Final, NamedTuple, NotRequired

from typing_extensions import TypedDict

from desktop.contract.copies import DraftCopies
from desktop.contract.do_not_send import ListEntry
from desktop.contract.items import CONFIRMATION, NewItem
from desktop.contract.rules.templates import FIELD, FIELD_LIMIT
from sendoff_tasks.model.causes import CauseAbout
from sendoff_tasks.model.reasons import ReasonData
from sendoff_tasks.model.tasks import PendingRow

ROW_COPY: Final = "send_row_to_me"
"""The task that sends a row's message to the sender."""
MAIL_TASKS: Final = frozenset({CONFIRMATION, ROW_COPY})
"""The tasks that send e-mail."""
COLUMNS_LIMIT: Final = 16_384
"""Columns of the widest possible spreadsheet."""
ROWS_LIMIT: Final = 10_000
"""Rows in one call."""
SHEET_BYTES: Final = 100 * 1024 * 1024
"""The largest spreadsheet that is kept."""
SKIP: Final = "skip"
"""The key of a row's item that leaves the row out: a :class:`Skip`."""


class BatchState(StrEnum):
    """The state of a batch."""

    DRAFT = "draft"
    """It is being prepared; nothing is sent."""
    RUNNING = "running"
    """It was started, and rows are open."""
    PAUSED = "paused"
    """It was started, and a person paused it; messages on their way still arrive."""
    DONE = "done"
    """It was started, and no row is open."""


class BatchKey(StrEnum):
    """A field by which rows that were imported before are recognized."""

    NUMBER = "number"
    EMAIL = "email"
    TITLE = "title"
    NAME = "name"


BY_NUMBER: Final = (BatchKey.NUMBER,)
BY_ADDRESS: Final = (BatchKey.EMAIL, BatchKey.TITLE)
BY_NAME: Final = (BatchKey.EMAIL, BatchKey.TITLE, BatchKey.NAME)
"""For people who share an address: each name is another row."""


class Target(StrEnum):
    """What a column can become, besides ``fields.<name>``."""

    NUMBER = "number"
    NAME = "name"
    FIRST_NAME = "first_name"
    EMAIL = "email"
    CC = "cc"
    BCC = "bcc"
    TITLE = "title"
    NOTE = "note"
    SEND_AT = "send_at"
    ATTACHMENT = "attachment"


def is_target(text: str) -> bool:
    """Tell whether a column can become this."""
    name = text.removeprefix(FIELD)
    return text in list(Target) or (name != text and 0 < len(name) <= FIELD_LIMIT)


class RowCheck(StrEnum):
    """The result of a row's check."""

    READY = "ready"
    """It can be sent."""
    PROBLEM = "problem"
    """It cannot be sent as it is; ``RowProblem`` says why."""
    SAME = "same"
    """It was sent before with the same content."""
    CHANGED = "changed"
    """It was sent before with other content."""
    TWICE = "twice"
    """Its key is in an earlier row of the spreadsheet, or a later batch took the row over."""
    DO_NOT_SEND = "do_not_send"
    """Its address is on that list."""
    SKIPPED = "skipped"
    """It has a :class:`Skip`."""
    OPTED_OUT = "opted_out"
    """The spreadsheet says that its person wants no e-mail."""
    DOUBTFUL = "doubtful"
    """It can be sent and is, but the value at its ``path`` looks wrong."""


SENT_ALWAYS: Final = (RowCheck.READY, RowCheck.DOUBTFUL)
"""The checks of the rows that a start sends without being asked to."""
NEEDS_LOOK: Final = (RowCheck.PROBLEM, RowCheck.DOUBTFUL)


class Skip(StrEnum):
    """Why a row is left out though nothing is wrong with it."""

    PERSON = "person"
    """A person skips it."""
    TOTAL = "total"
    """It is no person: it has the totals of the rows above."""


class RowProblem(StrEnum):
    """Why a row cannot be sent as it is; each member names its data."""

    BAD_ADDRESS = "bad_address"
    """``fault`` is an ``AddressFault``, with ``position`` and ``detail``."""
    NO_KEY = "no_key"
    """The ``field`` that recognizes the row is empty."""
    MISSING_FIELD = "missing_field"
    """The template needs ``field``, and the row has none."""
    UNKNOWN_TEMPLATE = "unknown_template"
    """There is no template named ``template``."""
    BROKEN_TEMPLATE = "broken_template"
    """The template cannot be used: its ``file`` is missing, or ``text`` says why."""
    MISSING_ATTACHMENT = "missing_attachment"
    """The ``file`` that the row names was not added."""
    BAD_TIME = "bad_time"
    """``text`` is not a time."""
    BAD_NUMBER = "bad_number"
    """``text`` is not a number that an item can have."""
    CELL_ERROR = "cell_error"
    """The value at the row's ``path`` is ``text``, an error of the spreadsheet such as ``#N/A``."""
    BAD_VALUE = "bad_value"
    """The value at the row's ``path`` is refused; ``text`` says why."""
    OTHER_PERSON = "other_person"
    """The row's key belongs to another person, named in ``text``: – once that one was forgotten.

    ``item_id`` is the item with the row's number; ``row`` of ``batch_id``, or of the same
    spreadsheet, has the row's address.
    """
    UNREADABLE = "unreadable"
    """It is not certain how the spreadsheet's row is to be read; ``text`` has its cells."""


class RowOutcome(StrEnum):
    """The outcome of a row of a started batch: that of its newest message, or of its newest task.

    It does not change with what later batches do. A row whose message was sent stays *sent* if
    sending it again fails.
    """

    LEFT_OUT = "left_out"
    """It was not sent: a problem, the same as before, changed, twice, or *do not send*."""
    OPEN = "open"
    SENT = "sent"
    KEPT = "kept"
    """Practice mode kept its message on this computer."""
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    """A person cancelled it, or a later batch took it over: it is *twice* then."""


class BatchCounts(TypedDict):
    """The number of rows of a batch, by check and by outcome; updated with each change.

    In a draft, ``rows`` = ready + doubtful + problems + same + changed + twice + do_not_send +
    opted_out + skipped + unchecked. In a started batch, ``rows`` = left_out + open + sent + kept +
    failed + uncertain + cancelled.
    """

    rows: int
    unchecked: int
    ready: int
    problems: int
    same: int
    changed: int
    twice: int
    do_not_send: int
    skipped: int
    opted_out: int
    doubtful: int
    left_out: int
    open: int
    sent: int
    kept: int
    failed: int
    uncertain: int
    cancelled: int


def rows_to_send(counts: BatchCounts, also: Collection[str] = ()) -> int:
    """Return how many rows the start of a draft sends; ``also`` those with these checks."""
    return (
        counts["ready"]
        + counts["doubtful"]
        + (counts["changed"] if RowCheck.CHANGED in also else 0)
        + (counts["same"] if RowCheck.SAME in also else 0)
        + (counts["do_not_send"] if RowCheck.DO_NOT_SEND in also else 0)
        + (counts["opted_out"] if RowCheck.OPTED_OUT in also else 0)
    )


class SheetReading(TypedDict):
    """How a batch's spreadsheet was read: its encoding, and its numbers and dates as text.

    - ``locale``: whose way it is, such as ``de_DE``; empty if it has no name
    - ``short_date``, ``long_date``: the formats of dates, as spreadsheets write them
    - ``point``, ``group``: the signs before the decimals and between thousands
    - ``names``: of months from January on and of days from Monday on, then both short; if empty,
      English
    - ``plain``: the headers of columns with plain values, not as the sheet shows them
    - ``encoding``: of a text file, as Python names it
    - ``each_address``: each address of a cell that has several is a row of its own; those after the
      first one follow the spreadsheet's last row
    - ``visible_only``: hidden rows are left out
    - ``sheet``: the name of the sheet, in a workbook
    - ``rows``: how many rows are read from it; until all are, the batch has fewer
    - ``kinds``: what the columns count as, by header, as ``FieldReading`` has it
    """

    locale: str
    short_date: str
    long_date: str
    point: str
    group: str
    names: list[list[str]]
    plain: list[str]
    encoding: NotRequired[str | None]
    each_address: NotRequired[bool]
    visible_only: NotRequired[bool]
    sheet: NotRequired[str | None]
    rows: NotRequired[int]
    kinds: NotRequired[dict[str, str]]


class NewBatch(TypedDict, total=False):
    """The body of ``POST /batches`` and ``PUT /batches/{batch_id}``; ``name`` is required.

    ``continues``, for POST only, names the batch whose spreadsheet or left-out rows are imported
    again: the corrections of its rows apply in the new one too. Without a ``key``, it is
    ``BY_NUMBER`` if a column is mapped to the number, else ``BY_ADDRESS``. ``columns`` maps a
    column's header to the value that it becomes, or to null if it is left out.
    """

    name: str
    key: list[str]
    template: str
    tasks: list[str]
    rate: str | None
    run_at: str | None
    columns: dict[str, str | None]
    reading: SheetReading | None
    continues: int


class BatchCause(TypedDict):
    """The failed and uncertain tasks of a batch with one cause that were not marked as seen.

    Tasks on hold for their template have a cause too, with the cure ``edit_template``. Once the
    template is corrected, its ``reason`` is ``held_for_person`` until the tasks are tried.
    """

    cause: str
    title: str
    about: CauseAbout
    count: int
    cure: str | None


class BatchLeaves(TypedDict):
    """When the messages of a batch leave.

    - ``last_at``: by the current limits, send times and next attempts; null if nothing is open or
      it is not known. With the reason ``quota``, it may be later.
    - ``next_at``: null also if nothing delays it; ``reason``: why none leaves now
    - ``limited_by``: the ``limit`` that delays the next message, with its ``queue`` if it is not
      the batch's own ``rate``; with the ``mark`` *hours*, the sending hours
    - ``postponed``: the messages that only wait for their next attempt: ``count``, ``until``, and
      ``server``, ``code`` and ``said`` of the first one; null if a limit, a pause or the server
      delays all of the batch longer
    - ``taken``: what the server took before it once accepted no more, as ``500/h``, several with
      commas; null if it never did, or the batch has fewer messages
    - ``closes_at``: when the sending hours end, those of now or the next ones; null without any
    """

    next_at: str | None
    last_at: str | None
    reason: str | None
    reason_data: ReasonData
    put_off: ReasonData | None
    limited_by: ReasonData | None
    taken: str | None
    closes_at: str | None


class Replaced(TypedDict):
    """Rows of which one batch sends the e-mail instead of another one, the ``batch_id``.

    Of a draft, ``check`` tells which of its own rows replace them, and ``run_at`` when they were to
    be sent, if that is known.
    """

    batch_id: int
    count: int
    check: NotRequired[str]
    run_at: NotRequired[str | None]


class OptOut(TypedDict):
    """A cell of a row that says that its person wants no e-mail: *Status*, *unsubscribed*."""

    column: str
    text: str


class OptOuts(OptOut):
    """How many rows opt out in a column; ``text`` is that of one of them."""

    count: int


class Doubt(TypedDict):
    """A value that looks wrong: its path, its text, and the ``kind`` that its column has.

    Without a kind, another program has probably garbled it.
    """

    path: str
    text: str
    kind: str


class LetterHead(NamedTuple):
    """The head of the e-mails that a template makes; each is empty if it is not known."""

    subject: str = ""
    sender: str = ""
    reply_to: str = ""
    cc: str = ""
    bcc: str = ""


class Batch(TypedDict):
    """A batch as ``GET /batches`` lists it; ``rev`` grows with each change.

    ``continued_by`` is the newest draft that ``continues`` this batch; ``sheet`` is the name of the
    kept file. ``corrected`` values were typed by a person; ``unused`` ones were typed in place of a
    value that the spreadsheet no longer has.

    ``replaces`` are the e-mails of other batches, not sent yet, that a draft would replace; null
    where these are not counted: only a draft that is read by itself has them. ``replaced_by`` are
    those of a started batch that later batches have replaced.

    ``opted_out`` are the cells in which people of a draft refuse e-mail, and ``copies`` the copies
    of its e-mails; null where they are not counted: only a draft that is read by itself, and whose
    rows are checked, has them.

    ``subject``, ``reply_to``, ``cc`` and ``bcc`` are those of its template, as its e-mails are
    planned; ``sender`` is that of e-mails which are sent now. Each is empty if it is not known.

    Of a started batch, ``marked`` of the sent rows were marked as sent by a person, and of
    ``bounced`` ones the message came back. *Retry* sends
    ``to_retry`` of the failed ones, which are not marked as seen.
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
    subject: str
    sender: str
    reply_to: str
    cc: str
    bcc: str
    tasks: list[str] | None
    rate: str | None
    run_at: str | None
    columns: dict[str, str | None]
    reading: SheetReading | None
    sheet: str | None
    continues: int | None
    continued_by: int | None
    replaces: list[Replaced] | None
    replaced_by: list[Replaced]
    opted_out: list[OptOuts] | None
    copies: DraftCopies | None
    corrected: int
    unused: int
    marked: int
    bounced: int
    to_retry: int
    counts: BatchCounts
    leaves: BatchLeaves
    causes: list[BatchCause]


class BatchAnswer(Batch):
    """A batch, and the action that waits for it, if there is one."""

    pending: NotRequired[PendingRow]


class BatchPage(TypedDict):
    """A page of batches, the newest first."""

    batches: list[Batch]
    next: str | None


class BatchFile(TypedDict):
    """A file that was added to a batch for its rows; ``size`` in bytes."""

    file: str
    size: int


class BatchFileList(TypedDict):
    """A batch's files, by name."""

    attachments: list[BatchFile]


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
      ``item_id``; *ready*: the same, if that row was cancelled and its item is sent now
    - *changed*: the ``changes``; ``newer``: when the item was registered, if after the draft
    - ``kept``: corrections of the item by a person that are sent in place of the spreadsheet's
      unchanged values
    - ``replaced``: corrections by a person that the spreadsheet's changed values replace
    - *do_not_send*: the ``entry`` of the list, unless it is gone
    - *opted_out*: ``opted_out``, what the spreadsheet says
    - *doubtful*: the ``text`` that looks wrong, and the ``kind`` of value that its column has
    - ``unsettled``: an uncertain task of the item; ``failed``: a failed one that was not seen
    """

    row: int
    key: list[str]
    entry: ListEntry
    opted_out: OptOut
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
    kind: str


class NewRow(TypedDict):
    """One row of ``POST /batches/{batch_id}/rows``.

    ``item`` is the body of ``POST /items/{item_id}``, with ``item_id`` if a column is mapped to the
    number, and ``attachments`` if columns name files. A row with a ``problem`` of the reader is
    stored, and left out until it is corrected. ``plain`` has the values that a spreadsheet shows
    in another way, by their paths in the item: 12.5 of a cell that shows *12.50 €*, 2026-12-31,
    TRUE. They tell whether a row is the same as before, and what a field counts as. ``opted_out``
    is a cell that refuses e-mail in a column that is left out; those of fields are found.
    """

    row: int
    item: BatchItem
    plain: NotRequired[dict[str, str]]
    problem: NotRequired[UnreadRow]
    opted_out: NotRequired[OptOut]


class UnreadRow(TypedDict):
    """A problem of a spreadsheet row that the reader found: the refused ``text`` and its field."""

    problem: str
    path: str
    text: str


class BatchItem(NewItem, total=False):
    """The item of a row, with its number if the spreadsheet has one, and files of its batch.

    With ``skip``, a :class:`Skip`, the row is left out.
    """

    item_id: int
    skip: str


class BatchRow(TypedDict):
    """One row with its check and its outcome.

    - ``message``: the check as an English sentence, for shells; ``problem`` and ``data``: the same
      as data
    - ``path``: the field to correct
    - ``corrections``: what a person changed since the spreadsheet was read
    - ``plain``: as in :class:`NewRow`, only if the row has any
    - ``opted_out``: the cell that says that the person wants no e-mail, if there is one
    - ``task_id``, ``state``, ``to``: those of the newest message, or of the newest task without one
    - ``sent_at``, ``answer`` (the server's words), ``message_id``: those of the newest message, or
      of an earlier one that was sent if the newest was not
    - ``outcome``: a :class:`~desktop.contract.batches.RowOutcome`
    - ``bounced``: the words with which its message came back, or null
    """

    row: int
    item: BatchItem
    check: str | None
    problem: str | None
    data: CheckData
    message: str
    path: str | None
    corrections: list[Change]
    plain: NotRequired[dict[str, str]]
    opted_out: NotRequired[OptOut]
    item_id: int | None
    task_id: int | None
    outcome: str | None
    state: str | None
    sent_at: str | None
    answer: str | None
    message_id: str | None
    bounced: str | None
    to: str | None


class RowPage(TypedDict):
    """A page of a batch's rows, by row."""

    rows: list[BatchRow]
    next: str | None


BATCHES: Final = "batches"
"""The kind of a :class:`BatchesEvent`."""


class BatchesEvent(TypedDict):
    """Batches that changed since the last frame, and ids of deleted ones."""

    rows: list[Batch]
    gone: list[int]
